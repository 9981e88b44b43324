"""What a message says of a written word: the word itself, and the known name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from checklist.values.look_alikes import folded, spelled


def in_yaml(value: Any, longest: int = 30) -> str:
    """A value as it may stand in a message: in the words of the file, never in those of Python."""
    match value:
        case None:
            return "空的"
        case bool():
            return "true" if value else "false"
        case list():
            return "一个列表"
        case dict():
            return "一组“名称: 值”"
    text = spelled(str(value))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def suggest(name: str, known: Iterable[str], labels: Mapping[str, str] | None = None) -> str:
    """“是不是 …？” for the nearest known name, by its label too, or what may be written instead. A name that is its own
    label stands alone."""
    names = list(dict.fromkeys(known))
    near = (
        [known for known in names if folded(known) == folded(name)][:1]
        or _labelled(name, names, labels or {})
        or difflib.get_close_matches(name, names, n=1, cutoff=0.6)
        or _labelled(name, names, labels or {}, alike=True)
    )
    if near:
        shown = ((found, (labels or {}).get(found)) for found in near)
        return f"是不是 {'、'.join(f'{id}（{label}）' if label and label != id else id for id, label in shown)}？"
    return f"可以写的有：{'、'.join(names)}" if 0 < len(names) <= 24 else ""


def _labelled(name: str, names: Sequence[str], labels: Mapping[str, str], *, alike: bool = False) -> list[str]:
    """The known name with this label, else up to three whose label holds it; ``alike``: whose label is close."""
    by_label = {labels[known]: known for known in names if known in labels}
    if alike:
        return [by_label[label] for label in difflib.get_close_matches(name, by_label, n=1, cutoff=0.6)]
    if name in by_label:
        return [by_label[name]]
    if len(name) < 2 or name.isascii() or name in names:  # ids are ASCII, and nearness finds them better
        return []
    return [by_label[label] for label in sorted((label for label in by_label if name in label), key=len)[:3]]
