"""The sources of a ruleset in words: what each supports, how old it is, what has become of it, what to look up next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from checklist.model.rules.ruleset import Criterion, Ruleset
from checklist.model.rules.sources import YEARS_UNCHECKED, Citation, Source, SourceStanding
from checklist.reports.document.document import Block, Bullets, Column, Content, Document, Heading, Table, Text
from checklist.reports.document.tidied import tidied
from checklist.reports.formats.json_parts import basis, contract
from checklist.reports.language.labels import CONFIDENCE, SAYS, STANDING, TAG

CHAPTER: Final = "sources"
DUE_SOON: Final = 365
"""How many days ahead ``--due`` looks; where nothing is due by then, the first ``NEXT`` are told."""
NEXT: Final = 10
WORSE_FIRST: Final[tuple[SourceStanding, ...]] = ("superseded", "out_of_force", "unchecked", "undated", "current")


def support_lines(criterion: Criterion, ruleset: Ruleset) -> Iterator[tuple[str, str]]:
    """Each source of a criterion: its id; its title, what it supports, how far to trust it, how old a number is."""
    for citation in criterion.sources:
        yield citation.source, support_text(citation, ruleset)


def support_text(citation: Citation, ruleset: Ruleset) -> str:
    source = ruleset.sources[citation.source]
    kind = citation.kind(ruleset.sources)
    told = TAG[kind] if kind == source.tag else f"{TAG[source.tag]}，转述的是{TAG[kind]}"
    parts = [told, f"{SAYS[citation.says]}，可信度{CONFIDENCE[citation.confidence]}"]
    if citation.says == "number" and (age := age_text(source)):
        parts.append(age)
    return f"{source.title}（{'；'.join(parts)}）"


def age_text(source: Source) -> str:
    """How old its numbers are: told without a clock, so that a printed rulebook stays true."""
    parts = [f"{released_text(source)}的文件" if released_text(source) else ""]
    if source.checked_on:
        old = f"，那时已有 {source.age_when_checked} 年" if source.age_when_checked else ""
        parts.append(f"{source.checked_on} 核对过{old}")
    parts.append(ends_text(source))
    return "，".join(part for part in parts if part)


def released_text(source: Source) -> str:
    return f"{source.published} " if source.published else f"{source.year} 年" if source.year else ""


def ends_text(source: Source) -> str:
    if source.superseded_by:
        return f"已被 {source.superseded_by} 替代"
    return f"有效到 {source.in_force_until}" if source.in_force_until else ""


def sources_chapter(ruleset: Ruleset) -> Iterator[Block]:
    """The last chapter of the rulebook: every document that a criterion cites."""
    yield Heading("依据", 1, CHAPTER)
    yield Text("标准引用的文件和网页，按编号排。可信度说的是来源本身，各条里另写它支持的是要求还是数字。")
    found, counts = used(ruleset), _counts(ruleset)
    rows = tuple((s.id, s.title, TAG[s.tag], CONFIDENCE[s.trust], age_text(s), f"{counts[s.id][0]}") for s in found)
    yield Table("", tuple(map(Column, ["编号", "文件或网页", "类别", "可信度", "新旧", "引用"])), rows)
    if noted := [f"{s.id} {s.note}" for s in found if s.note]:
        yield Text("", lead="引用以前要知道的：")
        yield Bullets(tuple(noted))


def used(ruleset: Ruleset) -> list[Source]:
    """The sources that a criterion cites, or that some note or the table of renamed bodies names."""
    named = " ".join((*ruleset.notes, *(note for c in ruleset.criteria for note in c.notes)))
    cited = {citation.source for criterion in ruleset.criteria for citation in criterion.sources}
    cited |= {*re.findall(r"[A-Za-z0-9_]+", named), *(body.source for body in ruleset.bodies.values())}
    return [source for source in ruleset.sources.values() if source.id in cited]


def _counts(ruleset: Ruleset) -> dict[str, tuple[int, int]]:
    """How many criteria in force cite each source, and how many rest a number on it."""
    found = dict.fromkeys(ruleset.sources, (0, 0))
    for citation in (citation for criterion in ruleset.active for citation in criterion.sources):
        cited, numbers = found[citation.source]
        found[citation.source] = (cited + 1, numbers + (citation.says == "number"))
    return found


def sources_document(ruleset: Ruleset, today: date, due: bool) -> Document:
    """Every source with its standing on the day; with ``due`` those to look up next, the most pressing first."""
    listed = next_up(ruleset, today) if due else list(ruleset.sources.values())
    counts = _counts(ruleset)
    columns = (
        *(Column("编号", 6), Column("文件或网页", 24), Column("发布", 8), Column("核对", 8, "date")),
        *(Column("再核", 8, "date"), Column("现在", 6), Column("数字", 4, "number"), Column("引用", 4, "number")),
        *(Column("在哪里", 20, only="sheets"), Column("要知道的", 24, only="sheets")),
    )
    rows: tuple[tuple[Content, ...], ...] = tuple(
        (
            *(s.id, s.title, released_text(s).strip(), s.checked_on, s.due, STANDING[s.standing(today)]),
            *(counts[s.id][1], counts[s.id][0], s.found_at, s.note),
        )
        for s in listed
    )
    title = "接下来该查的依据" if due else "依据一览"
    table = Table("", columns, rows, empty="没有要查的依据")
    return tidied(Document(f"{ruleset.title} · {title}", (Text(_said(listed, today)), table), day=today, name="依据"))


def _said(listed: Sequence[Source], today: date) -> str:
    standings = [source.standing(today) for source in listed]
    counts = ((STANDING[word], standings.count(word)) for word in WORSE_FIRST)
    told = "、".join(f"{word} {count} 个" for word, count in counts if count)
    return f"{len(listed)} 个{f'，其中{told}' if told else ''}。“数字”是有几条标准的数字靠它，“再核”是核对满 {YEARS_UNCHECKED} 年的那天。"


def next_up(ruleset: Ruleset, today: date) -> list[Source]:
    """What to look up next among what is used: by standing, then by the day it is due, then by the numbers on it."""
    counts = _counts(ruleset)

    def pressing(source: Source) -> tuple[int, date, int]:
        return WORSE_FIRST.index(source.standing(today)), source.due or date.min, -counts[source.id][1]

    found = sorted((s for s in used(ruleset) if not s.general), key=pressing)
    soon = [s for s in found if s.standing(today) != "current" or (s.due and (s.due - today).days <= DUE_SOON)]
    return soon or found[:NEXT]


def sources_json(ruleset: Ruleset, today: date, due: bool) -> str:
    """The same for programs; days as 2026-11-28."""
    counts = _counts(ruleset)
    rows = [
        {
            **{"id": s.id, "title": s.title, "tag": s.tag, "trust": s.trust, "published": released_text(s).strip()},
            **{"checked_on": _day(s.checked_on), "due": _day(s.due), "in_force_until": _day(s.in_force_until)},
            **{"superseded_by": s.superseded_by, "standing": s.standing(today), "note": s.note},
            **{"numbers": counts[s.id][1], "cited": counts[s.id][0]},
        }
        for s in (next_up(ruleset, today) if due else ruleset.sources.values())
    ]
    return contract({"ruleset": basis(ruleset), "as_of": f"{today}", "sources": rows})


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
