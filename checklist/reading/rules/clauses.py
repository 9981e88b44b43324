"""Phrases for papers: from what is written (a text, ``fact: text``, or a list of both) to clauses."""

from __future__ import annotations

from typing import Any, Final

from checklist.model.rules.clauses import PLACE, Clause, Phrases
from checklist.reading.rules.building import Forms
from checklist.reading.rules.criterion_shapes import PhrasesShape
from checklist.reading.yaml.shape_mistakes import Loc

ELSE: Final = "else"
_WRITTEN: Final = "写成一句话，或 has_sign: 没有公示牌；几个分句分几行，每行一个“- ”"


def phrases(forms: Forms, shape: PhrasesShape | None, loc: Loc) -> Phrases:
    """Raises Unusable where a clause is about or prints what is no declared fact, or prints a yes or no."""
    if shape is None:
        return Phrases()
    return Phrases(_clauses(forms, shape.met, (*loc, "met")), _clauses(forms, shape.unmet, (*loc, "unmet")))


def _clauses(forms: Forms, written: Any, loc: Loc) -> tuple[Clause, ...]:
    if written is None:
        return ()
    if isinstance(written, list):
        return tuple(_clause(forms, part, (*loc, i)) for i, part in enumerate(written))
    return (_clause(forms, written, loc),)


def _clause(forms: Forms, written: Any, loc: Loc) -> Clause:
    if not isinstance(written, dict):
        return Clause(_text(forms, written, loc))
    about = [key for key in written if key != ELSE]
    if len(about) != 1:
        raise forms.wrong(loc, "E336", "一个分句恰好写一个“实测项: 文字”，另外只能有 else", _WRITTEN)
    here = (*loc, about[0])
    otherwise = _clauses(forms, written.get(ELSE), (*loc, ELSE))
    return Clause(_text(forms, written[about[0]], here), forms.fact(about[0], here), otherwise)


def _text(forms: Forms, text: Any, loc: Loc) -> str:
    if not isinstance(text, str) or len(text.split("\n")) != 1 or not text.strip():
        raise forms.wrong(loc, "E336", "说法的一个分句是一行文字", _WRITTEN)
    if {"{", "}"} & set(PLACE.sub("", text)):
        says = f"说法“{text}”里的花括号不成对，或里面不是实测项的编号"
        raise forms.wrong(loc, "E336", says, "写成 {lamps_lit} 这样")
    for name in PLACE.findall(text):
        fact = forms.facts[forms.fact(name, loc)]
        if fact.type == "bool":
            says = f"{name}（{fact.label}）只有是和否，印在说法里不成句"
            raise forms.wrong(loc, "E302", says, f"写成 {name}: 要说的话")
    return text.strip()
