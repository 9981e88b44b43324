"""An inspection forecast (迎检推演): the law of the score when inspectors draw communities, and sites within them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from checklist.model.noun import noun
from checklist.model.rules.ruleset import Action, Ruleset
from checklist.model.state import Community, Site


@noun
class Drawing:
    """How inspectors draw: ``sites`` of each kind in a community, ``communities`` in all, or in each street; None
    inspects all of them."""

    sites: Mapping[str, int]
    communities: int | None = None
    by_street: bool = False


@noun
class Outlook:
    """The law of the score at one end of what is not known. ``whole`` maps each whole score to the chance of a score
    from there to below the next; ``fifth`` and ``ninety_fifth`` are the scores that 5 % and 95 % of the drawings do not
    pass."""

    passes: Fraction
    mean: Fraction
    fifth: Fraction
    ninety_fifth: Fraction
    whole: Mapping[int, Fraction]


@noun
class Sink:
    """What the chance to reach the target would gain, at the low and the high end, were one site without fault;
    ``site`` is None for one of ``count`` that nobody has listed."""

    community: Community
    kind: str
    site: Site | None
    count: int
    low: Fraction
    high: Fraction


@noun
class CurvePoint:
    """The chance to reach the target, low and high end, with ``bad`` of all ``sites`` of a kind."""

    bad: int
    sites: int
    low: Fraction
    high: Fraction


@noun
class WayThere:
    """Sites to put right, and the actions there, that bring the chance surely to ``wanted``.

    ``chance`` is what they bring, less than ``wanted`` where nothing does. ``proved`` says that fewer sites never do;
    otherwise at least ``least`` are needed. ``tried`` are the sites where something can be done. ``cheapest`` says that
    no cheaper actions do at so few sites (where that is not ``proved``: at these sites); they cost ``least_yuan`` at
    least, None where no bound is known.
    """

    wanted: Fraction
    chance: Fraction
    steps: tuple[tuple[Site, tuple[Action, ...]], ...]
    proved: bool
    least: int
    tried: int
    cheapest: bool
    least_yuan: int | None

    @property
    def reached(self) -> bool:
        return self.chance >= self.wanted


@noun
class Drawable:
    """The sites of one kind of one community, and how many of them are drawn; no ``drawn`` where it lists none and is
    one site itself."""

    community: Community
    kind: str
    sites: int
    drawn: int


@noun
class Forecast:
    """``drawings`` is how many different ones there are, None for a district, whose scores are rounded by at most
    ``error``. ``clean`` is the chance that no red line and no veto is open: surely, and possibly.
    ``inspected`` communities are drawn of all; some of them have ``none`` of these kinds of site. ``sinks`` are None where there are too many drawings to tell."""

    ruleset: Ruleset
    drawing: Drawing
    communities: tuple[Community, ...]
    inspected: int
    places: tuple[Drawable, ...]
    none: frozenset[str]
    target: Fraction
    low: Outlook
    high: Outlook
    clean: tuple[Fraction, Fraction]
    drawings: int | None
    error: Fraction
    sinks: tuple[Sink, ...] | None
    curve: Mapping[str, tuple[CurvePoint, ...]]
    reach: WayThere | None = None


@noun
class DrawnSite:
    """A site that was drawn; one that nobody has listed is the ``number``-th of these."""

    kind: str
    site: Site | None
    number: int = 0


@noun
class MockVisit:
    """What inspectors see of one community: the ``sites`` drawn, of kinds not drawn and of a community that lists none
    everything."""

    community: Community
    sites: tuple[DrawnSite, ...]


@noun
class MockInspection:
    """A drawing as inspectors make it (模拟检查), the same for the same ``seed``."""

    ruleset: Ruleset
    drawing: Drawing
    seed: int
    by_risk: bool
    communities: int
    visits: tuple[MockVisit, ...]
