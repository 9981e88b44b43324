"""Whether what a ledger says of who did what is what was told when it was done. It asks, and never accuses."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from checklist.keeping.chain import read_chain
from checklist.keeping.folder import JOURNAL
from checklist.keeping.ledgers import NAMED_BY, PHOTOS, opened
from checklist.model.ledger import LedgerEntry
from checklist.model.regular_files import read_regular


@dataclass(frozen=True, slots=True)
class LedgerVerified:
    """``broken`` is what can be no accident, ``asked`` what a person should look at; ``told`` counts the journal's lines of
    this ledger, ``tail`` seals them: written down elsewhere, it proves that nothing before it was changed."""

    broken: tuple[str, ...]
    asked: tuple[str, ...]
    told: int
    tail: str


def verify_ledger(file: Path) -> LedgerVerified:
    """Raises FilesHaveProblems when the ledger cannot be read; writes nothing."""
    home = Path(os.path.realpath(file.parent)) / file.name
    records = {record.text("编号"): record for record in opened(home)[0].sound}
    read = read_chain(home.parent / JOURNAL)
    lines = [line for line in read.entries if line.get("kind") == "ledger" and line.get("ledger") == home.name]
    last: dict[str, dict[str, str]] = {}
    for line in lines:
        changed = line.get("changed")
        if isinstance(changed, dict):
            last.setdefault(str(line.get("id")), {}).update({str(c): str(text) for c, text in changed.items()})
    broken = [f"流水第 {n} 行被改过、删过或补过" for n in read.broken]
    broken += list(_photos(home.parent, records))
    return LedgerVerified(tuple(broken), tuple(_asked(records, last)), len(lines), read.tail)


def _photos(folder: Path, records: Mapping[str, LedgerEntry]) -> Iterator[str]:
    named = {name: id for id, record in records.items() for name in record.text("整改前后照片").split("、")}
    for name, id in named.items():
        if not name.startswith(f"{PHOTOS}/"):
            continue
        path = folder / PHOTOS / Path(name).name
        try:
            digest = hashlib.sha256(read_regular(path)).hexdigest()[:NAMED_BY]
        except OSError:
            yield f"{id} 的照片 {name} 不在了"
            continue
        if digest != path.stem:
            yield f"{id} 的照片 {name} 存了以后内容变了"


def _asked(records: Mapping[str, LedgerEntry], last: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for id, record in records.items():
        if record.own_word:
            yield f"{id}：{record.text('提交人')} 报的整改，没有别人核过就填了销号，不算销号"
        changed = [c for c, text in last.get(id, {}).items() if record.text(c) != text]
        if changed:
            yield f"{id}：{'、'.join(changed)} 和流水里最后一次不一样，是手工改的，还是撤销过"
    for id in last.keys() - records.keys():
        yield f"{id}：流水里有，台账里没有这一条了"
