"""One answer as a phone sends it → a Reading, or why it cannot be one. A bad answer never holds up the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from checklist.model.problems import NotAValue, Where
from checklist.model.rules.facts import Fact
from checklist.model.state import Reading, Slot
from checklist.values.answer import lenient_value
from checklist.values.visible import clean

SOURCE: Final = "手机填报"
LONGEST_AGE: Final = timedelta(days=366)
NOT_TOLD: Final = "说不清"
LATEST: Final = 10**14
"""Milliseconds: no phone's clock tells more."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
PhotoName = Annotated[str, StringConstraints(pattern=r"^evidence/[A-Za-z0-9_-]{8,80}\.jpg$")]


class AnswerShape(BaseModel):
    """``value`` is written as in a table cell; None with ``unknown`` says that the person could not tell.

    ``seen`` is the phone's clock in milliseconds, ``on`` a day that the person chose instead. ``decide`` answers a
    conflict that the person was shown. ``photos`` are names that the server gave. ``site`` is the id of the site where it
    was seen, empty for the community.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    id: Id
    fact: Annotated[str, StringConstraints(max_length=80)]
    site: Annotated[str, StringConstraints(max_length=64)] = ""
    by: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
    value: Annotated[str, StringConstraints(max_length=2000)] | None = None
    unknown: Annotated[str, StringConstraints(max_length=500)] | None = None
    note: Annotated[str, StringConstraints(max_length=20_000)] = ""
    seen: Annotated[int, Field(ge=0, le=LATEST)]
    on: Annotated[str, StringConstraints(max_length=10)] | None = None
    photos: Annotated[list[PhotoName], Field(max_length=12)] = []
    decide: Literal["incoming"] | None = None


@dataclass(frozen=True, slots=True)
class PhoneAnswer:
    """A good answer. ``decided`` when its sender was shown the conflict and insists."""

    id: str
    reading: Reading
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """``id`` is empty when not even that could be read."""

    id: str
    slot: Slot
    says: str


def read_answer(raw: Any, facts: Mapping[str, Fact], folder: Path, now: datetime, phone: int) -> PhoneAnswer | Refused:
    """``now`` is the server's clock, ``phone`` the phone's at sending (milliseconds): only the time between counts,
    so that a phone with a wrong clock still tells the right day."""
    try:
        shape = AnswerShape.model_validate(raw)
    except (ValidationError, RecursionError):
        return Refused(
            _text(raw, "id"), (_text(raw, "site"), _text(raw, "fact")), "这条答案的内容不完整或太长，请重新填"
        )
    fact = facts.get(shape.fact)
    if fact is None:
        return Refused(shape.id, (shape.site, shape.fact), "没有这个实测项，可能换了测评体系；刷新页面再填")
    try:
        return PhoneAnswer(shape.id, _reading(shape, fact, folder, now, phone), shape.decide is not None)
    except NotAValue as reason:
        return Refused(shape.id, (shape.site, fact.id), f"{reason.says}。{reason.hint}" if reason.hint else reason.says)


def _reading(shape: AnswerShape, fact: Fact, folder: Path, now: datetime, phone: int) -> Reading:
    answer = None if shape.unknown is not None else lenient_value(fact, shape.value)
    if answer is None and shape.unknown is None:
        raise NotAValue("E211", f"“{fact.label}”没有填", "说不清就点“说不清／未看到”")
    value = answer.value if answer else None
    on = _day(shape, now, phone)
    if isinstance(value, date) and value > now.date():
        raise NotAValue("E217", f"“{fact.label}”的日期 {value} 还没到")
    for name in shape.photos:
        if not (folder / name).is_file():
            raise NotAValue("E225", "照片没有收到", "重新拍一张")
    note = "；".join(filter(None, (shape.note.strip(), answer.remark if answer else "")))
    return Reading(
        fact=fact.id,
        value=value,
        on=on,
        by=shape.by,
        note=note,
        evidence=tuple(shape.photos),
        unknown="" if value is not None else (shape.unknown or (answer.unknown if answer else "")) or NOT_TOLD,
        sample=answer.sample if answer else None,
        where=Where(f"{SOURCE} {shape.id}"),
        site=shape.site,
    )


def _day(shape: AnswerShape, now: datetime, phone: int) -> date:
    if shape.on is None:
        age = timedelta(milliseconds=max(0, phone - shape.seen))
        return (now - min(age, LONGEST_AGE)).date()
    try:
        on = date.fromisoformat(shape.on)
    except ValueError:
        raise NotAValue("E110", "哪天看的：日期不对", "重新选日期") from None
    if on > now.date():
        raise NotAValue("E217", f"哪天看的：{on} 还没到", "重新选日期")
    return on


def _text(raw: Any, key: str) -> str:
    value = raw.get(key) if isinstance(raw, dict) else None
    return clean(value)[:80] if isinstance(value, str) else ""
