"""The register of a community's sites: one is added, renamed, closed. Ids are made here and never used again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, TypeAlias

from checklist.keeping import chain, history
from checklist.keeping.clean_text import clean
from checklist.keeping.folder import JOURNAL, CommunityFolder, open_folder
from checklist.keeping.records.next_record import next_text
from checklist.keeping.records.plain_yaml import raw_reading
from checklist.keeping.records.record_edit import Edit
from checklist.model.problems import Problem
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.state import Site
from checklist.values.bare_words import YamlData
from checklist.values.headings import kind_named
from checklist.values.look_alikes import folded
from checklist.values.near import suggest

LONGEST_NAME: Final = 60
SiteChange: TypeAlias = Callable[[CommunityFolder, date], tuple[Edit, tuple[str, ...]]]
"""What a folder's newest record becomes on a day, and what is said of it."""


@dataclass(frozen=True, slots=True)
class Registered:
    """``path`` is the record that was written, ``says`` what was done, ``problems`` what is wrong with it now."""

    path: Path
    says: tuple[str, ...]
    problems: tuple[Problem, ...]


def register(folder: CommunityFolder, change: SiteChange, day: date, at: datetime) -> Registered:
    """Make one change of the register in the newest record, or in a new one of ``day``; undone as every saving is.

    ``change`` is called with the folder as it stands and the day of the record. Raises FilesHaveProblems and Refusal;
    then nothing changed.
    """
    with history.writing(folder.path):
        now = open_folder(folder.path, folder.ruleset)
        target = max(day, now.latest.as_of) if now.latest else day
        edit, says = change(now, target)
        path, text = next_text(now, target, edit)
        what = f"点位：{says[0]}"
        lines = [
            {"at": at.isoformat(timespec="seconds"), "what": what, "kind": "site", "site": id}
            | {"site_kind" if key == "kind" else key: str(value) for key, value in words.items()}
            for id, words in edit.sites.items()
        ]
        history.commit(now.path, {path.name: text.encode("utf-8")}, what, at, told=lines)
        after = open_folder(now.path, now.ruleset)
    return Registered(path, says, after.latest.problems if after.latest else ())


def known_kind(word: str, ruleset: Ruleset) -> SiteKind:
    """A kind by its id or label. Raises Refusal."""
    if found := kind_named(word, ruleset.site_kinds):
        return ruleset.site_kinds[found]
    labels = {kind.label: kind.label for kind in ruleset.site_kinds.values()}
    near = suggest(word, labels, labels) if labels else "它的标准都按整个社区评"
    raise Refusal(f"《{ruleset.title}》没有“{word}”这一类点位", near)


def new_sites(kind: SiteKind, names: Iterable[str], known: Sequence[Site], used: Iterable[str] = ()) -> list[Site]:
    """Sites of these names with ids of their own; ``used`` are ids that others had. Raises Refusal."""
    taken = [*(site.id for site in known), *used]
    last = max(
        (int(found[1]) for id in taken if (found := re.fullmatch(rf"{re.escape(kind.id)}-(\d{{1,9}})", id))), default=0
    )
    made: list[Site] = []
    for number, written in enumerate(names, last + 1):
        name = _free(written, [*known, *made])
        made.append(Site(f"{kind.id}-{number}", kind.id, name))
    return made


def adding(kind: SiteKind, names: Sequence[str], total: int | None, opened: date | None, shared: str) -> SiteChange:
    """Sites that are new in the register. ``shared`` says what becomes of facts of this kind that the community has:
    ``move`` to the only site, ``drop`` from the newest record, or empty: they keep the sites out."""

    def change(now: CommunityFolder, day: date) -> tuple[Edit, tuple[str, ...]]:
        used = (str(line.get("site", "")) for line in chain.read_chain(now.path / JOURNAL).entries)
        made = new_sites(kind, names, now.sites, used)
        counting = sum(s.kind == kind.id and s.counts_on(day) for s in now.sites) + len(made)
        count, said = _total(now, kind, counting, total)
        gone = (
            {
                fact: r
                for (at, fact), r in now.readings().items()
                if not at and now.ruleset.site_facts.get(fact) == kind.id
            }
            if not any(s.kind == kind.id for s in now.sites)
            else {}
        )
        _settle(now, kind, list(gone), shared, alone=count == 1)
        sites: dict[str, dict[str, YamlData]] = {
            s.id: {"kind": s.kind, "name": s.name, **({"opened": opened} if opened else {})} for s in made
        }
        facts = now.ruleset.facts
        moved = {(made[0].id, f): raw_reading(facts[f], r) for f, r in gone.items()} if shared == "move" else {}
        told = [
            f"加了{kind.label} {'、'.join(s.name for s in made)}（{'、'.join(s.id for s in made)}），一共 {count} 个{said}"
        ]
        if gone:
            where = f"挪到了 {made[0].name}" if shared == "move" else "不再往下带，以前的记录里还有"
            told.append(f"社区里的 {len(gone)} 项{kind.label}实测项{where}")
        return Edit(moved, sites=sites, totals={kind.id: count}, gone=frozenset(gone)), tuple(told)

    return change


