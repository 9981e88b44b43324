"""A defect's words → which of its criterion's actions mends it. Where the words do not tell, nobody chooses for people."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from checklist.engine.ledger.everyday_speech import marks, plain
from checklist.engine.ledger.matching import Index, build_index, propose
from checklist.model.rules.ruleset import Action, Criterion, Ruleset

SURE: Final = 0.35
AHEAD: Final = 0.18
"""How much of a defect's words the likest action must cover, and how far it must be ahead of the next. Ours, like the
figure below, chosen on 127 defects: of 60 that have several actions 25 are told, of these 21 surely right."""
ELSEWHERE: Final = 0.25
"""How far another criterion's action must be ahead of the only one, where the words propose that criterion first:
消防车道未划线 under a criterion that only tows cars away."""


@dataclass(frozen=True)
class ActionFinder:
    """How the actions of a ruleset sound."""

    ruleset: Ruleset

    def fitting(self, criterion: Criterion, text: str, fact: str = "") -> tuple[Action | None, tuple[Action, ...]]:
        """The action that mends a defect, or those that it has to be chosen from. ``fact`` is what a person says counts
        such defects: only what moves it mends one."""
        listed = [self.ruleset.actions[name] for name in criterion.actions]
        moving = [action for action in listed if fact in action.sets]
        listed = moving or listed
        ways: dict[frozenset[str], Action] = {}
        for action in listed:  # of those that move the same facts the first is the quickest
            ways.setdefault(frozenset(action.sets), action)
        if not ways:
            return None, ()
        best, *others = sorted(ways.values(), key=lambda way: -self.likeness(way, text))
        if others:
            like = self.likeness(best, text)
            clear = like >= SURE and like - self.likeness(others[0], text) >= AHEAD
            return (best, ()) if clear else (None, tuple(listed))
        rival = None if moving else self._elsewhere(criterion, text)
        if rival and self.likeness(rival, text) - self.likeness(best, text) >= ELSEWHERE:
            return None, (rival, *listed)
        return best, ()

    def likeness(self, action: Action, text: str) -> float:
        """How much an action's words cover of what a text has from the words of all actions, rare ones above all: 0 to 1."""
        said = [mark for mark in sorted(marks(plain(text))) if mark in self._used]
        whole = sum(map(self._rarity, said))
        return sum(self._rarity(mark) for mark in said if mark in self._words[action.id]) / whole if whole else 0.0

    def _elsewhere(self, criterion: Criterion, text: str) -> Action | None:
        """The likest action of the criterion that the words propose first, where that is another one."""
        first = next((proposal.criterion for proposal in propose(self._index, text, 1)), criterion)
        others = [self.ruleset.actions[name] for name in first.actions if first.id != criterion.id]
        return max(others, key=lambda action: self.likeness(action, text), default=None)

    def _rarity(self, mark: str) -> float:
        return len(mark) * math.log(1 + len(self._words) / self._used[mark])

    @cached_property
    def _index(self) -> Index:
        return build_index(self.ruleset)

    @cached_property
    def _words(self) -> Mapping[str, frozenset[str]]:
        facts = self.ruleset.facts
        told = {a.id: (a.label, *(facts[name].label for name in a.sets)) for a in self.ruleset.actions.values()}
        return {id: frozenset().union(*(marks(plain(text)) for text in texts)) for id, texts in told.items()}

    @cached_property
    def _used(self) -> Counter[str]:
        return Counter(mark for words in self._words.values() for mark in words)
