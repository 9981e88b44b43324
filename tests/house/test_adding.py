"""What docs/contributing.md adds is added to a copy, and works; what docs/design.md says of adding is all there is."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from checklist.model.rules.conditions import Condition
from checklist.model.rules.measures import Measure
from checklist.model.rules.scales import Scale
from tests.house.test_names import MODULES, PACKAGE, tree
from tests.support.places import ROOT, TODAY

DESIGN = ROOT / "docs" / "design.md"
PAGE = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
TAOLI = "data/taoli/2023-04-15.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout of its own: the package and the rules are copied, the records linked."""
    for name in ("checklist", "rules"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


def add(section: str, place: Path) -> None:
    """Apply the diff under a heading. Its hunks have no line numbers: what is taken out stands once in the file."""
    (diff,) = re.findall(rf"## {section}\n.*?```diff\n(.*?)```", PAGE, re.DOTALL)
    for file in re.split(r"^--- .*\n", diff, flags=re.MULTILINE)[1:]:
        name, _, body = file.removeprefix("+++ b/").partition("\n")
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for hunk in re.split(r"^@@\n", body, flags=re.MULTILINE)[1:]:
            lines = hunk.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] in " -")
            new = "".join(line[1:] for line in lines if line[0] in " +")
            assert text.count(old) == 1 or not text, f"{name} has changed; renew docs/contributing.md"
            text = text.replace(old, new, 1) if text else new
        path.write_text(text, encoding="utf-8")


def checklist(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "CHECKLIST_TODAY": TODAY, "CHECKLIST_CACHE": str(place / "cache"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "checklist", *arguments]
    return subprocess.run(command, cwd=place, env=surroundings, capture_output=True, encoding="utf-8", check=False)


def test_a_criterion_is_one_yaml_file_and_its_cases(copy: Path) -> None:
    add("加一条标准", copy)
    ran = checklist(copy, "check", "rules/complete-community")
    assert (ran.returncode, ran.stdout.strip()) == (0, "没有发现错误"), ran
    assert "MGT-03" in checklist(copy, "explain", "MGT-03", TAOLI, "--rules", "complete-community").stdout
    told = checklist(copy, "test", "rules/complete-community").stdout
    assert "每一档、每条门槛都有用例" in told and "MGT-03：" not in told


def test_a_tailoring_is_one_small_folder(copy: Path) -> None:
    add("加一份本地细则", copy)
    assert checklist(copy, "check", "rules/staff-20").returncode == 0
    ran = checklist(copy, "test", "rules/staff-20")
    assert ran.returncode == 0 and "1 个用例" in ran.stdout, ran


def test_a_format_is_one_module_and_one_line(copy: Path) -> None:
    add("加一种输出格式", copy)
    ran = checklist(copy, "report", TAOLI, "--to", "txt", "-o", "-")
    assert ran.returncode == 0 and "桃李社区" in ran.stdout, ran
    ran = checklist(copy, "compare", "data", "--format", "txt")
    assert ran.returncode == 0 and "名次" in ran.stdout, ran


def test_a_command_is_one_module_and_one_line(copy: Path) -> None:
    add("加一个命令", copy)
    assert "数一数" in checklist(copy).stdout
    ran = checklist(copy, "count", TAOLI)
    assert ran.returncode == 0 and re.search(r"桃李社区 记了 \d+ 项", ran.stdout), ran


KINDS: Final[dict[str, Any]] = {"测量值": Measure, "达标条件": Condition, "评分方式": Scale}


def where_kinds_are_known(union: Any) -> Iterator[tuple[Path, int]]:
    """Every module that names classes of a closed set, beside the one that defines them, and how many it names."""
    kinds = {kind.__name__ for kind in get_args(union)}
    (home,) = {kind.__module__ for kind in get_args(union)}
    for path in MODULES:
        nodes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom) and node.module == home]
        if named := kinds & {alias.name for node in nodes for alias in node.names}:
            yield path.relative_to(PACKAGE), len(kinds - named)


def listed() -> str:
    lines = []
    for says, union in KINDS.items():
        known = sorted(where_kinds_are_known(union))
        for title, wanted in (("每种都认的", True), ("挑着认的", False)):
            names = [path.with_suffix("").as_posix() for path, missing in known if (missing <= 1) is wanted]
            lines += [f"{says} · {title}", *(f"    {name}" for name in names)] if names else []
    return "\n".join(lines)


@pytest.mark.slow
def test_the_design_page_names_every_module_that_knows_a_kind(request: pytest.FixtureRequest) -> None:
    text = DESIGN.read_text(encoding="utf-8")
    head, _, rest = text.partition("```text\n")
    fresh = f"{head}```text\n{listed()}\n```{rest.partition('```')[2]}"
    if request.config.getoption("--golden"):
        DESIGN.write_text(fresh, encoding="utf-8", newline="\n")
    assert DESIGN.read_text(encoding="utf-8") == fresh
