"""checklist: how one community stands against the national civilized-city criteria.

>>> from checklist import assess, load_ruleset, load_state
>>> ruleset = load_ruleset("civilized-city-community")
>>> result = assess(ruleset, load_state("data/taoli/2023-04-15.yaml", ruleset))
>>> result.score.low <= result.score.high
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from checklist.engine.planning.plan import plan
    from checklist.engine.scoring.assess import assess
    from checklist.engine.scoring.explain import explain
    from checklist.files.loading import load_ruleset, load_state, load_states
    from checklist.files.whole_tables import score_table
    from checklist.model.planning.plan import Limits, Plan
    from checklist.model.problems import FilesHaveProblems, Problem
    from checklist.model.results.assessment import Assessment, Finding, Gap, Score
    from checklist.model.rules.ruleset import Action, Criterion, Ruleset
    from checklist.model.state import State
    from checklist.reports.exchange.assessment_json import assessments_json

__version__: Final = "0.1.0"

_HOMES: Final = {
    "load_ruleset": "files.loading",
    "load_state": "files.loading",
    "load_states": "files.loading",
    "assess": "engine.scoring.assess",
    "explain": "engine.scoring.explain",
    "plan": "engine.planning.plan",
    "score_table": "files.whole_tables",
    "Limits": "model.planning.plan",
    "Plan": "model.planning.plan",
    "assessments_json": "reports.exchange.assessment_json",
    "Assessment": "model.results.assessment",
    "Finding": "model.results.assessment",
    "Gap": "model.results.assessment",
    "Score": "model.results.assessment",
    "FilesHaveProblems": "model.problems",
    "Problem": "model.problems",
    "Action": "model.rules.ruleset",
    "Criterion": "model.rules.ruleset",
    "Ruleset": "model.rules.ruleset",
    "State": "model.state",
}

__all__ = [
    "Action",
    "Assessment",
    "Criterion",
    "FilesHaveProblems",
    "Finding",
    "Gap",
    "Limits",
    "Plan",
    "Problem",
    "Ruleset",
    "Score",
    "State",
    "__version__",
    "assess",
    "assessments_json",
    "explain",
    "load_ruleset",
    "load_state",
    "load_states",
    "plan",
    "score_table",
]


def __getattr__(name: str) -> Any:
    """Public names are imported on first use, so that ``import checklist`` costs nothing."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'checklist' has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)
