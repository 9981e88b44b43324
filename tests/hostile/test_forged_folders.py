"""A folder that somebody else sent: nothing outside it is written, deleted or taken in, and work goes on in it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checklist.keeping import history
from checklist.keeping.evidence import LEDGER
from checklist.keeping.folder import open_folder
from checklist.model.refusals import Refusal
from checklist.web.link import open_link
from tests.conftest import Ran, Run
from tests.hostile.doors import slow_but
from tests.support.places import ROOT

EVIL = b"ssh-rsa EVIL\n"
HASH = hashlib.sha256(EVIL).hexdigest()
SECRET = b"the owner's\n"
RECORD = "2026-10-15.yaml"
BAD_TEXT = "\x1b[2J[red]坏\u202e\r"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A community's folder ``c``, and a folder ``outside`` with a file of the owner's."""
    shutil.copytree(ROOT / "data" / "beimen", tmp_path / "c")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "mine").write_bytes(SECRET)
    return tmp_path


def forge(folder: Path, *names: str, number: object = 1, at: str = "000001", **more: Any) -> None:
    """A history that wants ``names`` put back as EVIL, or taken away where a name begins with ``-``."""
    home = folder / ".history" / at
    home.mkdir(parents=True)
    files = [{"name": "nothing.yaml" if not names[1:] else RECORD, "before": "", "after": "ab"}] if not names else []
    for i, name in enumerate(names):
        gone = name.startswith("-")
        (home / f"{i}.bak").write_bytes(EVIL)
        files.append(
            {"name": name.removeprefix("-"), "before": "" if gone else HASH, "after": "" if not gone else HASH}
        )
    entry = {"number": number, "at": "2026-01-01T00:00:00", "what": "x", "undoes": None, "files": files, **more}
    (home / "entry.json").write_text(json.dumps(entry), encoding="utf-8")


FORGED: dict[str, Callable[[Path], None]] = {
    "up": lambda c: forge(c, "../outside/authorized_keys", "整改台账.csv"),
    "up and away": lambda c: forge(c, "-../outside/mine"),
    "absolute": lambda c: forge(c, str(c.parent / "outside" / "new")),
    "roundabout": lambda c: forge(c, "evidence/../../outside/new"),
    "windows": lambda c: forge(c, "..\\outside\\new"),
    "stream": lambda c: forge(c, f"{RECORD}:hidden"),
    "itself": lambda c: forge(c, ".history/000001/entry.json"),
    "journal": lambda c: forge(c, "journal.jsonl"),
    "home": lambda c: forge(c, "~/.bashrc"),
    "zero": lambda c: forge(c, "a\0b"),
    "the same twice": lambda c: forge(c, RECORD, RECORD),
    "another's place": lambda c: forge(c, RECORD, number=2),
    "no number": lambda c: forge(c, RECORD, number=[]),
    "true": lambda c: forge(c, RECORD, number=True),
    "endless number": lambda c: forge(c, RECORD, number=10**400, at="9" * 200),
    "the last number": lambda c: forge(c, RECORD, number=10**12 - 1, at="9" * 12),
    "undoes nonsense": lambda c: forge(c, RECORD, undoes=[1]),
    "a bad time": lambda c: forge(c, RECORD, at_="x") or _change(c, at="\x1b[2J"),  # type: ignore[func-returns-value]
    "a bad name for it": lambda c: forge(c, RECORD, what=BAD_TEXT),
    "surrogates": lambda c: forge(c, RECORD, what="\ud800", journal={"after": "", "lines": [{"note": "\udfff"}]}),
    "nested": lambda c: (forge(c, RECORD), _write(c, "[" * 100_000))[0],
    "no json": lambda c: (forge(c, RECORD), _write(c, "\xff"))[0],
    "a bak that is a link": lambda c: (forge(c, RECORD), _relink(c / ".history/000001/0.bak", c))[0],
    "a bak that is another": lambda c: (forge(c, RECORD), (c / ".history/000001/0.bak").write_bytes(b"x"))[0],
    "an entry that is a link": lambda c: _entry_link(c),
    "an entry that is a file": lambda c: ((c / ".history").mkdir(), (c / ".history/000001").write_bytes(b""))[0],
    "half made, a link": lambda c: ((c / ".history").mkdir(), (c / ".history/new-000001").symlink_to("../../outside"))[
        0
    ],
    "half made, a file": lambda c: ((c / ".history").mkdir(), (c / ".history/new-000001").write_bytes(b""))[0],
    "a scrap that is a folder": lambda c: (c / f".{RECORD}-12345678").mkdir(),
    "an old scrap, a link": lambda c: (c / f".{RECORD}-12345678").symlink_to("../outside/mine"),
}
"""Kinds of forgery, each of which must stop nobody: one line a case."""
QUICK = ("up", "up and away", "a bak that is a link", "a bad name for it")

