"""What a ruleset asks of a community, apart from what it grades (负担): minutes, photos, papers, plates, meetings."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from checklist.model.noun import noun
from checklist.model.rules.ruleset import Criterion, Ruleset

BurdenKind: TypeAlias = Literal["minutes", "photos", "papers", "meetings", "plates"]
BURDENS: Final[tuple[BurdenKind, ...]] = ("minutes", "photos", "papers", "meetings", "plates")
"""All a month, except plates: those hang once."""

Load: TypeAlias = Mapping[BurdenKind, Fraction]


@noun
class TraceOnly:
    """A criterion that is met by traces of work alone, and the facts that it looks at."""

    criterion: Criterion
    facts: tuple[str, ...]


@noun
class Burden:
    """``load`` of the whole, ``modules`` of each module alone.

    One estate and one back lane are reckoned with, every criterion at its best level.
    """

    ruleset: Ruleset
    load: Load
    modules: Mapping[str, Load]
    traces: tuple[TraceOnly, ...]
