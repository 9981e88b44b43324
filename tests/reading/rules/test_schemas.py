"""The schemas accept every shipped file and refuse the mistakes that an editor should underline; no network."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checklist.reading.rules.schemas import FILES, schemas
from checklist.reading.yaml.yaml_file import read_yaml
from tests.conftest import ROOT, Run

SCHEMAS = schemas()


def plain(data: Any) -> Any:
    """YAML values as an editor sees them: dates are text."""
    match data:
        case dict():
            return {key: plain(value) for key, value in data.items()}
        case list():
            return [plain(value) for value in data]
        case Decimal():
            return float(data)
        case date():
            return data.isoformat()
    return data


def mistakes(kind: str, data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMAS[kind]).iter_errors(plain(data))]


def shipped() -> list[tuple[str, Path]]:
    """Each shipped file once, under the first kind whose pattern names it; module files are the capitals left over."""
    found: dict[Path, str] = {}
    for kind, (_, patterns) in FILES.items():
        for pattern in patterns:
            for path in sorted(ROOT.glob(pattern)):
                if path.name not in ("community.yaml", "ledger.yaml"):
                    found.setdefault(path, kind)
    return [(kind, path) for path, kind in found.items()]


@pytest.mark.many
@pytest.mark.parametrize(("kind", "path"), shipped(), ids=lambda x: x.name if isinstance(x, Path) else x)
def test_every_shipped_file_is_accepted(kind: str, path: Path) -> None:
    assert mistakes(kind, read_yaml(path).data) == []


def test_every_kind_of_file_but_tailorings_is_shipped() -> None:
    assert {kind for kind, _ in shipped()} >= set(FILES) - {"changes"}
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)


CRITERION = {
    "id": "FAC-01",
    "title": "甲",
    "requirement": "乙",
    "methods": ["web"],
    "points": 1,
    "measure": {"fact": "x"},
    "at_least": {"A": 1},
}


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("criteria", [{**CRITERION, "ponts": 1}], "ponts"),
        ("criteria", [{**CRITERION, "id": "fac-1"}], "fac-1"),
        ("criteria", [{**CRITERION, "methods": ["webb"]}], "webb"),
        ("criteria", [{**CRITERION, "at_least": {"A": "many"}}], "many"),
        ("criteria", [{**CRITERION, "met": [{"fact": "x"}]}], "valid under each of"),
        ("criteria", [{**CRITERION, "measure": {"fact": "x", "count": "y"}}], "too many properties"),
        ("facts", {"x": {"label": "甲", "type": "cuont"}}, "cuont"),
        ("actions", {"x": {"label": "甲", "sets": {"y": {"equal": "z"}}}}, "not valid under any"),
        ("changes", {"drop": [{"ids": ["FAC-01"]}]}, "why"),
        ("cases", [{"name": "甲", "expect": {"FAC-01": {"levle": "A"}}}], "levle"),
        ("state", {"community": {"id": "x", "name": "甲"}, "ruleset": "r", "facts": {}}, "as_of"),
        ("ruleset", {"id": "x", "extends": "y", "title": "甲", "edition": "乙"}, "why"),
        ("ruleset", {"id": "x", "title": "甲"}, "disclaimer"),
        ("sources", {"S01": {"title": "甲", "tag": "Q", "trust": "high"}}, "Q"),
    ],
)
def test_a_mistake_is_underlined(kind: str, data: Any, says: str) -> None:
    assert any(says in message for message in mistakes(kind, data))


def test_every_key_is_explained_in_chinese() -> None:
    def walk(schema: Any) -> None:
        if isinstance(schema, dict):
            for name, item in (schema.get("properties") or {}).items():
                assert any("\u4e00" <= c <= "\u9fff" for c in item.get("description", "")), name
            for part in schema.values():
                walk(part)
        elif isinstance(schema, list):
            for part in schema:
                walk(part)

    walk([{k: v for k, v in s.items() if k != "properties" or isinstance(v, dict)} for s in SCHEMAS.values()])


@pytest.mark.slow
def test_the_command_writes_one_file_for_each_kind(cli: Run, tmp_path: Path) -> None:
    ran = cli("schema", "-o", tmp_path / "schemas")
    assert ran.code == 0
    settings = json.loads(ran.out)["yaml.schemas"]
    for path in settings:
        Draft202012Validator.check_schema(json.loads(Path(path).read_text(encoding="utf-8")))
    assert {p.name for p in (tmp_path / "schemas").iterdir()} == {f"{kind}.schema.json" for kind in FILES}


def test_one_kind_goes_to_stdout(cli: Run) -> None:
    assert json.loads(cli("schema", "state").out)["title"] == FILES["state"][0]
    assert cli("schema", "stat").code == 2
    assert cli("schema").code == 2
