"""What ``check`` says when there is nothing to check."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run


@pytest.mark.parametrize("format", ["screen", "json"])
def test_nothing_to_check_is_not_nothing_wrong(format: str, cli: Run, tmp_path: Path) -> None:
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    ran = cli("check", tmp_path, "--format", format)
    assert ran.code == 5 and "没有发现错误" not in ran.out and "没有现状记录" in ran.err
