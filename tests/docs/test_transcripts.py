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


def transcripts() -> Iterator[tuple[str, str, str]]:
    for page in PAGES:
        for block in BLOCK.findall(page.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                yield str(page.relative_to(ROOT)), command.strip(), output


@pytest.mark.parametrize(("page", "command", "output"), list(transcripts()))
def test_transcript(page: str, command: str, output: str, cli: Run) -> None:
    words = shlex.split(command)
    assert words[0] == "checklist", f"{page}: only checklist commands stand in console blocks"
    ran = cli(*words[1:])
    shown = ran.out + ran.err
    pieces = [piece.strip("\n") for piece in re.split(r"^…\n?", output, flags=re.MULTILINE)]
    at = 0
    for piece in pieces:
        found = shown.find(piece, at)
        assert found >= 0, f"{page}: $ {command}\n--- not printed:\n{piece}\n--- printed:\n{shown}"
        at = found + len(piece)


def test_the_readme_names_every_command() -> None:
    from checklist.cli.app import COMMANDS

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"checklist {name}" not in text] == []


def test_every_command_stands_in_a_group_of_the_overview() -> None:
    from checklist.cli.app import COMMANDS, GROUPS

    assert sorted(name for _, names in GROUPS for name in names) == sorted(COMMANDS)


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
