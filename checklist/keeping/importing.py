"""Tables and state files → answers for community folders: whose they are, and what nobody can be found for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from checklist.engine.comparing.new_answers import same_value
from checklist.files.loading import SOURCES, load_states
from checklist.keeping.folder import HEAD, CommunityFolder, dated_files, open_folder
from checklist.model.problems import FilesHaveProblems, NotAValue, Problem, Where, in_order
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import NotApplicable, Reading, Site, Slot, State
from checklist.reading.fieldforms.pages import Page, incomplete
from checklist.reading.fieldforms.submissions import is_submissions, read_submissions
from checklist.reading.records.placement import misplaced
from checklist.reading.records.readings import Attached, Defaults, TableAnswers, read_filled
from checklist.reading.records.record_mistakes import declaration_mistake
from checklist.reading.tables.recognising import open_table
from checklist.values.look_alikes import folded, folded_id
from checklist.values.site_names import another_kind, site_named, sites_named

YAML = (".yaml", ".yml")


@dataclass(slots=True)
class Incoming:
    """What the files hold for one community."""

    folder: CommunityFolder
    readings: list[Reading] = field(default_factory=list)
    declared: dict[Slot, NotApplicable] = field(default_factory=dict)
    attached: list[Attached] = field(default_factory=list)


def community_folders(into: Path, ruleset: Ruleset | None, cache: Path | None) -> list[CommunityFolder]:
    """The folder itself when it is a community's, else every community's folder right below it."""
    if (into / HEAD).exists() or dated_files(into) or not into.is_dir():
        return [open_folder(into, ruleset, cache=cache)]
    below = sorted(p for p in into.iterdir() if p.is_dir() and ((p / HEAD).exists() or dated_files(p)))
    if not below:
        return [open_folder(into, ruleset, cache=cache)]
    return [open_folder(path, ruleset, cache=cache) for path in below]


def gather(
    files: Iterable[Path], folders: Sequence[CommunityFolder], today: date, given: Defaults
) -> tuple[list[Incoming], tuple[Problem, ...]]:
    """Every answer in the files, by community folder, and every mistake. A file that cannot be read stops no other."""
    incoming = {folder.path: Incoming(folder) for folder in folders}
    problems: list[Problem] = []
    pages: list[Page] = []
    for file in files:
        try:
            for filled in _filled(file, folders[0].ruleset, today, given, problems, pages):
                _hand_over(filled, file, folders, incoming, problems)
        except FilesHaveProblems as refused:
            problems += refused.problems
    problems += incomplete(pages)
    return [one for one in incoming.values() if one.readings or one.declared or one.attached], in_order(problems)


def _filled(
    file: Path, ruleset: Ruleset, today: date, given: Defaults, problems: list[Problem], pages: list[Page]
) -> Iterable[TableAnswers]:
    suffix = file.suffix.lower()
    if is_submissions(file):
        filled, found = read_submissions(file, ruleset, today, given, pages=pages)
        problems += found
        return filled
    if suffix in SOURCES and suffix not in YAML:
        filled, found = read_filled(open_table(file), ruleset, today, given)
        problems += found
        return _newest(filled, file, problems)
    loaded = load_states([file], ruleset=ruleset, today=today)
    problems += loaded.problems
    return [
        TableAnswers(
            item.state.community,
            None,
            item.state.as_of,
            list(item.state.slots.values()),
            [said for part in ([item.state], item.state.sites) for one in part for said in one.not_applicable.values()],
        )
        for item in loaded.states
    ]


def _newest(filled: Sequence[TableAnswers], file: Path, problems: list[Problem]) -> list[TableAnswers]:
    """Of a table with several dated records of a community, the newest: a folder's record goes on from there."""
    kept: dict[str, TableAnswers] = {}
    for one in filled:
        id = one.community.id if one.community else ""
        if id not in kept or (one.as_of or date.max) > (kept[id].as_of or date.max):
            kept[id] = one
    if len(kept) < len(filled):
        says = f"同一个社区有几份日期不同的记录，只收最近的一份，另有 {len(filled) - len(kept)} 份没有收"
        problems.append(Problem(Where(str(file)), "W239", says, "看历次变化：checklist trend 总表#社区名"))
    return list(kept.values())


def _hand_over(
    filled: TableAnswers,
    file: Path,
    folders: Sequence[CommunityFolder],
    incoming: dict[Path, Incoming],
    problems: list[Problem],
) -> None:
    if not any((filled.readings, filled.declared, filled.attached, filled.sites, filled.totals)):
        return
    folder = _whose(filled, folders)
    if folder is None:
        name = filled.community.name if filled.community else ""
        known = "、".join(f.community.name for f in folders[:8])
        says = f"这里没有社区“{name}”的文件夹" if name else "表里没写是哪个社区"
        hint = f"写入的地方只有：{known}；核对社区名，或先 checklist init {name or '社区名'}"
        problems.append(Problem(_where(filled, file), "E226", says, hint))
        return
    one = incoming[folder.path]
    own = _own_sites(filled, folder, problems)
    problems += _registered_otherwise(filled, folder, own)
    one.readings += _placed(_dated(filled, folder, own), folder, problems)
    photos = (replace(photo, site=own.get(photo.site, photo.site)) for photo in filled.attached)
    one.attached += [new for new, told in zip(photos, filled.attached, strict=True) if new.site or not told.site]
    _declare(filled, one, problems)


