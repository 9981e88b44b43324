"""A community with sites: what is asked at each of them, and that it comes back from every export to that site."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checklist.engine.scoring.assess import assess
from checklist.keeping.evidence import ledger
from checklist.keeping.folder import open_folder
from checklist.model.field_form import (
    BY,
    COMMUNITY,
    NOT_LISTED,
    ON,
    OTHER,
    PHOTO,
    RULESET,
    SITES,
    UNSURE,
    VISITED,
    WHICH,
)  # fmt: skip
from checklist.model.problems import FilesHaveProblems
from checklist.model.rules.facts import Value
from checklist.model.rules.ruleset import Ruleset
from checklist.model.sites import SiteTotal
from checklist.model.state import Community, Reading, Site, State
from checklist.reading.fieldforms.submissions import is_submissions, read_submissions
from checklist.reading.records.table_answers import TableAnswers
from checklist.reports.forms.questions import groups_of
from checklist.reports.forms.xlsform import FieldForm, field_form
from checklist.values.look_alikes import made_up_id
from tests.conftest import Run
from tests.reports.forms.test_xlsform import DAY, as_answered, converted
from tests.support.laws import examples
from tests.support.strategies import values

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")
SEEN = {"potholes": Reading("potholes", 3, DAY, site="estate-1")}
LISTED: Final = (Site("estate-1", "estate", "A 区", SEEN), Site("b", "estate", "B区"), Site("lane-1", "lane", "后巷"))
TOTALS = {"estate": SiteTotal(3), "lane": SiteTotal(1)}


def with_sites(ruleset: Ruleset) -> State:
    return State(Community("beimen", "北门社区"), ruleset.id, DAY, {}, sites=LISTED, totals=TOTALS)


def form_of(ruleset: Ruleset, state: State) -> FieldForm:
    return field_form(ruleset, state, groups_of(assess(ruleset, state), "full"), DAY)


def homes(form: FieldForm) -> dict[str, list[str]]:
    """Name → the groups and repeats that it stands in."""
    found: dict[str, list[str]] = {}
    stack: list[str] = []
    for row in form.survey:
        if row["type"].startswith("begin_"):
            stack.append(row["name"])
        elif row["type"].startswith("end_"):
            stack.pop()
        else:
            found[row["name"]] = list(stack)
    return found


def test_facts_of_a_site_are_asked_for_each_site_and_the_others_once(ruleset: Ruleset) -> None:
    where = homes(form_of(ruleset, with_sites(ruleset)))
    for fact, kind in ruleset.site_facts.items():
        if fact in where:
            assert where[fact][0] == f"{SITES}{kind}", fact
    assert "potholes" in where and "lane_unpaved_m" in where
    assert not any(SITES in home for name in ("households", BY, f"{VISITED}estate") for home in where[name])


def test_of_a_kind_that_the_community_has_not_listed_nothing_changes(ruleset: Ruleset) -> None:
    bare = State(Community("beimen", "北门社区"), ruleset.id, DAY, {})
    lanes = State(bare.community, ruleset.id, DAY, {}, sites=LISTED[2:], totals={"lane": SiteTotal(1)})
    assert not any(row["type"].startswith("begin_repeat") for row in form_of(ruleset, bare).survey)
    assert homes(form_of(ruleset, lanes))["potholes"] == homes(form_of(ruleset, bare))["potholes"]


def test_what_was_recorded_at_each_site_stands_beside_the_question(ruleset: Ruleset) -> None:
    row = next(row for row in form_of(ruleset, with_sites(ruleset)).survey if row.get("name") == "potholes")
    assert row["hint"] == "A 区上次：3 处（2026-11-24）；B区还没有人核过"


def test_the_sites_to_choose_from_are_those_of_the_record(ruleset: Ruleset) -> None:
    form = form_of(ruleset, with_sites(ruleset))
    listed = [(row["name"], row["label"]) for row in form.choices if row["list_name"] == f"{WHICH}estate"]
    assert listed == [("estate-1", "A 区"), ("b", "B区"), (NOT_LISTED, "单子上没有，下一格写名称")]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="没有 java：ODK Validate 要用")
def test_odk_validate_accepts_a_form_with_sites(ruleset: Ruleset, tmp_path: Path) -> None:
    text, warnings = converted(form_of(ruleset, with_sites(ruleset)), tmp_path, validate=True)
    assert text and not warnings


@dataclass(frozen=True)
class Round:
    """One site of a submission as it was answered: which one was chosen, or the name that was typed."""

    kind: str
    chosen: str
    typed: str
    answers: Mapping[str, str]

    @property
    def told(self) -> dict[str, str]:
        which = {WHICH + self.kind: self.chosen or NOT_LISTED}
        return which | ({OTHER + self.kind: self.typed} if self.typed else {}) | dict(self.answers)


@dataclass(frozen=True)
class Sent:
    """One submission: the community's answers and the rounds."""

    id: str
    answers: Mapping[str, str]
    rounds: Sequence[Round]

    @property
    def told(self) -> dict[str, str]:
        head = {RULESET: "civilized-city-community", COMMUNITY: "beimen", BY: "张三", ON: "2026-11-20"}
        count = {f"{VISITED}{kind}": str(sum(r.kind == kind for r in self.rounds)) for kind in ("estate", "lane")}
        return {**head, **count, **self.answers}


