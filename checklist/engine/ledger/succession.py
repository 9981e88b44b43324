"""Ledger + a new edition → ledger under its ids. A record moves where one criterion took the place of one; what was
split or merged is for a person to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from checklist.engine.ledger.updating import identity
from checklist.model.ledger import Ledger, LedgerEntry
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community
from checklist.values.look_alikes import folded, known_ids


def under_new_ids(ledger: Ledger, community: Community, ruleset: Ruleset) -> tuple[Ledger, tuple[LedgerEntry, ...]]:
    """The ledger with the community's records under the ids of ``ruleset``, and its open ones that stay because their
    criterion was split or merged. Nothing that stood there is lost: the old id goes into the history."""
    new_of = successors(ruleset)
    taken = {folded(record.text("编号")) for record in ledger.records}
    records, left = [], []
    for record in ledger.records:
        whose, _, rest = record.text("编号").partition("/")
        graded, slash, mark = rest.partition("/")
        old, _, site = graded.upper().partition("#")
        if folded(whose) not in known_ids(community) or old not in new_of:
            records.append(record)
            continue
        new = new_of[old]
        id = identity(whose, f"{new}#{graded.partition('#')[2]}" if site else str(new)) + slash + mark
        if new is None or folded(id) in taken:
            records.append(record)
            left += [] if record.settled else [record]
            continue
        told = f"对应标准改编号（原编号 {record.text('编号')}）"
        history = "；".join(part for part in (record.text("经过"), told) if part)
        title = ruleset.criterion(new).title
        records.append(record.put({"编号": id, "对应标准": new, "测评项目": title, "经过": history}))
    return replace(ledger, records=tuple(records)), tuple(left)


def successors(ruleset: Ruleset) -> Mapping[str, str | None]:
    """Each id of the edition before that is not in use any more, with the one criterion that took its place alone; None
    where it was split or merged."""
    count = Counter(old for c in ruleset.active for old in c.supersedes)
    kept = {c.id for c in ruleset.active}
    alone = {old: c.id for c in ruleset.active for old in c.supersedes if len(c.supersedes) == 1 and count[old] == 1}
    return {old: alone.get(old) for old in count if old not in kept}
