"""What comes back to a ledger: 回执 taken in, sent back, closed by somebody else, and proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from checklist.cli.console import Exit, show, show_problems, tell, usage
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import must_exist, now
from checklist.engine.ledger.answering import closed, sent_back, taken_back
from checklist.engine.ledger.updating import with_status
from checklist.keeping.ledger_verifying import verify_ledger
from checklist.keeping.ledgers import keep_photos, opened, revise
from checklist.keeping.pictures import PICTURES
from checklist.model.hand_out import Return, ReturnKind
from checklist.model.ledger import Ledger, LedgerEntry
from checklist.model.problems import FilesHaveProblems, NotAValue, Problem, Where, in_order
from checklist.reading.tables.spreadsheet import BOOKS
from checklist.reports.document.document import Column, Table
from checklist.reports.document.prose import clean
from checklist.reports.formats.screen import table_screen
from checklist.values.look_alikes import folded

TAKE_BACK: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--take-back", metavar="回执", help="收回填好的交办单和照片：文件，或装着它们的文件夹；可以写几次"),
]
WRITE: TypeAlias = Annotated[bool, typer.Option("--write", help="收回执：写入；不加只看")]
CLOSE: TypeAlias = Annotated[
    list[str] | None, typer.Option("--close", metavar="编号", help="核过了，销号；可以写几次，要加 --who")
]
SEND_BACK: TypeAlias = Annotated[
    list[str] | None, typer.Option("--send-back", metavar="编号", help="不行，退回；要加 --who 和 --why")
]
WHO: TypeAlias = Annotated[str, VERBATIM, typer.Option("--who", metavar="姓名", help="谁核的")]
WHY: TypeAlias = Annotated[str, VERBATIM, typer.Option("--why", metavar="原因", help="为什么退回")]
VERIFY: TypeAlias = Annotated[bool, typer.Option("--verify", help="核对流水：谁报、谁退、谁销，有没有事后改过")]

KINDS: Final[dict[ReturnKind, str]] = {
    "new": "收下，记成待核验",
    "same": "已经收过，一样的",
    "older": "比已经收的早，不收",
    "sent_back": "就是退回过的那份，不收",
    "closed": "已经销号或不再要办，不收",
}
_FILES: Final = BOOKS | {".csv", ".docx"}


def take_back(file: Path, paths: Sequence[Path], today: date, *, write: bool) -> int:
    """Read the returns, say what each is to the ledger, and write when asked."""
    from checklist.reading.lists.returns import read_returns
    from checklist.reports.language.labels import LEDGER_STATUS, LEDGER_WORDS

    must_exist(list(paths))
    files, pictures = _sorted_out(paths)
    if not files:
        usage("没有回执", "写填好的交办单（.xlsx .docx），或装着它们的文件夹")
    read = [read_returns(path, today) for path in files]
    problems = [problem for _, wrong in read for problem in wrong]
    found = [_with_pictures(one, pictures) for returns, _ in read for one in returns]
    problems += [lost for one, _, missing in found for lost in missing]
    used = dict.fromkeys(path for _, theirs, _ in found for path in theirs)
    stored = keep_photos(file, used) if write else {}
    returns = [replace(one, photos=tuple(stored.get(p, p.name) for p in theirs)) for one, theirs, _ in found]
    told: list[tuple[Return, ReturnKind]] = []

    def taken(ledger: Ledger) -> Ledger:
        after, kinds, wrong = taken_back(ledger, returns, today, LEDGER_WORDS)
        told.extend(kinds)
        problems.extend(wrong)
        return with_status(after, today, LEDGER_STATUS)

    if write:
        kept = revise(file, taken, now(), what=f"收回执 {file.name}")
        said = f"已存 {file}；撤销：checklist undo {file}" if kept.entry else f"{file} 没有要改的"
    else:
        taken(opened(file)[0])
        said = f"写入：同样的命令加 --write（{sum(kind == 'new' for _, kind in told)} 条会记成待核验）"
    show_problems(in_order(problems))
    show(table_screen(_told_table(told)))
    tell(said)
    return Exit.DONE if all(problem.is_advice for problem in problems) else Exit.PROBLEMS


def _sorted_out(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The returns and the photos, of folders all that lies in them."""
    every: dict[Path, None] = {}
    for path in paths:
        every |= dict.fromkeys(sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path])
    shown = [path for path in every if not path.name.startswith((".", "~$"))]
    pictures = [path for path in shown if path.suffix.lower().lstrip(".") in PICTURES]
    return [path for path in shown if path.suffix.lower() in _FILES], pictures


