"""``checklist problems``: an inspection's 问题清单, matched to criteria, confirmed by a person, then recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, show, show_problems, tell, usage, write_result
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import community_folder, day, get_ruleset, must_exist, now, today
from checklist.engine.ledger.matching import Index, build_index, countable, propose
from checklist.engine.ledger.splitting import split
from checklist.engine.scoring.assess import assess
from checklist.files.loading import DEFAULT_RULESET
from checklist.keeping.confirmed_problems import confirmed, defect, record
from checklist.keeping.folder import HEAD, CommunityFolder
from checklist.keeping.recalling import recalled
from checklist.keeping.records.defect_lists import unknown_to
from checklist.keeping.records.next_record import foreseen
from checklist.keeping.saving import preview
from checklist.model.ledger import IN_FOLDER
from checklist.model.refusals import Refusal
from checklist.model.state import State
from checklist.reading.lists.problem_list import read_problem_list
from checklist.reading.lists.spotted import Spotted
from checklist.reading.tables.recognising import open_table
from checklist.values.look_alikes import is_called

if TYPE_CHECKING:
    from checklist.reports.intake.matched_problems import ProposedDefect


def run(
    file: Annotated[
        Path, typer.Argument(metavar="问题清单", help="检查组的问题清单，或确认好的清单（.xlsx .csv .docx）")
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="文件.xlsx", help="存一份待确认的清单")
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="社区", help="确认好的清单记到哪个社区；没确认的，看那里以前怎么定的"),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="写入；不加只看")] = False,
    on: Annotated[str | None, typer.Option("--on", metavar="日期", help="哪天检查的（清单里没写时）")] = None,
    by: Annotated[str, VERBATIM, typer.Option("--by", metavar="检查单位", help="谁检查的（清单里没写时）")] = "检查组",
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="对照哪一套测评体系")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """检查组的问题清单对到测评标准：先出建议，人确认（填“采用”一列），再 --into 社区 --write 记下来。不替人拿主意。"""
    spotted, has_confirmation, problems = read_problem_list(open_table(file), today(), day(on))
    show_problems(problems)
    if not spotted:
        raise Refusal(
            "清单里一个问题也没有", "表头下面写问题，一行一个", exit=Exit.PROBLEMS if problems else Exit.NOTHING
        )
    wrong = Exit.DONE if all(p.is_advice for p in problems) else Exit.PROBLEMS
    spotted = tuple(replace(s, by=s.by or by) for s in spotted)
    if into is None or not (has_confirmation or write):
        _propose(spotted, _index(file, into, rules), output, width, parts=not has_confirmation)
        return wrong
    if not has_confirmation:
        usage("这份清单还没有确认过", f"先 checklist problems {file} -o 待确认.xlsx，填好“采用”一列")
    folder = community_folder(into, rules)
    return _record(spotted, folder, write, file, width) or wrong


def _index(file: Path, into: Path | None, rules: str | None) -> Index:
    """How the ruleset sounds, and what was confirmed before in the ledgers of the folder named, or beside the list."""
    if into is not None and ((into / HEAD).exists() or into.is_file()):
        folder = community_folder(into, rules)
        ruleset, (remembered, problems) = folder.ruleset, recalled(folder.path)
    else:
        must_exist([into or file])
        ruleset = get_ruleset(rules or DEFAULT_RULESET)
        remembered, problems = recalled(into or file.parent, below=into is not None)
    show_problems(problems)
    return build_index(ruleset, remembered)


def _propose(spotted: Sequence[Spotted], index: Index, output: Path | None, width: int | None, *, parts: bool) -> None:
    from checklist.reports.formats.xlsx import sheets_xlsx
    from checklist.reports.intake.matched_problems import confirmation_sheet, proposals_screen

    rows = [_proposed(index, one) for line in spotted for one in (_parts(index, line) if parts else (line,))]
    show(proposals_screen(rows), width)
    if output is None:
        tell("存成待确认的清单：加 -o 待确认.xlsx")
        return
    if output.suffix.lower() != ".xlsx":
        usage(f"待确认的清单只能存成 .xlsx，现在是 {output.name}")
    write_result(sheets_xlsx([confirmation_sheet(rows)]), output)
    tell("在“采用”一列选标准，也可以写编号或标题（不对的留空）：选了的进整改台账；要同时改现状记录的，再填“记几”")
    tell(f"填好后：checklist problems {output} --into 社区 --write")


def _parts(index: Index, line: Spotted) -> list[Spotted]:
    """A row for each defect that a line says, with its place, photo and time limit."""
    parts = split(index, line.text)
    return [replace(line, text=part, whole=line.text) for part in parts] if len(parts) > 1 else [line]


def _proposed(index: Index, one: Spotted) -> ProposedDefect:
    from checklist.reports.intake.matched_problems import ProposedDefect, reason

    ruleset = index.ruleset
    found = propose(index, one.text, point=one.point)
    return ProposedDefect(
        defect(one, ""),
        [(p.criterion, reason(p.criterion, p.like, p.because, p.confirmed)) for p in found],
        countable(found[0].criterion, ruleset.facts, one.text) if found else None,
        one.community,
        one.whole,
        one.note,
        one.more,
        [ruleset.actions[name].label for name in found[0].criterion.actions] if found else (),
    )


def _record(spotted: Sequence[Spotted], folder: CommunityFolder, write: bool, file: Path, width: int | None) -> int:
    from checklist.reports.intake.import_preview import ImportView, PreviewLine, import_screen
    from checklist.reports.intake.matched_problems import NOT_OURS, entries_screen

    adopted = [s for s in _ours(spotted, folder) if s.adopted not in ("", NOT_OURS)]
    if not adopted:
        raise Refusal("“采用”一列都空着，没有要记的", exit=Exit.NOTHING)
    result = confirmed(adopted, folder, today())
    show_problems(result.problems)
    if result.problems:
        raise Refusal("先改好上面几处，没有写入", exit=Exit.PROBLEMS)
    state = folder.state or State(folder.community, folder.ruleset.id, today(), {})
    changes = preview(folder, result.readings)
    after, found = foreseen(folder, today(), changes, {}, unknown_to(folder, result.seen, changes))
    show_problems(found)
    as_of = max(today(), state.as_of)
    was, will = (assess(folder.ruleset, seen or state, as_of=as_of) for seen in (state, after))
    recorded = record(result, folder, will, today(), now(), f"问题清单 {file.name}", write=write)
    changes = recorded.changes
    if any(change.kind != "same" for change in changes.items):
        view = ImportView(
            folder.community.name,
            [PreviewLine(c.kind, c.reading, c.recorded, c.rivals, c.ruled is not None) for c in changes.items],
            folder.site_names,
            {},
            was.score,
            will.score,
            0,
            recorded.path.name if recorded.path else "",
            "",
        )
        show(import_screen(view, folder.ruleset), width)
    ledger = folder.path / IN_FOLDER
    show(entries_screen(recorded.entries, len(result.defects), str(ledger), write, folder.ruleset), width)
    if not write and (recorded.entries or changes.written):
        tell(f"写入：checklist problems {file} --into {folder.path} --write")
    elif write and (recorded.entries or recorded.path):
        tell(f"看台账：checklist ledger {ledger}　撤销：checklist undo {folder.path}")
    return Exit.DONE if all(problem.is_advice for problem in found) else Exit.PROBLEMS


def _ours(spotted: Sequence[Spotted], folder: CommunityFolder) -> list[Spotted]:
    """The problems of this community; a list that names other communities too leaves those to their own folders."""

    def ours(name: str) -> bool:
        return not name or any(is_called(folder.community, text) for text in (name, f"{name}社区"))

    others = [s.community for s in spotted if not ours(s.community)]
    if others:
        tell(f"有 {len(others)} 个问题是别的社区的（{'、'.join(list(dict.fromkeys(others))[:5])}），没有收")
    return [s for s in spotted if ours(s.community)]


COMMANDS = {"problems": run}
