"""The laws of the score hold on the rulesets after real sheets: bounds, never wider, never worse for doing better."""

from __future__ import annotations

import pytest

from checklist.model.rules.ruleset import Ruleset
from tests.engine.scoring.test_laws import (  # noqa: F401
    test_every_completion_lies_inside_the_interval,
    test_filling_a_fact_never_widens,
    test_improving_a_fact_never_lowers_its_criteria,
    test_statuses_and_points_add_up,
    test_the_whole_score_contains_every_completion,
)
from tests.support.documents import FEW_AT_ONCE, document


@pytest.fixture(params=FEW_AT_ONCE)
def ruleset(request: pytest.FixtureRequest) -> Ruleset:
    return document(request.param)
