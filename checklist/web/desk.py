"""The desk where phones hand in answers: each answer is taken once, saved before it is confirmed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from checklist.engine.comparing.new_answers import AnswerChange, Rule
from checklist.keeping.evidence import add_bytes
from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.keeping.pictures import NotAPicture
from checklist.keeping.saving import Saved, save
from checklist.model.problems import FilesHaveProblems
from checklist.model.refusals import Refusal, reason
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Slot
from checklist.reading.records.placement import misplaced
from checklist.web.answers import SOURCE, PhoneAnswer, Refused, read_answer
from checklist.web.board import EVERYTHING, PhoneWalk, board, facts_after, key_of, told, version_of
from checklist.web.link import FOLDER
from checklist.web.pictures import clean_picture
from checklist.web.received import Received

Clock = Callable[[], datetime]

WAIT: Final = 5.0
"""Seconds to wait for another writer."""

_SAYS: Final = {
    "new": "已存",
    "changed": "已存",
    "confirmed": "已存",
    "same": "已存，和原来的记录一样",
    "kept": "原来有人看到过，没有用“说不清”盖掉",
    "conflict": "和已有的记录不一致，还没有写进去",
}


@dataclass(slots=True)
class Desk:
    """One community folder. ``clock`` gives the local time; ``keep_position`` keeps where photos were taken; ``walk``
    is what phones are asked."""

    path: Path
    ruleset: Ruleset
    clock: Clock
    keep_position: bool = False
    walk: PhoneWalk = EVERYTHING
    _received: Received = field(init=False)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._received = Received(self.path / FOLDER)

    def folder(self) -> CommunityFolder:
        """As it is on disk now. Raises FilesHaveProblems."""
        return open_folder(self.path, self.ruleset)

    def board(self, known: str = "") -> dict[str, Any]:
        """The page's data; only ``{"same": True}`` when the phone already has this version."""
        folder, day = self.folder(), self.clock().date()
        if known and known == version_of(folder, day, self.walk):
            return {"same": True}
        return {**board(folder, day, self.walk), "position": self.keep_position}

    def take(self, raws: Sequence[Any], phone: int) -> dict[str, Any]:
        """Results by answer, and the facts and the score after them.

        An answer without a result was not taken (``trouble`` says why) and is to be sent again.
        """
        with self._turn:
            results, trouble = self._take(raws, phone)
        told = {"results": results, "trouble": trouble}
        try:
            asked = (str(result["fact"]) for result in results)
            after = facts_after(self.folder(), self.clock().date(), asked, self.walk)
        except (FilesHaveProblems, OSError):
            return told  # the answers were taken; the file was broken since, and the board will say so
        return {**told, **after}

    def photo(self, data: bytes, slot: Slot, by: str) -> dict[str, Any]:
        """Keep a photo as evidence for what is asked at ``slot`` and name it. Raises NotAPicture, Refusal, FilesHaveProblems."""
        site, fact = slot
        if fact not in self.ruleset.facts or (site and site not in self.folder().site_names):
            raise NotAPicture(f"没有这个{'点位' if fact in self.ruleset.facts else '实测项'}，照片没有收；刷新页面再填")
        picture = clean_picture(data, keep_position=self.keep_position)
        with self._turn:
            piece = add_bytes(
                self.folder(), "手机照片.jpg", picture.data, slot, by=by, at=self.clock(), taken=picture.taken
            )
        return {"name": piece.file, "taken": picture.taken.isoformat(" ") if picture.taken else ""}

    def _take(self, raws: Sequence[Any], phone: int) -> tuple[list[dict[str, Any]], str]:
        results: list[dict[str, Any]] = []
        fresh: list[PhoneAnswer] = []
        now, place = self.clock(), self._placing()
        for raw in raws:
            answer = place(read_answer(raw, self.ruleset.facts, self.path, now, phone))
            receipt = self._received.get(answer.id)
            if receipt is not None:
                results.append({key: value for key, value in receipt.items() if key != "prev"})
            elif isinstance(answer, Refused):
                results.append({"id": answer.id, "fact": key_of(answer.slot), "kind": "refused", "says": answer.says})
            elif all(answer.id != other.id for other in fresh):
                fresh.append(answer)
        trouble = ""
        for together in rounds(fresh):
            try:
                results += self._save(together, now)
            except (Refusal, FilesHaveProblems, OSError) as error:
                trouble = in_words(error)
                break
        return results, trouble

    def _placing(self) -> Callable[[PhoneAnswer | Refused], PhoneAnswer | Refused]:
        """Refuses answers that cannot stand where they say, so that they do not hold up the others."""
        try:
            state = self.folder().state
        except (FilesHaveProblems, OSError):
            return lambda answer: answer  # nothing can be saved now, and that is said

        def place(answer: PhoneAnswer | Refused) -> PhoneAnswer | Refused:
            mistake = misplaced(answer.reading, state, self.ruleset) if isinstance(answer, PhoneAnswer) else None
            if mistake is None or isinstance(answer, Refused):
                return answer
            return Refused(answer.id, answer.reading.slot, f"{mistake[1]}，刷新页面再填")

        return place

    def _save(self, answers: Sequence[PhoneAnswer], now: datetime) -> list[dict[str, Any]]:
        readings = [answer.reading for answer in answers]
        who = "、".join(dict.fromkeys(reading.by for reading in readings))
        rule: Rule | None = "incoming" if answers[0].decided else None
        what = f"{SOURCE}：{who}"[:200]
        saved = save(self.folder(), readings, day=now.date(), at=now, what=what, rule=rule, wait=WAIT)
        results = [self._result(answer, saved) for answer in answers]
        try:
            self._received.add(results)
        except Refusal:
            return results  # the answers are on disk; without receipts a second sending finds them there (``same``)
        return results

    def _result(self, answer: PhoneAnswer, saved: Saved) -> dict[str, Any]:
        change = next(change for change in saved.changes.items if change.slot == answer.reading.slot)
        fact = self.ruleset.facts[change.fact]
        says = _SAYS[change.kind]
        doubts = [p.says for p in saved.problems if f"“{fact.label}”" in p.says]
        told_back = {"id": answer.id, "fact": key_of(change.slot), "kind": change.kind, "says": says, "doubts": doubts}
        return {**told_back, **self._rival(change)}

    def _rival(self, change: AnswerChange) -> dict[str, Any]:
        if change.kind != "conflict" or change.recorded is None:
            return {}
        return {"recorded": told(self.ruleset.facts[change.fact], change.recorded)}


def rounds(answers: Sequence[PhoneAnswer]) -> list[list[PhoneAnswer]]:
    """Answers that can be saved together: each slot once, decided ones apart, the order kept for every slot."""
    made: list[list[PhoneAnswer]] = []
    last: dict[Slot, int] = {}
    for answer in answers:
        slot = answer.reading.slot
        at = last.get(slot, -1) + 1
        while at < len(made) and made[at][0].decided != answer.decided:
            at += 1
        if at == len(made):
            made.append([])
        made[at].append(answer)
        last[slot] = at
    return made


def in_words(error: Refusal | FilesHaveProblems | OSError) -> str:
    """One sentence for the phone: what keeps answers from being saved, and that they are not lost."""
    if isinstance(error, OSError):
        return f"电脑上的文件打不开：{reason(error)}。答案还在手机里，会再传。"
    if isinstance(error, Refusal):
        return f"{error.says}。{error.hint}。答案还在手机里，会再传。"
    first = error.problems[0]
    return f"电脑上的现状记录有错，要先改好：{first.where} {first.says}。答案还在手机里，会再传。"
