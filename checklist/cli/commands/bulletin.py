"""``checklist bulletin``: the district's 督查通报 about many communities."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, show_problems, usage, write_result
from checklist.cli.coverage_bar import USUAL, MinCoverage, coverage_bar
from checklist.cli.delivery import need
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import day, get_states
from checklist.cli.papers import (
    check_targets,
    parse_formats,
    placed,
    progress,
    safe_name,
    saved,
    to_screen,
    with_earlier,
)
from checklist.cli.targets import FORCE
from checklist.files.unread import unread
from checklist.model.refusals import Refusal
from checklist.reports.formats import DOCUMENTS, FORMATS

if TYPE_CHECKING:
    from datetime import date as Day

    from checklist.files.loading import LoadedState
    from checklist.model.ledger import Ledger
    from checklist.model.results.comparison import Standing
    from checklist.reports.bulletin.issue import Covered


def run(
    states: Annotated[
        list[Path] | None, typer.Argument(metavar="现状记录...", help="各社区的现状记录，或装着它们的文件夹")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="格式", help=f"{','.join(DOCUMENTS)}，可以写几种；不写就是 docx 和附表 xlsx"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="文件或文件夹", help="存到哪里，默认当前文件夹；- 是屏幕")
    ] = None,
    issuer: Annotated[str, VERBATIM, typer.Option("--from", metavar="单位", help="落款的发文单位")] = "",
    date: Annotated[
        str | None, typer.Option("--date", metavar="日期", help="通报日期，默认最近一份记录的日期；可写 today")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="日期", help="和哪一天的情况比（上一期），默认各社区上一次记录")
    ] = None,
    name_all: Annotated[
        bool, typer.Option("--name-all", help="纪委、公安等牵头的红线和否决也点名（默认只说有几个社区）")
    ] = False,
    no_rank: Annotated[bool, typer.Option("--no-rank", help="不排名次")] = False,
    min_coverage: MinCoverage = USUAL,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="台账", help="整改台账（.csv 或 .yaml），整改数字照它写")
    ] = None,
    force: FORCE = False,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", help="按哪一天看；可写 today")] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系来评")] = None,
) -> int:
    """写督查通报：总体和分街道情况、名次、红线、共性问题、销号情况、下一步要求，几页纸；其余都在附表 xlsx 里。

    名次和 compare 一样算：得分是区间的写名次区间，不硬分先后；核查率太低的不排。
    """
    from checklist.engine.comparing.compare import basis, compare
    from checklist.reports.bulletin.bulletin import bulletin
    from checklist.reports.bulletin.issue import Issue

    names = parse_formats(to or _usual(output), DOCUMENTS)
    need(names)
    screen = to_screen(output, names)
    when = day(as_of)
    loaded = get_states(states or [], rules, every_day=True)
    pairs = with_earlier(loaded.states, day(since))
    bases = {basis(item.ruleset): f"{item.ruleset.id}（{item.ruleset.edition}）" for item, _ in pairs}
    if len(bases) > 1:
        usage(
            f"这些社区用的测评体系不一样：{'、'.join(sorted(bases.values()))}",
            "不同口径不能放在一起通报；用 --rules 指定一套",
        )
    least = coverage_bar(min_coverage)
    latest = ((item.state.community.id, item.state.as_of, item.file) for item, _ in pairs)
    doubts = unread(loaded.unread, loaded.problems, latest)
    standings, covered = [], []
    with progress(len(pairs)) as step:
        for item, earlier in pairs:
            standing, one = _covered(item, earlier, when)
            standings.append(replace(standing, faults=doubts.of(item.state.community.id)))
            covered.append(one)
            step(item.state.community.name)
    on = day(date) or max(c.assessment.as_of for c in covered)
    book = _ledger(ledger)
    wrong = bool(loaded.problems) or (book is not None and book.records != book.sound)
    issue = Issue(
        covered=tuple(covered),
        comparison=compare(standings, min_coverage=least),
        day=on,
        issuer=issuer,
        ranked=not no_rank,
        ledger=book,
        nobodys=doubts.nobodys,
    )
    paper = bulletin(issue, name_all=name_all)
    if screen:
        write_result(FORMATS[names[0]].render(paper), None)
        return Exit.PROBLEMS if wrong else Exit.DONE
    stem = f"{safe_name(issuer or f'{len(covered)}个社区')}-督查通报-{on.isoformat()}"
    (targets,) = placed(output, [[stem + FORMATS[name].suffix for name in names]])
    inputs = [*(states or []), *([ledger] if ledger else [])]
    asked = check_targets("bulletin", targets, inputs, force)
    for name, path in zip(names, targets, strict=True):
        saved(path, FORMATS[name].render(paper))
    asked.written(targets)
    return Exit.PROBLEMS if wrong else Exit.DONE


def _usual(output: Path | None) -> str:
    """The paper and its annex; one file when one is named."""
    ending = output.suffix.lower().lstrip(".") if output is not None else ""
    return ending if ending in DOCUMENTS else "docx,xlsx"


def _covered(item: LoadedState, earlier: LoadedState | None, as_of: Day | None) -> tuple[Standing, Covered]:
    """A community as it stands now, and what became of it since its earlier record."""
    from checklist.engine.comparing.compare import stand
    from checklist.engine.comparing.headway import headway
    from checklist.engine.scoring.assess import assess
    from checklist.reports.bulletin.issue import Covered

    now = assess(item.ruleset, item.state, as_of=as_of)
    before = assess(earlier.ruleset, earlier.state) if earlier else None
    standing = stand(now.ruleset, now.state, item.file, item.state.as_of)
    return standing, Covered(now, headway(before, now) if before else None)


def _ledger(path: Path | None) -> Ledger | None:
    """The office's ledger. Rows that cannot be read are said and not counted; a file that cannot be read ends the command."""
    if path is None:
        return None
    if not path.is_file():
        usage(f"没有 {path} 这个台账", "台账由 checklist ledger 建")
    from checklist.reading.lists.ledger_file import read_ledger

    found, problems = read_ledger(path)
    show_problems(problems)
    if found is None:
        raise Refusal("台账有错误，通报没有写", exit=Exit.PROBLEMS)
    return found


COMMANDS = {"bulletin": run}
