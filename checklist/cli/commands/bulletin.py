"""``checklist bulletin``: the district's 督查通报 about many communities."""

from __future__ import annotations

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
    dossier,
    parse_formats,
    placed,
    progress,
    safe_name,
    saved,
    to_screen,
    with_earlier,
)
from checklist.cli.targets import FORCE
from checklist.model.refusals import Refusal
from checklist.reports.formats import DOCUMENTS, FORMATS

if TYPE_CHECKING:
    from checklist.model.ledger import Ledger


def run(
    states: Annotated[
        list[Path] | None, typer.Argument(metavar="现状记录...", help="各社区的现状记录，或装着它们的文件夹")
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="格式", help=f"{','.join(DOCUMENTS)}，可以写几种")] = "docx",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="文件或文件夹", help="存到哪里，默认当前文件夹；- 是屏幕")
    ] = None,
    issuer: Annotated[str, VERBATIM, typer.Option("--from", metavar="单位", help="落款的发文单位")] = "",
    date: Annotated[
        str | None, typer.Option("--date", metavar="日期", help="通报日期，默认最近一份记录的日期；可写 today")
    ] = None,
    no_rank: Annotated[bool, typer.Option("--no-rank", help="不排名次")] = False,
    min_coverage: MinCoverage = USUAL,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", metavar="台账", help="整改台账（.csv 或 .yaml），整改数字照它写")
    ] = None,
    force: FORCE = False,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", help="按哪一天看；可写 today")] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系来评")] = None,
) -> int:
    """写督查通报：各社区得分和名次、红线、共性问题和责任单位、整改情况、下一步要求。

    名次和 compare 一样算：得分是区间的写名次区间，不硬分先后；核查率太低的不排。
    """
    from checklist.engine.comparing.compare import basis, compare, stand
    from checklist.reports.bulletin.bulletin import bulletin

    names = parse_formats(to, DOCUMENTS)
    need(names)
    screen = to_screen(output, names)
    when = day(as_of)
    loaded = get_states(states or [], rules, every_day=True)
    pairs = with_earlier(loaded.states)
    bases = {basis(item.ruleset): f"{item.ruleset.id}（{item.ruleset.edition}）" for item, _ in pairs}
    if len(bases) > 1:
        usage(
            f"这些社区用的测评体系不一样：{'、'.join(sorted(bases.values()))}",
            "不同口径不能放在一起通报；用 --rules 指定一套",
        )
    least = coverage_bar(min_coverage)
    with progress(len(pairs)) as step:
        dossiers = []
        for item, earlier in pairs:
            dossiers.append(dossier(item, when, earlier))
            step(item.state.community.name)
    on = day(date) or max(d.assessment.as_of for d in dossiers)
    standings = [stand(d.assessment.ruleset, d.assessment.state) for d in dossiers]
    comparison = compare(standings, min_coverage=least)
    book = _ledger(ledger)
    wrong = bool(loaded.problems) or (book is not None and book.records != book.sound)
    paper = bulletin(dossiers, comparison, on, issuer=issuer, ranked=not no_rank, ledger=book)
    if screen:
        write_result(FORMATS[names[0]].render(paper), None)
        return Exit.PROBLEMS if wrong else Exit.DONE
    stem = f"{safe_name(issuer or f'{len(dossiers)}个社区')}-督查通报-{on.isoformat()}"
    (targets,) = placed(output, [[stem + FORMATS[name].suffix for name in names]])
    inputs = [*(states or []), *([ledger] if ledger else [])]
    asked = check_targets("bulletin", targets, inputs, force)
    for name, path in zip(names, targets, strict=True):
        saved(path, FORMATS[name].render(paper))
    asked.written(targets)
    return Exit.PROBLEMS if wrong else Exit.DONE


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
