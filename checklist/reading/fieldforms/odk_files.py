"""What ODK Central and Kobo export of the field form (CSV, JSON, Excel) → each submission by our own names.

What was asked once for each site stands in a table of its own (a second CSV file, a second sheet), whose rows name their
submission, or nested in the submission (JSON). JSON nests or joins the names of groups.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from glob import escape
from pathlib import Path
from typing import Any, Final

from checklist.model.field_form import RULESET, SITES, WHICH
from checklist.model.problems import FilesHaveProblems, Problem, Where
from checklist.model.regular_files import open_regular
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.fieldforms.form_headings import Cells, Headings, last_part
from checklist.reading.fieldforms.pages import Page, page_of
from checklist.reading.tables.extent import NotReadable, TooBig
from checklist.reading.tables.spreadsheet import (
    BOOKS,
    MAX_COLUMNS,
    MAX_ROWS,
    Sheet,
    read_sheets,
    read_whole,
)
from checklist.reading.tables.table_body import body_of
from checklist.reading.tables.text_tables import decode, text_rows
from checklist.reading.tables.zip_guard import unpacks_small
from checklist.values.cells import words

STATUS: Final = "_validation_status"
_PARENTS: Final = (("PARENT_KEY", "KEY"), ("uuid", "_uuid"), ("id", "_id"), ("_parent_index", "_index"))
"""How a row of a site names its submission, and where the submission has the same: Central, then Kobo."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What was answered once, and what was answered at each site."""

    cells: Cells
    sites: tuple[Cells, ...] = ()


def is_submissions(path: Path) -> bool:
    """A JSON file, or a table whose headings name our hidden field or ask which site it is."""
    suffix = path.suffix.lower()
    if suffix in BOOKS or suffix == ".zip":
        try:
            return any(_has(sheet, RULESET) or _has(sheet, WHICH) for sheet in _tables(path, str(path)))
        except FilesHaveProblems:
            return False  # whoever reads it next says why
    if suffix != ".csv":
        return suffix == ".json"
    try:
        with open_regular(path) as file:
            head = file.readline(1_000_000)
            return RULESET.encode("ascii") in head or WHICH.encode("ascii") in head
    except OSError:
        return False


def is_read_with_its_main(path: Path) -> bool:
    """The table of sites that ODK Central puts beside the one of submissions."""
    stem, of_sites, _ = path.name.partition(f"-{SITES}")
    return bool(of_sites) and path.with_name(f"{stem}.csv").is_file()


def submission_rows(
    path: Path, ruleset: Ruleset, shown: str, problems: list[Problem], pages: list[Page]
) -> Iterator[Submission]:
    """Every submission of the file; ``problems`` hears of rows that are none, ``pages`` of what a server may have sent
    in several files. Raises FilesHaveProblems when it cannot be read."""
    if path.suffix.lower() == ".json":
        yield from _json_rows(path, shown, pages)
        return
    sheets = _tables(path, shown)
    main = next((sheet for sheet in sheets if _has(sheet, RULESET)), None)
    if main is None:
        return
    at_sites: dict[tuple[str, str], list[Cells]] = {}
    for sheet in sheets:
        if sheet is not main and _has(sheet, WHICH):
            for cells in _rows(sheet, ruleset, problems):
                own = next(((mine, cells[of][0]) for of, mine in _PARENTS if of in cells and cells[of][0]), ("", ""))
                at_sites.setdefault(own, []).append(cells)
    for cells in _rows(main, ruleset, problems):
        mine = [at_sites.pop((own, cells[own][0]), []) for _, own in _PARENTS if own in cells]
        yield Submission(cells, tuple(one for some in mine for one in some))
    if lost := [cells for some in at_sites.values() for cells in some]:
        where = next(iter(lost[0].values()))[1]
        says = f"有 {len(lost)} 处点位的回答找不到它那一份提交，没有收"
        problems.append(Problem(where, "E238", says, "和提交的那张表一起重新导出，不要删行删列"))


def _rows(sheet: Sheet, ruleset: Ruleset, problems: list[Problem]) -> Iterator[Cells]:
    names = Headings(ruleset).columns(sheet.rows[0])
    body = body_of(sheet, 0, ())
    problems += body.problems
    for row in body.rows:
        yield {name: (words(sheet.at(row, at)), sheet.where(row, at)) for name, at in names.items()}


def _has(sheet: Sheet, name: str) -> bool:
    """Whether a heading is this name, or begins with it where a kind of site stands behind."""
    heads = map(last_part, sheet.rows[0]) if sheet.rows else ()
    return any(head.startswith(name) if name == WHICH else head == name for head in heads)


def _tables(path: Path, shown: str) -> Sequence[Sheet]:
    """The tables of one export, those of sites among them."""
    if path.suffix.lower() == ".zip":
        return tuple(_packed(read_whole(path, shown), shown))
    beside = sorted(path.parent.glob(f"{escape(path.stem)}-{SITES}*.csv")) if path.suffix.lower() == ".csv" else []
    return [*read_sheets(path, shown), *(sheet for one in beside for sheet in read_sheets(one))]


def _packed(data: bytes, shown: str) -> Iterator[Sheet]:
    """The CSV files of a packed export; photos lie in a folder of their own."""
    try:
        unpacks_small(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [n for n in archive.namelist() if n.lower().endswith(".csv") and "/" not in n]
            texts = [(name, archive.read(name)) for name in names]
    except TooBig as refused:
        raise _refuse(shown, "E103", refused.says) from None
    except NotReadable:
        raise _refuse(shown, "E102", "不是能打开的 .zip") from None
    for name, text in texts:
        yield Sheet(shown, name, text_rows(text, f"{shown}!{name}", MAX_ROWS, MAX_COLUMNS), delimited=True)


def _json_rows(path: Path, shown: str, pages: list[Page]) -> Iterator[Submission]:
    data = read_whole(path, shown)
    try:
        told = json.loads(decode(data, shown), parse_float=Decimal)
        rows = told if isinstance(told, list) else next(told[k] for k in ("results", "value") if k in told)
        if isinstance(told, dict):
            pages.append(page_of(told, rows, Where(shown)))
        for number, row in enumerate(rows, 1):
            if isinstance(row, dict):
                here = f"第 {number} 份"
                rounds = enumerate(_rounds(row), 1)
                sites = tuple(dict(_flat(one, shown, f"{here}第 {n} 处")) for n, one in rounds)
                yield Submission(dict(_flat(row, shown, here)), sites)
    except (ValueError, TypeError, StopIteration, RecursionError):
        raise _refuse(shown, "E102", "不是 ODK 或 Kobo 导出的 JSON") from None


def _rounds(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What was answered at each site, wherever it is nested."""
    for key, value in row.items():
        if isinstance(value, dict):
            yield from _rounds(value)
        elif isinstance(value, list) and last_part(key).startswith(SITES):
            yield from (one for one in value if isinstance(one, dict))


def _flat(row: Mapping[str, Any], shown: str, here: str) -> Iterator[tuple[str, tuple[str, Where]]]:
    for key, value in row.items():
        name = last_part(key)
        if name == STATUS and isinstance(value, dict):
            value = str(value.get("uid", ""))
        if isinstance(value, dict):
            yield from _flat(value, shown, here)
        elif isinstance(value, str | int | Decimal) and not isinstance(value, bool):
            yield name, (str(value), Where(shown, cell=f"{here} {name}"))


def _refuse(shown: str, code: str, says: str) -> FilesHaveProblems:
    return FilesHaveProblems([Problem(Where(shown), code, says, "重新导出一次")])
