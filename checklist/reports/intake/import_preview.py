"""What an import would change, or did: both values, dates and names for everything that differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from checklist.model.results.assessment import Score
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import NotApplicable, Reading, Slot
from checklist.reports.document.prose import Prose, on_one_line
from checklist.reports.language.phrases import score_text, value_text
from checklist.values.headings import UNSURE_WORD

TITLES: Final = {
    "new": "新填",
    "changed": "改动",
    "confirmed": "重新核实，值没变",
    "conflict": "有冲突，没有写入",
    "kept": "保留原记录",
    "same": "和记录一样",
}
UNSURE: Final = "说不清，仍算没核实"
_TO_WRITE: Final = ("new", "changed", "confirmed")
LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One fact's change as the screen shows it (the roof's Change, without its rules). ``number`` is that of a conflict
    which ``--take`` can settle, 0 where there is none."""

    kind: str
    reading: Reading
    recorded: Reading | None
    rivals: tuple[Reading, ...]
    ruled: bool
    number: int = 0


@dataclass(frozen=True, slots=True)
class ImportView:
    """``sites`` are the names of the community's sites by id."""

    community: str
    lines: Sequence[PreviewLine]
    sites: Mapping[str, str]
    declared: Mapping[Slot, NotApplicable]
    before: Score | None
    after: Score | None
    unreadable: int
    written: str
    next_command: str


def import_screen(view: ImportView, ruleset: Ruleset) -> RenderableType:
    """A heading, a block for each kind of change, the score before and after, the next command."""
    head = f"{on_one_line(view.community)}　{'已写入 ' + view.written if view.written else '预览，还没有写入'}"
    out: list[RenderableType] = [Text(head, style="bold")]
    unsure = [line for line in view.lines if line.kind in _TO_WRITE and line.reading.value is None]
    blocks = [
        (title, [li for li in view.lines if li.kind == kind and li not in unsure]) for kind, title in TITLES.items()
    ]
    for title, lines in [*blocks, (UNSURE, unsure)]:
        if not lines:
            continue
        out += [Text(""), Text(f"{title}：{len(lines)} 项", style="bold")]
        if title != TITLES["same"]:
            out += [_line(line, ruleset.facts, view.sites) for line in lines[:LISTED]]
            out += [Text(f"  …另有 {len(lines) - LISTED} 项")] if len(lines) > LISTED else []
    if view.declared:
        out += [Text(""), Text(f"不适用的声明：{len(view.declared)} 条", style="bold")]
        out += [
            Prose(said.reason, label=f"{_at(said.site, view.sites)}{ruleset.criterion(id).title}：", indent=2)
            for (_, id), said in view.declared.items()
        ]
    if view.unreadable:
        out += [Text(""), Text(f"看不懂，没有用上：{view.unreadable} 处（上面列出了位置）", style="bold")]
    scores = [score_text(score) for score in (view.before, view.after) if score]
    out += [Text(""), Text(f"得分 {' → '.join(scores)}")] if scores else []
    out += [Prose(view.next_command)] if view.next_command else []
    return Group(*out)


def _at(site: str, names: Mapping[str, str]) -> str:
    return f"{on_one_line(names.get(site, site))} " if site else ""


def _line(line: PreviewLine, facts: Mapping[str, Fact], sites: Mapping[str, str]) -> RenderableType:
    fact = facts[line.reading.fact]
    label = _at(line.reading.site, sites) + fact.label
    now = told(fact, line.reading)
    sides: list[tuple[str, Reading]] = [("记录", line.recorded)] if line.recorded else []
    sides += [("填报", reading) for reading in (line.reading, *line.rivals)]
    if line.kind == "conflict":
        head = f"{line.number}. {label}" if line.number else label
        return Group(Prose(head, indent=2), *(Prose(told(fact, r), label=f"{who} ", indent=5) for who, r in sides))
    text = now
    if line.kind == "changed" and line.recorded:
        text = f"{told(fact, line.recorded)} → {now}"
    elif line.kind == "kept":
        text = "；".join(f"{who} {told(fact, reading)}" for who, reading in sides)
    return Prose(text + ("（按指定的定）" if line.ruled else ""), label=f"{label}：", indent=2)


def told(fact: Fact, reading: Reading | None) -> str:
    """A value with who saw it and when, and the cell it came from: ``3 处（2026-11-24 张三，填报表!H17）``; without a
    value, why there is none."""
    if reading is None:
        return "没有记录"
    who = f" {reading.by}" if reading.by else ""
    cell = f"，{reading.where.cell}" if reading.where.cell else ""
    seen = f"（{reading.on}{who}{cell}）"
    if reading.value is not None:
        return value_text(fact, reading.value) + seen
    return f"没有值，因为{reading.unknown}{seen}" if reading.unknown not in ("", UNSURE_WORD) else f"没有值{seen}"
