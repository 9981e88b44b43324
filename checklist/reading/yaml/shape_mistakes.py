"""pydantic's complaints, in words and at their place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from checklist.model.as_seen import as_seen
from checklist.model.problems import Problem
from checklist.reading.yaml.yaml_file import YamlFile
from checklist.values.near import in_yaml, suggest

S = TypeVar("S", bound=BaseModel)
Loc = tuple[str | int, ...]

_TYPES = {
    "int_type": "这里要填整数",
    "int_from_float": "这里要填整数",
    "decimal_type": "这里要填数字",
    "percent": "这里要填数字或百分数，如 300、95%",
    "is_instance_of": "这里要填数字",
    "string_type": "这里要填文字",
    "bool_type": "这里只能填 true 或 false",
    "list_type": "这里要填列表，写成 [甲, 乙] 或每行一个“- ”",
    "dict_type": "这里要填“名称: 值”的多行内容",
    "model_type": "这里要填“名称: 值”的多行内容",
    "date_type": "这里要填日期，写成 2026-03-01 这样",
    "date_from_datetime_inexact": "这里要填日期，写成 2026-03-01 这样",
    "none_required": "这里不用填",
}
_NUMBERS = frozenset({"int_type", "decimal_type", "percent", "is_instance_of"})
_ONE_NUMBER = re.compile(r"([^\d.-]*)(\d+(?:\.\d+)?%?)[^\d.]*")
_LIMITS = {
    "greater_than_equal": ("不能小于 {ge}", "ge"),
    "less_than_equal": ("不能大于 {le}", "le"),
    "greater_than": ("必须大于 {gt}", "gt"),
    "less_than": ("必须小于 {lt}", "lt"),
    "too_short": ("至少要有 {min_length} 项", "min_length"),
    "too_long": ("最多 {max_length} 项", "max_length"),
    "string_too_short": ("不能空着", "min_length"),
    "string_too_long": ("太长了，最多 {max_length} 个字", "max_length"),
}


def validate(shape: type[S], data: Any, document: YamlFile, loc: Loc = ()) -> S | None:
    """The data in the given shape, or None with every mistake added to the document's problems."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        document.problems += problems_of(error, shape, document, loc)
        return None


def problems_of(error: ValidationError, shape: type[BaseModel], document: YamlFile, loc: Loc) -> list[Problem]:
    """One problem for each place; members of one union that fail at the same place are one mistake, told by the first
    of them, or by the one that names the words allowed there. What is missing is told of one member, all of it. Who wrote
    several words where one could stand is told of what is wrong inside."""
    found: list[Problem] = []
    by_place: dict[Loc, tuple[int, Loc]] = {}
    whole: dict[Loc, Problem] = {}
    told = error.errors(include_url=False)
    percent = {tuple(item["loc"][:-1]) for item in told if item["loc"] and item["loc"][-1] == "constrained-str"}
    refused = {(p.where.line, p.where.column) for p in document.problems if p.code.startswith("E1")}
    for item in told:
        path = loc + tuple(item["loc"])
        if item["type"] in ("int_type", "int_from_float") and item["loc"][-1] == "int":  # one kind of number of several
            item["type"] = "percent" if tuple(item["loc"][:-1]) in percent else "decimal_type"
        problem = _problem(item, path, shape, document)
        at = (problem.where.line, problem.where.column)
        if at in refused:
            continue
        member = tuple(item["loc"][:-1])
        place = document.within(loc + member if problem.code == "E202" else path)
        first, told_of = by_place.setdefault(place, (len(found), member))
        if first == len(found) or (problem.code == found[first].code == "E202" and member == told_of):
            found.append(problem)
        elif item["type"] == "literal_error" and found[first].code == "E201":
            found[first] = problem
        if isinstance(item.get("input"), dict | list) and found[first].code == "E201":
            whole[place] = found[first]
    inner = {place[:length] for place in by_place for length in range(len(place))}
    return [p for p in found if not any(p is other for place, other in whole.items() if place in inner)]


def _problem(item: Mapping[str, Any], path: Loc, shape: type[BaseModel], document: YamlFile) -> Problem:
    kind, context = item["type"], item.get("ctx", {})
    if kind == "missing":
        return document.problem(path[:-1], "E202", f"缺少 {path[-1]}", "补上这一行")
    if kind == "extra_forbidden":
        name = str(path[-1])
        return document.problem(path, "E203", f"没有 {name} 这个写法", suggest(name, _keys_at(shape, item["loc"][:-1])))
    if kind == "literal_error":
        expected = str(context.get("expected"))
        allowed = re.findall("'([^']+)'", expected) or [expected.lower()]
        return document.problem(
            path, "E205", f"“{_shown(item)}”不在可选范围", f"只能填 {'、'.join(allowed)}", value=True
        )
    if kind == "string_pattern_mismatch":
        return document.problem(
            path, "E206", f"“{_shown(item)}”不合编号规则", _pattern(str(context.get("pattern"))), value=True
        )
    if "says" in context:  # a meaning that was refused with its own words
        return document.problem(path, kind, context["says"], context["hint"], value=True)
    if kind in _LIMITS:
        return document.problem(path, "E207", _LIMITS[kind][0].format(**context), value=True)
    written = item.get("input")
    if kind in ("dict_type", "model_type") and isinstance(written, str):
        from checklist.reading.yaml.syntax_mistakes import mistaken_words  # rarely needed, and a start must be quick

        if cause := mistaken_words(written):
            return document.problem(path, "E111", *cause, value=True)
    hint = f"现在是{_quoted(item)}"
    if kind in _NUMBERS and isinstance(written, str) and (number := _ONE_NUMBER.fullmatch(as_seen(written))):
        hint += f"；只写 {number[2]}" + ("，多少以上、以下由 at_least、at_most 说" if number[1] else "")
    if path[-2:-1] == ("not_applicable",) and kind == "model_type":
        hint = f"写成 {path[-1]}: {{reason: {written if isinstance(written, str) else '为什么不适用'}}}"
    return document.problem(path, "E201", _TYPES.get(kind, "这里的写法不对"), hint, value=True)


def _shown(item: Mapping[str, Any]) -> str:
    return in_yaml(item.get("input"), 40)


def _quoted(item: Mapping[str, Any]) -> str:
    """The written value in quotation marks; what is no word of the file is only named."""
    written = item.get("input")
    return in_yaml(written) if written is None or isinstance(written, list | dict) else f"“{_shown(item)}”"


def _pattern(pattern: str) -> str:
    if pattern.startswith("^[A-Z][A-Z0-9]*-"):
        return "测评标准编号写成 FAC-01 这样"
    if pattern.startswith("^[A-Z]"):
        return "模块编号用大写字母，如 FAC"
    if "%" in pattern:
        return "写成数字或 95% 这样"
    return "用小写字母开头，只含小写字母、数字和下划线（或短横线）"


def _keys_at(shape: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """The keys allowed at a path, for “did you mean”."""
    current: Any = shape
    for part in loc:
        models = [m for m in _models(current)]
        fields = {name: f for m in models for name, f in _aliases(m).items()}
        if isinstance(part, str) and part in fields:
            current = fields[part]
    return [name for model in _models(current) for name in _aliases(model)]


def _aliases(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for argument in getattr(annotation, "__args__", ()):
        yield from _models(argument)
