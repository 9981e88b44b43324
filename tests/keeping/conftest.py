"""A community folder to write in."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.model.ruleset import Ruleset

from ..conftest import ROOT

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 30)


@pytest.fixture
def beimen(tmp_path: Path, ruleset: Ruleset) -> CommunityFolder:
    """A copy of the example community 北门, recorded on 2026-10-15."""
    folder = tmp_path / "北门社区"
    shutil.copytree(ROOT / "data" / "beimen", folder)
    return open_folder(folder, ruleset)
