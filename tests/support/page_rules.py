"""The rulesets that docs/writing-rules.md writes, put together as the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from tests.support.places import ROOT

PAGE: Final = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
BLOCK: Final = re.compile(r"```yaml\n# (rules/\S+)\n(.*?)```", re.DOTALL)


def of_the_page(name: str) -> bool:
    """Whether a file is of the rulesets that the page writes; the others are quoted from ``tests/documents``."""
    return name.startswith("rules/demo")


def lay_out_page(place: Path) -> Path:
    """The page's files below ``place``, several blocks of one file one after another; their folder ``rules``."""
    for name, text in filter(lambda block: of_the_page(block[0]), BLOCK.findall(PAGE)):
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
    return place / "rules"
