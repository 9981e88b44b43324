"""``checklist form``: the Excel form of one community."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, tell, usage, write_result
from checklist.cli.inputs import community_folder, one_state, today
from checklist.engine.scoring.assess import assess
from checklist.engine.walk.next_checks import next_checks
from checklist.files.picking import pick
from checklist.keeping.folder import HEAD
from checklist.keeping.records.record_text import state_text
from checklist.model.results.walk import Prior
from checklist.model.rules.ruleset import Ruleset, Tier
from checklist.model.state import State
from checklist.reading.tables.recognising import seal
from checklist.reports.forms.questions import among, declarable, groups_of, sites_asked
from checklist.values.visible import on_one_line

TIERS: dict[str, Tier] = {"core": "core", "full": "full", "核心": "core", "完整": "full"}


def run(
    community: Annotated[Path, typer.Argument(metavar="社区", help="社区文件夹，或一份现状记录")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件.xlsx", help="存成哪个文件")] = Path(
        "填报表.xlsx"
    ),
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="范围",
            help="短表：unknown、stale、soon、方法、地点、模块、点位、owner=单位；可写几次，都要符合",
        ),
    ] = None,
    minutes: Annotated[
        int | None,
        typer.Option(
            "--minutes", metavar="分钟", min=1, help="一个人走一趟有多少时间：只要这些时间里最该核的，同 next"
        ),
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="谁来填，先写在“填报人”里")] = "",
    tier: Annotated[str | None, typer.Option("--tier", metavar="core|full", help="填核心项还是全部")] = None,
    filled: Annotated[bool, typer.Option("--filled", help="把已有的记录填进去，给人看或改")] = False,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系")] = None,
) -> int:
    """生成 Excel 填报表：按材料审核、实地走访路线、问卷分组，旁边灰字是上次的记录。填好用 checklist import 收回来。"""
    if output.suffix.lower() != ".xlsx":
        usage(f"填报表只能存成 .xlsx，现在是 {output.name}", "例：-o 填报表.xlsx")
    ruleset, state, own_tier = _subject(community, rules)
    wanted = _tier(tier) if tier else own_tier
    seen = assess(ruleset, state, as_of=max(today(), state.as_of))
    groups = groups_of(seen, wanted, only or ())
    if minutes is not None:
        asked = frozenset(fact.id for group in groups for fact in group.facts)
        walk = next_checks(ruleset, seen.state, minutes, Prior(), asked)
        groups = among(groups, {check.fact.id for stop in walk.stops for check in stop.checks})
    if not groups:
        tell("没有要填的项")
        return Exit.NOTHING
    from checklist.reports.forms.excel_form import FormContent, form_xlsx

    content = FormContent(
        state,
        groups,
        declarable(seen, groups, short=bool(only) or minutes is not None),
        seen,
        seal(state_text(state, ruleset)),
        today(),
        filled,
        on_one_line(by),
        sites_asked(seen, only or ()),
    )
    write_result(form_xlsx(content), output)
    sites = Counter(site.kind for site in content.sites)
    rows = [(f, sites[ruleset.site_facts.get(f.id, "")] or 1) for g in groups for f in g.facts]
    facts, minutes = sum(times for _, times in rows), sum(fact.minutes * times for fact, times in rows)
    into = place if (place := pick(community)[0]).is_dir() else "社区文件夹"
    tell(f"{facts} 项，现场和翻材料约 {-(-minutes // 60)} 小时。填好后：checklist import {output} --into {into}")
    return Exit.DONE


def _tier(word: str) -> Tier:
    if word not in TIERS:
        usage(f"没有 {word} 这一级", "可以写：core（核心）、full（完整）")
    return TIERS[word]


def _subject(path: Path, rules: str | None) -> tuple[Ruleset, State, Tier]:
    """The community's ruleset, newest state (empty when it has none) and tier."""
    if path.is_dir() and ((path / HEAD).exists() or not any(p.is_dir() for p in path.iterdir())):
        folder = community_folder(path, rules)
        empty = State(folder.community, folder.ruleset.id, today(), {})
        return folder.ruleset, folder.state or empty, folder.tier
    if not pick(path)[0].exists():
        usage(f"没有 {path} 这个社区文件夹", f"先运行 checklist init {path.name}")
    item, _ = one_state(path, rules)
    return item.ruleset, item.state, "full"


COMMANDS = {"form": run}
