"""Phrases for papers: from their written shape (a text, ``fact: text``, or a list of both) to clauses."""

from __future__ import annotations

from checklist.model.rules.clauses import PLACE, Clause, Phrases
from checklist.reading.rules.building import Forms
from checklist.reading.rules.criterion_shapes import PhrasesShape, WrittenClause, WrittenPhrase
from checklist.reading.yaml.shape_mistakes import Loc

ELSE = "else"


def phrases(forms: Forms, shape: PhrasesShape | None, loc: Loc) -> Phrases:
    """Raises Unusable where a clause is about or prints what is no declared fact, or prints a yes or no."""
    if shape is None:
        return Phrases()
    return Phrases(_clauses(forms, shape.met, (*loc, "met")), _clauses(forms, shape.unmet, (*loc, "unmet")))


def _clauses(forms: Forms, written: WrittenPhrase, loc: Loc) -> tuple[Clause, ...]:
    if isinstance(written, list):
        return tuple(_clause(forms, part, (*loc, i)) for i, part in enumerate(written))
    return (_clause(forms, written, loc),)


def _clause(forms: Forms, written: WrittenClause, loc: Loc) -> Clause:
    if isinstance(written, str):
        return Clause(_text(forms, written, loc))
    about = [key for key in written if key != ELSE]
    if len(about) != 1 or not isinstance(text := written[about[0]], str):
        hint = "写成 has_sign: 没有公示牌；几个分句分几行，每行一个“- ”"
        raise forms.wrong(loc, "E336", "一个分句恰好写一个“实测项: 文字”，另外只能有 else", hint)
    otherwise = _clauses(forms, written.get(ELSE, []), (*loc, ELSE))  # type: ignore[arg-type]
    return Clause(_text(forms, text, (*loc, about[0])), forms.fact(about[0], (*loc, about[0])), otherwise)


def _text(forms: Forms, text: str, loc: Loc) -> str:
    if {"{", "}"} & set(PLACE.sub("", text)):
        says = f"说法“{text}”里的花括号不成对，或里面不是实测项的编号"
        raise forms.wrong(loc, "E336", says, "写成 {lamps_lit} 这样")
    for name in PLACE.findall(text):
        fact = forms.facts[forms.fact(name, loc)]
        if fact.type == "bool":
            says = f"{name}（{fact.label}）只有是和否，印在说法里不成句"
            raise forms.wrong(loc, "E302", says, f"写成 {name}: 要说的话")
    return text