def renaming(site: Site, name: str) -> SiteChange:
    """Another name; the id and all that was recorded stay."""

    def change(now: CommunityFolder, day: date) -> tuple[Edit, tuple[str, ...]]:
        new = _free(name, [other for other in now.sites if other.id != site.id])
        if new == site.name:
            raise Refusal(f"{site.name}已经叫这个名字")
        return Edit(sites={site.id: {"name": new}}), (f"{site.name}改名为{new}，编号还是 {site.id}",)

    return change


def closing(site: Site, on: date) -> SiteChange:
    """It counts no longer from ``on``; what was recorded of it stays, and the total goes down by it."""

    def change(now: CommunityFolder, day: date) -> tuple[Edit, tuple[str, ...]]:
        if site.closed is not None:
            raise Refusal(f"{site.name}从 {site.closed} 起已经不算了", "写错了用 checklist undo，或在记录里改 closed")
        if on > day:
            raise Refusal(f"{on} 还没到", "到那天再关")
        if site.opened is not None and on <= site.opened:
            raise Refusal(f"{site.name}从 {site.opened} 才起算，不能从 {on} 起不算", "改 --on")
        total = now.state.totals.get(site.kind) if now.state else None
        label = now.ruleset.site_kinds[site.kind].label
        others = sum(s.kind == site.kind and s.id != site.id and s.counts_on(day) for s in now.sites)
        left = max(total.count - 1, others) if total else others
        totals: dict[str, YamlData] = {}
        if total is not None:
            totals[site.kind] = left or {"count": 0, "reason": f"最后一个{label}{site.name}从 {on} 起不算了"}
        told = f"{site.name}（{site.id}）从 {on} 起不算了，以前的记录还在；{label}还有 {left} 个"
        return Edit(sites={site.id: {"closed": on}}, totals=totals), (told,)

    return change


def counting(kind: SiteKind, count: int, reason: str) -> SiteChange:
    """How many there are in all, also those that nobody has listed."""

    def change(now: CommunityFolder, day: date) -> tuple[Edit, tuple[str, ...]]:
        listed = sum(s.kind == kind.id and s.counts_on(day) for s in now.sites)
        if count < listed:
            raise Refusal(f"列了 {listed} 个{kind.label}，总数不能写 {count}", "不算了的用 checklist sites close")
        if not count and not reason:
            raise Refusal(f"一个{kind.label}也没有，要写为什么", f'加 --reason "辖区没有{kind.label}"')
        if count and not listed:
            raise Refusal(
                f"一个{kind.label}也没有列", f"先 checklist sites add {now.path} {kind.label} 名称 --total {count}"
            )
        total: YamlData = count if count else {"count": 0, "reason": clean(reason)}
        return Edit(totals={kind.id: total}), (f"{kind.label}一共 {count} 个，列了 {listed} 个",)

    return change


def _free(written: str, others: Iterable[Site]) -> str:
    name = " ".join(clean(written).split())
    if not name:
        raise Refusal("点位要有名称", "例：A 区")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"名称“{name[:20]}…”太长，最多 {LONGEST_NAME} 个字")
    for other in others:
        if folded(name) in (folded(other.name), folded(other.id)):
            closed = f"（{other.closed} 起已经不算了）" if other.closed else ""
            raise Refusal(f"已经有叫“{other.name}”的点位：{other.id}{closed}", "换个名称，分得清是哪一处")
    return name


def _total(now: CommunityFolder, kind: SiteKind, counting: int, given: int | None) -> tuple[int, str]:
    """How many there are from now on, and what is to be said of it."""
    before = now.state.totals.get(kind.id) if now.state else None
    if given is not None:
        if given < counting:
            raise Refusal(f"加上就有 {counting} 个{kind.label}，总数不能写 {given}", f"--total 至少写 {counting}")
        return given, ""
    if before is not None and 0 < before.count < counting:
        says = f"{kind.label}的总数写的是 {before.count}，加上就有 {counting} 个"
        raise Refusal(says, f"真的有这么多就加 --total {counting}；有不算了的先 checklist sites close")
    if before is not None and before.count:
        return before.count, ""
    return counting, "；还有没列出来的，加 --total 写一共几个"


def _settle(now: CommunityFolder, kind: SiteKind, facts: Sequence[str], shared: str, *, alone: bool) -> None:
    """Raises Refusal where facts of the community would count nowhere once a site is listed."""
    defects = [f for f in (now.state.defects if now.state else {}) if now.ruleset.site_facts.get(f) == kind.id]
    if defects:
        raise Refusal(
            f"社区的 defects 里有{kind.label}的问题点", f"先在记录里挪到那个{kind.label}的 defects 里，再列其余的"
        )
    if not facts or shared == "drop" or (shared == "move" and alone):
        return
    labels = "、".join(now.ruleset.facts[f].label for f in facts[:3]) + ("等" if len(facts) > 3 else "")
    says = f"社区里已经记了 {len(facts)} 项{kind.label}的实测项（{labels}），列了{kind.label}，写在社区的就不算了"
    ways = f"各{kind.label}重新核，就加 --drop-community：这些不再往下带，以前的记录里还有"
    if shared == "move":
        says = f"一共不止一个{kind.label}，社区里记的 {len(facts)} 项分不清是哪一个的"
    else:
        ways = f"全社区只有这一个{kind.label}，就加 --from-community 挪给它；{ways}"
    raise Refusal(says, ways)
