"""Spreadsheets where a state file is asked for: the record that a form was made from, with what was filled in.

A table of many communities holds a record for each community and 现状日期. A long table without that column in which
one fact was seen on several days is a history: a record for each of its days, holding the newest of every fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from checklist.engine.comparing.new_answers import compare, same_value
from checklist.files.sound_totals import SoundTotals
from checklist.model.problems import Problem, Where
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, NotApplicable, Reading, Slot, State
from checklist.reading.records.placement import misplaced
from checklist.reading.records.readings import TableAnswers, read_filled
from checklist.reading.records.record_mistakes import declaration_mistake, too_great
from checklist.reading.records.state_file import BOTH_IN_DOUBT, ruleset_of
from checklist.reading.tables.recognising import RecognisedTable, named_ruleset
from checklist.reports.intake.import_preview import told
from checklist.values.look_alikes import made_up_id


def ruleset_name(table: RecognisedTable) -> str | None:
    """The ruleset that a form was made for, or that a table names."""
    return ruleset_of(table.stamp.base) if table.stamp else named_ruleset(table)


def table_states(table: RecognisedTable, ruleset: Ruleset, today: date, problems: list[Problem]) -> Iterator[State]:
    """A state for each record in the table; what cannot be used is told in ``problems`` and counts as unknown.

    Raises FilesHaveProblems when the file holds no answers.
    """
    filled, found = read_filled(table, ruleset, today)
    problems += found
    totals = SoundTotals(ruleset)
    for one in filled:
        history = _by_day(one)
        if len(history) > 1 and one.community is not None:
            says = f"“{one.community.name}”有几项在不同的日期填过，按历次记录读成 {len(history)} 份，没再看的沿用前一份"
            hint = "同一次填重了就删一行；要自己分开，加“现状日期”一列"
            problems.append(Problem(one.readings[0].where, "W238", says, hint))
        for day in history:
            yield totals.sound(_state(day, Path(table.file), ruleset, today, problems), one.doubted)
    problems += totals.problems()


def _by_day(filled: TableAnswers) -> list[TableAnswers]:
    """The record itself, or, when its facts were seen again on later days, the record as of each day."""
    days: dict[Slot, set[date]] = {}
    for reading in filled.readings:
        if reading.site or reading.fact not in filled.beside:
            days.setdefault(reading.slot, set()).add(reading.on)
    if filled.community is None or filled.base or filled.as_of or all(len(some) == 1 for some in days.values()):
        return [filled]
    newest = {day: {slot: max((d for d in some if d <= day), default=day) for slot, some in days.items()}
              for day in sorted(set().union(*days.values()))}  # fmt: skip
    return [
        replace(filled, as_of=day, readings=[r for r in filled.readings if r.on == seen.get(r.slot, r.on)])
        for day, seen in newest.items()
    ]


def _state(filled: TableAnswers, path: Path, ruleset: Ruleset, today: date, problems: list[Problem]) -> State:
    where = Where(str(path))
    community = filled.community or Community(made_up_id(path.stem), path.stem)
    base = filled.base or State(community, ruleset.id, date.min, {}, where=where)
    new = [site for site in filled.sites if all(site.id != known.id for known in base.sites)]
    base = replace(base, sites=(*base.sites, *new), totals={**base.totals, **filled.totals})
    names = {site.id: site.name for site in base.sites}
    readings, unusable = base.slots, set(base.unusable_slots)
    for change in compare(readings, _placed(filled, base, ruleset, problems), "incoming").items:
        beside = change.rivals and not change.reading.site and change.fact in filled.beside
        if change.kind == "conflict" or beside:
            fact = ruleset.facts[change.fact]
            each = "；".join(told(fact, r) for r in (*change.rivals, change.reading))
            says = f"{names.get(change.reading.site, '')}“{fact.label}”填了几次，值不一样：{each}"
            at = _unlike(r for r in filled.readings if r.slot == change.slot) or change.reading
            problems.append(Problem(at.where, "E222", says, "留一个；改好之前按未核实处理"))
            unusable.add(change.slot)
            readings.pop(change.slot, None)
        elif change.kind != "same":
            readings[change.slot] = change.reading
            unusable.discard(change.slot)
    unusable |= _impossible(readings, names, ruleset, problems)
    days = [base.as_of, *(reading.on for reading in readings.values())]
    as_of = max([*days, filled.as_of] if filled.as_of else days)
    whole = replace(base, community=community, as_of=today if as_of == date.min else as_of, where=where)
    return _declared(filled, whole.recorded(readings, unusable), ruleset, problems)


def _unlike(given: Iterable[Reading]) -> Reading | None:
    """The first answer that says something else than the first one."""
    told = [reading for reading in given if reading.value is not None]
    return next((reading for reading in told if not same_value(reading, told[0])), None)


def _placed(filled: TableAnswers, base: State, ruleset: Ruleset, problems: list[Problem]) -> Iterator[Reading]:
    """The answers that the record can hold where they say: of a table its reader has looked, not of a form."""
    for reading in filled.readings:
        mistake = misplaced(reading, base, ruleset) if filled.base else None
        if mistake is None:
            yield reading
        else:
            problems.append(Problem(reading.where, *mistake))


def _impossible(
    readings: dict[Slot, Reading], names: Mapping[str, str], ruleset: Ruleset, problems: list[Problem]
) -> set[Slot]:
    """Takes out every part above its whole, and that whole, at the same site."""
    at: dict[str, dict[str, Reading]] = {}
    for (site, fact), reading in readings.items():
        at.setdefault(site, {})[fact] = reading
    spoilt: set[Slot] = set()
    for site, own in at.items():
        for part, whole, says in too_great(ruleset, own):
            problems.append(Problem(own[part].where, "E320", names.get(site, "") + says, BOTH_IN_DOUBT))
            spoilt |= {(site, part), (site, whole)}
    for slot in spoilt:
        del readings[slot]
    return spoilt


def _declared(filled: TableAnswers, state: State, ruleset: Ruleset, problems: list[Problem]) -> State:
    """``state`` with what the table declares of it and of its sites."""
    served = [name for name, fact in ruleset.facts.items() if fact.serves]
    new: dict[str, list[NotApplicable]] = {}
    for said in filled.declared:
        new.setdefault(said.site, []).append(said)
    sites = {site.id: site for site in state.sites}
    for id, own in new.items():
        part = sites.get(id)
        known = (state.at(part, served) if part else state).knowledge(ruleset.facts)
        kept = dict((part or state).not_applicable)
        for said in own:
            before = kept.get(said.criterion)
            if before is not None and (before.reason, before.until) == (said.reason, said.until):
                continue
            mistake = declaration_mistake(ruleset, said.criterion, known, said.reason)
            if mistake is None:
                kept[said.criterion] = said
            else:
                problems.append(Problem(said.where, *mistake))
        if part is None:
            state = replace(state, not_applicable=kept)
        else:
            sites[id] = replace(part, not_applicable=kept)
    return replace(state, sites=tuple(sites.values()))
