"""The table that anyone can extend, one line a case: the doors through which a file comes in, and what may be wrong with it.

``DOORS``: what to call with a file in each place where a command takes one. ``COMMANDS``: every command that reads a
community's record. ``ODD_FILES``, ``DAYS``, ``NUMBERS``, ``NAMES``: what goes through them.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

Arguments = list[str | Path]

DOORS: dict[str, Callable[[Path, Path, Path], Arguments]] = {
    # name (its ending is the file's): file, community, folder for results → arguments
    "assess .yaml": lambda file, community, out: ["assess", file],
    "assess .xlsx": lambda file, community, out: ["assess", file],
    "assess .csv": lambda file, community, out: ["assess", file],
    "check .yaml": lambda file, community, out: ["check", file],
    "compare .yaml": lambda file, community, out: ["compare", community, file],
    "diff .yaml": lambda file, community, out: ["diff", file, community],
    "calibrate .xlsx": lambda file, community, out: ["calibrate", community, file],
    "import .xlsx": lambda file, community, out: ["import", file, "--into", community, "--write"],
    "import .csv": lambda file, community, out: ["import", file, "--into", community, "--write"],
    "import .json": lambda file, community, out: ["import", file, "--into", community, "--write"],
    "problems .xlsx": lambda file, community, out: ["problems", file, "--into", community],
    "problems .csv": lambda file, community, out: ["problems", file, "-o", out / "o.xlsx"],
    "ledger .csv": lambda file, community, out: ["ledger", file, community],
    "ledger .yaml": lambda file, community, out: ["ledger", file, community],
    "evidence .pdf": lambda file, community, out: ["evidence", "add", community, file, "--fact", "potholes"],
    "template .docx": lambda file, community, out: [
        *("report", community, "--to", "docx", "--template", file, "-o", out / "r.docx"),
    ],
    "since .yaml": lambda file, community, out: [
        "report",
        community,
        "--since",
        file,
        "--to",
        "md",
        "-o",
        out / "r.md",
    ],
    "rules import .xlsx": lambda file, community, out: ["rules", "import", file, "-o", out / "rules"],
    "batch .csv": lambda file, community, out: ["batch", file, "-o", out / "b.csv"],
    "batch .parquet": lambda file, community, out: ["batch", file, "-o", out / "b.csv"],
    "batch .arrow": lambda file, community, out: ["batch", file, "-o", out / "b.csv"],
    "batch .xlsx": lambda file, community, out: ["batch", file, "-o", out / "b.csv"],
    "cert .pem": lambda file, community, out: ["serve", community, "--cert", file, "--key", file],
}

ODD_FILES: dict[str, Callable[[Path], object]] = {
    "pipe": lambda path: os.mkfifo(path),
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "terminal": lambda path: path.symlink_to("/dev/tty"),
    "folder": lambda path: path.mkdir(),
    "socket": lambda path: bind(path),
    "loop": lambda path: path.symlink_to(path),
    "nowhere": lambda path: path.symlink_to(path.with_name("gone")),
    "nothing": lambda path: path.write_bytes(b""),
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 40),
}

COMMANDS: dict[str, Callable[[str, Path], Arguments]] = {
    "assess": lambda folder, out: ["assess", folder],
    "assess json": lambda folder, out: ["assess", folder, "--format", "json"],
    "plan": lambda folder, out: ["plan", folder],
    "next": lambda folder, out: ["next", folder],
    "fresh": lambda folder, out: ["fresh", folder],
    "ledger": lambda folder, out: ["ledger", out / "l.csv", folder],
    "trend": lambda folder, out: ["trend", folder],
    "compare": lambda folder, out: ["compare", folder],
    "diff": lambda folder, out: ["diff", folder],
    "form": lambda folder, out: ["form", folder, "-o", out / "f.xlsx"],
    "table": lambda folder, out: ["table", folder, "-o", out / "t.xlsx"],
    "xlsform": lambda folder, out: ["xlsform", folder, "-o", out / "x.xlsx"],
    "report": lambda folder, out: ["report", folder, "--to", "md,html,docx,xlsx", "-o", out, "--force"],
    "bulletin": lambda folder, out: ["bulletin", folder, "-o", out / "b.docx"],
    "check": lambda folder, out: ["check", folder],
    "evidence": lambda folder, out: ["evidence", "verify", folder],
    "undo": lambda folder, out: ["undo", folder, "--list"],
}

OPTIONS: dict[str, Callable[[str, str, Path], Arguments]] = {
    # an odd number or day, where an option takes one
    "as-of": lambda odd, folder, out: ["assess", folder, "--as-of", odd],
    "report as-of": lambda odd, folder, out: ["report", folder, "--as-of", odd, "--to", "md", "-o", out / "r.md"],
    "start": lambda odd, folder, out: ["plan", folder, "--start", odd],
    "today": lambda odd, folder, out: ["ledger", out / "l.csv", folder, "--today", odd],
    "fresh as-of": lambda odd, folder, out: ["fresh", folder, "--as-of", odd],
    "fresh days": lambda odd, folder, out: ["fresh", folder, "--days", odd],
    "budget": lambda odd, folder, out: ["plan", folder, "--budget", odd],
    "budget 万": lambda odd, folder, out: ["plan", folder, "--budget", odd + "万"],
    "target": lambda odd, folder, out: ["plan", folder, "--target", odd],
    "plan days": lambda odd, folder, out: ["plan", folder, "--days", odd],
    "top": lambda odd, folder, out: ["assess", folder, "--top", odd],
    "fail-under": lambda odd, folder, out: ["assess", folder, "--fail-under", odd],
    "width": lambda odd, folder, out: ["assess", folder, "--width", odd],
    "entry": lambda odd, folder, out: ["undo", folder, "--entry", odd],
    "minutes": lambda odd, folder, out: ["next", folder, "--minutes", odd],
    "port": lambda odd, folder, out: ["serve", folder, "--port", odd],
    "criterion": lambda odd, folder, out: ["explain", "ENV-" + odd, folder],
}

DAYS = ("0001-01-01", "9999-12-31", "0000-01-01")
NINES = "9" * 400
NUMBERS = (NINES, "-" + NINES, "0." + NINES, NINES + "%", "1/" + NINES, "1e400", "9" * 5000, ".inf", ".nan")
NAMES: tuple[bytes, ...] = (b"\xff\xfe", b"x\xed\xa0\x80", b"a\nb", b"a\x1b[31mb", "\u202eabc".encode())


def slow_but(quick: Iterable[object], values: Iterable[object]) -> list[Any]:
    """Every value as a parameter of a test; all but a few quick ones only in the slow part."""
    few = list(quick)
    return [value if value in few else pytest.param(value, marks=pytest.mark.slow) for value in values]


def bind(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the address of a socket is short
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


@contextmanager
def at_once(seconds: int = 60) -> Iterator[None]:
    """Fail where something waits for ever."""

    def waited(*_: object) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, waited)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
