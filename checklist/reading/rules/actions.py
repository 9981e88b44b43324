"""Actions: from ``actions.yaml`` and ``actions/*.yaml`` to the nouns."""

from __future__ import annotations

from collections.abc import Mapping

from checklist.model.numbers import exact
from checklist.model.rules.effects import Effect
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Action, CostBand
from checklist.reading.rules.building import Forms, Unusable
from checklist.reading.rules.effects import effect
from checklist.reading.rules.rule_files import RulesetFolder, used_twice
from checklist.reading.rules.ruleset_shapes import ActionShape
from checklist.reading.yaml.shape_mistakes import validate
from checklist.reading.yaml.yaml_file import YamlFile
from checklist.values.near import suggest


def read_actions(
    folder: RulesetFolder,
    facts: Mapping[str, Fact],
    costs: Mapping[str, CostBand],
    base: Mapping[str, Action] | None = None,
) -> Mapping[str, Action]:
    """Every action; what one ``needs`` may stand in a later file, or in the ``base`` that a tailoring extends."""
    known = base or {}
    actions: dict[str, Action] = {}
    needs: list[tuple[YamlFile, str, int, str]] = []
    for document in folder.parts("actions"):
        forms = Forms(document, facts, (), frozenset(folder.broken))
        for name, raw in document.data.items():
            shape = validate(ActionShape, raw, document, (name,))
            if shape is None:
                folder.broken.add(name)
            elif name in actions:
                used_twice(document, (name,), f"措施 {name}", actions[name].where)
            else:
                actions[name] = _action(name, shape, forms, costs, _sets(name, shape, forms, folder))
                needs += [(document, name, i, need) for i, need in enumerate(shape.needs)]
    for document, name, i, need in needs:
        if need not in actions and need not in known and need not in folder.broken:
            labels = {key: action.label for key, action in {**known, **actions}.items()}
            hint = suggest(need, labels, labels)
            document.wrong((name, "needs", i), "E312", f"没有这个措施 {need}", hint)
    return actions


def _sets(name: str, shape: ActionShape, forms: Forms, folder: RulesetFolder) -> dict[str, Effect]:
    sets: dict[str, Effect] = {}
    for fact, raw in shape.sets.items():
        try:
            declared = forms.facts[forms.fact(fact, (name, "sets", fact))]
            sets[fact] = effect(forms, declared, raw, (name, "sets", fact))
        except Unusable:
            folder.complete = False
    return sets


def _action(
    name: str, shape: ActionShape, forms: Forms, costs: Mapping[str, CostBand], sets: Mapping[str, Effect]
) -> Action:
    return Action(
        id=name,
        label=shape.label,
        sets=sets,
        effort_days=exact(shape.effort_days),
        cost=shape.cost,
        yuan=_yuan(name, shape, forms, costs),
        lead_days=shape.lead_days,
        owner=tuple(shape.owner),
        needs=tuple(shape.needs),
        once=shape.once,
        where=forms.document.where((name,)),
    )


def _yuan(name: str, shape: ActionShape, forms: Forms, costs: Mapping[str, CostBand]) -> tuple[int, int]:
    """The cost range, inside its band; the whole band when none is written."""
    document, band = forms.document, costs.get(shape.cost)
    if band is None:
        hint = suggest(shape.cost, costs, {k: c.label for k, c in costs.items()})
        document.wrong((name, "cost"), "E313", f"没有 {shape.cost} 这个费用档", hint)
    yuan = tuple(shape.yuan) if shape.yuan else (band.yuan if band else (0, 0))
    if yuan[0] > yuan[1] or yuan[0] < 0 or (band and not (band.yuan[0] <= yuan[0] and yuan[1] <= band.yuan[1])):
        document.wrong((name, "yuan"), "E313", f"费用 {list(yuan)} 不在 {shape.cost} 档的范围内")
    return yuan[0], yuan[1]