def table(
    where: Mapping[str, list[str]], joint: str, rows: Sequence[Mapping[str, str]], inside: str
) -> list[list[str]]:
    """A table of one level: its headings by group, then its rows. ``inside`` is the repeat that it is of."""
    mine = {n: home for n, home in where.items() if (home[:1] or [""])[0].startswith(SITES) == bool(inside)}
    names = [n for n, home in mine.items() if not inside or home[0] == inside]
    extra = sorted({name for row in rows for name in row} - set(names))
    skip = 1 if inside and joint == "-" else 0  # Central leaves out the repeat itself
    heads = [joint.join([*where[n][skip:], n]) for n in names] + extra
    return [heads, *([row.get(n, "") for n in (*names, *extra)] for row in rows)]


def central(form: FieldForm, sent: Sequence[Sent]) -> dict[str, list[list[str]]]:
    where = homes(form)
    files = {"表.csv": table(where, "-", [{**s.told, "KEY": f"uuid:{s.id}", "SubmitterName": "x"} for s in sent], "")}
    for kind in ("estate", "lane"):
        rows = [
            {**r.told, "PARENT_KEY": f"uuid:{s.id}", "KEY": f"uuid:{s.id}/{SITES}{kind}[{n}]"}
            for s in sent
            for n, r in enumerate(s.rounds, 1)
            if r.kind == kind
        ]
        files[f"表-{SITES}{kind}.csv"] = table(where, "-", rows, f"{SITES}{kind}")
    return files


def as_csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def central_csv(form: FieldForm, sent: Sequence[Sent], folder: Path) -> Path:
    for name, rows in central(form, sent).items():
        (folder / name).write_text(as_csv(rows), encoding="utf-8")
    return folder / "表.csv"


def central_zip(form: FieldForm, sent: Sequence[Sent], folder: Path) -> Path:
    with zipfile.ZipFile(folder / "表.csv.zip", "w") as made:
        made.writestr("media/1.jpg", b"x")
        for name, rows in central(form, sent).items():
            made.writestr(name, as_csv(rows))
    return folder / "表.csv.zip"


def kobo_xlsx(form: FieldForm, sent: Sequence[Sent], folder: Path) -> Path:
    where = homes(form)
    main = [{**s.told, "_uuid": s.id, "_id": str(i), "_index": str(i)} for i, s in enumerate(sent, 1)]
    sheets = {"北门社区 创城自查": table(where, "/", main, "")}
    for kind in ("estate", "lane"):
        rows = [
            {**r.told, "_index": str(n), "_parent_table_name": "北门社区 创城自查", "_parent_index": str(i),
             "_submission__id": str(i), "_submission__uuid": s.id}
            for i, s in enumerate(sent, 1) for n, r in enumerate(s.rounds, 1) if r.kind == kind
        ]  # fmt: skip
        sheets[f"{SITES}{kind}"] = table(where, "/", rows, f"{SITES}{kind}")
    with xlsxwriter.Workbook(folder / "kobo.xlsx") as book:
        for name, rows_of in sheets.items():
            sheet = book.add_worksheet(name)
            for n, cells in enumerate(rows_of):
                sheet.write_row(n, 0, cells)
    return folder / "kobo.xlsx"


def kobo_json(form: FieldForm, sent: Sequence[Sent], folder: Path) -> Path:
    where = homes(form)
    path_of: Callable[[str], str] = lambda name: "/".join([*where[name], name])
    rows: list[dict[str, Any]] = []
    for number, s in enumerate(sent):
        row: dict[str, Any] = {"_id": number + 1, "_uuid": s.id, **{path_of(n): v for n, v in s.told.items()}}
        for r in s.rounds:
            row.setdefault(f"{SITES}{r.kind}", []).append({path_of(n): v for n, v in r.told.items()})
        rows.append(row)
    (folder / "kobo.json").write_text(json.dumps({"count": len(rows), "results": rows}), encoding="utf-8")
    return folder / "kobo.json"


