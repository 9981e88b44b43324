"""The XLSForm is one that ODK and Kobo accept, and what they send back is what was answered."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checklist.engine.scoring.assess import assess
from checklist.model.field_form import AGREE, ASKED, BY, COMMUNITY, NONE_OF, ON, REASONS, RULESET, UNSURE
from checklist.model.problems import FilesHaveProblems
from checklist.model.rules.facts import Fact, Value
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Community, Reading, State
from checklist.reading.fieldforms.submissions import is_submissions, read_submissions
from checklist.reports.forms.questions import groups_of
from checklist.reports.forms.xlsform import FieldForm, field_form, xlsform
from tests.conftest import ROOT, Run
from tests.support.laws import examples
from tests.support.strategies import values

DAY = date(2026, 11, 24)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zl", "Zp"]), max_size=20)


def form_of(ruleset: Ruleset, state: State | None = None) -> FieldForm:
    state = state or State(Community("beimen", "北门社区"), ruleset.id, DAY, {})
    return field_form(ruleset, state, groups_of(assess(ruleset, state), "full"), DAY)


def asked(ruleset: Ruleset) -> list[Fact]:
    state = State(Community("beimen", "北门社区"), ruleset.id, DAY, {})
    return [fact for group in groups_of(assess(ruleset, state), "full") for fact in group.facts]


def converted(form: FieldForm, tmp_path: Path, validate: bool = False) -> tuple[str, list[str]]:
    xls2xform = pytest.importorskip("pyxform.xls2xform")
    path = tmp_path / "form.xlsx"
    path.write_bytes(xlsform(form, DAY))
    result = xls2xform.convert(path, validate=validate, pretty_print=False)
    return result.xform, result.warnings


@pytest.mark.slow
def test_the_whole_form_is_valid_and_asks_every_fact_once(ruleset: Ruleset, tmp_path: Path) -> None:
    text, warnings = converted(form_of(ruleset), tmp_path)
    assert not warnings
    bound = [
        element.get("nodeset", "").split("/")[-1]
        for element in ElementTree.fromstring(text).iter()
        if "bind" in element.tag
    ]
    for fact in asked(ruleset):
        names = [fact.id + AGREE, fact.id + ASKED] if is_survey(fact) else [fact.id]
        for name in (*names, fact.id + UNSURE):
            assert bound.count(name) == 1, name


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("java") is None, reason="没有 java：ODK Validate 要用，apt-get install default-jre-headless"
)
def test_odk_validate_accepts_the_whole_form(ruleset: Ruleset, tmp_path: Path) -> None:
    text, warnings = converted(form_of(ruleset), tmp_path, validate=True)
    assert text and not warnings


def test_the_same_form_gives_the_same_bytes(ruleset: Ruleset) -> None:
    assert xlsform(form_of(ruleset), DAY) == xlsform(form_of(ruleset), DAY)


@pytest.mark.slow
def test_words_of_the_record_are_never_the_forms_own_language(ruleset: Ruleset, tmp_path: Path) -> None:
    evil = "${checklist_on} <output value='x'/> \" ' & =1+1 {{x}}"
    name = next(f.id for f in ruleset.facts.values() if f.type == "bool")
    state = State(Community("beimen", evil), ruleset.id, DAY, {name: Reading(name, True, DAY, by=evil)})
    text, _ = converted(form_of(ruleset, state), tmp_path)
    root = ElementTree.fromstring(text)
    hints = ["".join(e.itertext()) for e in root.iter() if e.tag.endswith("hint")]
    (hint,) = [h for h in hints if "＄{checklist_on}" in h]
    assert "<output value='x'/>" in hint and "&" in hint


def test_the_last_record_stands_beside_the_question(ruleset: Ruleset) -> None:
    state = State(
        Community("beimen", "北门"), ruleset.id, DAY, {"potholes": Reading("potholes", 3, DAY - timedelta(40), "张三")}
    )
    row = next(row for row in form_of(ruleset, state).survey if row.get("name") == "potholes")
    assert row["hint"] == "上次：3 处（2026-10-15 张三，已过期）"


def is_survey(fact: Fact) -> bool:
    return fact.type == "ratio" and fact.method == "questionnaire"


def as_answered(fact: Fact, value: Value) -> dict[str, str]:
    """What ODK stores for this value."""
    match value:
        case bool():
            return {fact.id: "yes" if value else "no"}
        case frozenset():
            return {fact.id: " ".join(sorted(value)) or NONE_OF}
        case str() | date():
            return {fact.id: str(value)}
    if is_survey(fact):
        ratio = Fraction(value)
        return {fact.id + AGREE: str(ratio.numerator), fact.id + ASKED: str(ratio.denominator)}
    number = Fraction(value) * (100 if fact.type == "ratio" else 1)
    return {fact.id: str(Decimal(number.numerator) / Decimal(number.denominator))}


def homes(form: FieldForm) -> dict[str, list[str]]:
    """Name → the groups that it stands in."""
    found: dict[str, list[str]] = {}
    stack: list[str] = []
    for row in form.survey:
        if row["type"] == "begin_group":
            stack.append(row["name"])
        elif row["type"] == "end_group":
            stack.pop()
        else:
            found[row["name"]] = list(stack)
    return found


def exports(form: FieldForm, answered: list[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """The same submissions as each server exports them: file name and text."""
    where = homes(form)
    for name, joint in (("central.csv", "-"), ("kobo.csv", "/")):
        heads = {joint.join([*where[key], key]): key for key in where}
        out = io.StringIO()
        writer = csv.DictWriter(out, [*heads, "_id", "SubmitterName"])
        writer.writeheader()
        for one in answered:
            writer.writerow(
                {head: one.get(key, "") for head, key in heads.items()} | {"_id": "1", "SubmitterName": "x"}
            )
        yield name, out.getvalue()
    kobo = [{"_id": 1, **{"/".join([*where[key], key]): value for key, value in one.items()}} for one in answered]
    yield "kobo.json", json.dumps({"count": len(kobo), "results": kobo}, ensure_ascii=False)
    central = []
    for one in answered:
        row: dict[str, Any] = {"__id": "uuid:1", "__system": {"submitterName": "x", "reviewState": None}}
        for key, value in one.items():
            inner = row
            for group in where[key]:
                inner = inner.setdefault(group, {})
            inner[key] = int(value) if value.isdigit() and len(value) < 9 else value
        central.append(row)
    yield "central.json", json.dumps({"value": central})


@pytest.mark.slow
@given(data=st.data())
@settings(
    max_examples=examples(12),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_was_answered_comes_back_from_every_export(data: st.DataObject, ruleset: Ruleset, tmp_path: Path) -> None:
    form = form_of(ruleset)
    known = {fact.id for fact in asked(ruleset)}
    names = data.draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=15, unique=True))
    chosen = {name: data.draw(values(ruleset.facts[name])) for name in names}
    chosen = {n: v for n, v in chosen.items() if not (isinstance(v, date) and v > DAY)}
    unsure = data.draw(st.sampled_from(sorted(known - set(chosen))))
    answered = {RULESET: ruleset.id, COMMUNITY: "beimen", BY: "张 三", ON: "2026-11-20", unsure + UNSURE: "no_entry"}
    for name, value in chosen.items():
        answered |= as_answered(ruleset.facts[name], value)
    for file, text in exports(form, [answered]):
        path = tmp_path / file
        path.write_text(text, encoding="utf-8")
        assert is_submissions(path)
        (filled,), problems = read_submissions(path, ruleset, DAY)
        assert not problems, (file, problems)
        readings = {r.fact: r for r in filled.readings}
        assert {n: r.value for n, r in readings.items()} == {**chosen, unsure: None}, file
        assert readings[unsure].unknown == REASONS["no_entry"]
        assert {(r.by, str(r.on)) for r in filled.readings} == {("张 三", "2026-11-20")}
        assert filled.community and filled.community.id == "beimen"


def submission(ruleset: Ruleset, **more: Any) -> dict[str, Any]:
    return {RULESET: ruleset.id, COMMUNITY: "beimen", BY: "张三", ON: "2026-11-20", **more}


def read(tmp_path: Path, ruleset: Ruleset, *rows: Any) -> tuple[list[Reading], list[str]]:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"results": list(rows)}), encoding="utf-8")
    filled, problems = read_submissions(path, ruleset, DAY)
    return [r for f in filled for r in f.readings], [f"{p.where} {p.code}" for p in problems]


def test_mistakes_are_told_with_their_place_and_stop_nothing_else(ruleset: Ruleset, tmp_path: Path) -> None:
    bad = submission(
        ruleset, **{"part_4/about_potholes/potholes": "很多", "lamps_lit": "4", "potholes__photo": "1.jpg"}
    )
    readings, problems = read(tmp_path, ruleset, bad, submission(ruleset, lamps_lit="-3", checklist_on="2027-01-01"))
    assert [(r.fact, r.value) for r in readings] == [("lamps_lit", 4)]
    path = tmp_path / "x.json"
    assert problems == [
        f"{path}!第 1 份 potholes E211",
        f"{path}!第 2 份 {ON} E217",
        f"{path}!第 2 份 lamps_lit E213",
    ]


def test_rejected_and_foreign_submissions_are_left_out(ruleset: Ruleset, tmp_path: Path) -> None:
    rejected = {**submission(ruleset, lamps_lit="4"), "__system": {"reviewState": "rejected"}}
    readings, problems = read(tmp_path, ruleset, rejected, {"another": "form"}, 5, None)
    assert not readings and problems == [f"{tmp_path / 'x.json'} W236"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1, 2]",
        "[" * 50_000,
        '{"results": 5}',
        '{"results": [{"a": 1}]}',
        "NaN",
        "\x00\xff",
        '{"value": null}',
    ],
)
def test_other_json_is_refused_in_words(ruleset: Ruleset, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FilesHaveProblems):
        read_submissions(path, ruleset, DAY)


@pytest.mark.slow
def test_from_the_form_to_the_record(cli: Run, ruleset: Ruleset, tmp_path: Path) -> None:
    folder = tmp_path / "北门"
    shutil.copytree(ROOT / "data" / "beimen", folder)
    told = cli("xlsform", folder, "-o", tmp_path / "x.xlsx")
    assert told.code == 0 and (tmp_path / "x.xlsx").exists()
    row = submission(ruleset, **{"part_4/about_potholes/potholes": "7", "lamps_lit__unsure": "not_seen"})
    (tmp_path / "kobo.json").write_text(json.dumps({"results": [row, row]}), encoding="utf-8")
    told = cli("import", tmp_path / "kobo.json", "--into", folder, "--write")
    assert told.code == 0, told.err
    from checklist.keeping.folder import open_folder

    readings = open_folder(folder, ruleset).readings()
    assert (readings["", "potholes"].value, readings["", "potholes"].by, str(readings["", "potholes"].on)) == (
        7,
        "张三",
        "2026-11-20",
    )
    assert readings["", "lamps_lit"].value == 40, "not having seen it erases nothing"
    wrong = submission(ruleset, **{COMMUNITY: "elsewhere", "potholes": "1"})
    (tmp_path / "kobo.json").write_text(json.dumps([wrong]), encoding="utf-8")
    told = cli("import", tmp_path / "kobo.json", "--into", folder, "--write")
    assert told.code == 3 and "elsewhere" in told.err
