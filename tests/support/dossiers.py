"""Communities to write papers about: the shipped ones, an empty one, and one whose every word is hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from checklist import assess, explain, load_states
from checklist.engine.planning.plan import plan
from checklist.model.planning.plan import Limits, Plan
from checklist.model.results.assessment import Assessment
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import RecordedDefect, SiteTotal
from checklist.model.state import Community, NotApplicable, Reading, Site, State
from checklist.reports.assessment.dossier import Dossier

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>&amp;"
TEMPLATE = "{{ 7*7 }}{% raw %}{{正文}}{{社区}}"
FORMULA = '=HYPERLINK("http://evil.example","点我")'
TYPST = '#eval("1") $x^2$ *粗* _斜_ @label <tag>'
MARKDOWN = "[点我](javascript:alert(1)) ![图](http://evil.example/x.png) | a | b |\n# 标题"
INVISIBLE = "\u202e反\u200f转\u2066\ud800\x00\x0b\x1b[31m红\ufffe\u2028"
LONG = "很长的备注" * 2000
HOSTILE = "".join((MARKUP, TEMPLATE, FORMULA, TYPST, MARKDOWN, INVISIBLE))
DAY = date(2026, 10, 15)


def dossier_of(ruleset: Ruleset, state: State, earlier: Assessment | None = None) -> Dossier:
    assessment = assess(ruleset, state)
    explanations = {f.criterion.id: explain(assessment, f.criterion.id) for f in assessment.findings}
    found = plan(ruleset, state, Limits(state.as_of, known_only=True))
    assert isinstance(found, Plan)
    return Dossier(assessment, found.tasks, earlier, explanations)


def shipped(path: str, ruleset: Ruleset) -> Dossier:
    state = load_states([path], ruleset=ruleset).states[0].state
    return dossier_of(ruleset, state)


def taoli(ruleset: Ruleset) -> Dossier:
    before = load_states(["data/taoli/2022-04-30.yaml"], ruleset=ruleset).states[0].state
    now = load_states(["data/taoli/2023-04-15.yaml"], ruleset=ruleset).states[0].state
    return dossier_of(ruleset, now, assess(ruleset, before))


def empty_state(ruleset: Ruleset) -> State:
    return State(Community("nobody", "空白社区"), ruleset.id, DAY, {})


def sited(ruleset: Ruleset) -> Dossier:
    """Three estates and one that nobody has listed, two lanes, and what was seen wrong where, now and before."""
    before, now = (sited_state(ruleset, day, dirt) for day, dirt in ((date(2026, 9, 15), 1), (DAY, 3)))
    return dossier_of(ruleset, now, assess(ruleset, before))


def sited_state(ruleset: Ruleset, day: date, dirt: int, name: str = "A 区", seen: str = "堆着旧家具") -> State:
    served = Reading("households", 2130, day)
    found = RecordedDefect("d1", day, "3 号楼后", seen, "IMG_7.jpg")
    estates = tuple(
        Site(
            f"estate-{n}",
            "estate",
            name if n == 1 else f"{n} 区",
            {"dead_corners": Reading("dead_corners", dirt * (n % 3), day, by="李强", site=f"estate-{n}")},
            defects={"dead_corners": (found,)} if n == 1 and dirt else {},
        )
        for n in range(1, 4)
    )
    lanes = tuple(Site(f"lane-{n}", "lane", f"{n} 号巷") for n in range(1, 3))
    totals = {"estate": SiteTotal(4), "lane": SiteTotal(2)}
    community = Community("jia", "甲社区", street="湖滨街道")
    return State(community, ruleset.id, day, {"households": served}, sites=(*estates, *lanes), totals=totals)


def hostile_state(ruleset: Ruleset) -> State:
    """The weak community, with every text that a record can hold replaced, formulas first in half of them."""
    state = load_states(["data/beimen"], ruleset=ruleset).states[0].state
    readings = {name: _poison(reading, n) for n, (name, reading) in enumerate(state.readings.items())}
    excluded = {id: replace(na, reason=HOSTILE + LONG) for id, na in state.not_applicable.items()}
    excluded["CAR-09"] = NotApplicable("CAR-09", FORMULA)
    community = Community("x<>&\"'", HOSTILE, *([HOSTILE] * 4))
    bad = sited_state(ruleset, DAY, 3, HOSTILE, FORMULA + HOSTILE + LONG)
    readings = {name: r for name, r in readings.items() if name not in ruleset.site_facts}
    return replace(bad, community=community, readings=readings, not_applicable=excluded)


def _poison(reading: Reading, number: int) -> Reading:
    text = FORMULA + HOSTILE if number % 2 else HOSTILE + LONG
    if number % 5 == 0:
        return replace(reading, value=None, unknown=text, note=text, by=text)
    return replace(reading, note=text, by=text, evidence=(text, "../../etc/passwd.jpg"))