def odata(form: FieldForm, sent: Sequence[Sent], folder: Path) -> Path:
    where = homes(form)

    def nested(told: Mapping[str, str], skip: int) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for name, value in told.items():
            inner = row
            for group in where[name][skip:]:
                inner = inner.setdefault(group, {})
            inner[name] = value
        return row

    rows: list[dict[str, Any]] = []
    for s in sent:
        row = {"__id": f"uuid:{s.id}", "__system": {"submitterName": "x"}, **nested(s.told, 0)}
        for n, r in enumerate(s.rounds):
            row.setdefault(f"{SITES}{r.kind}", []).append({"__id": str(n), **nested(r.told, 1)})
        rows.append(row)
    (folder / "odata.json").write_text(json.dumps({"value": rows}), encoding="utf-8")
    return folder / "odata.json"


EXPORTS = {"central csv": central_csv, "central zip": central_zip, "kobo xlsx": kobo_xlsx, "kobo json": kobo_json,
           "odata": odata}  # fmt: skip


def told(filled: TableAnswers) -> dict[tuple[str, str], Value | None]:
    return {reading.slot: reading.value for reading in filled.readings}


@pytest.mark.parametrize("export", EXPORTS)
@given(data=st.data())
@settings(
    max_examples=examples(12),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_what_was_answered_at_a_site_comes_back_to_it(
    data: st.DataObject, export: str, ruleset: Ruleset, tmp_path: Path
) -> None:
    form = form_of(ruleset, with_sites(ruleset))
    where = homes(form)
    wanted: list[dict[tuple[str, str], Value | None]] = []
    sent: list[Sent] = []
    for number in range(data.draw(st.integers(1, 3))):
        right: dict[tuple[str, str], Value | None] = {}

        def answers(site: str, kind: str, right: dict[tuple[str, str], Value | None] = right) -> dict[str, str]:
            some = sorted(f for f in ruleset.facts if f in where and ruleset.site_facts.get(f, "") == kind)
            found: dict[str, str] = {}
            for name in data.draw(st.lists(st.sampled_from(some), max_size=4, unique=True)):
                value = data.draw(values(ruleset.facts[name]))
                if not (isinstance(value, date) and value > DAY):
                    right[site, name], found = value, found | as_answered(ruleset.facts[name], value)
            return found

        places = [("estate", "estate-1", ""), ("estate", "b", ""), ("estate", "", "新 区"), ("lane", "lane-1", "")]
        rounds = [
            Round(kind, chosen, typed, answers(chosen or made_up_id(typed), kind))
            for kind, chosen, typed in data.draw(st.lists(st.sampled_from(places), max_size=4, unique=True))
        ]
        sent.append(Sent(f"u{number}", answers("", ""), rounds))
        wanted.append(right)
    path = EXPORTS[export](form, sent, tmp_path)
    assert is_submissions(path)
    filled, problems = read_submissions(path, ruleset, DAY)
    assert not problems
    assert [told(one) for one in filled] == wanted
    for one, s in zip(filled, sent, strict=True):
        assert {(site.kind, site.name) for site in one.sites} == {(r.kind, r.chosen or r.typed) for r in s.rounds}
    for beside in tmp_path.iterdir():
        beside.unlink()


ONE = Sent("u1", {}, [Round("estate", "estate-1", "", {"potholes": "3", f"gate_signs_ok{UNSURE}": ""})])


def test_an_export_without_the_answers_of_its_sites_says_so(ruleset: Ruleset, tmp_path: Path) -> None:
    form = form_of(ruleset, with_sites(ruleset))
    path = central_csv(form, [ONE], tmp_path)
    (tmp_path / f"表-{SITES}estate.csv").unlink()
    (filled,), problems = read_submissions(path, ruleset, DAY)
    assert not filled.readings
    assert [(p.code, p.says) for p in problems] == [("E238", "这一份看了 1 处小区，这里只有 0 处的回答")]
    assert "$expand=*" in problems[0].hint and "表.csv!" in str(problems[0].where)


def test_answers_without_their_submission_are_said(ruleset: Ruleset, tmp_path: Path) -> None:
    form = form_of(ruleset, with_sites(ruleset))
    path = central_csv(form, [ONE, Sent("u2", {}, [])], tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]), encoding="utf-8")
    filled, problems = read_submissions(path, ruleset, DAY)
    assert len(filled) == 1 and [p.code for p in problems] == ["E238"]
    assert "有 1 处点位的回答找不到它那一份提交" in problems[0].says


