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
    from .batching import score_table
    from .engine.assess import assess
    from .engine.explain import explain
    from .engine.planning.plan import plan
    from .loading import load_ruleset, load_state, load_states
    from .model.assessment import Assessment, Finding, Gap, Score
    from .model.plan import Limits, Plan
    from .model.problems import FilesHaveProblems, Problem
    from .model.ruleset import Action, Criterion, Ruleset
    from .model.state import State
    from .reports.jsonfile import assessments_json

__version__: Final = "0.1.0"

_HOMES: Final = {
    "load_ruleset": "loading",
    "load_state": "loading",
    "load_states": "loading",
    "assess": "engine.assess",
    "explain": "engine.explain",
    "plan": "engine.planning.plan",
    "score_table": "batching",
    "Limits": "model.plan",
    "Plan": "model.plan",
    "assessments_json": "reports.jsonfile",
    "Assessment": "model.assessment",
    "Finding": "model.assessment",
    "Gap": "model.assessment",
    "Score": "model.assessment",
    "FilesHaveProblems": "model.problems",
    "Problem": "model.problems",
    "Action": "model.ruleset",
    "Criterion": "model.ruleset",
    "Ruleset": "model.ruleset",
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
