"""Downloads that come in pages (Kobo's ``count`` and ``next``, OData's ``@odata.nextLink``): whether all are here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from checklist.model.problems import Problem, Where

_NEXT: Final = ("next", "@odata.nextLink", "odata.nextLink")
_CONTEXT: Final = ("@odata.context", "odata.metadata")
_COUNT: Final = ("count", "@odata.count", "odata.count")
_ID: Final = ("_id", "__id", "_uuid", "instanceID", "KEY")


@dataclass(frozen=True, slots=True)
class Page:
    """One file of a download: from which form of which server, the ids of its submissions, of how many there are in
    all (None where it does not say), and whether others stand before and behind it."""

    where: Where
    source: str
    ids: frozenset[str]
    total: int | None
    before: bool
    after: bool


def page_of(told: Mapping[str, Any], rows: Sequence[Any], where: Where) -> Page:
    links = [str(told[key]) for key in (*_NEXT, "previous", *_CONTEXT) if told.get(key)]
    source = urlsplit(links[0]) if links else urlsplit("")
    written = next((str(told[key]) for key in _COUNT if key in told), "")
    return Page(
        where,
        source.netloc + source.path.rstrip("/").rpartition("/")[0],
        frozenset(_id(row) or f"{where.file} {number}" for number, row in enumerate(rows)),
        int(written) if written.isdecimal() else None,
        bool(told.get("previous")),
        any(told.get(key) for key in _NEXT),
    )


def incomplete(pages: Iterable[Page]) -> Iterator[Problem]:
    """One problem for each download of which a page is wanting."""
    downloads: dict[str, list[Page]] = {}
    for page in pages:
        downloads.setdefault(page.source, []).append(page)
    for together in downloads.values():
        here = len(frozenset().union(*(page.ids for page in together)))
        total = max((page.total for page in together if page.total is not None), default=None)
        ends = all(page.after for page in together) or all(page.before for page in together)
        if here < total if total is not None else ends:
            what = "这只是一页" if len(together) == 1 else f"这 {len(together)} 页还不是全部"
            rest = "后面还有" if together[0].after else "前面还有"
            says = f"{what}：这里 {here} 份，{rest if total is None else f'一共 {total} 份'}"
            yield Problem(together[0].where, "E238", says, "把每一页都下载下来一起收，或从网页上整个导出")


def _id(row: Any) -> str:
    return next((str(row[key]) for key in _ID if row.get(key)), "") if isinstance(row, Mapping) else ""
