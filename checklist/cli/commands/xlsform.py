"""``checklist xlsform``: the form of one community for ODK and Kobo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, tell, usage, write_result
from checklist.cli.inputs import community_folder, today
from checklist.engine.scoring.assess import assess
from checklist.model.state import State
from checklist.reports.forms.questions import groups_of


def run(
    community: Annotated[Path, typer.Argument(metavar="社区文件夹", help="checklist init 建的文件夹")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件.xlsx", help="存成哪个文件")] = Path(
        "xlsform.xlsx"
    ),
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="范围", help="短表：unknown、stale、soon、方法、地点、模块、owner=单位；可写几次"
        ),
    ] = None,
) -> int:
    """生成 XLSForm，给用 ODK、Kobo 收数据的单位；收来的 CSV、JSON 用 checklist import 收回来。"""
    from checklist.reports.forms.xlsform import field_form, xlsform

    if output.suffix.lower() != ".xlsx":
        usage(f"XLSForm 只能存成 .xlsx，现在是 {output.name}", "例：-o xlsform.xlsx")
    folder = community_folder(community)
    state = folder.state or State(folder.community, folder.ruleset.id, today(), {})
    seen = assess(folder.ruleset, state, as_of=max(today(), state.as_of))
    groups = groups_of(seen, folder.tier, only or ())
    if not groups:
        tell("没有要填的项")
        return Exit.NOTHING
    form = field_form(folder.ruleset, seen.state, groups, today())
    write_result(xlsform(form, today()), output)
    ways = (
        "Central 下载整个 .zip，Kobo 导出 .xlsx（点位在第二张表里）" if form.walks_sites else "提交导出成 .csv 或 .json"
    )
    tell(f"{sum(len(g.facts) for g in groups)} 项。传到 ODK Central 或 Kobo 去收；收好后，{ways}：")
    tell(f"checklist import 提交{'.zip' if form.walks_sites else '.csv'} --into {community}")
    return Exit.DONE


COMMANDS = {"xlsform": run}
