"""Charts as inline SVG: colours by CSS class (light and dark), a title and a description for screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from html import escape
from typing import Final

from checklist.model.numbers import Number, rounded
from checklist.model.results.assessment import Score
from checklist.reports.document.document import one_line
from checklist.reports.language.phrases import score_text

WIDTH: Final = 460
ROW: Final = 38
TALL, LOW_EDGE, HIGH_EDGE, SIDE = 300, 270, 15, 34


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps a value from 0 to ``top`` onto pixels from ``left`` to ``right``."""

    top: Number
    left: int = 0
    right: int = WIDTH

    def x(self, value: Number) -> str:
        share = Fraction(value) / (self.top or 1)
        return str(rounded(self.left + share * (self.right - self.left), 1))

    def length(self, value: Number) -> str:
        return str(rounded(Fraction(value) / (self.top or 1) * (self.right - self.left), 1))


def svg(name: str, title: str, description: str, height: int, parts: Iterable[str]) -> str:
    body = "".join(parts)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-t {name}-d" class="chart">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(one_line(description, 2000))}</desc>'
        f"{body}</svg>"
    )


def rect(x: str, y: int, width: str, height: int, css: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="2" class="{css}"/>'


def text(x: str | int, y: int, said: str, css: str = "", anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" class="{css}" text-anchor="{anchor}">{escape(one_line(said, 40))}</text>'


def line(x1: str, y1: int | str, x2: str, y2: int | str, css: str) -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" class="{css}"/>'


def bars(name: str, title: str, rows: Sequence[tuple[str, Score, str]]) -> str:
    """A name, a number in words and a bar in each row: what is sure, and the possible rest lighter, with whiskers."""
    scale, parts = Scale(100), []
    for n, (label, score, said) in enumerate(rows):
        y = n * ROW
        parts.append(text(0, y + 14, label))
        parts.append(text(WIDTH, y + 14, said, "number", "end"))
        parts.append(rect("0", y + 20, scale.length(100), 10, "track"))
        parts.append(rect("0", y + 20, scale.length(score.low), 10, "sure"))
        if not score.known:
            parts.append(rect(scale.x(score.low), y + 20, scale.length(score.high - score.low), 10, "maybe"))
            parts.append(line(scale.x(score.low), y + 25, scale.x(score.high), y + 25, "whisker"))
            parts += [line(scale.x(end), y + 19, scale.x(end), y + 31, "whisker") for end in (score.low, score.high)]
    return svg(name, title, "；".join(f"{label} {said}" for label, _, said in rows), len(rows) * ROW, parts)


def interval(score: Score) -> str:
    """A score as a small bar from 0 to 100, for a cell that says it in words too."""
    return (
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" class="chart small-bar">'
        + rect("0", 0, "100", 10, "track")
        + rect("0", 0, str(rounded(score.low)), 10, "sure")
        + rect(str(rounded(score.low)), 0, str(rounded(score.high - score.low)), 10, "maybe")
        + "</svg>"
    )


def curve(name: str, title: str, points: Sequence[tuple[date, Score]]) -> str:
    """Both ends of a score from day to day, days to scale, on a grid of 0 to 100."""
    first, last = points[0][0].toordinal(), points[-1][0].toordinal()
    across, down = Scale(max(last - first, 1), SIDE, WIDTH - SIDE), Scale(100, LOW_EDGE, HIGH_EDGE)
    places = [across.x(day.toordinal() - first) if last > first else str(WIDTH // 2) for day, _ in points]
    low = [f"{x},{down.x(score.low)}" for x, (_, score) in zip(places, points, strict=True)]
    high = [f"{x},{down.x(score.high)}" for x, (_, score) in zip(places, points, strict=True)]
    parts = []
    for value in range(0, 101, 20):
        parts.append(line(str(SIDE), down.x(value), str(WIDTH - SIDE), down.x(value), "grid"))
        parts.append(text(SIDE - 6, int(Fraction(down.x(value))) + 4, str(value), "small", "end"))
    parts.append(f'<polygon points="{" ".join((*high, *reversed(low)))}" class="band"/>')
    parts.append(f'<polyline points="{" ".join(low)}" class="low"/><polyline points="{" ".join(high)}" class="high"/>')
    for n, (x, (day, score)) in enumerate(zip(places, points, strict=True)):
        parts.append(line(x, down.x(score.high), x, down.x(score.low), "grid"))
        parts += [f'<circle cx="{x}" cy="{down.x(end)}" r="4" class="dot"/>' for end in (score.low, score.high)]
        if n in (0, len(points) - 1):
            anchor = "middle" if last == first else "end" if n else "start"
            parts.append(text(x, TALL - 8, day.isoformat(), "small", anchor))
    said = "；".join(f"{day}：{score_text(score)}" for day, score in points)
    return svg(name, title, said, TALL, parts)
