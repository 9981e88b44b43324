"""A city of twelve invented communities, the same in every run, and runs from inside its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.communities import write


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("twelve")
    write(root / "city", 12)
    return root


@pytest.fixture
def city(city_folder: Path, fixed_surroundings: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder's name, with the working directory beside it, so that paths on screens are always the same."""
    monkeypatch.chdir(city_folder)
    return "city"
