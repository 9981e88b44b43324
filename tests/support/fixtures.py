"""Communities that many tests share: a folder to write in, a city to compare, dossiers to print."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from benchmarks.communities import write
from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.model.rules.ruleset import Ruleset
from checklist.reports.assessment.dossier import Dossier
from tests.support import dossiers
from tests.support.places import ROOT

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 30)


@pytest.fixture
def beimen(tmp_path: Path, ruleset: Ruleset) -> CommunityFolder:
    """A copy of the example community 北门, recorded on 2026-10-15."""
    folder = tmp_path / "北门社区"
    shutil.copytree(ROOT / "data" / "beimen", folder)
    return open_folder(folder, ruleset)


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of twelve invented communities, the same in every run."""
    root = tmp_path_factory.mktemp("twelve")
    write(root / "city", 12)
    return root


@pytest.fixture
def city(city_folder: Path, fixed_surroundings: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder's name, with the working directory beside it, so that paths on screens are always the same."""
    monkeypatch.chdir(city_folder)
    return "city"


@pytest.fixture(scope="session")
def taoli(ruleset: Ruleset) -> Dossier:
    return dossiers.taoli(ruleset)


@pytest.fixture(scope="session")
def sited(ruleset: Ruleset) -> Dossier:
    return dossiers.sited(ruleset)


@pytest.fixture(scope="session")
def weak(ruleset: Ruleset) -> Dossier:
    return dossiers.shipped("data/beimen", ruleset)


@pytest.fixture(scope="session")
def empty(ruleset: Ruleset) -> Dossier:
    return dossiers.dossier_of(ruleset, dossiers.empty_state(ruleset))


@pytest.fixture(scope="session")
def hostile(ruleset: Ruleset) -> Dossier:
    return dossiers.dossier_of(ruleset, dossiers.hostile_state(ruleset))
