"""Every option and id may be typed in full width; names and free text stay as they were typed."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from checklist.cli.app import COMMANDS
from checklist.cli.half_width import VERBATIM, half_width
from checklist.cli.targets import option_names
from checklist.cli.typed import run_command
from tests.conftest import Run

TAOLI = "data/taoli/2023-04-15.yaml"
KEPT = {
    "batch": {"table", "output", "by", "keep"},
    "bulletin": {"issuer"},
    "compare": {"key"},
    "evidence": {"by", "note", "site"},
    "import": {"by"},
    "ledger": {"issuer", "who", "why"},
    "init": {"name", "street", "district", "city", "group", "estates", "lanes"},
    "problems": {"by"},
    "sites": {"names", "site", "name", "reason", "total", "count"},
}
"""What is kept or shown as it was typed; a new option is read in half width unless it is added here."""


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _taking_values() -> Iterator[Any]:
    for name, (module, _, _) in COMMANDS.items():
        for sub, function in import_module(f"checklist.cli.commands.{module}").COMMANDS.items():
            for parameter, hint in get_type_hints(function, include_extras=True).items():
                if parameter not in ("return", "context") and bool not in (hint, *get_args(hint)):
                    yield pytest.param(name, sub, function, parameter, hint, id=f"{name}-{sub}-{parameter}")


def _is_path(hint: Any) -> bool:
    return hint is Path or any(map(_is_path, get_args(hint)))


def _received(name: str, sub: str, function: Callable[..., Any], words: list[str]) -> dict[str, Any]:
    got: dict[str, Any] = {}

    @functools.wraps(function)
    def record(**values: Any) -> None:
        got.update(values)

    commands: dict[str, Callable[..., Any]] = {sub: record}
    if sub != name:
        commands["另一个"] = functools.wraps(function)(lambda **_: None)
    run_command(name, commands, [sub, *words] if sub and sub != name else words)
    return got


@pytest.mark.parametrize(("name", "sub", "function", "parameter", "hint"), list(_taking_values()))
def test_every_option_of_every_command(
    name: str, sub: str, function: Callable[..., Any], parameter: str, hint: Any
) -> None:
    typed = "80" if _is_number(hint) else "ENV-8a"
    hints = get_type_hints(function, include_extras=True)
    arguments = [p for p, h in hints.items() if p not in ("return", "context") and not list(option_names(h))]
    required = [o for p, h in hints.items() if p != parameter for o in _needed(function, p, h)]
    if options := list(option_names(hint)):
        before = [_any(hints[p]) for p in arguments if _has_no_default(function, p)]
        half, full = ([*before, *required, options[0], text] for text in (typed, full_width(typed)))
    else:
        half, full = (
            [
                *required,
                *(text if p == parameter else _any(hints[p]) for p in arguments[: arguments.index(parameter) + 1]),
            ]
            for text in (typed, full_width(typed))
        )
        for words in (half, full):
            words += [
                _any(hints[p]) for p in arguments[arguments.index(parameter) + 1 :] if _has_no_default(function, p)
            ]
    kept = _is_path(hint) or parameter in KEPT.get(name, ())
    expected, got = (_received(name, sub, function, words)[parameter] for words in (half, full))
    assert typed in str(expected)
    if kept:
        assert full_width(typed) in str(got)
    else:
        assert got == expected
    assert (VERBATIM in get_args(hint)) is (parameter in KEPT.get(name, ()))


def _is_number(hint: Any) -> bool:
    return bool({int, float} & {hint, *get_args(hint), *get_args(get_args(hint)[0])})


def _any(hint: Any) -> str:
    """A value that a parameter takes."""
    return "7" if _is_number(hint) else "x"


def _has_no_default(function: Callable[..., Any], parameter: str) -> bool:
    return inspect.signature(function).parameters[parameter].default is inspect.Parameter.empty


def _needed(function: Callable[..., Any], parameter: str, hint: Any) -> list[str]:
    names = list(option_names(hint))
    return [names[0], _any(hint)] if names and _has_no_default(function, parameter) else []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("assess", TAOLI, "--fail-under", "９０．５"), ("assess", TAOLI, "--fail-under", "90.5")),
        (("ａｓｓｅｓｓ", TAOLI, "－－module＝ＥＮＶ"), ("assess", TAOLI, "--module=ENV")),
        (("assess", TAOLI, "——top", "３"), ("assess", TAOLI, "--top", "3")),
        (("assess", TAOLI, "—top", "３"), ("assess", TAOLI, "--top", "3")),
        (("assess", TAOLI, "－－ｔｐｏ", "３"), ("assess", TAOLI, "--tpo", "3")),
        (("assess", TAOLI, "--fail-on", "ｖｅｔｏ，ｕｎｋｎｏｗｎ"), ("assess", TAOLI, "--fail-on", "veto,unknown")),
        (("assess", TAOLI, "--as-of", "２０２３－０４－２０"), ("assess", TAOLI, "--as-of", "2023-04-20")),
        (("assess", TAOLI, "--top", "－１"), ("assess", TAOLI, "--top", "-1")),
        (("explain", "ＦＡＣ－０１", TAOLI), ("explain", "FAC-01", TAOLI)),
        (("explain", "ｆａｃ—1", TAOLI), ("explain", "fac-1", TAOLI)),
        (("rules", "ｓｈｏｗ", "ＦＡＣ－０１"), ("rules", "show", "FAC-01")),
        (("plan", TAOLI, "--budget", "２０万", "--greedy"), ("plan", TAOLI, "--budget", "20万", "--greedy")),
        (("plan", TAOLI, "--greedy", "--days", "４０．５天"), ("plan", TAOLI, "--greedy", "--days", "40.5天")),
        (("ｈｅｌｐ",), ("help",)),
    ],
)
def test_the_same_answer_as_in_half_width(typed: tuple[str, ...], meant: tuple[str, ...], cli: Run) -> None:
    one, other = cli(*typed), cli(*meant)
    assert (one.code, one.out) == (other.code, other.out)
    assert one.err == other.err and one.out + one.err


def test_a_file_that_is_there_keeps_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "规则（一）").mkdir()
    assert half_width("规则（一）") == "规则（一）"
    assert half_width("规则（二）") == "规则(二)"


def test_a_name_is_kept_as_it_was_typed(cli: Run, tmp_path: Path) -> None:
    ran = cli(
        "init", "桃李（一期）社区", "--street", "东湖（北）街道", "--id", "ｔａｏｌｉ", "--folder", tmp_path / "新"
    )
    assert ran.code == 0
    written = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "新").rglob("*.yaml"))
    assert "桃李（一期）社区" in written and "东湖（北）街道" in written and "taoli" in written
