"""How inspectors draw, as ``forecast`` and ``draw`` are asked: options in, ``Drawing`` out; every contradiction in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from checklist.cli.console import usage
from checklist.model.results.forecast import Drawing
from checklist.values.headings import kind_named

if TYPE_CHECKING:
    from checklist.files.loading import LoadedState
    from checklist.model.rules.ruleset import Ruleset
    from checklist.model.state import State

BY: Final = ("street", "街道")

DRAW: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--draw", metavar="类别=几处", help="每个社区抽几处，如 estate=1,lane=1；不写每类一处，没写的类别全看"
    ),
]
COMMUNITIES: TypeAlias = Annotated[
    int | None, typer.Option("--communities", metavar="N", min=1, help="抽几个社区；不写就个个都到")
]
BY_STREET: TypeAlias = Annotated[
    str | None, typer.Option("--by", metavar="street", help="按街道抽：每个街道抽 --communities 个")
]


def one_ruleset(states: Sequence[LoadedState]) -> Ruleset:
    """The ruleset of all these records; one inspection goes by one standard."""
    rulesets = {item.ruleset.id: item.ruleset for item in states}
    if len(rulesets) > 1:
        usage(f"现状记录用的测评体系不同：{'、'.join(rulesets)}", "加 --rules，都按同一套评")
    return next(iter(rulesets.values()))


def drawing_of(
    ruleset: Ruleset, states: Sequence[State], draw: str | None, communities: int | None, by: str | None
) -> Drawing:
    """What is drawn. Stops where more is asked for than there is."""
    if by is not None and by not in BY:
        usage(f"--by 没有 {by}", "可以写：street（街道）")
    most = _most(ruleset, states)
    sites = _written(ruleset, draw) if draw else dict.fromkeys((kind for kind, count in most.items() if count), 1)
    for kind, count in sites.items() if draw else ():
        if count > most[kind] and any(most.values()):
            label = ruleset.site_kinds[kind].label
            usage(f"--draw 要抽 {count} 个{label}，最多的社区也只有 {most[kind]} 个", f"最多写 {kind}={most[kind]}")
    streets = Counter(state.community.street if by else "" for state in states)
    if communities is not None and communities > max(streets.values()):
        where = "社区最多的街道" if by else "这里"
        usage(f"--communities 要抽 {communities} 个，{where}只有 {max(streets.values())} 个社区", "少抽几个")
    return Drawing(sites, communities, by is not None)


def _most(ruleset: Ruleset, states: Sequence[State]) -> Mapping[str, int]:
    """Of each kind how many sites the community with most of them has, listed or not."""
    found = dict.fromkeys(ruleset.site_kinds, 0)
    for state in states:
        for kind in found:
            total = state.totals.get(kind)
            found[kind] = max(found[kind], len(state.sites_of(kind)), total.count if total else 0)
    return found


def _written(ruleset: Ruleset, text: str) -> dict[str, int]:
    """``estate=1,lane=2``, kinds by id or by label."""
    listed = "、".join(f"{kind.id}（{kind.label}）" for kind in ruleset.site_kinds.values())
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in re.split("[,，、]", text))):
        name, _, number = (side.strip() for side in part.partition("="))
        kind = kind_named(name, ruleset.site_kinds)
        if kind is None:
            usage(f"--draw 没有 {name} 这类点位", f"可以写：{listed}" if listed else f"{ruleset.title} 没有点位")
        if not re.fullmatch("[0-9]{1,6}", number) or int(number) < 1:
            usage(f"--draw {part} 看不懂", f"写成 {name}=1，从 1 起")
        if kind in found:
            usage(f"--draw 里 {name} 写了两遍")
        found[kind] = int(number)
    if not found:
        usage("--draw 后面要写抽几处", "如 --draw estate=1,lane=1")
    return found