def _with_pictures(one: Return, pictures: Sequence[Path]) -> tuple[Return, list[Path], list[Problem]]:
    """The photos that a return names, or that have its code in their names; and the names that nothing came with."""
    named = [path for path in pictures if path.name.lower() in {name.lower() for name in one.photos}]
    coded = [path for path in pictures if one.code and one.code.lower() in path.stem.lower()]
    there = {path.name.lower() for path in named}
    hint = "照片和回执放进一个文件夹，一起收；名字照“整改后照片”里写的"
    missing = [
        Problem(one.where, "W261", f"编号 {one.number} 写的照片 {name} 没有一起交回", hint)
        for name in one.photos
        if name.lower() not in there
    ]
    return one, list(dict.fromkeys([*named, *coded])), missing


def _told_table(told: Sequence[tuple[Return, ReturnKind]]) -> Table:
    columns = (Column("编号", 12), Column("完成日期", 6, "date"), Column("经办人", 5), Column("照片", 4, "number"))
    rows = tuple((r.number, r.finished, r.handler, len(r.photos), KINDS[kind], r.done) for r, kind in told)
    return Table("回执", (*columns, Column("怎么收", 10), Column("整改情况", 20)), rows, "没有填好的回执")


def check(file: Path, close: Sequence[str], back: Sequence[str], who: str, why: str, today: date) -> int:
    """Close what somebody else than who reported it has looked at; send back what does not do."""
    from checklist.reports.language.labels import LEDGER_STATUS, LEDGER_WORDS

    if not who.strip():
        usage("没写谁核的", "加 --who 姓名；报整改的人不能自己销号")
    if back and not why.strip():
        usage("没写为什么退回", "加 --why 原因")
    wrong: list[Problem] = []

    def checked(ledger: Ledger) -> Ledger:
        left = {folded(number): number for number in (*close, *back)}
        records: list[LedgerEntry] = []
        for record in ledger.records:
            number = left.pop(folded(record.text("编号")), None) if not record.faulty else None
            try:
                if number in close:
                    record = closed(record, today, who, LEDGER_WORDS)
                elif number is not None:
                    record = sent_back(record, today, who, why, LEDGER_WORDS)
            except NotAValue as reason:
                wrong.append(Problem(Where(str(file)), reason.code, reason.says, reason.hint))
            records.append(record)
        lost = (Problem(Where(str(file)), "E261", f"台账里没有编号 {n}", "编号照台账抄") for n in left.values())
        wrong.extend(lost)
        if wrong:
            raise FilesHaveProblems(wrong)
        return with_status(ledger.with_records(records), today, LEDGER_STATUS)

    revise(file, checked, now(), what=f"核验 {file.name}", by=who)
    tell(f"销号 {len(close)} 条，退回 {len(back)} 条；撤销：checklist undo {file}")
    return Exit.DONE


def verify(file: Path) -> int:
    """What the journal proves, on stdout; what can be no accident makes the exit code 1."""
    found = verify_ledger(file)
    for line in found.broken:
        print(clean(f"不对：{line}"))
    for line in found.asked:
        print(clean(f"请看：{line}"))
    print(f"流水 {found.told} 条是这本台账的；不对 {len(found.broken)} 处，要看 {len(found.asked)} 处")
    if found.tail:
        print(f"链尾 {found.tail}（抄在别处，就能证明以前的没有改过）")
    return Exit.GATE if found.broken else Exit.DONE
