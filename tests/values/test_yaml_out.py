"""What is written as YAML is read back as the same value, whatever stands in it, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from checklist.model.ledger import Ledger, LedgerEntry
from checklist.reading.lists.ledger_file import read_ledger
from checklist.reading.yaml.yaml_file import parse_yaml
from checklist.reports.ledger.ledger_files import ledger_yaml
from checklist.reports.rules.rule_file_text import file_lines
from checklist.values.yaml_out import block, comment_lines, inline, written_key

TRAPS = """\0|\x07|\x1b[31m|\x7f|\x85|\xa0|\u200d|\u2028|\u2029|\ufeff|\ufffe|甲\0乙|甲\u2028乙\x85丙|a: b|a #b|#|- a|-|?|:|a:|[|]|{|}|,|a, b|
&a|*a|!a|%a|@a|`a`|"|'|\\|<<|=|~|---|...|--- a|.inf|null|Null|true|Yes|on|y|0|-1|+1|1.5|.5|1.|1e5|0x10|1_000|12:30:45|010|95%|
2026-03-01|2026-13-45|２０２６-03-01|9999999999999999999|“甲”|乙：丙|（一）|～|😀|\U00100000|3 楼|a\tb| a|a |\u3000a|a\u3000|a\u3000b""".replace(
    "\n", ""
).split("|")
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30) | st.sampled_from(TRAPS)
KEYS = TEXTS | st.integers(0, 99).map(str)
NUMBERS = st.integers(-(10**17) + 1, 10**18 - 1) | st.decimals(
    -(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False
)
PLAIN = st.none() | st.booleans() | NUMBERS | st.dates() | TEXTS
VALUES = st.recursive(PLAIN, lambda v: st.lists(v, max_size=4) | st.dictionaries(KEYS, v, max_size=4), max_leaves=12)


def read(text: str) -> Any:
    document = parse_yaml(text, "a.yaml")
    assert not document.problems, (text, document.problems)
    return document.data


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same kind: 1 is not true, 3 is not 3.0 only where it matters, never “3”."""
    if isinstance(one, list | dict):
        pairs = zip(one.items(), other.items(), strict=True) if isinstance(one, dict) else zip(one, other, strict=True)
        return type(one) is type(other) and all(
            same(list(a), list(b)) if isinstance(a, tuple) else same(a, b) for a, b in pairs
        )
    numbers = (
        isinstance(one, int | Decimal) and isinstance(other, int | Decimal) and bool not in (type(one), type(other))
    )
    return one == other and (numbers or type(one) is type(other))


PLACES: dict[str, Callable[[str, str], str]] = {
    "alone": lambda value, _: value,
    "behind a key": lambda value, key: f"{key}: {value}",
    "in a list": lambda value, _: f"- 1\n- {value}\n- 2",
    "in brackets": lambda value, key: f"a: [{{{key}: {value}, b: 1}}, {value}]",
}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES, TEXTS)
@example("甲\0乙", "\u2028")
def test_what_is_written_is_read_back(value: Any, key: str) -> None:
    for bare in (False, True):
        text = inline(value, bare=bare)
        assert not set(text) & set("\n\r\x85\u2028\u2029\ufeff\0")
        for name, place in PLACES.items():
            if bare and name == "in brackets":
                continue
            found = read(place(text, written_key(key)))
            found = {
                "alone": lambda d: d,
                "behind a key": lambda d: d[key],
                "in a list": lambda d: d[1],
                "in brackets": lambda d: d["a"][1],
            }[name](found)
            assert same(found, value), (name, text)
    assert same(read(block(value)), value)
    assert same(read("\n".join(text for text, _ in file_lines([("甲", value)], {"甲": key}))), {"甲": value})


@settings(deadline=None)
@given(TEXTS)
def test_a_comment_is_one_whatever_stands_in_it(text: str) -> None:
    assert read("\n".join([*comment_lines(text, 2), "a: 1"])) == {"a": 1}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.fixed_dictionaries({"编号": st.uuids().map(str), "备注": TEXTS, "甲: 乙": TEXTS}), min_size=1, max_size=4
    )
)
def test_a_ledger_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> None:
    path = tmp_path_factory.mktemp("x") / "a.yaml"
    path.write_bytes(ledger_yaml(Ledger(tuple(rows[0]), tuple(map(LedgerEntry, rows)))))
    ledger, problems = read_ledger(path)
    assert problems == () and ledger is not None
    assert [record.cells for record in ledger.records] == [{k: v for k, v in row.items() if v} for row in rows]


@settings(deadline=None)
@given(TEXTS)
def test_other_programs_take_text_for_text(text: str) -> None:
    """YAML 1.1 knows more words and numbers than we do; none of our texts may become one there."""
    for bare in (False, True):
        assert yaml.safe_load(f"- {inline(text, bare=bare)}") == [text]


def test_half_a_character_is_replaced_and_a_pair_is_joined() -> None:
    assert inline("甲\ud83d乙") == inline("甲\ufffd乙") and inline("\ud83d\ude00") == "😀"


@pytest.mark.parametrize(
    "text", ["48 小时内修复", "95%", "物业/居委会", "（一）", "“甲”", "3#", "乙：丙", "2号楼", "a+b", "S01"]
)
def test_what_people_write_without_quotes_stays_so(text: str) -> None:
    assert inline(text) == (text if "#" not in text else f'"{text}"')


def test_a_ledger_keeps_days_and_commas_as_people_write_them(tmp_path: Path) -> None:
    text = '- 编号: ENV-01\n  现状: "3"\n  时限: 2026-03-01\n  备注: 甲, 乙 [丙]\n'
    path = tmp_path / "a.yaml"
    path.write_text(text, encoding="utf-8")
    ledger, _ = read_ledger(path)
    assert ledger is not None and ledger_yaml(ledger).decode("utf-8") == text
    assert date(2026, 3, 1) == ledger.records[0].day("时限")
