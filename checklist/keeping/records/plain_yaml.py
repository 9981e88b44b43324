"""Readings, declarations and communities as the data of a YAML file."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from checklist.model.rules.facts import NEVER, Fact, Value
from checklist.model.state import Community, NotApplicable, Reading
from checklist.values.bare_words import YamlData


def raw_reading(fact: Fact, reading: Reading) -> dict[str, YamlData]:
    """A reading as it stands under ``facts:``. The date is always written, empty words never."""
    raw: dict[str, YamlData] = {}
    if reading.sample is not None:
        raw["sample"] = {"agree": reading.sample.agree, "asked": reading.sample.asked}
    elif reading.value is None:
        raw["unknown"] = reading.unknown
    else:
        raw["value"] = raw_value(fact, reading.value)
    raw["on"] = reading.on
    for key, words in (("by", reading.by), ("note", reading.note), ("evidence", list(reading.evidence))):
        if words:
            raw[key] = words
    return raw


def raw_value(fact: Fact, value: Value) -> YamlData:
    if isinstance(value, frozenset):
        return [option for option in fact.options if option in value]
    if value is NEVER:
        return str(NEVER)
    if fact.type == "ratio" and isinstance(value, int | Fraction):
        return f"{_decimal(Fraction(value) * 100)}%"
    if isinstance(value, Fraction):
        return _decimal(value)
    return value


def _decimal(value: Fraction) -> Decimal:
    """Exact: readings have at most four decimals. Decimal division of such a fraction never rounds."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def raw_declaration(declared: NotApplicable) -> dict[str, YamlData]:
    return {"reason": declared.reason, **({"until": declared.until} if declared.until else {})}


def community_data(community: Community) -> dict[str, YamlData]:
    """A community as it stands in YAML: id and name always, the rest where known."""
    told: dict[str, YamlData] = {"id": community.id, "name": community.name}
    told |= {k: v for k in ("city", "district", "street", "group") if (v := getattr(community, k))}
    return {**told, **({"invented": True} if community.invented else {})}
