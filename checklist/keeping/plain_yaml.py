"""Nouns as plain YAML data, and plain data as flow-style YAML that reads back as itself."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from checklist.model.rules.facts import Fact, Value
from checklist.model.state import Community, NotApplicable, Reading

Raw = Any
"""YAML data: None, bool, int, Decimal, date, str, list or dict."""

_PLAIN = re.compile(
    r"[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_./\u4e00-\u9fff，。、；！？（）《》“”：+~-]*( [A-Za-z0-9\u4e00-\u9fff（《“][A-Za-z0-9_./\u4e00-\u9fff，。、；！？（）《》“”：+~-]*)*"
)
_WORDS: Final = frozenset({"null", "true", "false", "~"})
_UNPRINTABLE = re.compile(
    "[^\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]"
)


def raw_reading(fact: Fact, reading: Reading) -> dict[str, Raw]:
    """A reading as it stands under ``facts:``. The date is always written, empty words never."""
    raw: dict[str, Raw] = {}
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


def raw_value(fact: Fact, value: Value) -> Raw:
    if isinstance(value, frozenset):
        return [option for option in fact.options if option in value]
    if fact.type == "ratio" and isinstance(value, int | Fraction):
        return f"{_decimal(Fraction(value) * 100)}%"
    if isinstance(value, Fraction):
        return _decimal(value)
    return value


def _decimal(value: Fraction) -> Decimal:
    """Exact: readings have at most four decimals. Decimal division of such a fraction never rounds."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def raw_declaration(declared: NotApplicable) -> dict[str, Raw]:
    return {"reason": declared.reason, **({"until": declared.until} if declared.until else {})}


def scalar(raw: Raw) -> str:
    """One value in flow style."""
    match raw:
        case None:
            return "null"
        case bool():
            return "true" if raw else "false"
        case Decimal():
            return f"{raw:f}"
        case int() | date():
            return str(raw)
        case list():
            return f"[{', '.join(scalar(item) for item in raw)}]"
        case dict():
            return f"{{{', '.join(f'{scalar(str(key))}: {scalar(item)}' for key, item in raw.items())}}}"
    return _text(str(raw))


def _text(text: str) -> str:
    percent = re.fullmatch(r"[0-9]+(\.[0-9]+)?%", text)
    if percent or (_PLAIN.fullmatch(text) and text.lower() not in _WORDS):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: _escaped(found.group()), quoted)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}"


def community_data(community: Community) -> dict[str, Raw]:
    """A community as it stands in YAML: id and name always, the rest where known."""
    told: dict[str, Raw] = {"id": community.id, "name": community.name}
    told |= {k: v for k in ("city", "district", "street", "group") if (v := getattr(community, k))}
    return {**told, **({"invented": True} if community.invented else {})}
