from __future__ import annotations

import pytest

from checklist.model.ruleset import Ruleset
from checklist.reports.dossier import Dossier
from tests.papers import worlds


@pytest.fixture(scope="session")
def taoli(ruleset: Ruleset) -> Dossier:
    return worlds.taoli(ruleset)


@pytest.fixture(scope="session")
def weak(ruleset: Ruleset) -> Dossier:
    return worlds.shipped("data/beimen", ruleset)


@pytest.fixture(scope="session")
def empty(ruleset: Ruleset) -> Dossier:
    return worlds.dossier_of(ruleset, worlds.empty_state(ruleset))


@pytest.fixture(scope="session")
def hostile(ruleset: Ruleset) -> Dossier:
    return worlds.dossier_of(ruleset, worlds.hostile_state(ruleset))
