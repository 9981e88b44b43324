"""JSON Schemas of every file kind, from the same shapes that read the files: editors complete keys and underline
mistakes with them. What a file may hold beyond its shape (facts that exist, points that add up) only ``check`` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from checklist.reading.records.site_shapes import SiteShape, TotalShape
from checklist.reading.records.state_shapes import DefectShape, ReadingShape, StateShape
from checklist.reading.rules.criterion_shapes import CriterionShape
from checklist.reading.rules.key_meanings import KEYS
from checklist.reading.rules.measures import MEASURES
from checklist.reading.rules.ruleset_shapes import (
    ActionShape,
    CaseShape,
    ChangesShape,
    EffectShape,
    ExpectShape,
    FactShape,
    RulesetShape,
    SourceShape,
    TailoringShape,
)
from checklist.reading.rules.scales import SCALES

Schema = dict[str, Any]

FILES: Final = {
    "ruleset": ("测评体系 ruleset.yaml", ["rules/*/ruleset.yaml"]),
    "facts": ("实测项 facts.yaml、facts/*.yaml", ["rules/*/facts.yaml", "rules/*/facts/*.yaml"]),
    "actions": ("整改措施 actions.yaml、actions/*.yaml", ["rules/*/actions.yaml", "rules/*/actions/*.yaml"]),
    "sources": ("来源 sources.yaml", ["rules/*/sources.yaml"]),
    "criteria": ("一个模块的测评标准，如 FAC.yaml", ["rules/*/[A-Z]*.yaml"]),
    "changes": ("本地细则的改动 changes.yaml", ["rules/*/changes.yaml"]),
    "cases": ("用例 cases/*.yaml", ["rules/*/cases/*.yaml"]),
    "state": ("一个社区的现状记录", ["data/*/*.yaml"]),
}
"""File kind → what it is and where such files lie."""

SCALAR: Final[Schema] = {"type": ["string", "number", "boolean"]}
PLAIN: Final[Schema] = {"anyOf": [SCALAR, {"type": "array", "items": {"type": "string"}}]}
"""A value as a person writes it; dates are strings to an editor."""


def schemas() -> dict[str, Schema]:
    """One JSON Schema (draft 2020-12) for each kind in ``FILES``."""
    made: dict[str, Callable[[], Schema]] = {
        "ruleset": lambda: _schema([TailoringShape, RulesetShape], lambda refs: _by_key("extends", *refs)),
        "facts": lambda: _schema([FactShape], lambda refs: _mapping(refs[0])),
        "actions": lambda: _schema([ActionShape, EffectShape], lambda refs: _mapping(refs[0])),
        "sources": lambda: _schema([SourceShape], lambda refs: _mapping(refs[0])),
        "criteria": lambda: _schema([CriterionShape], lambda refs: {"type": "array", "items": refs[0]}),
        "changes": lambda: _schema([ChangesShape], lambda refs: refs[0]),
        "cases": lambda: _schema([CaseShape, ExpectShape], lambda refs: {"type": "array", "items": refs[0]}),
        "state": lambda: _schema([StateShape, ReadingShape, SiteShape, DefectShape, TotalShape], lambda refs: refs[0]),
    }
    return {kind: _titled(kind, make()) for kind, make in made.items()}


class _Numbers(GenerateJsonSchema):
    """Decimals are numbers in YAML, never text."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Schema:
        limits = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
        found: Schema = {"type": "number"}
        return found | {word: float(schema[key]) for key, word in limits.items() if key in schema}  # type: ignore[literal-required]


def _schema(models: Iterable[type[BaseModel]], whole: Callable[[list[Schema]], Schema]) -> Schema:
    """The schemas of some shapes, tied together as the file has them."""
    definitions: dict[str, Schema] = {}
    refs: list[Schema] = []
    for model in models:
        schema = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}", schema_generator=_Numbers)
        definitions |= schema.pop("$defs", {})
        definitions[model.__name__] = schema
        refs.append({"$ref": f"#/$defs/{model.__name__}"})
    return {
        **whole(refs),
        "$defs": {name: _refined(name, _described(name, _clean(s))) for name, s in sorted(definitions.items())},
    }


def _titled(kind: str, schema: Schema) -> Schema:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": FILES[kind][0], **schema}


def _mapping(item: Schema) -> Schema:
    return {"type": "object", "additionalProperties": item, "propertyNames": {"maxLength": 64}}


def _by_key(key: str, with_key: Schema, without: Schema) -> Schema:
    """One of two shapes, told apart by a key, so that an editor complains about the right one."""
    return {"type": "object", "if": {"required": [key]}, "then": with_key, "else": without}


def _clean(schema: Any) -> Any:
    """Without pydantic's English titles and without null, which no file needs to write."""
    if isinstance(schema, list):
        return [_clean(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _clean(value) for key, value in schema.items() if key not in ("title", "default", "description")}
    if "description" in schema and not schema.get("properties"):
        kept["description"] = schema["description"]
    if "anyOf" in kept:
        options = [option for option in kept["anyOf"] if option != {"type": "null"}]
        kept = (
            {**kept, "anyOf": options}
            if len(options) > 1
            else {**{k: v for k, v in kept.items() if k != "anyOf"}, **options[0]}
        )
    if isinstance(schema.get("properties"), dict):
        kept["properties"] = {name: _clean(item) for name, item in schema["properties"].items()}
    return kept


def _described(shape: str, schema: Schema) -> Schema:
    """Every key with its meaning; a key that means something else in one shape is listed with the shape's name."""
    if "properties" not in schema:
        return schema
    words = {name: KEYS.get(f"{shape}.{name}", KEYS.get(name)) for name in schema["properties"]}
    said = {name: {**item, "description": words[name]} for name, item in schema["properties"].items()}
    return {**schema, "properties": said}


def _refined(name: str, schema: Schema) -> Schema:
    """What the flat shapes leave to the reader: exactly one of several keys, values that have a shape of their own."""
    properties = schema.get("properties", {})
    match name:
        case "MeasureShape" | "EffectShape":
            return {**schema, "minProperties": 1, "maxProperties": 1}
        case "CriterionShape":
            return {**schema, "oneOf": [{"required": [kind]} for kind in SCALES]}
        case "ConditionShape":
            one = [{"required": [key]} for key in (*MEASURES, "all", "any", "none")]
            return {**schema, "oneOf": one}
        case "ActionShape":
            value = {"anyOf": [PLAIN, {"$ref": "#/$defs/EffectShape"}]}
            return {
                **schema,
                "properties": {**properties, "sets": {**properties["sets"], "additionalProperties": value}},
            }
        case "StateShape" | "SiteShape":
            value = {"anyOf": [PLAIN, {"$ref": "#/$defs/ReadingShape"}]}
            total = {"anyOf": [{"type": "integer", "minimum": 1}, {"$ref": "#/$defs/TotalShape"}]}
            inside: dict[str, Schema] = {
                "facts": {"additionalProperties": value},
                "total": {"additionalProperties": total},
                "sites": {"items": {"$ref": "#/$defs/SiteShape"}},
            }
            refined = {key: {**properties[key], **part} for key, part in inside.items() if key in properties}
            return {**schema, "properties": {**properties, **refined}}
        case "CaseShape":
            expect = {
                "type": "object",
                "minProperties": 1,
                "description": KEYS["expect"],
                "properties": {key: {"description": KEYS[key]} for key in ("score", "coverage", "verdict", "band")},
                "additionalProperties": {"$ref": "#/$defs/ExpectShape"},
            }
            return {**schema, "properties": {**properties, "expect": expect}}
    return schema
