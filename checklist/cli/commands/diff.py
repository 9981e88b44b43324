"""``checklist diff``: one community twice, or one record under two standards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, usage
from checklist.cli.delivery import FORMAT_HELP, FORMS, deliver, format_of
from checklist.cli.inputs import cache_folder, day, must_exist, one_state, today

if TYPE_CHECKING:
    from datetime import date

    from checklist.model.results.assessment import Assessment
    from checklist.model.results.difference import Difference
    from checklist.model.rules.ruleset import Ruleset
    from checklist.model.state import State


def run(
    before: Annotated[Path, typer.Argument(metavar="前一份", help="较早的现状记录")],
    after: Annotated[
        Path | None,
        typer.Argument(metavar="后一份", help="较晚的现状记录；不写就是前一份里最近的两次，或同一份记录按两套标准评"),
    ] = None,
    from_rules: Annotated[
        str | None, typer.Option("--from", metavar="测评体系", help="前一份按哪一套评；不写按记录里的")
    ] = None,
    to_rules: Annotated[
        str | None, typer.Option("--to", metavar="测评体系", help="后一份按哪一套评；不写按记录里的")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="日期", help="后一份按哪一天看（记录会过期）；可写 today")
    ] = None,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="每张表列前几项")] = 12,
    everything: Annotated[bool, typer.Option("--all", help="全部列出")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """同一个社区前后差在哪儿：每条标准赢回或丢掉几分、哪个实测项变了、哪些过期或反弹。

    两份记录用的标准不同，或者同一份记录按两套标准评（--from、--to）时，分清多少是社区变了、多少是标准变了。
    """
    from checklist.engine.comparing.diff import difference
    from checklist.engine.scoring.assess import assess

    form = format_of(format, output)
    if after is None and from_rules == to_rules and as_of is None:
        before, after = _latest_two(before)
    second = after or before
    first_state, first_rules, first_problems = _side(before, from_rules)
    second_state, second_rules, second_problems = _side(second, to_rules)
    problems = first_problems or second_problems
    _same_community(first_state, second_state)
    when = day(as_of)
    one, two = assess(first_rules, first_state), assess(second_rules, second_state, as_of=when)
    crossed = None
    if first_rules != second_rules:
        crossed = _again(second, first_rules, when), _again(before, second_rules, None)
    result = difference(one, two, crossed)
    _deliver(result, form, output, None if everything else top, width)
    return Exit.PROBLEMS if problems else Exit.DONE


def _deliver(result: Difference, form: str, output: Path | None, top: int | None, width: int | None) -> None:
    from checklist.reports.changes.difference_document import difference_document
    from checklist.reports.changes.difference_json import difference_json
    from checklist.reports.changes.difference_screen import difference_screen

    deliver(
        form,
        output,
        screen=lambda: difference_screen(result, top),
        data=lambda: difference_json(result),
        document=lambda: difference_document(result),
        width=width,
    )


def _latest_two(path: Path) -> tuple[Path, Path]:
    """The last two records of the one community in a folder or a table."""
    from checklist.files.loading import load_states

    must_exist([path])
    found = load_states([path], today=today(), cache=cache_folder(), every_day=True).states
    if len({item.state.community.id for item in found}) > 1:
        usage(f"{path} 里不止一个社区，diff 一次看一个", f"写明哪一个，如 {found[0].file}")
    if len(found) < 2:
        usage("还要写后一份现状记录", "同一份记录按两套标准比，写 --to 测评体系；只看过期了什么，写 --as-of today")
    before, after = sorted(found, key=lambda item: item.state.as_of)[-2:]
    return Path(before.file), Path(after.file)


def _side(path: Path, rules: str | None) -> tuple[State, Ruleset, bool]:
    item, loaded = one_state(path, rules)
    return item.state, item.ruleset, bool(loaded.problems)


def _same_community(first: State, second: State) -> None:
    from checklist.reports.document.prose import on_one_line

    if first.community.id != second.community.id:
        names = " 和 ".join(f"{on_one_line(c.name)}（{c.id}）" for c in (first.community, second.community))
        usage(f"{names} 不是同一个社区", "社区之间比，用 checklist compare")


def _again(path: Path, ruleset: Ruleset, when: date | None) -> Assessment:
    """The same record under the other ruleset; its mistakes have been shown already."""
    from checklist.engine.scoring.assess import assess
    from checklist.files.loading import load_states

    loaded = load_states([path], ruleset=ruleset, today=today(), cache=cache_folder())
    return assess(ruleset, loaded.states[0].state, as_of=when)


COMMANDS = {"diff": run}
