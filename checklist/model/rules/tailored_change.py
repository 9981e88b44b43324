"""What a tailoring (本地细则) does to the ruleset beneath it, one change at a time."""

from __future__ import annotations

from typing import Literal

from checklist.model.noun import noun
from checklist.model.problems import NOWHERE, Where


@noun
class TailoredChange:
    """One change that a tailoring (本地细则) makes, with its reason; ``frame`` is what stands around the criteria. ``of`` is
    the print of what was replaced as the tailoring has it, ``now`` as the ruleset beneath has it today."""

    kind: Literal["replace", "add", "drop", "change", "frame"]
    criterion: str
    why: str
    where: Where = NOWHERE
    of: str = ""
    now: str = ""