LINKED = (
    *(".history", "evidence", ".phone", ".lock", "journal.jsonl", "整改台账.csv", RECORD, "2026-11-24.yaml"),
    *(f"evidence/{LEDGER}", ".phone/link.json", ".phone/received.jsonl"),
)
"""Parts of a folder that may have become links: writing there is refused, or does not touch what they lead to."""


def _write(folder: Path, text: str) -> None:
    (folder / ".history/000001/entry.json").write_bytes(text.encode("latin-1"))


def _change(folder: Path, **more: object) -> None:
    path = folder / ".history/000001/entry.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **more}), encoding="utf-8")


def _relink(path: Path, folder: Path) -> None:
    path.unlink()
    path.symlink_to(folder.parent / "outside" / "mine")


def _entry_link(folder: Path) -> None:
    forge(folder, RECORD)
    shutil.move(folder / ".history/000001", folder.parent / "elsewhere")
    (folder / ".history/000001").symlink_to(folder.parent / "elsewhere")


def outside(place: Path) -> dict[str, tuple[int, bytes]]:
    found = (p for home in ("outside", "elsewhere") for p in (place / home).rglob("*") if p.is_file())
    return {str(p): (p.stat().st_mode, p.read_bytes()) for p in found} | {"": ((place / "outside").stat().st_mode, b"")}


def acts(place: Path) -> dict[str, list[str | Path]]:
    table, paper, c = place / "t.csv", place / "证.pdf", place / "c"
    table.write_text("编号,实测值,核实人,核实日期\npotholes,3,乙,2026-11-24\n", encoding="utf-8")
    paper.write_bytes(b"%PDF")
    return {
        "evidence": ["evidence", "add", c, paper, "--fact", "potholes"],
        "import": ["import", table, "--into", c, "--write"],
        "ledger": ["ledger", c, c],
        "list": ["undo", c, "--list"],
        "verify": ["evidence", "verify", c],
        "undo": ["undo", c],
        "force": ["undo", c, "--force"],
        "entry": ["undo", c, "--entry", "1", "--force"],
        "assess": ["assess", c],
    }


def clean(ran: Ran) -> None:
    assert ran.code in (0, 2, 3, 5), ran.err
    assert not set("\x1b\x07\r\u202e") & set(ran.out + ran.err) and "Traceback" not in ran.err


@pytest.mark.parametrize("kind", slow_but(QUICK, FORGED))
def test_a_forged_history_reaches_nothing_and_stops_nobody(cli: Run, place: Path, kind: str) -> None:
    FORGED[kind](place / "c")
    before, told = outside(place), acts(place)
    clean(cli(*told["list"]))
    for act in ("evidence", "import", "ledger"):
        ran = cli(*told[act])
        assert ran.code == 0, (act, ran.err)
    with history.writing(place / "c"):
        open_link(place / "c")
    assert open_folder(place / "c").readings()["", "potholes"].value == 3
    for act in ("list", "undo", "force", "entry", "assess"):
        clean(cli(*told[act]))
    assert outside(place) == before


@pytest.mark.parametrize("act", ["undo", "force", "entry"])
@pytest.mark.parametrize("kind", slow_but(QUICK[:2], FORGED))
def test_undoing_a_forged_history_reaches_nothing(cli: Run, place: Path, kind: str, act: str) -> None:
    FORGED[kind](place / "c")
    before = outside(place)
    clean(cli(*acts(place)[act]))
    assert outside(place) == before


def test_what_is_not_ours_is_said(cli: Run, place: Path) -> None:
    FORGED["up"](place / "c")
    for arguments in (["--list"], []):
        ran = cli("undo", place / "c", *arguments)
        assert "000001" in ran.err and "没有理会" in ran.err


