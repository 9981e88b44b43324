"""A community folder: who it is, by which ruleset, and its dated states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ConfigDict

from checklist.files.loading import DEFAULT_RULESET, find_ruleset, locate, near_ruleset
from checklist.model.ledger import IN_FOLDER
from checklist.model.problems import FilesHaveProblems, NotAValue, Problem, Where
from checklist.model.rules.facts import Value
from checklist.model.rules.ruleset import Ruleset, Tier
from checklist.model.state import Community, NotApplicable, Reading, Sample, Site, Slot, State
from checklist.reading.records.state_file import read_state
from checklist.reading.records.state_shapes import (
    CommunityShape,
    NotApplicableShape,
    ReadingShape,
    RulesetId,
    StrictShape,
)
from checklist.reading.yaml.shape_mistakes import validate
from checklist.reading.yaml.yaml_file import YamlFile, read_yaml
from checklist.values.fact_value import fact_value

HEAD: Final = "community.yaml"
JOURNAL: Final = "journal.jsonl"
EVIDENCE: Final = "evidence"
README: Final = "说明.txt"
FORM: Final = "填报表.xlsx"
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}\.yaml")


class HeadShape(StrictShape):
    """``community.yaml``."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    community: CommunityShape
    ruleset: RulesetId
    tier: Tier = "full"


@dataclass(frozen=True, slots=True)
class DatedFile:
    """One dated file: its text as parsed, and the state in it (None when the file cannot be used at all)."""

    path: Path
    as_of: date
    document: YamlFile
    state: State | None
    problems: tuple[Problem, ...] = ()

    def readings(self, ruleset: Ruleset) -> dict[Slot, Reading]:
        """Every recorded answer by slot, also those that a contradiction makes unusable for scoring."""
        found = {slot: _reading(ruleset, slot, raw, self.as_of) for slot, raw in self._all("facts").items()}
        return {slot: reading for slot, reading in found.items() if reading is not None}

    def declared(self) -> dict[Slot, NotApplicable]:
        """Every criterion declared not applicable, by site and criterion, whether or not it is accepted."""
        raw = self._all("not_applicable")
        shapes = {slot: validate(NotApplicableShape, value, YamlFile("")) for slot, value in raw.items()}
        return {
            (site, id): NotApplicable(id, s.reason, s.until, site=site)
            for (site, id), s in shapes.items()
            if s is not None
        }

    def _all(self, name: str) -> dict[Slot, Any]:
        """A part of the file, the community's and every site's; empty where something else stands in its place, as
        ``problems`` says."""
        sites = self.document.data.get("sites")
        homes: dict[str, Any] = {"": self.document.data}
        for site in sites if isinstance(sites, list) else ():
            if isinstance(site, dict):
                homes.setdefault(str(site.get("id")), site)
        parts = {id: part for id, home in homes.items() if isinstance(part := home.get(name), dict)}
        return {(id, key): raw for id, part in parts.items() for key, raw in part.items()}


@dataclass(frozen=True, slots=True)
class CommunityFolder:
    """``latest`` is None in a folder that has no dated state yet. ``advice`` is what was assumed in reading it."""

    path: Path
    community: Community
    ruleset: Ruleset
    tier: Tier
    latest: DatedFile | None
    advice: tuple[Problem, ...] = ()

    @property
    def state(self) -> State | None:
        """The newest state, as scored."""
        return self.latest.state if self.latest else None

    @property
    def sites(self) -> tuple[Site, ...]:
        """Every site that the record lists."""
        return self.state.sites if self.state else ()

    @property
    def site_names(self) -> dict[str, str]:
        return {site.id: site.name for site in self.sites}

    def readings(self) -> dict[Slot, Reading]:
        return self.latest.readings(self.ruleset) if self.latest else {}

    def declared(self) -> dict[Slot, NotApplicable]:
        return self.latest.declared() if self.latest else {}


