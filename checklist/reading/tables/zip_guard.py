"""What a zipped spreadsheet would become, found out without unpacking it into memory."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from typing import Any, Final
from xml.etree import ElementTree
from xml.parsers import expat

from checklist.reading.tables.extent import Extent, Inside, NotReadable, TooBig

MAX_UNPACKED: Final = 200_000_000
MAX_PARTS: Final = 2_000
MAX_FAILED: Final = 10_000
MAX_OUTLINE: Final = 20_000_000
_CHUNK: Final = 1 << 16
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
BROKEN_ZIP: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    ElementTree.ParseError,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    RuntimeError,
    struct.error,
)
"""What Python's own readers let out, whatever a broken or locked archive leads to."""
LONGEST: Final = 1_000_000
"""Bytes of text in one cell; a spreadsheet program allows 32,767 characters."""
_STRINGS: Final = "xl/sharedstrings.xml"
_TABLE_PARTS = re.compile(r"xl/worksheets/.*\.xml|content\.xml")


def look_into_zip(data: bytes, extent: Callable[[], Extent]) -> Inside:
    """What the workbook says of itself. ``extent`` makes a new one.

    Raises TooBig, NotReadable. Every sheet is read here first, wherever the workbook says it stands, so that nothing
    reaches the native reader that this one has not understood.
    """
    with _opened(data) as archive:
        parts = {_part(info.filename): info for info in archive.infolist()}
        if "xl/workbook.bin" in parts:
            raise NotReadable("这是 .xlsb 表格，读不了")
        book = _whole_xml(archive, parts.get("xl/workbook.xml"))
        sheets = _sheet_names(archive, parts, book)
        failed: dict[str, Set[tuple[int, int]]] = {}
        left, from_1904 = MAX_UNPACKED, _from_1904(book)
        for info in archive.infolist():
            name = _part(info.filename)
            reach = _Reach(extent()) if name in sheets or _TABLE_PARTS.fullmatch(name) else None
            left = _unpack(archive, info, left, reach)
            from_1904 |= reach is not None and reach.from_1904
            if reach is not None and reach.ended():
                failed[sheets.get(name, "")] = reach.failed
        if len(parts) < len(archive.infolist()):
            raise NotReadable("压缩包里有同名的部分，不像表格")
        return Inside(failed, from_1904)


def unpacks_small(data: bytes) -> None:
    """Goes through a document's archive piece by piece. Raises TooBig, NotReadable."""
    with _opened(data) as archive:
        left = MAX_UNPACKED
        for info in archive.infolist():
            left = _unpack(archive, info, left, None)


def word_document(data: bytes) -> ElementTree.Element:
    """The text of a Word file whose archive ``unpacks_small``. Raises TooBig, NotReadable."""
    with _opened(data) as archive:
        parts = {_part(info.filename): info for info in archive.infolist()}
        if "word/document.xml" not in parts:
            raise NotReadable
        return _whole_xml(archive, parts["word/document.xml"])


@contextmanager
def _opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """An archive of an ordinary number of parts. Raises TooBig; NotReadable for whatever a broken one leads to."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > MAX_PARTS:
                raise TooBig(f"压缩包里有 {len(archive.infolist())} 个部分，不像填报表")
            yield archive
    except BROKEN_ZIP as error:
        raise NotReadable from error


def _part(name: str) -> str:
    """Names of parts are the same in any case, and some programs write them as Windows does."""
    return name.replace("\\", "/").lower()


def _sheet_names(
    archive: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], book: ElementTree.Element
) -> dict[str, str]:
    """Part → name of the sheet that it holds."""
    links = _whole_xml(archive, parts.get("xl/_rels/workbook.xml.rels"))
    places = {
        link.get("Id"): "xl/" + (link.get("Target") or "").removeprefix("/").removeprefix("xl/")
        for link in links.iter()
    }
    found: dict[str, str] = {}
    for sheet in (e for e in book.iter() if e.tag.rsplit("}", 1)[-1] == "sheet"):
        found |= {_part(places[id]): sheet.get("name") or "" for id in sheet.attrib.values() if id in places}
    return found


def _from_1904(book: ElementTree.Element) -> bool:
    said = (e.get("date1904", "") for e in book.iter() if e.tag.rsplit("}", 1)[-1] == "workbookPr")
    return any(word in ("1", "true", "on") for word in said)


def _whole_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo | None) -> ElementTree.Element:
    if part is None:
        return ElementTree.Element("none")
    if part.file_size > MAX_OUTLINE:
        raise TooBig("工作簿的目录或文档的正文太大")
    data = archive.read(part)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise TooBig("文件里有自定义实体，不像填报表")
    return ElementTree.fromstring(data)


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, reach: _Reach | None) -> int:
    text = 0
    texts = reach is not None or _part(part.filename) == _STRINGS
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            left -= len(piece)
            if left < 0:
                raise TooBig("解开以后太大，可能是压缩炸弹")
            text = len(piece) - 1 - at if (at := piece.rfind(b"<")) >= 0 else text + len(piece)
            if texts and text > LONGEST:
                raise TooBig("有一格里的字太多")
            if reach is not None:
                reach.feed(piece)
    return left


class _Reach:
    """How far the cells of one sheet reach, read from its XML as it streams by."""

    def __init__(self, extent: Extent) -> None:
        self.reach = extent.reach
        self.at: tuple[int, int] = (0, 0)
        self.row = self.column = 0
        self.repeat_row = 1
        self.parser: Any = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self.start
        self.parser.EntityDeclHandler = self.entity
        self.failed: set[tuple[int, int]] = set()
        self.formula = self.from_1904 = False
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
        try:
            self.parser.Parse(piece, False)
        except (expat.ExpatError, LookupError) as error:
            raise NotReadable from error

    def entity(self, *_: object) -> None:
        raise TooBig("文件里有自定义实体，不像填报表")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(" ", 1)[-1]
        match name:
            case "c":  # an Excel cell; what it holds follows
                self.settle()
                self.at = self.place(attributes.get("r"))
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
                self.row, self.column = _number(attributes.get("r", str(self.row + 1))), 0
            case "null-date":  # OpenDocument
                self.from_1904 = any(text.startswith("1904-") for text in attributes.values())
            case "table":  # OpenDocument
                self.row = self.column = 0
            case "table-row":
                self.row += self.repeat_row
                self.repeat_row, self.column = self.repeated(attributes, "number-rows-repeated"), 0
            case "table-cell" | "covered-table-cell":
                self.open_document_cell(attributes)

    def open_document_cell(self, attributes: dict[str, str]) -> None:
        wide = self.repeated(attributes, "number-columns-repeated")
        self.column += wide
        if any(key.rsplit(" ", 1)[-1] in ("value-type", "value", "string-value") for key in attributes):
            self.reach(self.row + self.repeat_row, self.column, wide * self.repeat_row)

    def repeated(self, attributes: dict[str, str], name: str) -> int:
        return max((_number(v) for k, v in attributes.items() if k.rsplit(" ", 1)[-1] == name), default=1)

    def place(self, reference: str | None) -> tuple[int, int]:
        """Row and column of a cell, from 1; a cell that does not say stands behind the one before."""
        if reference is None:
            self.column += 1
            return self.row, self.column
        found = _REFERENCE.fullmatch(reference)
        if not found:
            raise NotReadable(f"有一格的位置写作“{reference[:20]}”，没有这样的格子")
        self.column = 0
        for letter in found[1]:
            self.column = self.column * 26 + ord(letter) - 64
        return int(found[2]), self.column


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NotReadable(f"有一行的位置写作“{text[:20]}”，没有这样的行")
    return int(text)
