"""The words of a criterion for papers (说法): what was achieved, and what is wrong, in clauses with recorded values."""

from __future__ import annotations

import re
from typing import Final

from checklist.model.noun import noun

PLACE: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""A place in a clause where the recorded value of a fact is printed: ``{lamps_lit}``."""


@noun
class Clause:
    """A part of a sentence, said only when there is something to say: every fact it prints has to be recorded and be
    more than nothing. ``about`` names the fact whose answer decides it; empty when its places alone decide.
    ``otherwise`` are said in its place when it is not said: what is said of a thing that is there."""

    text: str
    about: str = ""
    otherwise: tuple[Clause, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """The facts that it prints, as often as it prints them."""
        return tuple(PLACE.findall(self.text))

    @property
    def all(self) -> tuple[Clause, ...]:
        """Itself and those in its place, in the order they are written."""
        return (self, *(clause for other in self.otherwise for clause in other.all))


@noun
class Phrases:
    """Both phrases of one criterion, each in the order in which its clauses are said."""

    met: tuple[Clause, ...] = ()
    unmet: tuple[Clause, ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All of both, in the order they are written."""
        return tuple(clause for first in self.met + self.unmet for clause in first.all)

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact that decides or is printed."""
        return tuple(dict.fromkeys(fact for c in self.clauses for fact in (c.about, *c.places) if fact))
