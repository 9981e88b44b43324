"""What a record cannot mean, whatever door it comes through: a part above its whole, a declaration that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from checklist.model.numbers import number_text
from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Knowledge, wholes_of
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading
from checklist.values.near import suggest


def too_great(ruleset: Ruleset, readings: Mapping[str, Reading]) -> list[tuple[str, str, str]]:
    """Every recorded part that exceeds its recorded whole, that whole, and what is wrong. Neither can be relied on."""
    facts, found = ruleset.facts, []
    recorded = (name for name in facts if name in readings)  # a record of many sites asks for each of them
    for part, whole in ((name, whole) for name in recorded for whole in wholes_of(facts, name)):
        less, more = (readings[name].value if name in readings else None for name in (part, whole))
        if isinstance(less, int | Fraction) and isinstance(more, int | Fraction) and less > more:
            says = f"“{facts[part].label}”{number_text(less)} 多于“{facts[whole].label}”{number_text(more)}"
            found.append((part, whole, says))
    return found


def no_such_fact(ruleset: Ruleset, name: str) -> tuple[str, str, str]:
    """A key of a file that names no fact: code, what is wrong, the way out."""
    labels = {id: fact.label for id, fact in ruleset.facts.items()}
    return "E204", f"没有这个实测项 {name}", suggest(name, labels, labels)


def declaration_mistake(ruleset: Ruleset, id: str, known: Knowledge, reason: str) -> tuple[str, str, str] | None:
    """Why a criterion cannot be declared not applicable: code, what is wrong, the way out."""
    from checklist.values.declared_reason import declared_reason  # loads all that reads written values: a start must be
    from checklist.values.headings import near_criterion  # quick, and most records declare nothing

    criterion = ruleset.by_id.get(id)
    if criterion is None:
        return "E321", f"没有这条测评标准 {id}", near_criterion(id, ruleset)
    if not criterion.may_be_declared:
        says = f"{id}（{criterion.title}）不能声明为不适用"
        return "E322", says, "每个社区都要测；没核过就不写，会按未核实处理"
    if criterion.applies_when is not None and criterion.applies_when.holds(known) is True:
        says = f"{id}（{criterion.title}）声明为不适用，但记录的实测项表明它适用"
        return "E323", says, "核对实测项，或去掉这条声明"
    try:
        declared_reason(reason, criterion.na_when)
    except NotAValue as why:
        return why.code, f"{id}（{criterion.title}）{why.says}", why.hint
    return None
