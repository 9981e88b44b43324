"""The headings that ODK Central and Kobo give their exports of the field form → our own names, and answers by them.

ODK Central heads a column ``part_1-about_potholes-potholes``, Kobo ``part_1/about_potholes/potholes`` or, unless told
otherwise, with the question as it was asked; ``|``, ``__`` and `` > `` part groups too. A question with several answers
is one column, or one for each option with 0 and 1 in it, or both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from checklist.model.field_form import (
    AGREE,
    ASKED,
    ASKED_LABEL,
    BY,
    BY_LABEL,
    NEVER_OR_UNSURE_LABEL,
    NONE_LABEL,
    NONE_OF,
    NOTE,
    NOTE_LABEL,
    ON,
    ON_LABEL,
    OTHER,
    PHOTO,
    PHOTO_LABEL,
    UNSURE,
    UNSURE_LABEL,
    WHICH,
    agree_label,
    is_sample,
    other_label,
    question_label,
    which_label,
)  # fmt: skip
from checklist.model.problems import Where
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.values.cells import RawCell, plain
from checklist.values.look_alikes import folded

Cells = Mapping[str, tuple[str, Where]]
"""One submission: name → what was answered, and where that stands. ``fact/option`` is a column of its own."""

OPTION: Final = "/"
_ENDINGS: Final = "|".join(ending.removeprefix("__") for ending in (UNSURE, PHOTO, NOTE, AGREE, ASKED))
_GROUP = re.compile(rf"\s*[/|>]\s*|(?<=[^_])__(?=[^_])(?!(?:{_ENDINGS})$)")
"""What parts a group from what stands in it, in names and in labels."""
_SEPARATOR = re.compile(rf"[:.\-]|{_GROUP.pattern}")


def last_part(heading: RawCell) -> str:
    """The name behind its groups."""
    return _SEPARATOR.split(plain(heading))[-1]


class Headings:
    """Names for columns: by the form's own names, or by its questions; 备注, 照片 and the like belong to the question
    that stands before them."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.sets: dict[str, dict[str, str]] = {}
        self.labels = {folded(BY_LABEL): BY, folded(ON_LABEL): ON}
        for kind in ruleset.site_kinds.values():
            self.labels |= {folded(which_label(kind)): WHICH + kind.id, folded(other_label(kind)): OTHER + kind.id}
        self.facts = ruleset.facts
        for fact in ruleset.facts.values():
            name, label = (fact.id + AGREE, agree_label(fact)) if is_sample(fact) else (fact.id, question_label(fact))
            self.labels[folded(label)] = name
            if fact.type == "set":
                ids = {folded(id): id for id in (*fact.options, NONE_OF)}
                labels = {folded(label): id for id, label in (*fact.options.items(), (NONE_OF, NONE_LABEL))}
                self.sets[fact.id] = labels | ids
        self.after = {
            folded(UNSURE_LABEL): UNSURE,
            folded(NEVER_OR_UNSURE_LABEL): UNSURE,
            folded(NOTE_LABEL): NOTE,
            folded(ASKED_LABEL): ASKED,
        }

    def columns(self, headings: Sequence[RawCell]) -> dict[str, int]:
        found: dict[str, int] = {}
        asked = ""
        for at, heading in enumerate(headings):
            name = self._name(plain(heading), asked)
            found.setdefault(name, at)
            first = name.split(OPTION)[0].removesuffix(AGREE)
            asked = first if first in self.facts else asked
        return found

    def _name(self, text: str, asked: str) -> str:
        return self._option(text) or self._label(text, asked) or last_part(text)

    def _option(self, text: str) -> str:
        for mark in _GROUP.finditer(text):
            fact = self._label(text[: mark.start()], "") or last_part(text[: mark.start()])
            option = self.sets.get(fact, {}).get(folded(text[mark.end() :]))
            if option:
                return f"{fact}{OPTION}{option}"
        return ""

    def _label(self, text: str, asked: str) -> str:
        """The question itself or, behind groups, its last part."""
        for start in (0, *(m.end() for m in _GROUP.finditer(text))):
            told = folded(text[start:])
            if told in self.labels:
                return self.labels[told]
            if asked and told in self.after:
                return asked + self.after[told]
            if asked and told.startswith(folded(PHOTO_LABEL)):
                return asked + PHOTO
        return ""


def chosen_options(cells: Cells, fact: Fact, text: str) -> str:
    """The answer to a question with several answers, as one would write it in a table."""
    marks = {id: cells[key][0].lower() for id in (*fact.options, NONE_OF) if (key := f"{fact.id}{OPTION}{id}") in cells}
    chosen = [id for id, mark in marks.items() if mark in ("1", "true", "yes", "是")]
    if not chosen:
        if not text or any(marks.values()):
            return ""
        chosen = _several(fact, text)
    return "无" if chosen == [NONE_OF] else ",".join(chosen)


def _several(fact: Fact, text: str) -> list[str]:
    """Ids or labels with blanks between; a label may have blanks of its own. What is neither stays as it is."""
    known = {**{id: id for id in (*fact.options, NONE_OF)}, **{label: id for id, label in fact.options.items()}}
    known[NONE_LABEL] = NONE_OF
    chosen, rest = [], text.strip()
    while rest:
        word = max((w for w in known if rest == w or rest.startswith(f"{w} ")), key=len, default="")
        if not word:
            return [text]
        chosen.append(known[word])
        rest = rest[len(word) :].strip()
    return chosen
