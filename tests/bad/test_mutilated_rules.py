"""No mutilated ruleset crashes a rule tool: keys dropped, renamed, repeated and exchanged, values replaced by others of
any kind, files emptied or gone. What is wrong is said (3), or does not matter; never a bug of ours (70)."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checklist.reading.yaml.yaml_file import read_yaml
from checklist.values.yaml_out import inline
from tests.conftest import Run
from tests.support.page_rules import lay_out_page

STRANGE = (
    None, "", " ", "none", "A", "D", "亮着的路灯", "lamps_lit", "LAM-01", "95%", "90％", "≥90%", "\0", "a/../b", "..",
    0, -1, 1, 3, 10**17, 10**40, Decimal("0.0001"), Decimal("-0.5"), True, False, "2026-02-30", "2026-03-01", "9" * 70,
    [], {}, [[]], [None], [{}], ["A", "B", "C"], {"fact": "lamps_lit"}, {"is": 1}, {"all": []}, {"never": 1},
)  # fmt: skip
TOOLS = (
    ("check", "{name}"),
    ("test", "{name}"),
    ("test", "{name}", "--mutate", "--format", "json"),
    ("rules", "book", "--rules", "{name}"),
    ("rules", "show", "LAM-01", "--rules", "{name}"),
    ("rules", "show", "--rules", "{name}"),
    ("rules", "diff", "demo", "{name}"),
    ("rules", "diff", "{name}", "complete-community", "--format", "json"),
    ("rules", "burden", "{name}"),
    ("rules", "sources", "--rules", "{name}"),
    ("rules", "export", "--rules", "{name}", "-o", "out.xlsx", "--force"),
    ("assess", "state.yaml", "--rules", "{name}"),
    ("explain", "LAM-01", "state.yaml", "--rules", "{name}"),
    ("plan", "state.yaml", "--rules", "{name}"),
)
STATE = """\
community: {id: shi, name: 试社区}
ruleset: demo
as_of: 2026-06-10
facts: {lamps_installed: 20, lamps_lit: 17, dark_spots: 3, repair_mode: on_call, has_log: true, last_patrol: 2026-06-01}
"""


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a file with every key (or number) in it."""
    if isinstance(data, dict | list):
        for key in list(data if isinstance(data, dict) else range(len(data))):
            yield data, key
            yield from places(data[key])


def mutilated(data: Any, chance: random.Random) -> str:
    """Some entries of the file changed, as YAML in its JSON form; and what was done, for who reads of a failure."""
    wrapped = [copy.deepcopy(data)]
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        listed = list(places(wrapped))
        within, key = chance.choice(listed)
        other, from_key = chance.choice(listed)
        what = chance.randrange(6)
        if what == 0:
            within[key] = copy.deepcopy(chance.choice(STRANGE))
        elif what == 1 and within is not wrapped:
            del within[key]
        elif what == 2:
            within[key] = copy.deepcopy(other[from_key])
        elif what == 3 and isinstance(within, dict):
            within[chance.choice(["x", "名称", str(from_key), *map(str, STRANGE[4:9])])] = within.pop(key)
        elif what == 4 and isinstance(within, list) and within is not wrapped:
            within.append(copy.deepcopy(within[key]))
        else:
            within[key], other[from_key] = copy.deepcopy(other[from_key]), copy.deepcopy(within[key])
    return inline(wrapped[0])


def mutilate(folder: Path, chance: random.Random) -> str:
    """One or two files of the ruleset changed, emptied or gone; which."""
    told = []
    for _ in range(chance.choice((1, 1, 2))):
        path = chance.choice(sorted(folder.rglob("*.yaml")))
        text = path.read_text(encoding="utf-8")
        match chance.randrange(12):
            case 0:
                path.unlink()
            case 1:
                lines = text.splitlines(keepends=True)
                del lines[chance.randrange(len(lines))]
                path.write_text("".join(lines), encoding="utf-8")
            case 2:
                path.write_text(
                    chance.choice(("", "[]", "{}", "null", "x", "- {}", "a: {b: {c: d}}")), encoding="utf-8"
                )
            case _:
                if (data := read_yaml(path).data) is not None:
                    path.write_text(mutilated(data, chance), encoding="utf-8")
        told.append(path.name)
    return "、".join(told)


def tried(cli: Run, place: Path, monkeypatch: pytest.MonkeyPatch, seed: int, tools: int, name: str) -> None:
    monkeypatch.chdir(place)
    lay_out_page(place)
    (place / "state.yaml").write_text(STATE, encoding="utf-8")
    chance = random.Random(seed)
    touched = mutilate(place / "rules" / name, chance)
    for tool in chance.sample(TOOLS, tools):
        ran = cli(*(part.format(name=name) for part in tool))
        assert ran.code != 70 and "Traceback" not in ran.err, (seed, touched, tool, ran.err)


@pytest.mark.parametrize("seed", range(40))
def test_no_tool_crashes(seed: int, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried(cli, tmp_path, monkeypatch, seed, 5, "demo-strict" if seed % 4 == 3 else "demo")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1600))
def test_no_tool_crashes_on_many_more(seed: int, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried(cli, tmp_path, monkeypatch, seed, len(TOOLS), "demo-strict" if seed % 4 == 3 else "demo")
