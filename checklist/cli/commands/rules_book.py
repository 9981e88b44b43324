"""``checklist rules book``: the rulebook, to read, to print or to put on a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, tell, usage, write_result
from checklist.cli.inputs import get_ruleset
from checklist.files.loading import DEFAULT_RULESET
from checklist.files.writing import write_atomic

FORMATS = ("md", "html")


def run(
    rules: Annotated[str, typer.Option("--rules", metavar="编号或文件夹", help="哪一套测评体系")] = DEFAULT_RULESET,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件夹", help="存进这个文件夹")] = None,
    format: Annotated[
        str, typer.Option("--format", metavar="md|html", help="md 每个模块一页；html 只有一个文件")
    ] = "md",
) -> int:
    """规则手册：逐个模块写明要求、分档、怎么核、佐证、措施和依据。

    不写 -o 就整本显示。没有文件支持的数字都标明“本库自定”。
    """
    if format not in FORMATS:
        usage(f"没有 {format} 这种形式", f"可以写：{'、'.join(FORMATS)}")
    from checklist.reports.rules.rulebook import rulebook

    ruleset = get_ruleset(rules)
    pages = rulebook(ruleset)
    if format == "html":
        from checklist.reports.formats.html_blocks import html_text

        whole = html_text(pages)
        files = {f"{ruleset.id}.html": whole}
    else:
        from checklist.reports.formats.markdown_blocks import markdown_pages, markdown_text

        whole = markdown_text(pages)
        files = markdown_pages(pages)
    if output is None:
        write_result(whole, None)
        return Exit.DONE
    if output.exists() and not output.is_dir():
        usage(f"{output} 是一个文件", "-o 后面写文件夹")
    output.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write_atomic(output / name, text.encode("utf-8"))
    tell(f"已存 {output}，共 {len(files)} 个文件")
    return Exit.DONE
