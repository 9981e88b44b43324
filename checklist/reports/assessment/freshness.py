"""What is stale and what expires soon, as a screen and as a table of the papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.expiry import Expiry
from checklist.model.results.assessment import Assessment
from checklist.model.rules.facts import Method
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State
from checklist.reports.document.document import Column, Table
from checklist.reports.document.prose import Prose, on_one_line
from checklist.reports.language.labels import METHOD
from checklist.reports.language.phrases import value_text


def soon_table(assessment: Assessment) -> Table:
    """一周内过期清单, the soonest first: what is recorded, until when it counts, how to look again."""
    ruleset = assessment.ruleset
    columns = (
        *(Column("序号", 4, "number"), Column("实测项", 14), Column("现在的记录", 12), Column("核实日期", 9, "date")),
        *(Column("有效到", 9, "date"), Column("还剩（天）", 5, "number"), Column("怎么核", 22)),
        *(Column("在哪里核", 8), Column("核查方式", 8)),
    )
    rows = (
        (
            n,
            e.label,
            value_text(e.fact, e.value),
            e.on,
            e.last_day,
            e.days,
            e.fact.ask,
            ruleset.places.get(e.fact.place, ""),
            METHOD[e.fact.method],
        )
        for n, e in enumerate(assessment.state.soon(ruleset.facts), 1)
    )
    return Table("一周内过期清单", columns, tuple(rows), "没有")


def freshness_screen(
    ruleset: Ruleset, state: State, found: Sequence[Expiry], day: date, until: date, file: str
) -> RenderableType:
    """Stale first, then what expires; each by where one stands to check it."""
    over, coming = [e for e in found if e.expired], [e for e in found if not e.expired]
    methods, places = list(METHOD), list(ruleset.places)

    def order(expiry: Expiry) -> tuple[int, int]:
        fact = expiry.fact
        return methods.index(fact.method), places.index(fact.place) if fact.place in places else len(places)

    out: list[RenderableType] = [Text(f"{on_one_line(state.community.name)}　{day} 看", style="bold")]
    for title, listed in ((f"已过期 {len(over)} 项", over), (f"{until} 前过期 {len(coming)} 项", coming)):
        out.append(Text(title, style="bold"))
        for stop, those in groupby(sorted(listed, key=order), key=lambda e: (e.fact.method, e.fact.place)):
            out.append(Text(f"  {_stop(stop, ruleset)}"))
            out += [Prose(_told(e), indent=4) for e in those]
    if found:
        which = "stale" if over else "soon"
        out.append(Prose(f"做一份只含这些的短表：checklist form {file} --only {which} -o 短表.xlsx"))
    return Group(*out)


def _stop(stop: tuple[Method, str], ruleset: Ruleset) -> str:
    method, place = stop
    return METHOD[method] + (f" · {ruleset.places.get(place, '其他')}" if method == "field_inspection" else "")


def _told(expiry: Expiry) -> str:
    fact = expiry.fact
    when = f"过期 {-expiry.days} 天" if expiry.expired else f"还有 {expiry.days} 天"
    return f"{expiry.label}：{value_text(fact, expiry.value)}（{expiry.on} 核，有效 {fact.valid_for_days} 天，{when}）"
