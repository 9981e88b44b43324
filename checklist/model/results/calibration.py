"""Self-assessment against an inspection (对标校准): agreement and bias by module and criterion, never by person."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from checklist.model.noun import noun
from checklist.model.numbers import Number
from checklist.model.problems import NOWHERE, Where
from checklist.model.rules.ruleset import Criterion, Ruleset


@noun
class Inspected:
    """What an inspector gave one criterion. ``community`` is an id or a name; points in ten-thousandths.

    Exactly one of ``points`` and ``level`` is set; ``level`` "" is no level. ``site`` is the id or the name of the site
    where it was graded, empty for the community. Who inspected is not kept.
    """

    community: str
    on: date
    criterion: str
    points: Number | None = None
    level: str | None = None
    where: Where = NOWHERE
    site: str = ""


@noun
class Pair:
    """The same criterion, community and day, judged twice. Points in ten-thousandths."""

    criterion: Criterion
    community: str
    on: date
    own: Number
    theirs: Number

    @property
    def bias(self) -> Fraction:
        """How much higher the self-assessment is, as a share of the criterion's points; negative when it is stricter."""
        return Fraction(self.own - self.theirs) / self.criterion.points


@noun
class Agreement:
    """Pairs of one module, one criterion or all together.

    ``kappa`` is Cohen's κ with linear weights over the levels, None when chance leaves nothing to agree on. ``bias``
    is the mean of the pairs' biases, ``interval`` the 95 % confidence interval of that same mean, in which it always lies
    (None for a single unit), ``shrunk`` the bias drawn towards the mean of all pairs the more, the fewer pairs there are.
    """

    id: str
    title: str
    pairs: int
    same: int
    kappa: Fraction | None
    bias: Fraction
    interval: tuple[Fraction, Fraction] | None
    shrunk: Fraction


@noun
class Left:
    """Inspected criteria that could not be paired, by reason."""

    no_record: int
    not_known: int
    not_applicable: int
    no_points: int


@noun
class Calibration:
    """``visits`` are inspected communities and days. ``by_visit``: intervals count visits, not single pairs, as units.

    ``criteria`` are in order of the shrunk bias, rosiest first.
    """

    ruleset: Ruleset
    visits: int
    by_visit: bool
    total: Agreement
    modules: tuple[Agreement, ...]
    criteria: tuple[Agreement, ...]
    left: Left