@pytest.mark.parametrize(
    "to", slow_but(("../outside/new",), ("../outside", "../outside/mine", "../outside/new", "../gone"))
)
@pytest.mark.parametrize("name", slow_but((".history", "evidence", "journal.jsonl", RECORD), LINKED))
def test_no_link_is_followed_on_writing(cli: Run, place: Path, name: str, to: str) -> None:
    link = place / "c" / name
    shutil.rmtree(link, ignore_errors=True)
    link.unlink(missing_ok=True)
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(os.path.join("../" * name.count("/") + to))
    before = outside(place)
    for act, arguments in acts(place).items():
        ran = cli(*arguments)
        assert ran.code in (0, 2, 3, 5), (act, ran.err)
    try:
        with history.writing(place / "c"):
            open_link(place / "c")
    except Refusal as refused:
        assert "链接" in refused.says
    assert outside(place) == before and not (place / "gone").exists() and not (place / "outside" / "new").exists()


def test_a_journal_with_a_second_name_elsewhere_does_not_write_there(cli: Run, place: Path) -> None:
    (place / "c" / "journal.jsonl").hardlink_to(place / "outside" / "mine")
    assert cli(*acts(place)["import"]).code == 0
    assert (place / "outside" / "mine").read_bytes() == SECRET
    assert b"potholes" in (place / "c" / "journal.jsonl").read_bytes()


LINES: dict[str, object] = {
    "up": {"file": "evidence/../../outside/mine"},
    "absolute": {"file": "/etc/passwd"},
    "a zone": {"taken": "2026-01-01T00:00:00+08:00", "at": "2026-01-01T00:00:00+08:00"},
    "a huge hash": {"dhash": "f" * 400},
    "marked up": {"by": BAD_TEXT, "name": BAD_TEXT, "fact": BAD_TEXT, "sha256": BAD_TEXT, "file": BAD_TEXT},
    "surrogates": {"name": "\ud800", "file": "evidence/\udfff.jpg"},
    "the first day": {"taken": "0001-01-01", "at": "0001-01-01"},
    "not text": {"at": 1, "taken": [], "dhash": {}},
    "a zero": {"file": "evidence/a\0b.jpg"},
}


@pytest.mark.parametrize("kind", slow_but(("up", "marked up", "a zone"), LINES))
def test_a_forged_ledger_line_reaches_nothing(cli: Run, place: Path, kind: str) -> None:
    told = acts(place)
    assert cli(*told["evidence"]).code == 0
    path = place / "c" / "evidence" / LEDGER
    first = path.read_bytes().splitlines()[0]
    line = {**json.loads(first), "prev": hashlib.sha256(first).hexdigest(), **LINES[kind]}  # type: ignore[dict-item]
    path.write_bytes(first + b"\n" + json.dumps(line).encode() + b"\n")
    before = outside(place)
    for act in ("verify", "evidence", "assess"):
        clean(cli(*told[act]))
    clean(cli("evidence", "list", place / "c"))
    assert outside(place) == before


LINKS: dict[str, bytes] = {
    "empty": b"",
    "nested": b"[" * 100_000,
    "numbers": b'{"key": 1, "token": 2}',
    "unicode": '{"key": "测试", "token": "测试测试测试测试测试测试测试测试"}'.encode(),
    "a path": b'{"key": "../../..", "token": "0123456789abcdef"}',
    "a header": b'{"key": "0123456789", "token": "0123456789abcdef\\r\\nset-cookie: x=y"}',
    "surrogates": b'{"key": "0123456789", "token": "\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800"}',
}


@pytest.mark.parametrize("kind", LINKS)
def test_a_damaged_link_is_made_anew(place: Path, kind: str) -> None:
    home = place / "c" / ".phone"
    home.mkdir()
    (home / "link.json").write_bytes(LINKS[kind])
    link = open_link(place / "c")
    assert len(link.key) == 10 and link.token.isascii() and "\n" not in link.token
    assert open_link(place / "c") == link


def test_a_link_that_travelled_opens_nothing(place: Path) -> None:
    """Who sent the folder knows its token: it is not that of the folder that arrives."""
    link = open_link(place / "c")
    shutil.copytree(place / "c", place / "d")
    arrived = open_link(place / "d")
    assert arrived.key == link.key and arrived.token != link.token
    assert open_link(place / "c") == link
