"""A community folder that is served, and phones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.model.ruleset import Ruleset

from ..conftest import ROOT, TODAY
from .server import Served

pytest.importorskip("starlette", reason="手机填报的测试需要 web 附加库")
pytest.importorskip("uvicorn", reason="手机填报的测试需要 web 附加库")

BLANK = "lamp_points_required"
DAY = date.fromisoformat(TODAY)


@pytest.fixture
def community(tmp_path: Path) -> Path:
    """A copy of the example community 北门, recorded on 2026-10-15, with one fact that nobody looked at."""
    folder = tmp_path / "北门社区"
    shutil.copytree(ROOT / "data" / "beimen", folder)
    state = folder / "2026-10-15.yaml"
    lines = state.read_text(encoding="utf-8").splitlines(keepends=True)
    state.write_text("".join(line for line in lines if not line.startswith(f"  {BLANK}:")), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rules")


@pytest.fixture
def served(community: Path, cache: Path) -> Iterator[Served]:
    server = Served(community, cache).start()
    yield server
    server.kill()


def record(path: Path, ruleset: Ruleset) -> CommunityFolder:
    return open_folder(path, ruleset)
