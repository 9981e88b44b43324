"""What a zipped spreadsheet would become, found out without unpacking it into memory."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Set
from typing import Any, Final
from xml.etree import ElementTree
from xml.parsers import expat

from checklist.model.refusals import Refusal

MAX_UNPACKED: Final = 200_000_000
MAX_PARTS: Final = 2_000
MAX_FAILED: Final = 10_000
_CHUNK: Final = 1 << 16
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
LONGEST: Final = 1_000_000
"""Bytes of text in one cell; a spreadsheet program allows 32,767 characters."""
_STRINGS: Final = "xl/sharedstrings.xml"
_TABLE_PARTS = re.compile(r"(xl/worksheets/.*\.xml|content\.xml)", re.IGNORECASE)


def look_into(data: bytes, rows: int, columns: int, cells: int) -> dict[str, Set[tuple[int, int]]]:
    """The cells, by sheet, whose formula has no result (of an .xlsx; row and column from 0).

    Raises Refusal; anything that is no zip archive passes, its own reader judges it. Sizes in the archive's directory are not believed: parts are unpacked piece by piece and counted.
    """
    if not data.startswith(b"PK"):
        return {}
    failed: dict[str, Set[tuple[int, int]]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise Refusal(f"压缩包里有 {len(parts)} 个部分，不像填报表")
            left = MAX_UNPACKED
            for part in parts:
                reach = _Reach(rows, columns, cells) if _TABLE_PARTS.fullmatch(part.filename) else None
                left = _unpack(archive, part, left, reach)
                if reach is not None and reach.ended():
                    failed[part.filename] = reach.failed
            names = _sheet_names(archive) if failed else {}
            return {names[part]: found for part, found in failed.items() if part in names}
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zipfile.LargeZipFile,
        ElementTree.ParseError,
    ):
        return {}
    except Exception as error:
        if type(error).__module__ == "zlib":
            return {}
        raise


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part → name of its sheet."""
    links, book = _small_xml(archive, "xl/_rels/workbook.xml.rels"), _small_xml(archive, "xl/workbook.xml")
    parts = {link.get("Id"): "xl/" + (link.get("Target") or "").removeprefix("/xl/") for link in links}
    found = {}
    for sheet in (e for e in book.iter() if e.tag.endswith("}sheet")):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        found[parts.get(link, "")] = sheet.get("name") or ""
    return found


def _small_xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """A part; empty when it is missing, large, or not plain XML."""
    try:
        data = archive.read(name) if archive.getinfo(name).file_size <= LONGEST else b""
    except KeyError:
        data = b""
    return ElementTree.fromstring(data if data and b"<!" not in data else b"<none/>")


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, reach: _Reach | None) -> int:
    text = 0
    texts = reach is not None or part.filename.lower() == _STRINGS
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            left -= len(piece)
            if left < 0:
                raise Refusal("解开以后太大，可能是压缩炸弹")
            text = len(piece) - 1 - at if (at := piece.rfind(b"<")) >= 0 else text + len(piece)
            if texts and text > LONGEST:
                raise Refusal("有一格里的字太多")
            if reach is not None:
                reach.feed(piece)
    return left


class _Reach:
    """How far the cells of one sheet reach, read from its XML as it streams by."""

    def __init__(self, rows: int, columns: int, cells: int) -> None:
        self.rows, self.columns, self.cells = rows, columns, cells
        self.height = self.width = self.count = 0
        self.at: tuple[int, int] = (0, 0)
        self.row = self.column = 0
        self.repeat_row = 1
        self.parser: Any = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EntityDeclHandler = self.entity
        self.broken = False
        self.failed: set[tuple[int, int]] = set()
        self.formula = False
        self.kind: str | None = None

    def ended(self) -> bool:
        """Whether there are formulas without a result."""
        self.settle()
        return bool(self.failed)

    def settle(self) -> None:
        """A formula is behind us: no value came after it."""
        if self.formula:
            self.fail()
        self.formula, self.parser.CharacterDataHandler = False, None

    def fail(self) -> None:
        if len(self.failed) < MAX_FAILED:
            self.failed.add((self.at[0] - 1, self.at[1] - 1))

    def has_result(self, _: str) -> None:
        self.formula, self.parser.CharacterDataHandler = False, None

    def feed(self, piece: bytes) -> None:
        if self.broken:
            return
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError:
            self.broken = True  # its own reader says so

    def entity(self, *_: object) -> None:
        raise Refusal("文件里有自定义实体，不像填报表")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(" ", 1)[-1]
        match name:
            case "c":  # an Excel cell; what it holds follows
                self.settle()
                self.at = self.place(attributes.get("r", ""))
                self.kind = attributes.get("t")
                if self.kind == "e":
                    self.fail()
            case "v" | "is" | "f":
                self.reach(*self.at, 1)
                if name == "f":
                    self.formula = self.kind is None  # as text, a formula may well come to nothing
                elif self.formula:
                    self.parser.CharacterDataHandler = self.has_result
            case "row":  # Excel
                self.row, self.column = _number(attributes.get("r"), self.row + 1), 0
            case "table":  # OpenDocument
                self.row = self.column = 0
            case "table-row":
                self.row += self.repeat_row
                self.repeat_row, self.column = self.repeated(attributes, "number-rows-repeated"), 0
            case "table-cell":
                self.open_document_cell(attributes)

    def open_document_cell(self, attributes: dict[str, str]) -> None:
        wide = self.repeated(attributes, "number-columns-repeated")
        self.column += wide
        if any(key.rsplit(" ", 1)[-1] in ("value-type", "value", "string-value") for key in attributes):
            self.reach(self.row + self.repeat_row, self.column, wide * self.repeat_row)

    def repeated(self, attributes: dict[str, str], name: str) -> int:
        return next((_number(v, 1) for k, v in attributes.items() if k.rsplit(" ", 1)[-1] == name), 1)

    def place(self, reference: str) -> tuple[int, int]:
        found = _REFERENCE.fullmatch(reference)
        if not found:
            self.column += 1
            return self.row, self.column
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        self.column = column
        return int(found[2]), column

    def reach(self, row: int, column: int, count: int) -> None:
        self.height, self.width = max(self.height, row), max(self.width, column)
        self.count += count
        if self.height > self.rows or self.width > self.columns:
            raise Refusal(f"表格太大（到第 {self.height} 行第 {self.width} 列）")
        if self.count > self.cells or self.height * self.width > self.cells * 4:
            raise Refusal("表格太大（格子太多）")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else otherwise
