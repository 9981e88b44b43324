"""``checklist rules new``: a blank ruleset, a new edition from an old one, or a tailoring begun."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, tell, usage
from checklist.cli.inputs import get_ruleset
from checklist.files.loading import locate, ruleset_folders
from checklist.files.new_rulesets import begin_blank, begin_tailoring, copy_ruleset

ID = re.compile(r"[a-z][a-z0-9-]{0,63}")


def run(
    id: Annotated[str, typer.Argument(metavar="新编号", help="小写字母、数字和短横线，如 my-district-2027")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="编号或文件夹", help="照这一套整个抄一份，作为新的年版")
    ] = None,
    extends: Annotated[
        str | None, typer.Option("--extends", metavar="编号", help="在这一套的基础上写本地细则，只写改动")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="文件夹", help="放在哪个文件夹下面（默认 rules）")
    ] = None,
) -> int:
    """新建一套测评体系：从最小的一套写起；--from 抄一份整的，--extends 写一份只列改动的本地细则。

    已有的文件夹不会被覆盖。
    """
    if not ID.fullmatch(id):
        usage(f"{id} 不能做编号", "小写字母开头，只含小写字母、数字和短横线，如 my-district-2027")
    if source is not None and extends is not None:
        usage("--from 和 --extends 写一个", "照抄一份年版用 --from，只写几处改动用 --extends")
    if id in ruleset_folders():
        usage(f"已经有 {id} 这套测评体系了", f"它在 {ruleset_folders()[id]}；换一个编号")
    target = (output or Path("rules")) / id
    if source is None and extends is None:
        begin_blank(target)
        tell(f"已建 {target}：一个模块，两条标准，都可以改")
        tell(
            f"照着加自己的；怎么写看 docs/writing-rules.md\n检查：checklist check {target}\n跑用例：checklist test {target}"
        )
        return Exit.DONE
    base = get_ruleset(source or extends or "", proved=False)
    if source is not None:
        folder = locate(source)
        assert folder is not None
        copy_ruleset(folder, target)
        tell(f"已建 {target}，抄自 {base.id}（{len(base.criteria)} 条标准）")
        tell(f"先改 {target / 'ruleset.yaml'} 里的 title、edition 和 effective，再改各条")
    else:
        begin_tailoring(base, target)
        tell(f"已建 {target}，沿用 {base.id}，还没有改动")
        tell(f"在 {target / 'changes.yaml'} 里写改动，用例放在 {target / 'cases'}")
    tell(f"改完检查：checklist check {target}")
    return Exit.DONE
