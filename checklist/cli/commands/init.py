"""``checklist init``: a folder for one community."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from checklist.cli.commands.form import TIERS
from checklist.cli.console import Exit, tell, usage
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import get_ruleset, now, today
from checklist.cli.targets import Targets
from checklist.engine.scoring.assess import assess
from checklist.files.loading import DEFAULT_RULESET
from checklist.keeping.beginning import begin
from checklist.keeping.clean_text import clean
from checklist.keeping.folder import FORM
from checklist.keeping.records.record_text import state_text
from checklist.keeping.site_register import known_kind, new_sites
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset, Tier
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, Site, State
from checklist.reading.tables.recognising import seal
from checklist.reports.forms.questions import declarable, groups_of
from checklist.values.look_alikes import made_up_id

MOST_AT_ONCE: Final = 80
"""Sites of one kind: as many as the folder's first form holds."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


def run(
    name: Annotated[str | None, VERBATIM, typer.Argument(metavar="社区名", help="如 桃李社区")] = None,
    street: Annotated[str | None, VERBATIM, typer.Option("--street", metavar="街道", help="属于哪个街道")] = None,
    district: Annotated[str, VERBATIM, typer.Option("--district", metavar="区县", help="属于哪个区县")] = "",
    city: Annotated[str, VERBATIM, typer.Option("--city", metavar="城市", help="属于哪个城市")] = "",
    group: Annotated[str, VERBATIM, typer.Option("--group", metavar="类型", help="如 老旧小区，和同类比较时用")] = "",
    id: Annotated[
        str | None, typer.Option("--id", metavar="编号", help="小写字母、数字、短横线；不写就按名字编")
    ] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="哪一套测评体系")] = None,
    estates: Annotated[
        str | None, VERBATIM, typer.Option("--estates", metavar="名称、名称", help="有哪几个小区，如 A区、B区")
    ] = None,
    lanes: Annotated[
        str | None, VERBATIM, typer.Option("--lanes", metavar="名称、名称", help="有哪几条背街小巷")
    ] = None,
    tier: Annotated[str | None, typer.Option("--tier", metavar="core|full", help="填核心项还是全部")] = None,
    folder: Annotated[Path | None, typer.Option("--folder", metavar="文件夹", help="放在哪里；不写就用社区名")] = None,
) -> int:
    """建一个社区的文件夹：社区信息、当天的空记录、Excel 填报表、三行说明。已有的文件夹不动。"""
    name = clean(name or _ask("社区名", "") or "")
    if not name:
        usage("还要写 社区名", "例：checklist init 桃李社区 --street 相山街道")
    street = _ask("街道（可以不填）", "") if street is None else street
    rules = (_ask("测评体系", DEFAULT_RULESET) if rules is None else rules) or DEFAULT_RULESET
    level = (_ask("填核心项 core 还是全部 full", "core") if tier is None else tier) or "core"
    if level not in TIERS:
        usage(f"没有 {level} 这一级", "可以写：core（核心）、full（完整）")
    if id is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", id):
        usage(f"编号 {id} 不合规则", "小写字母、数字、短横线，如 taoli")
    path = folder or Path(_folder_name(name))
    ruleset = get_ruleset(rules)
    community = Community(id or made_up_id(name), name, clean(city), clean(district), clean(street or ""), clean(group))
    sites = _sites(ruleset, {"estate": estates, "lane": lanes})
    totals = {kind: SiteTotal(count) for kind, count in Counter(site.kind for site in sites).items()}
    if max((total.count for total in totals.values()), default=0) > MOST_AT_ONCE:
        usage(f"一次最多登记 {MOST_AT_ONCE} 个点位，一份填报表也只放这么多", "先建文件夹，其余的用 checklist sites add")
    state = State(community, ruleset.id, today(), {}, sites=sites, totals=totals)
    form = _form(state, ruleset, TIERS[level])
    files = begin(path, state, ruleset, TIERS[level], now(), form)
    Targets("form").written([path / FORM])  # nobody has filled it in yet: a new one may take its place
    print(f"已建 {path}：{'、'.join(files)}")
    if form is None:
        tell('没有装 xlsxwriter，填报表没有做：pip install "civic-checklist[office]"，再 checklist form')
    print(f"下一步：打开 {path / FORM} 填，填好 checklist import {path / FORM} --into {path}")
    return Exit.DONE


def _ask(what: str, otherwise: str) -> str | None:
    """A question on the terminal; without one the answer is the default."""
    if not sys.stdin.isatty():
        return otherwise
    shown = f"（回车用 {otherwise}）" if otherwise else ""
    print(f"{what}{shown}：", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() or otherwise


def _folder_name(name: str) -> str:
    """A name for the folder that every system takes, and that leads nowhere else."""
    safe = _FORBIDDEN.sub("_", name).strip(". ")[:60]
    if not safe:
        usage(f"“{name}”不能做文件夹名", "用 --folder 写一个")
    return safe


def _sites(ruleset: Ruleset, given: Mapping[str, str | None]) -> tuple[Site, ...]:
    """The sites of each kind: those that were given, or asked for on the terminal."""
    found: list[Site] = []
    for id in (id for id, names in given.items() if names and id not in ruleset.site_kinds):
        known_kind(id, ruleset)  # there is none: said so
    for kind in ruleset.site_kinds.values():
        names = given.get(kind.id)
        told = (
            _ask(f"有哪几个{kind.label}，用顿号隔开（可以不填，以后用 checklist sites add）", "")
            if names is None
            else names
        )
        found += new_sites(kind, filter(str.strip, re.split("[、,，;；\n]", told or "")), found)
    return tuple(found)


def _form(state: State, ruleset: Ruleset, tier: Tier) -> bytes | None:
    from checklist.reports.forms.excel_form import FormContent, form_xlsx

    assessment = assess(ruleset, state)
    groups = groups_of(assessment, tier)
    sealed = seal(state_text(state, ruleset))
    content = FormContent(state, groups, declarable(assessment, groups), assessment, sealed, today(), sites=state.sites)
    try:
        return form_xlsx(content)
    except Refusal:
        return None


COMMANDS = {"init": run}
