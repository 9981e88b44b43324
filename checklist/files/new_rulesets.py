"""New rulesets: a blank one, an edition copied under another id, or a tailoring begun. Nothing is ever overwritten."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

from checklist.files.blank_ruleset import BLANK
from checklist.files.writing import new_folder
from checklist.model.rules.ruleset import Ruleset
from checklist.reading.rules.ruleset_folder import HEAD
from checklist.reading.tables.text_tables import decode

_STATE = re.compile(r"""^(\s*(?:- )?state:\s*["']?)([^"'#\s]+)""")

_HEAD: Final = """\
id: {id}
extends: {base}
title: {title}（本地细则）
edition: {edition}·本地
why: 在这里写明为什么要有这份细则，依据哪一份文件
"""
_CHANGES: Final = """\
# 本地细则：改几处、整条替换、增加、删去，每处都写 why。写法见 docs/writing-rules.md。
# 例：
# change:
#   - id: INF-05
#     why: 本区手册要求亮灯率 98%
#     to: {at_least: {A: 98%, B: 95%, C: 90%}}
# replace:
#   - why: 本区手册另有一套算法
#     criterion:
#       id: INF-05
#       …（整条照抄原文，改要改的地方；checklist rules show INF-05 看原文在哪个文件哪一行）
# drop:
#   - ids: [FAC-04]
#     why: 辖区没有新建综合体
change: []
replace: []
add: []
drop: []
"""


def copy_ruleset(source: Path, target: Path) -> None:
    """The ruleset folder ``source`` under the id that ``target`` is named; comments stay, and the paths from cases to
    state files keep their meaning. Raises Refusal when ``target`` is taken."""
    with new_folder(target) as place:
        for path in sorted(source.rglob("*")):
            part = path.relative_to(source)
            if path.is_file() and not any(name.startswith(".") for name in part.parts):
                (place / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place / part)
        _rename(place / HEAD, place.name)
        for cases in sorted((place / "cases").glob("*.yaml")):
            _repoint(cases, source.resolve() / "cases", target.resolve() / "cases")


def begin_blank(target: Path) -> None:
    """The smallest whole ruleset, to be written on. Raises Refusal when ``target`` is taken."""
    with new_folder(target) as place:
        for name, text in BLANK.items():
            (place / name).parent.mkdir(exist_ok=True)
            (place / name).write_text(text.replace("{id}", place.name), encoding="utf-8", newline="\n")


def begin_tailoring(base: Ruleset, target: Path) -> None:
    """A tailoring of ``base`` that changes nothing yet. Raises Refusal when ``target`` is taken."""
    with new_folder(target) as place:
        head = _HEAD.format(id=place.name, base=base.id, title=base.title, edition=base.edition)
        for name, text in ((HEAD, head), ("changes.yaml", _CHANGES)):
            (place / name).write_text(text, encoding="utf-8", newline="\n")
        (place / "cases").mkdir()


def _rename(head: Path, id: str) -> None:
    """The id in ``ruleset.yaml``; everything else stays as it is written."""
    lines = decode(head.read_bytes(), str(head)).splitlines(keepends=True)
    renamed = [f"id: {id}\n" if line.startswith("id:") else line for line in lines]
    head.write_text("".join(renamed), encoding="utf-8", newline="")


def _repoint(cases: Path, before: Path, after: Path) -> None:
    def moved(match: re.Match[str]) -> str:
        found = (before / match[2]).resolve()
        return match[1] + (Path(os.path.relpath(found, after)).as_posix() if found.is_file() else match[2])

    text = decode(cases.read_bytes(), str(cases))
    pointed = "".join(_STATE.sub(moved, line) for line in text.splitlines(keepends=True))
    if pointed != text:
        cases.write_text(pointed, encoding="utf-8", newline="")
