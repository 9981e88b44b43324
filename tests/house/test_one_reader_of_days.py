"""Written days are read in one place; what only looks like reading them is listed with its reason."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

from tests.support.places import ROOT

PACKAGE = ROOT / "checklist"
READERS: Final = {"model/days.py", "values/bare_words.py"}
ELSEWHERE: Final = {
    "keeping/evidence.py": "its own journal's times, which the program wrote",
    "keeping/entry.py": "its own journal's times, which the program wrote",
    "reports/ledger/ledger_files.py": "writes a day without quotes, and only as 2026-03-01",
    "values/headings.py": "finds the last day behind a reason, and leaves it to the reader",
    "keeping/pictures.py": "the time that a camera wrote into a photo",
    "web/pictures.py": "the time that a camera wrote into a photo",
    "values/row_kinds.py": "finds the day that nobody has filled in under a table: 年 月 日",
    "web/answers.py": "what a browser's date field sends, always 2026-03-01",
}
_PATTERN = re.compile(r"年.*月.*[日号]|\\d\{4\}.*\\d\{1,2\}.*\\d\{1,2\}")


def reads_days(path: Path) -> bool:
    """Whether a module takes days apart: by the library's parsers, or by an expression of year, month and day."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in ("strptime", "fromisoformat"):
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            texts = [str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant)]
            if any(map(_PATTERN.search, texts)):
                return True
    return False


def test_days_are_read_in_one_place() -> None:
    found = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if reads_days(path)}
    assert found == READERS | ELSEWHERE.keys()