def open_folder(path: Path, ruleset: Ruleset | None = None, *, cache: Path | None = None) -> CommunityFolder:
    """Read a community folder. ``community.yaml`` may be missing where a dated state tells who it is.

    A dated state with mistakes in single facts is opened; see ``latest.problems``. Raises FilesHaveProblems when the
    folder does not exist, holds no community, holds several, or its newest file cannot be parsed.
    """
    if not path.is_dir():
        raise _problem(path, "E101", "没有这个社区文件夹", "先运行 checklist init 社区名")
    head, said = read_head(path / HEAD) if (path / HEAD).exists() else (None, ())
    if head is None and said:
        raise FilesHaveProblems(said)
    dated = dated_files(path)
    if head is None and not dated:
        raise _problem(path, "E101", "这里不是一个社区的文件夹", f"里面要有 {HEAD} 或 2026-03-01.yaml 这样的现状记录")
    document = read_yaml(dated[-1]) if dated else None
    if document is not None and not isinstance(document.data, dict):
        raise FilesHaveProblems(document.problems or [document.problem((), "E201", "文件要由“名称: 值”组成")])
    name = head.ruleset if head else str(document.data.get("ruleset") if document else "") or DEFAULT_RULESET
    rules = ruleset or _ruleset(name, path, cache)
    latest = _record(dated[-1], document, rules) if document is not None else None
    if head is not None:
        community = Community(**head.community.model_dump())
    elif latest is not None and latest.state is not None:
        community = latest.state.community
    else:
        raise FilesHaveProblems(latest.problems if latest else ())
    said += tuple(problem for problem in (latest.problems if latest else ()) if problem.is_advice)
    return CommunityFolder(path, community, rules, head.tier if head else "full", latest, said)


def community_heads(path: Path) -> list[Path]:
    """``community.yaml`` of the folder, or of those right below it."""
    return [head for head in (path / HEAD, *sorted(path.glob(f"*/{HEAD}"))) if head.is_file()]


def own_part(folder: Path, parts: tuple[str, ...]) -> bool:
    """Whether this program keeps something of its own at ``folder``/``parts``, if ``folder`` is a community's: a
    record, the head, the ledger, or anything in a folder of ours. The form is made to be handed out, and is not."""
    first = parts[0].casefold() if parts else ""
    ours = first in (".history", ".phone", EVIDENCE) or (
        len(parts) == 1 and (first in (HEAD, IN_FOLDER, JOURNAL, README) or bool(_DATED.fullmatch(first)))
    )
    return ours and ((folder / HEAD).exists() or bool(dated_files(folder)))


def dated_files(path: Path) -> list[Path]:
    """The dated states in a folder, oldest first."""
    return sorted(p for p in path.iterdir() if _DATED.fullmatch(p.name)) if path.is_dir() else []


def _record(path: Path, document: YamlFile, ruleset: Ruleset) -> DatedFile:
    as_of = document.data.get("as_of")
    parse_problems = tuple(document.problems)
    state, problems = read_state(document, ruleset)
    document.problems = list(parse_problems)
    if not isinstance(as_of, date):
        raise FilesHaveProblems(problems)
    return DatedFile(path, as_of, document, state, problems)


def read_head(path: Path) -> tuple[HeadShape | None, tuple[Problem, ...]]:
    """``community.yaml`` and what is wrong with it, or was assumed; None when it cannot be used."""
    document = read_yaml(path)
    shape = validate(HeadShape, document.data, document) if isinstance(document.data, dict) else None
    if shape is None and not document.problems:
        document.problems.append(document.problem((), "E201", "文件要由“名称: 值”组成"))
    return shape, document.told()


def _ruleset(name: str, path: Path, cache: Path | None) -> Ruleset:
    if locate(name) is None:
        raise _problem(path, "E330", f"没有这个测评体系 {name}", near_ruleset(name))
    ruleset, problems = find_ruleset(name, cache=cache)
    if ruleset is None:
        raise FilesHaveProblems(problems)
    return ruleset


def _problem(path: Path, code: str, says: str, hint: str) -> FilesHaveProblems:
    return FilesHaveProblems([Problem(Where(str(path)), code, says, hint)])


def _reading(ruleset: Ruleset, slot: Slot, raw: Any, as_of: date) -> Reading | None:
    """One entry under ``facts:`` by itself; None when it is not usable or the ruleset does not know the fact."""
    site, name = slot
    fact = ruleset.facts.get(name)
    shape = validate(ReadingShape, raw if isinstance(raw, dict) else {"value": raw}, YamlFile(""))
    if fact is None or shape is None:
        return None
    value: Value | None = None
    sample = Sample(shape.sample.agree, shape.sample.asked) if shape.sample else None
    if sample is not None:
        from fractions import Fraction

        value = Fraction(sample.agree, sample.asked) if sample.asked else None
    elif shape.value is not None:
        try:
            value = fact_value(fact, shape.value)
        except NotAValue:
            return None
    on, evidence = shape.on or as_of, tuple(shape.evidence)
    return Reading(name, value, on, shape.by, shape.note, evidence, shape.unknown or "", sample, site=site)
