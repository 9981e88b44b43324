"""New answers against what is recorded: which are new, which change something, which disagree and must be decided.

The rules, in full:

* nothing recorded → ``new``
* the same value, seen later → ``confirmed`` (date and name move on, note and evidence are kept)
* the same value, not seen later → ``same`` (nothing to write)
* another value, seen later → ``changed``
* another value by the same person on the same day → ``changed`` (a correction)
* another value, seen earlier or by someone else on the same day → ``conflict``
* “说不清” against a recorded value → ``kept``: it never erases what somebody saw, except one's own answer of that day
* answers that disagree among themselves → ``conflict``, even when their dates differ

A conflict is written only by an explicit Rule, or when somebody takes one side of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from checklist.model.state import Reading, Slot

ChangeKind: TypeAlias = Literal["new", "changed", "confirmed", "same", "kept", "conflict"]
Rule: TypeAlias = Literal["newest", "record", "incoming"]
"""How conflicts are decided. ``newest``: the later observation, if there is one; ``record``: what stands stays;
``incoming``: the answers coming in, the latest of them if they agree on which that is."""

WRITTEN: Final[frozenset[ChangeKind]] = frozenset({"new", "changed", "confirmed"})


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """What becomes of one fact, at a site or in the community. ``reading`` is what is (or, for a conflict, might be) written, ``recorded`` what
    stands now, ``rivals`` the other answers that came in and disagree. ``ruled`` names the rule that decided it;
    ``taken`` is a side that somebody chose."""

    kind: ChangeKind
    reading: Reading
    recorded: Reading | None = None
    rivals: tuple[Reading, ...] = ()
    ruled: Rule | Literal["taken"] | None = None

    @property
    def fact(self) -> str:
        return self.reading.fact

    @property
    def slot(self) -> Slot:
        return self.reading.slot


@dataclass(frozen=True, slots=True)
class Changes:
    """One Change for each place in the record that answers came in for, in the order of their first answer."""

    items: tuple[AnswerChange, ...] = field(default=())

    def of(self, *kinds: ChangeKind) -> tuple[AnswerChange, ...]:
        return tuple(change for change in self.items if change.kind in kinds)

    @property
    def written(self) -> tuple[AnswerChange, ...]:
        return tuple(change for change in self.items if change.kind in WRITTEN)


def compare(
    recorded: Mapping[Slot, Reading],
    incoming: Iterable[Reading],
    rule: Rule | None = None,
    taken: Mapping[Slot, Reading] | None = None,
) -> Changes:
    """What ``incoming`` (any number of people's answers, several for one place allowed) does to the record. ``taken``
    gives the side that stands for places decided one by one: the recorded answer, or one of those coming in."""
    chosen = taken or {}
    by_slot: dict[Slot, list[Reading]] = {}
    for reading in incoming:
        by_slot.setdefault(reading.slot, []).append(reading)
    return Changes(
        tuple(
            _take(recorded.get(slot), given, chosen[slot])
            if slot in chosen
            else _decide(recorded.get(slot), given, rule)
            for slot, given in by_slot.items()
        )
    )


def same_value(one: Reading, other: Reading) -> bool:
    """Equal as answers: the same value (type included: yes is not 1), the same counts behind a ratio."""
    return type(one.value) is type(other.value) and one.value == other.value and one.sample == other.sample


def _decide(recorded: Reading | None, given: Sequence[Reading], rule: Rule | None) -> AnswerChange:
    seen = [r for r in given if r.value is not None] or list(given)
    newest = max(seen, key=lambda r: r.on)
    rivals = tuple(r for r in seen if not same_value(r, newest))
    merged = _together(newest, [r for r in seen if same_value(r, newest) and r is not newest])
    if not rivals:
        return _against(recorded, merged, rule)
    tied = any(r.on == newest.on for r in rivals)
    if rule is None or rule == "record" or tied:
        return AnswerChange("conflict", merged, recorded, rivals)
    return replace(_against(recorded, merged, rule), rivals=rivals, ruled=rule)


def _take(recorded: Reading | None, given: Sequence[Reading], side: Reading) -> AnswerChange:
    if side == recorded:
        newest = max(given, key=lambda r: r.on)
        rivals = tuple(r for r in given if not same_value(r, newest) and not same_value(r, side))
        return AnswerChange("kept", newest, recorded, rivals, "taken")
    merged = _together(side, [r for r in given if same_value(r, side) and r is not side])
    rivals = tuple(r for r in given if not same_value(r, side))
    return replace(_against(recorded, merged, "incoming"), rivals=rivals, ruled="taken")


def _together(reading: Reading, others: Iterable[Reading]) -> Reading:
    """Several people's same answer: the newest stands, notes fill in, all the evidence counts."""
    evidence, note = list(reading.evidence), reading.note
    for other in others:
        evidence += other.evidence
        note = note or other.note
    return replace(reading, evidence=tuple(dict.fromkeys(evidence)), note=note)


def _against(recorded: Reading | None, reading: Reading, rule: Rule | None) -> AnswerChange:
    if recorded is None:
        return AnswerChange("new", reading)
    own = reading.by == recorded.by and reading.on == recorded.on
    if same_value(recorded, reading):
        return _again(recorded, reading, own)
    if reading.value is None and not own:
        return AnswerChange("kept", reading, recorded)
    if reading.on > recorded.on or own or recorded.value is None:
        return AnswerChange("changed", reading, recorded)
    if rule == "incoming":
        return AnswerChange("changed", reading, recorded, ruled=rule)
    if rule == "record" or (rule == "newest" and recorded.on > reading.on):
        return AnswerChange("kept", reading, recorded, ruled=rule)
    return AnswerChange("conflict", reading, recorded)


def _again(recorded: Reading, reading: Reading, own: bool) -> AnswerChange:
    """The same value once more: only a later date, or new words or files about it, are worth writing."""
    evidence = tuple(dict.fromkeys((*recorded.evidence, *reading.evidence)))
    told = replace(
        reading,
        note=reading.note or recorded.note,
        evidence=evidence,
        unknown=reading.unknown or recorded.unknown,
        by=reading.by or recorded.by,
    )
    if reading.on > recorded.on:
        return AnswerChange("confirmed", told, recorded)
    adds = evidence != recorded.evidence or (
        reading.note and (own or not recorded.note) and reading.note != recorded.note
    )
    adds = adds or (own and told.unknown != recorded.unknown)
    if adds:
        kept = replace(recorded, evidence=evidence, note=told.note, unknown=told.unknown)
        return AnswerChange("changed", kept, recorded)
    return AnswerChange("same", reading, recorded)
