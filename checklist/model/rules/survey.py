"""Survey facts (问卷类实测项): what a sample says of everybody, and how many more answers would settle a level."""

from __future__ import annotations

from typing import Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.numbers import Span
from checklist.model.rules.ruleset import Criterion
from checklist.model.state import Sample

Settled: TypeAlias = Literal["yes", "more", "on_the_line", "other_facts"]


@noun
class Settling:
    """Whether a sample decides a criterion. ``more`` is how many further questionnaires would, if answers stay alike.

    ``worst`` and ``best`` are the levels that the sampling interval leaves open. ``on_the_line``: the share lies so
    close to a limit that no number of questionnaires up to ``MOST_ASKED`` decides; ``other_facts``: it is not the
    sample that keeps the criterion open.
    """

    criterion: Criterion
    worst: str | None
    best: str | None
    settled: Settled
    more: int = 0


@noun
class SurveyResult:
    """A survey fact with its sample and the sampling interval of the share of all residents."""

    fact: str
    sample: Sample
    span: Span
    settlings: tuple[Settling, ...]