def test_the_table_of_sites_alone_is_read_with_its_main_or_refused(ruleset: Ruleset, tmp_path: Path) -> None:
    form = form_of(ruleset, with_sites(ruleset))
    main = central_csv(form, [ONE], tmp_path)
    child = tmp_path / f"表-{SITES}estate.csv"
    assert is_submissions(child) and read_submissions(child, ruleset, DAY) == ((), ())
    main.unlink()
    with pytest.raises(FilesHaveProblems) as refused:
        read_submissions(child, ruleset, DAY)
    assert refused.value.problems[0].code == "E227"


def test_a_round_that_names_no_site_is_said_and_a_photo_keeps_its_site(ruleset: Ruleset, tmp_path: Path) -> None:
    form = form_of(ruleset, with_sites(ruleset))
    rounds = [Round("estate", "", "", {"potholes": "3"}), Round("estate", "b", "", {f"potholes{PHOTO}": "1.jpg"})]
    (filled,), problems = read_submissions(kobo_json(form, [Sent("u1", {}, rounds)], tmp_path), ruleset, DAY)
    assert not filled.readings and [(a.site, a.name) for a in filled.attached] == [("b", "1.jpg")]
    assert [(p.code, str(p.where).endswith(f"第 1 份第 1 处 {WHICH}estate")) for p in problems] == [("E249", True)]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04x", b"x" * 100])
def test_a_zip_that_is_none_is_no_submission(data: bytes, ruleset: Ruleset, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    assert not is_submissions(tmp_path / "a.zip")


RECORD = """community: {id: beimen, name: 北门社区}
ruleset: civilized-city-community
as_of: 2026-11-01
total: {estate: 2}
sites:
  - {id: estate-1, kind: estate, name: A 区, facts: {potholes: 3}}
  - {id: b, kind: estate, name: B区}
"""


def test_from_the_form_to_the_site_in_the_record(cli: Run, ruleset: Ruleset, tmp_path: Path) -> None:
    folder = tmp_path / "北门"
    folder.mkdir()
    (folder / "2026-11-01.yaml").write_text(RECORD, encoding="utf-8")
    made = cli("xlsform", folder, "-o", tmp_path / "x.xlsx")
    assert made.code == 0 and "Central 下载整个 .zip" in made.err and "提交.zip" in made.err
    rounds = [
        Round("estate", "estate-1", "", {"potholes": "1"}),
        Round("estate", "", "Ｂ 区", {"potholes": "2"}),
        Round("estate", "", "望湖苑", {"potholes": "9"}),
    ]
    sent = [Sent("u1", {"households": "2130"}, rounds)]
    file = central_zip(form_of(ruleset, with_sites(ruleset)), sent, tmp_path)
    ran = cli("import", file, "--into", folder, "--write")
    assert "E248" in ran.err and "望湖苑" in ran.err
    readings = {slot: reading.value for slot, reading in open_folder(folder, ruleset).readings().items()}
    assert readings == {("", "households"): 2130, ("estate-1", "potholes"): 1, ("b", "potholes"): 2}


def test_a_photo_is_evidence_of_the_site_where_it_was_taken(cli: Run, ruleset: Ruleset, tmp_path: Path) -> None:
    """Rows of two sites may have one number, and one question is asked at both."""
    image = pytest.importorskip("PIL.Image")
    folder, media = tmp_path / "北门", tmp_path / "media"
    folder.mkdir()
    media.mkdir()
    (folder / "2026-11-01.yaml").write_text(RECORD, encoding="utf-8")
    for name, colour in (("1.jpg", "red"), ("2.jpg", "blue")):
        image.new("RGB", (40, 40), colour).save(media / name)
    rounds = [
        Round("estate", site, "", {"potholes": "1", f"potholes{PHOTO}": photo})
        for site, photo in (("estate-1", "1.jpg"), ("b", "2.jpg"))
    ]
    for export in (kobo_json, kobo_xlsx):
        path = export(form_of(ruleset, with_sites(ruleset)), [Sent("u1", {}, rounds)], tmp_path)
        ran = cli("import", path, "--into", folder, "--media", media, "--write")
        assert ran.code == 0, ran.err
        found = open_folder(folder, ruleset).readings()
        seen = {site: found[site, "potholes"].evidence for site in ("estate-1", "b")}
        assert all(len(files) == 1 for files in seen.values()) and seen["estate-1"] != seen["b"]
        pieces = {piece.slot: piece.file for piece in ledger(folder)[0]}
        assert {slot: (file,) for slot, file in pieces.items()} == {(s, "potholes"): e for s, e in seen.items()}
