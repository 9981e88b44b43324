"""``plan --shared``: one budget over many communities, as a screen or as tasks that can be handed on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checklist.cli.console import Exit, tell, usage
from checklist.cli.delivery import deliver
from checklist.engine.planning.shared import shared_plan
from checklist.files.unread import unread
from checklist.model.planning.plan import Limits

if TYPE_CHECKING:
    from rich.console import RenderableType

    from checklist.files.loading import Loaded, LoadedState
    from checklist.model.planning.sharing import SharedPlan
    from checklist.model.results.comparison import RecordFaults

MANY: Final = 50


@dataclass(frozen=True, slots=True)
class Sharing:
    """What was asked of the budget; ``only`` is the title of the one list that is wanted, ``rules`` as it was typed."""

    limits: Limits
    each: float | None
    lowest_first: bool
    cap: int | None
    rules: str | None
    only: str | None
    everything: bool


def share_budget(loaded: Loaded, asked: Sharing, form: str, output: Path | None, width: int | None) -> int:
    """The exit code: what could not be read got no share, and that is not done."""
    items, limits = loaded.states, asked.limits
    if len({item.ruleset.id for item in items}) > 1:
        usage("这些社区用的测评体系不一样，分不了一笔预算", "加 --rules 用同一套来评")
    if limits.target is not None or limits.days is not None:
        usage("--shared 不和 --target、--days 一起用", "分预算只看 --budget、--by、--owner、--exclude")
    if limits.must:
        usage("--shared 不和 --must 一起用", "先给那个社区单排方案，再把剩下的预算分给别的社区")
    floor = None if asked.each is None else Fraction(str(asked.each))
    if len(items) >= MANY:
        tell(f"正在给 {len(items)} 个社区分钱，每 100 个社区要几秒到半分钟")
    found = shared_plan(
        items[0].ruleset,
        [item.state for item in items],
        limits,
        each=floor,
        lowest_first=asked.lowest_first,
        cap=asked.cap,
    )
    told = unread(loaded.unread, loaded.problems, ((i.state.community.id, i.state.as_of, i.file) for i in items))
    if told.nobodys:
        tell(f"{len(told.nobodys)} 份记录读不进来，里面的社区没有分到：{'、'.join(map(str, told.nobodys))}")
    _deliver(found, asked, told.faults, _follow_ups(items, found, asked), form, output, width)
    return Exit.PROBLEMS if loaded.problems else Exit.DONE


def _follow_ups(items: list[LoadedState], found: SharedPlan, asked: Sharing) -> dict[str, str]:
    """What to type to see the plan of one community for its money, under the same conditions."""
    limits, words = asked.limits, [f"--start {asked.limits.start}"]
    words += [f"--by {limits.by}"] if limits.by else []
    words += [f"--owner {limits.owner}"] if limits.owner else []
    words += [f"--exclude {id}" for id in sorted(limits.exclude)]
    words += ["--known"] if limits.known_only else []
    words += ["--low-cost"] if limits.cost_end == "low" else []
    words += [f"--rules {asked.rules}"] if asked.rules else []
    end = 1 if limits.cost_end == "high" else 0
    return {
        share.community.id: f"checklist plan {_quoted(item.file)} --budget {share.yuan[end]} {' '.join(words)}"
        for item, share in zip(items, found.shares, strict=True)
    }


def _deliver(
    found: SharedPlan,
    asked: Sharing,
    faults: dict[str, RecordFaults],
    follow_ups: dict[str, str],
    form: str,
    output: Path | None,
    width: int | None,
) -> None:
    from checklist.reports.formats.screen import table_screen
    from checklist.reports.plan.plan_json import shared_json
    from checklist.reports.plan.shared_document import shared_document, shared_list
    from checklist.reports.plan.shared_screen import shared_screen

    def screen() -> RenderableType:
        if asked.only:
            return table_screen(shared_list(found, asked.only))
        return shared_screen(found, asked.everything, faults, follow_ups)

    deliver(
        form,
        output,
        screen=screen,
        data=lambda: shared_json(found),
        document=lambda: shared_document(found, asked.only, faults, follow_ups),
        width=width,
    )


def _quoted(file: str) -> str:
    return f'"{file}"' if any(c.isspace() for c in file) else file