def _own_sites(filled: TableAnswers, folder: CommunityFolder, problems: list[Problem]) -> dict[str, str]:
    """Site as the table has it → the id under which the folder has it: the same id, or the one of that name. Those that
    it does not have, or has as another kind, are told once; where a table lists no sites its ids are the folder's."""
    own: dict[str, str] = {}
    registered = {site.id: site for site in folder.sites}
    for site in filled.sites:
        try:
            known = registered.get(site.id) or _named(site, folder.sites)
            if site.kind not in ("", known.kind):
                label, told = (folder.ruleset.site_kinds[kind].label for kind in (known.kind, site.kind))
                raise another_kind(site.name, told, label)
            own[site.id] = known.id
        except NotAValue as unknown:
            problems.append(Problem(site.where, unknown.code, unknown.says, unknown.hint))
            own[site.id] = ""
    return own


def _named(site: Site, registered: Sequence[Site]) -> Site:
    """The one of this name and kind, else the one of this name. Raises NotAValue."""
    alike = [known for known in registered if known.kind == site.kind]
    return site_named(site.name, alike if sites_named(site.name, alike) else registered)


def _registered_otherwise(filled: TableAnswers, folder: CommunityFolder, own: Mapping[str, str]) -> Iterable[Problem]:
    """How many sites there are, and since when one is none, is registered by ``checklist sites``: what a table says
    otherwise is told, not taken."""
    state, kinds = folder.state, folder.ruleset.site_kinds
    for kind, total in filled.totals.items():
        known = state.totals[kind].count if state is not None and kind in state.totals else None
        if known != total.count:
            label = kinds[kind].label
            says = (
                f"表里写{label}一共 {total.count} 个，登记的{'没有总数' if known is None else f'是 {known} 个'}，没有改"
            )
            hint = f"表里对就改登记的：checklist sites total {folder.path} {label} {total.count}"
            yield Problem(total.where, "W243", says, hint)
    closed = {site.id: site.closed for site in folder.sites}
    for site in filled.sites:
        id = own.get(site.id, site.id)
        if site.closed is not None and id in closed and closed[id] != site.closed:
            says = f"表里写{site.name}从 {site.closed} 起不算，登记的不是这样，没有改"
            hint = f"表里对就改登记的：checklist sites close {folder.path} {id} --on {site.closed}"
            yield Problem(site.where, "W243", says, hint)


def _placed(readings: Iterable[Reading], folder: CommunityFolder, problems: list[Problem]) -> Iterable[Reading]:
    """The answers that the record can hold where they say; the others are told."""
    for reading in readings:
        mistake = misplaced(reading, folder.state, folder.ruleset)
        if mistake is None:
            yield reading
        else:
            problems.append(Problem(reading.where, *mistake))


def _declare(filled: TableAnswers, one: Incoming, problems: list[Problem]) -> None:
    """Keeps the declarations that the record can hold, and tells the others."""
    ruleset = one.folder.ruleset
    state = one.folder.state or State(one.folder.community, ruleset.id, date.max, {})
    served = [name for name, fact in ruleset.facts.items() if fact.serves]
    own = _own_sites(filled, one.folder, [])
    listed = {site.id: site for site in state.sites}
    for written in filled.declared:
        said = replace(written, site=own.get(written.site, written.site))
        if written.site and said.site not in listed:
            continue  # its site was told to be unknown
        known = (
            state.at(listed[said.site], served).knowledge(ruleset.facts)
            if said.site
            else state.knowledge(ruleset.facts)
        )
        mistake = declaration_mistake(ruleset, said.criterion, known, said.reason)
        if mistake is None:
            one.declared[said.slot] = said
        else:
            problems.append(Problem(said.where, *mistake))


def _dated(filled: TableAnswers, folder: CommunityFolder, own: Mapping[str, str]) -> Iterable[Reading]:
    """A value without a day of its own that is the recorded one was not seen again: it keeps its day."""
    recorded = folder.readings() if filled.undated else {}
    for written in filled.readings:
        reading = replace(written, site=own.get(written.site, written.site))
        if written.site and not reading.site:
            continue  # its site was told to be unknown
        before = recorded.get(reading.slot)
        if written.slot in filled.undated and before and same_value(before, reading) and before.on < reading.on:
            yield replace(reading, on=before.on)
        else:
            yield reading


def _whose(filled: TableAnswers, folders: Sequence[CommunityFolder]) -> CommunityFolder | None:
    """By id, else by name; a table that names nobody goes to the only folder there is."""
    community = filled.community
    if community is None:
        return folders[0] if len(folders) == 1 else None
    by_id = next((f for f in folders if folded_id(f.community.id) == folded_id(community.id)), None)
    return by_id or next((f for f in folders if folded(f.community.name) == folded(community.name)), None)


def _where(filled: TableAnswers, file: Path) -> Where:
    return filled.readings[0].where if filled.readings else Where(str(file))
