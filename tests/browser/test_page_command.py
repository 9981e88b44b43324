"""``checklist page``: what a district puts in is in the copy, whole and inert; what is not right is not written."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from checklist.cli.commands.page import PLACE
from tests.conftest import Run

EMPTY = f"<!doctype html><title>社区自查</title>\n{PLACE}\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Only the room that the build leaves; the rest of the page is copied as it is."""
    path = tmp_path / "社区自查.html"
    path.write_text(EMPTY, encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path: Path, cli: Run) -> Path:
    folder = tmp_path / "rules" / "my-district"
    assert cli("rules", "new", folder.name, "--extends", "strict-local", "-o", folder.parent).code == 0
    return folder


def inside(path: Path) -> dict[str, bytes]:
    (packed,) = re.findall(r'data-name="district\.zip">([^<]+)</script>', path.read_text(encoding="utf-8"))
    with zipfile.ZipFile(io.BytesIO(gzip.decompress(base64.b64decode(packed)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_rules_records_and_title_are_in_the_copy(page: Path, own: Path, cli: Run, tmp_path: Path) -> None:
    out = tmp_path / "我区自查.html"
    ran = cli("page", page, "--rules", own, "--data", "data/donghu", "--title", "某区<b>自查</b>", "-o", out)
    assert ran.code == 0, ran.err
    files = inside(out)
    assert files["rules/my-district/ruleset.yaml"] == (own / "ruleset.yaml").read_bytes()
    assert files["records/donghu/2026-10-15.yaml"] == Path("data/donghu/2026-10-15.yaml").read_bytes()
    assert not any("strict-local" in name for name in files), "the page has it already"
    assert json.loads(files["district.json"]) == {"title": "某区<b>自查</b>"}
    assert "<b>" not in out.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8") == EMPTY


def test_a_second_time_replaces_the_first(page: Path, cli: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "一.html", tmp_path / "二.html"
    assert cli("page", page, "--title", "甲区", "-o", first).code == 0
    assert cli("page", first, "--title", "乙区", "-o", second).code == 0
    assert json.loads(inside(second)["district.json"]) == {"title": "乙区"}


def test_what_is_not_right_is_not_written(page: Path, own: Path, cli: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    other = tmp_path / "other.html"
    other.write_text("<p>别的网页</p>", encoding="utf-8")
    broken = tmp_path / "broken" / "own"
    shutil.copytree(own, broken)
    (broken / "changes.yaml").write_text("drop: [\n", encoding="utf-8")
    copied = tmp_path / "copied" / "core-only"
    shutil.copytree("rules/core-only", copied)
    for code, says, arguments in (
        (2, "不是做好的社区自查.html", [other, "--title", "甲"]),
        (2, "还要写放什么进去", [page]),
        (2, "没有这个测评体系", [page, "--rules", "nowhere"]),
        (3, "changes.yaml", [page, "--rules", broken]),
        (2, "同一个编号", [page, "--rules", copied]),
        (3, "没有", [page, "--data", tmp_path / "nowhere"]),
    ):
        ran = cli("page", *arguments, "-o", out)
        assert ran.code == code and says in ran.err, ran.err
        assert not out.exists()
