"""``checklist rules book``: the rulebook, to read, to print or to put on a site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, tell, usage, write_result
from checklist.cli.delivery import format_of
from checklist.cli.inputs import get_ruleset
from checklist.cli.targets import FORCE, Targets
from checklist.files.loading import DEFAULT_RULESET
from checklist.files.writing import write_atomic
from checklist.reports.formats import DOCUMENTS, FORMATS


def run(
    rules: Annotated[str, typer.Option("--rules", metavar="编号或文件夹", help="哪一套测评体系")] = DEFAULT_RULESET,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件夹", help="存进这个文件夹")] = None,
    format: Annotated[
        str, typer.Option("--format", metavar="|".join(DOCUMENTS), help="md 每个模块一页；别的只有一个文件")
    ] = "md",
    force: FORCE = False,
) -> int:
    """规则手册：逐个模块写明要求、分档、怎么核、佐证、措施和依据。

    不写 -o 就整本显示。没有文件支持的数字都标明“本库自定”。
    """
    form = format_of(format, output, DOCUMENTS)
    from checklist.reports.formats.markdown import pages
    from checklist.reports.rules.rulebook import rulebook

    book = rulebook(get_ruleset(rules, proved=False))
    if output is None:
        write_result(FORMATS[form].render(book), None)
        return Exit.DONE
    if output.exists() and not output.is_dir():
        usage(f"{output} 是一个文件", "-o 后面写文件夹")
    files = pages(book) if form == "md" else {f"{book.name}{FORMATS[form].suffix}": FORMATS[form].render(book)}
    output.mkdir(parents=True, exist_ok=True)
    asked = Targets("rules book", force=force)
    asked.check([output / name for name in files])
    for name, data in files.items():
        write_atomic(output / name, data)
    asked.written([output / name for name in files])
    tell(f"已存 {output}，共 {len(files)} 个文件")
    return Exit.DONE
