"""What surrounds the program: the user's umask, a cache that others may write, no home, passwords in addresses."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from checklist.batch.tables.databases import database
from checklist.files import compiled_rulesets
from checklist.files.loading import find_ruleset
from checklist.web.link import open_link
from tests.conftest import Run
from tests.hostile.doors import slow_but
from tests.support.places import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="file modes")


@pytest.fixture(params=slow_but((0o002,), (0o002, 0o022, 0o077)), ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_new_files_and_folders_are_as_the_umask_has_them(cli: Run, tmp_path: Path, umask: int) -> None:
    folder, table, paper = tmp_path / "甲", tmp_path / "t.csv", tmp_path / "a.pdf"
    table.write_text("编号,实测值,核实人,核实日期\npotholes,3,乙,2026-11-24\n", encoding="utf-8")
    paper.write_bytes(b"%PDF")
    for arguments in (
        ["init", "甲", "--folder", folder],
        ["import", table, "--into", folder, "--write"],
        ["evidence", "add", folder, paper, "--fact", "potholes"],
        ["ledger", folder, folder],
        ["report", folder, "--to", "md,xlsx", "-o", tmp_path / "papers"],
        ["assess", folder, "-o", tmp_path / "a.json", "--format", "json"],
        ["rules", "new", tmp_path / "mine"],
        ["batch", tmp_path / "t.csv", "-o", tmp_path / "b.csv"],
    ):
        cli(*arguments)
    open_link(folder)
    written = [p for p in tmp_path.rglob("*") if p not in (table, paper)]
    assert len(written) > 15
    for path in written:
        mode, private = stat.S_IMODE(path.stat().st_mode), ".phone" in path.parts
        shared = 0o777 if path.is_dir() else 0o666
        assert mode == (shared & 0o700 if private else shared & ~umask), (path, oct(mode))


def test_a_replaced_file_keeps_its_permissions(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{}", encoding="utf-8")
    path.chmod(0o640)
    assert cli("assess", "data/taoli", "-o", path, "--format", "json", "--force").code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


NOT_OURS = {
    "a folder for all": lambda cache, file: cache.chmod(0o777),
    "a folder of the group": lambda cache, file: cache.chmod(0o770),
    "a file for all": lambda cache, file: file.chmod(0o666),
    "another's folder": lambda cache, file: os.chown(cache, 12345, -1),
    "another's file": lambda cache, file: os.chown(file, 12345, -1),
}


@pytest.mark.parametrize("kind", NOT_OURS)
def test_a_cache_that_others_may_write_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    if kind.startswith("another") and os.geteuid() != 0:
        pytest.skip("only root gives files away")
    cache = tmp_path / "cache"
    find_ruleset(cache=cache)
    (file,) = cache.glob("*.bin")
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700 and stat.S_IMODE(file.stat().st_mode) == 0o600
    believed: list[bool] = []
    monkeypatch.setattr(compiled_rulesets, "_Restorer", lambda stream: believed.append(True))
    find_ruleset(cache=cache)
    assert believed
    believed.clear()
    NOT_OURS[kind](cache, file)
    ruleset, problems = find_ruleset(cache=cache)
    assert not believed and ruleset is not None and not problems


def test_without_a_home_and_without_an_entry_in_passwd(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: int) -> object:
        raise KeyError("uid not found")

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    for name in ("HOME", "CHECKLIST_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert cli("assess", "data/taoli").code == 0


SECRET = "s3kr1t-word"
ADDRESSES = (
    f"postgresql://u:{SECRET}@127.0.0.1:1/d#t",
    f"postgres://u:{SECRET}@127.0.0.1:1/d#t",
    f"postgresql://127.0.0.1:1/d?user=u&password={SECRET}#t",
    f"postgresql://127.0.0.1:1/d?sslpassword={SECRET}&sslmode=disable#t",
    f"postgresql://u:{SECRET}@{SECRET}@127.0.0.1:1/d#t",
    f"postgresql://u:{SECRET}/{SECRET}@127.0.0.1:1/d#t",
    f"postgresql://u:{SECRET}#{SECRET}@127.0.0.1:1/d#t",
    f"postgresql://u:{SECRET}?{SECRET}@127.0.0.1:1/d#t",
    f"postgresql://u:{SECRET}%zz@127.0.0.1:1/d#t",
    f"postgresql://u:{SECRET}%41@127.0.0.1:1/d?nonsense=1#t",
    f"postgresql://u:{SECRET}@[::1/d#t",
    f"postgresql://u:{SECRET}@127.0.0.1:99999999/d#t",
)


@pytest.mark.parametrize("address", slow_but((ADDRESSES[0], ADDRESSES[2], ADDRESSES[6]), ADDRESSES))
def test_passwords_are_never_printed(cli: Run, tmp_path: Path, address: str) -> None:
    place = database(address)
    assert place is not None and SECRET not in f"{place} {place.shown}"
    table = tmp_path / "t.csv"
    table.write_text("社区,potholes\n甲,3\n", encoding="utf-8")
    for arguments in (
        ["batch", address, "-o", tmp_path / "b.csv"],
        ["batch", table, "-o", address],
        ["batch", address, "--explain", "1"],
        ["assess", address],
        ["import", address, "--into", ROOT / "data" / "taoli"],
        ["rules", "show", "--rules", address],
    ):
        ran = cli(*arguments)
        assert SECRET not in ran.out + ran.err and ran.code in (2, 3), (ran.code, ran.out, ran.err)


def test_passwords_are_not_in_the_log_of_a_mistake_of_ours(
    cli: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["checklist", "batch", ADDRESSES[0]])

    def broken(*_: object) -> None:
        raise RuntimeError(f"at {ADDRESSES[2]}")

    monkeypatch.setattr("checklist.cli.commands.fresh.get_states", broken)
    assert cli("fresh", "data/taoli").code == 70
    (log,) = tmp_path.glob("checklist-*.log")
    assert SECRET not in log.read_text(encoding="utf-8") and "RuntimeError" in log.read_text(encoding="utf-8")
    shutil.rmtree(tmp_path)
