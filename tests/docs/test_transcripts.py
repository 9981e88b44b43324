"""Every transcript in the README and the docs is what the program prints today.

A ```console block holds commands after ``$ `` with their output; ``…`` alone on a line stands for lines left out.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def blocks() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            yield str(page.relative_to(ROOT)), block


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that looks like the checkout: what a transcript writes, the rest of its block reads, and nobody else."""
    for entry in ROOT.iterdir():
        if not entry.name.startswith("."):
            (tmp_path / entry.name).symlink_to(entry)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("page", "block"), list(blocks()))
def test_transcript(page: str, block: str, cli: Run) -> None:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        words = shlex.split(command)
        assert words[0] == "checklist", f"{page}: only checklist commands stand in console blocks"
        ran = cli(*words[1:])
        shown, at = ran.out + ran.err, 0
        for piece in (piece.strip("\n") for piece in re.split(r"^…\n?", output, flags=re.MULTILINE)):
            found = shown.find(piece, at)
            assert found >= 0, f"{page}: $ {command}\n--- not printed:\n{piece}\n--- printed:\n{shown}"
            at = found + len(piece)


def test_the_readme_names_every_command() -> None:
    from checklist.cli.app import COMMANDS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"checklist {name}" not in text] == []


def test_every_group_of_commands_stands_once_in_the_overview() -> None:
    from checklist.cli.app import COMMANDS, overview

    shown = overview().splitlines()
    assert all(shown.count(group) == 1 for _, group, _ in COMMANDS.values())


def test_the_python_example_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})
    assert "ENV-01" in capsys.readouterr().out


def test_the_yaml_example_of_the_readme_is_a_clean_record(cli: Run, tmp_path: Path) -> None:
    (code,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    state = tmp_path / "a.yaml"
    state.write_text(code, encoding="utf-8")
    ran = cli("check", state)
    assert (ran.code, ran.out.strip()) == (0, "没有发现错误")
