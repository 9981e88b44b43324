"""``总表.xlsx#甲社区``, ``data/taoli#2022-04-30``: which of the records in a table or a folder are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from checklist.model.days import written_day
from checklist.model.problems import NotAValue, Problem, Where
from checklist.model.state import Community, State
from checklist.values.look_alikes import is_called, made_up_id

MARK: Final = "#"
MARKS: Final = "#＃"


def pick(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The file or folder, and the words behind it; a path that is there as it stands has none."""
    text = str(path)
    for end in (len(text), *(at for at in range(len(text) - 1, -1, -1) if text[at] in MARKS)):
        if (place := Path(text[:end])).exists():
            return place, tuple(word.strip() for word in re.split(f"[{MARKS}]", text[end:]) if word.strip())
    return path, ()


def named(file: Path, state: State, states: Sequence[State]) -> str:
    """How to write one of the states that a table holds: the file alone when it holds no other."""
    if len(states) == 1:
        return str(file)
    community, day = state.community, [state.as_of.isoformat()]
    one = sum(other.community.id == community.id for other in states) == 1
    made_up = community.id == made_up_id(community.name) and re.fullmatch(r"\w+", community.name)
    return MARK.join([str(file), community.name if made_up else community.id, *([] if one else day)])


def any_day(words: Iterable[str]) -> bool:
    """Whether a day is asked for, which need not be the latest."""
    return any(map(_day, words))


def _day(word: str) -> date | None:
    """The day that a word names, as days are written everywhere; digits alone are an id."""
    try:
        return None if word.isdecimal() else written_day(word)
    except NotAValue:
        return None


def is_meant(community: Community, as_of: date, words: Iterable[str]) -> bool:
    """Whether a record is the one of this name, id or day; all the words must fit."""
    return all(is_called(community, word) or _day(word) == as_of for word in words)


def none_meant(path: Path, words: Sequence[str], there: Iterable[tuple[Community, date]]) -> Problem:
    """That no record fits, and which there are."""
    listed = [f"{community.name}{MARK}{day}" for community, day in there]
    more = f" 等 {len(listed)} 份" if len(listed) > 8 else ""
    hint = f"有：{'、'.join(listed[:8])}{more}" if listed else ""
    return Problem(Where(str(path)), "E112", f"里面没有 {MARK.join(words)} 的现状记录", hint)
