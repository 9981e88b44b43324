"""What an output option may replace, tried for every command that has one: a new command is tried without being listed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from checklist.cli.app import COMMANDS
from checklist.cli.targets import OUTPUTS, option_names
from tests.conftest import Run
from tests.support.places import ROOT

TAOLI = ROOT / "data" / "taoli" / "2023-04-15.yaml"
READ: dict[str, str] = {
    "--template": "an office's own Word template",
    "--ledger": "an office's ledger, read for the bulletin",
    "--against": "the scores that a self-check is held against",
    "--cert": "a certificate",
    "--key": "its key",
    "--media": "photos that came with an export",
    "--data": "communities that a copy of the page takes along",
    "--into": "a community's folder: saved to with history and undo",
    "--forms": "a folder for forms, each of them written as ``form -o`` writes one",
    "--folder": "a new folder; refused where one stands",
    "--hand-out": "a new folder too",
    "--photos": "photos that a ledger names",
    "--take-back": "what comes back on papers, with photos",
}
"""Options that name a path and are no output, each with the reason."""

NEEDS: dict[str, tuple[str, ...]] = {
    "assess": (str(TAOLI),),
    "plan": (str(TAOLI),),
    "next": (str(TAOLI),),
    "form": (str(TAOLI),),
    "table": (str(TAOLI),),
    "compare": (str(ROOT / "data"),),
    "trend": (str(ROOT / "data" / "taoli"),),
    "diff": (str(ROOT / "data" / "taoli" / "2022-04-30.yaml"), str(TAOLI)),
    "report": (str(TAOLI), "--to", "md"),
    "bulletin": (str(ROOT / "data"), "--to", "md"),
    "forecast": (str(ROOT / "data" / "hechi"),),
    "draw": (str(ROOT / "data" / "hechi"), "--seed", "7"),
    "rules burden": ("complete-community",),
    "rules sources": (),
    "rules diff": ("civilized-city-community", "complete-community"),
    "rules export": ("--rules", "complete-community"),
}
"""What a command needs to come as far as writing, where it can be run without more ado."""


def functions() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for name, (module, *_) in COMMANDS.items():
        for sub, function in import_module(f"checklist.cli.commands.{module}").COMMANDS.items():
            found[f"{name} {sub}".strip() if sub and sub != name else name] = function
    return found


def options(function: Callable[..., Any]) -> dict[str, Any]:
    """Each option by its long name, with the type of its value."""
    found: dict[str, Any] = {}
    for hint in get_type_hints(function, include_extras=True).values():
        found |= {name: hint.__origin__ for name in option_names(hint) if name.startswith("--")}
    return found


def is_path(kind: Any) -> bool:
    return kind is Path or any(is_path(k) for k in get_args(kind)) if get_origin(kind) or kind is Path else False


FUNCTIONS = functions()
WRITING = sorted(name for name, function in FUNCTIONS.items() if "--output" in options(function) and name in NEEDS)


def test_every_option_that_names_a_path_is_known() -> None:
    paths = {name for f in FUNCTIONS.values() for name, kind in options(f).items() if is_path(kind)}
    assert paths - OUTPUTS == READ.keys()


def test_every_command_with_an_output_is_tried_or_says_why_not() -> None:
    folders_or_more = {
        "batch",
        "calibrate",
        "page",
        "problems",
        "xlsform",
        "rules",
        "rules book",
        "rules new",
        "rules import",
        "schema",
    }
    having = {name for name, function in FUNCTIONS.items() if "--output" in options(function)}
    assert having - set(WRITING) <= folders_or_more


def ending(name: str) -> str:
    return {"form": ".xlsx", "table": ".csv", "rules export": ".xlsx", "report": ".md", "bulletin": ".md"}.get(
        name, ".txt"
    )


def there(place: Path, name: str, kind: str) -> Path:
    """A file that people made, reached as it is, through a link, or by another name of the same file."""
    mine = place / f"手写{ending(name)}"
    mine.write_text("写了一下午\n", encoding="utf-8")
    if kind == "itself":
        return mine
    other = place / f"别名{ending(name)}"
    other.symlink_to(mine) if kind == "a link" else os.link(mine, other)
    return other


def run(cli: Run, name: str, output: Path, *more: str) -> Any:
    return cli(*name.split(), *NEEDS[name], "-o", output, *more)


@pytest.mark.parametrize("kind", ["itself", "a link", "another name"])
@pytest.mark.parametrize("name", WRITING)
def test_what_people_made_is_not_replaced(name: str, kind: str, cli: Run, tmp_path: Path) -> None:
    target = there(tmp_path, name, kind)
    ran = run(cli, name, target)
    assert ran.code == 2 and "没有覆盖" in ran.err and "--force" in ran.err, ran
    assert target.read_text(encoding="utf-8") == "写了一下午\n"
    assert not list(tmp_path.glob("*.旧*"))


@pytest.mark.many
@pytest.mark.parametrize("name", WRITING)
def test_forced_it_is_kept(name: str, cli: Run, tmp_path: Path) -> None:
    target = there(tmp_path, name, "itself")
    for n in ("", "2"):
        before = target.read_bytes()
        assert run(cli, name, target, "--force").code in (0, 3)
        assert target.with_name(f"{target.name}.旧{n}").read_bytes() == before
        target.write_bytes(target.read_bytes() + b"\nmine")


@pytest.mark.parametrize("name", WRITING)
def test_an_earlier_result_is_replaced_until_somebody_changes_it(name: str, cli: Run, tmp_path: Path) -> None:
    target = tmp_path / f"结果{ending(name)}"
    assert run(cli, name, target).code in (0, 3)
    assert run(cli, name, target).code in (0, 3)
    target.write_bytes(target.read_bytes() + b"\nmine")
    assert run(cli, name, target).code == 2
    assert target.read_bytes().endswith(b"mine")


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["asked", "forced"])
@pytest.mark.parametrize(
    "name", [name for name in WRITING if name in ("assess", "plan", "next", "table", "form", "report")]
)
def test_an_input_is_never_written_to(name: str, force: tuple[str, ...], cli: Run, tmp_path: Path) -> None:
    record = tmp_path / f"记录{ending(name)}"
    source = tmp_path / "s.yaml"
    shutil.copy(TAOLI, source)
    os.link(source, record)
    before = source.read_bytes()
    ran = cli(*name.split(), source, *NEEDS[name][1:], "-o", record, *force)
    assert ran.code == 2 and "要读的文件" in ran.err, ran
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    "part", ["2022-04-30.yaml", "2031-01-01.yaml", "evidence/a.txt", ".history/a.txt", "整改台账.csv"]
)
@pytest.mark.parametrize("name", [name for name in WRITING if ending(name) == ".txt"])
def test_a_part_of_a_communitys_folder_is_never_written_to(name: str, part: str, cli: Run, tmp_path: Path) -> None:
    folder = tmp_path / "桃李"
    shutil.copytree(ROOT / "data" / "taoli", folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    ran = run(cli, name, folder / part, "--force")
    assert ran.code == 2 and "社区文件夹" in ran.err, ran
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_without_a_memory_one_is_asked(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKLIST_CACHE", "")
    target = tmp_path / "结果.txt"
    assert run(cli, "assess", target).code == 0
    assert run(cli, "assess", target).code == 2


def test_a_filled_form_is_kept(cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli("init", "东湖社区", "--folder", "d").code == 0
    monkeypatch.chdir(tmp_path / "d")
    assert cli("form", ".").code == 0, "a blank form that nobody touched"
    Path("填报表.xlsx").write_bytes(b"filled in by hand")
    assert cli("form", ".").code == 2
    assert Path("填报表.xlsx").read_bytes() == b"filled in by hand"
