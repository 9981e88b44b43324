"""From a ledger to those who do the work, and back: 交办单, 催办, 回执, 核验."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from checklist.cli.console import Exit, tell, usage
from checklist.cli.delivery import need
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import now
from checklist.cli.papers import parse_formats, safe_name, saved
from checklist.files.writing import new_folder, write_atomic
from checklist.keeping.ledgers import revise
from checklist.model.ledger import Ledger, LedgerEntry
from checklist.reports.formats import FORMATS

if TYPE_CHECKING:
    from checklist.reports.document.document import Document

PAPERS = ("docx", "xlsx")
HAND_OUT: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--hand-out", metavar="文件夹", help="写交办单到一个新文件夹：一个责任单位一份、一个社区一份，记下交办时间"
    ),
]
TO: TypeAlias = Annotated[str, typer.Option("--to", metavar="格式", help="交办单的格式：docx,xlsx，可以写几种")]
ISSUER: TypeAlias = Annotated[str, VERBATIM, typer.Option("--from", metavar="单位", help="交办单上的交办单位")]
PHOTOS: TypeAlias = Annotated[
    Path | None, typer.Option("--photos", metavar="文件夹", help="台账里写的照片在哪里；不写就在台账旁边找")
]
REMIND: TypeAlias = Annotated[bool, typer.Option("--remind", help="改出催办的话，一个单位一段，贴到群里")]
ICS: TypeAlias = Annotated[
    Path | None, typer.Option("--ics", metavar="文件", help="另存一份日历（.ics），每条一个时限")
]


@dataclass(frozen=True, slots=True)
class Papers:
    """Where 交办单 go, in which forms, from whom, and where the photos lie."""

    folder: Path
    to: str
    issuer: str
    photos: Path


def hand_out(file: Path, records: Sequence[LedgerEntry], papers: Papers, day: date, *, dry_run: bool) -> int:
    """Write a paper for every unit and every community that has something open among ``records``, then enter the day of
    assignment where none stands."""
    still = [record for record in records if record.open]
    if not still:
        tell("没有要交办的：照条件选出的都销了号，或已声明不适用")
        return Exit.NOTHING
    names = parse_formats(papers.to, PAPERS)
    need(names)
    made = _documents(still, papers, day)
    with new_folder(papers.folder) as folder:
        for place, paper in made:
            (folder / place).parent.mkdir(exist_ok=True)
            for name in names:
                write_atomic(folder / f"{place}{FORMATS[name].suffix}", FORMATS[name].render(paper))
    tell(f"已存 {papers.folder}：{len(made)} 份交办单，{len(still)} 条")
    if not dry_run:
        numbers = {record.text("编号") for record in still}
        kept = revise(file, lambda ledger: _handed_out(ledger, numbers, day), now(), what=f"交办 {file.name}")
        tell(f"交办时间记进了 {file}" if kept.entry else f"{file} 里都已经有交办时间")
    return Exit.DONE


def _documents(still: Sequence[LedgerEntry], papers: Papers, day: date) -> list[tuple[str, Document]]:
    """Each with its place below the folder, without ending."""
    from checklist.reports.ledger.hand_outs import for_community, for_unit, photo_names

    units = dict.fromkeys(unit for record in still for unit in record.units)
    places = dict.fromkeys(record.text("社区") or "未注明社区" for record in still)
    photos = _thumbnails([name for record in still for name in photo_names(record)], papers.photos)
    if left := sum(not record.units for record in still):
        tell(f"{left} 条没写责任单位，只在社区的交办单里")
    paths = [*(f"责任单位/{safe_name(unit)}" for unit in units), *(f"社区/{safe_name(name)}" for name in places)]
    made = [for_unit(unit, still, photos, day, papers.issuer) for unit in units]
    for name in places:
        here = [record for record in still if (record.text("社区") or "未注明社区") == name]
        made.append(for_community(name, here, photos, day, papers.issuer))
    return list(zip(_each_its_own(f"{path}-交办单-{day}" for path in paths), made, strict=True))


def _each_its_own(names: Iterable[str]) -> Iterator[str]:
    """Names that are the same once shortened get a number."""
    taken: Counter[str] = Counter()
    for name in names:
        taken[name] += 1
        yield name if taken[name] == 1 else f"{name}-{taken[name]}"


def _thumbnails(names: Sequence[str], folder: Path) -> dict[str, bytes]:
    """What can be shown; without Pillow papers go without pictures."""
    try:
        from checklist.cli.photos import thumbnails

        found, trouble = thumbnails(names, folder)
    except ImportError:
        found, trouble = {}, list(names)
    if trouble:
        few = "、".join(trouble[:3]) + (f" 等 {len(trouble)} 张" if len(trouble) > 3 else "")
        tell(f"{folder} 里没有照片 {few}，交办单上没有图；照片在别处的，加 --photos 文件夹")
    return found


def _handed_out(ledger: Ledger, numbers: set[str], day: date) -> Ledger:
    records = (
        record.fill({"交办时间": day.isoformat()})
        if record.text("编号") in numbers and record.open and not record.faulty
        else record
        for record in ledger.records
    )
    return ledger.with_records(records)


def remind(records: Sequence[LedgerEntry], day: date) -> int:
    """The text for a group chat, on stdout."""
    from checklist.reports.ledger.reminders import reminders

    text = reminders(records, day)
    print(text, end="")
    return Exit.DONE if text else Exit.NOTHING


def calendar_of(records: Sequence[LedgerEntry], path: Path) -> None:
    from checklist.reports.ledger.reminders import calendar

    if path.suffix.lower() != ".ics":
        usage(f"--ics 要写 .ics 文件，现在是 {path.name}")
    saved(path, calendar(records, now()))
    if undated := sum(record.open and record.day("时限") is None for record in records):
        tell(f"{undated} 条没定时限，日历里没有")
