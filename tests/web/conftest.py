"""A community folder that is served, and phones. Without the extra ``web`` these tests are left out, and it is said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.model.rules.ruleset import Ruleset
from tests.conftest import ROOT, TODAY
from tests.web.server import Served

if TYPE_CHECKING:
    from checklist.web.desk import Desk
    from tests.web.asgi import Client

MISSING = [name for name in ("starlette", "uvicorn", "jinja2", "segno", "PIL") if find_spec(name) is None]
collect_ignore_glob = ["test_*.py"] if MISSING else []

BLANK = "lamp_points_required"
DAY = date.fromisoformat(TODAY)
NOON = datetime.combine(DAY, time(12))


def pytest_report_header() -> list[str]:
    return [f"手机填报的测试没有跑：缺 {'、'.join(MISSING)}"] if MISSING else []


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


@pytest.fixture
def desk(community: Path, ruleset: Ruleset) -> Desk:
    from checklist.web.desk import Desk

    return Desk(community, ruleset, lambda: NOON)


@pytest.fixture
def client(desk: Desk) -> Client:
    from checklist.web.app import build_app
    from checklist.web.link import open_link
    from tests.web.asgi import Client

    link = open_link(desk.path)
    return Client(build_app(desk, link), link)


def record(path: Path, ruleset: Ruleset) -> CommunityFolder:
    return open_folder(path, ruleset)
