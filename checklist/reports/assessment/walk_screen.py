"""The walk of what to check next: on the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.numbers import exact_points, percent_text, points_text
from checklist.model.results.walk import Check, Walk, WalkStop
from checklist.reports.assessment.soon import soon_text
from checklist.reports.document.prose import Prose
from checklist.reports.formats.json_parts import contract
from checklist.reports.language.community_profile import community_name
from checklist.reports.language.labels import METHOD, UNKNOWN
from checklist.reports.language.phrases import band_text, score_text
from checklist.reports.language.site_phrases import unlisted_text


def walk_screen(walk: Walk, file: str) -> RenderableType:
    return Group(*_heading(walk), *(line for stop in walk.stops for line in _stop(walk, stop)), *_closing(walk, file))


def _heading(walk: Walk) -> Iterator[RenderableType]:
    before = walk.before
    yield Text.assemble((community_name(before), "bold"), f"  先核什么，{walk.limit} 分钟以内")
    yield Text(
        f"现在得分 {score_text(before.score)}，{band_text(before.bands)}，核查率 {percent_text(before.coverage)}"
    )
    count = sum(len(stop.checks) for stop in walk.stops)
    if not count:
        yield Text("没有要核的，或者时间不够核任何一项。")
        return
    yield Prose(
        f"核 {count} 项，{walk.minutes} 分钟：区间现在宽 {points_text(walk.width)} 分，预计剩 "
        f"{points_text(round(walk.expected))} 分；另有 {walk.unchecked} 项没排进来。",
        "bold",
    )
    prior = walk.prior
    single = f"，另有 {len(prior.facts)} 项单独设了" if prior.facts else ""
    yield Prose(
        f"估计的前提：没核的项有 {percent_text(prior.good)} 的可能达到最好一档{single}，其余各档平分；"
        f"定下一项否决或红线按 {points_text(prior.flag)} 分计。用 --prior 0.7、--flag-worth 2 可以改。",
        "dim",
    )
    yield Text()


def _stop(walk: Walk, stop: WalkStop) -> Iterator[RenderableType]:
    place = walk.before.ruleset.places.get(stop.place, "")
    site = f"{stop.site.name} " if stop.site else ""
    yield Text(site + f"{METHOD[stop.method]} {place}  {stop.minutes} 分钟".replace("  ", " "), style="bold")
    for check in stop.checks:
        yield Prose(_line(check), label=f"{points_text(round(check.share))} 分 ".rjust(9), label_style="bold")
        yield Prose(check.fact.ask, "dim", indent=9)
    yield Text()


def _line(check: Check) -> str:
    parts = [f"{check.fact.label}，{check.fact.minutes} 分钟"]
    if check.because != "unrecorded":
        parts.append(f"（{UNKNOWN[check.because]}）")
    if check.flags:
        chance = f"{percent_text(check.decides_flag)} 能定" if check.decides_flag else "要和别的一起核才能定"
        parts.append(f"，红线或否决 {'、'.join(check.flags)} {chance}")
    if check.decides_band:
        parts.append(f"，{percent_text(check.decides_band)} 能定等次")
    return "".join(parts)


def _closing(walk: Walk, file: str) -> Iterator[RenderableType]:
    if names := unlisted_text(walk.before.state, walk.before.ruleset):
        yield Prose(f"还有 {names}没有列出来，上面没有排：先登记（checklist sites add），再去看。")
    if soon := soon_text(walk.before.ruleset, walk.before.state):
        yield Prose(soon)
    yield Text(f"核完填进 {file}，再看：checklist assess {file}", style="dim")


def walk_json(walk: Walk) -> str:
    document: dict[str, Any] = {
        "walk": {
            "community": walk.before.state.community.id,
            "as_of": walk.before.as_of.isoformat(),
            "limit_minutes": walk.limit,
            "minutes": walk.minutes,
            "width": exact_points(walk.width),
            "expected_width": exact_points(round(walk.expected)),
            "unchecked": walk.unchecked,
            **({"unlisted_sites": unlisted} if (unlisted := walk.before.state.unlisted) else {}),
            "prior": {
                "good": str(walk.prior.good),
                "facts": {name: str(chance) for name, chance in walk.prior.facts.items()},
                "flag_points": exact_points(walk.prior.flag),
            },
            "stops": [
                {
                    "method": stop.method,
                    "place": stop.place,
                    **({"site": stop.site.id} if stop.site else {}),
                    "minutes": stop.minutes,
                    "checks": [_data(check) for check in stop.checks],
                }
                for stop in walk.stops
            ],
        },
    }
    return contract(document)


def _data(check: Check) -> dict[str, Any]:
    return {
        "fact": check.fact.id,
        "because": check.because,
        "minutes": check.fact.minutes,
        "narrows_alone": exact_points(round(check.narrows)),
        "narrows_in_walk": exact_points(round(check.share)),
        "decides_flag": str(check.decides_flag),
        "decides_band": str(check.decides_band),
        "flags": list(check.flags),
        "criteria": list(check.criteria),
    }
