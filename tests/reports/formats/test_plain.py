"""Markdown, CSV, JSON, JUnit and OSCAL."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from checklist.reports.assessment.dossier import Dossier
from checklist.reports.assessment.report_forms import report
from checklist.reports.exchange.json_report import schema_text
from checklist.reports.formats import FORMATS
from checklist.reports.formats.markdown import escaped
from tests.support.dossiers import FORMULA, HOSTILE

EVERY = ["taoli", "weak", "empty", "sited", "hostile"]


@pytest.fixture(params=EVERY)
def dossier(request: pytest.FixtureRequest) -> Dossier:
    found: Dossier = request.getfixturevalue(request.param)
    return found


@pytest.mark.many
@pytest.mark.parametrize("format", [name for name, f in FORMATS.items() if f.text])
def test_utf8_and_the_same_bytes_each_time(format: str, dossier: Dossier) -> None:
    data = report(dossier, format)
    assert data.decode("utf-8")
    assert data == report(dossier, format)


def test_csv_opens_in_excel_and_no_cell_is_a_formula(dossier: Dossier) -> None:
    data = report(dossier, "csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == len(dossier.assessment.findings) + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [
        cell
        for row in rows
        for cell in row
        if cell.startswith(("=", "+", "@")) or (cell.startswith("-") and not cell[1:2].isdigit())
    ]


@pytest.mark.slow
def test_json_follows_its_published_schema(dossier: Dossier) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(report(dossier, "json"))
    errors = [
        f"{list(e.path)} {e.message[:200]}" for e in jsonschema.Draft202012Validator(schema).iter_errors(document)
    ]
    assert errors == []


def test_the_schema_refuses_a_changed_document(taoli: Dossier) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    check = jsonschema.Draft202012Validator(json.loads(schema_text())).is_valid
    document = json.loads(report(taoli, "json"))
    assert check(document)
    for spoil in (
        lambda d: d["assessments"][0]["findings"][0].pop("low"),
        lambda d: d["assessments"][0].update(score=88.5),
        lambda d: d["assessments"][0]["gaps"][0].update(colour="red"),
    ):
        spoiled = json.loads(json.dumps(document))
        spoil(spoiled)
        assert not check(spoiled)


def test_junit_counts_what_it_holds(dossier: Dossier) -> None:
    root = ET.fromstring(report(dossier, "junit"))
    assessment = dossier.assessment
    assert int(root.get("tests", "")) == len(assessment.findings)
    opened = len(assessment.verdict.open_vetoes) + len(assessment.verdict.open_redlines)
    assert int(root.get("errors", "")) == opened == len(list(root.iter("error")))
    outcomes = assessment.total.outcomes
    assert int(root.get("failures", "")) + opened == outcomes["partly"] + outcomes["unmet"] + sum(
        f.flag == "open" and f.outcome in ("met", "unknown") for f in assessment.findings
    )
    passed = [case for case in root.iter("testcase") if len(case) == 0]
    assert len(passed) == sum(f.outcome == "met" and f.flag != "open" for f in assessment.findings)


def test_oscal_holds_together(dossier: Dossier) -> None:
    text = report(dossier, "oscal").decode("utf-8")
    results = json.loads(text)["assessment-results"]
    (result,) = results["results"]
    ids = re.findall(r'"uuid": "([0-9a-f-]+)"', text)
    assert len(ids) == len(set(ids)) and all(UUID(id).version == 5 for id in ids)
    observations = {o["uuid"] for o in result.get("observations", [])}
    risks = {r["uuid"] for r in result.get("risks", [])}
    for finding in result["findings"]:
        assert {o["observation-uuid"] for o in finding.get("related-observations", [])} <= observations
        assert {r["risk-uuid"] for r in finding.get("related-risks", [])} <= risks
    assert len(risks) == len(dossier.assessment.gaps)
    states = [f["target"]["status"]["state"] for f in result["findings"]]
    assert states.count("satisfied") == dossier.assessment.total.outcomes["met"]
    assert not [v for v in re.findall(r'"(?:title|description|value|statement)": "(.*)"', text) if not v.strip()]


@pytest.mark.slow
def test_oscal_is_what_nist_asks_for(dossier: Dossier) -> None:
    """By the models that compliance-trestle generates from NIST's schema."""
    trestle = pytest.importorskip("trestle.oscal.assessment_results", reason="没有装 compliance-trestle")
    document = json.loads(report(dossier, "oscal"))["assessment-results"]
    model = trestle.AssessmentResults
    made = model.model_validate(document) if hasattr(model, "model_validate") else model.parse_obj(document)
    assert len(made.results[0].findings) == len(document["results"][0]["findings"])


def test_markdown_shows_hostile_text_and_renders_none_of_it(hostile: Dossier) -> None:
    text = report(hostile, "md").decode("utf-8")
    assert not re.search(r"(?<!\\)<[a-z/!]", text)
    assert not re.search(r"(?<!\\)!?\[[^\]]*\]\(", text)
    assert "javascript:" not in text.replace("\\:", "\\-")
    widths = {line.count("|") - line.count("\\|") for line in text.splitlines() if line.startswith("| ")}
    assert all(width > 2 for width in widths)


def test_every_row_of_a_markdown_table_has_the_heads_columns(hostile: Dossier) -> None:
    rows: list[list[int]] = []
    inside = False
    for line in report(hostile, "md").decode("utf-8").splitlines():
        if line.startswith("| "):
            bars = len(re.findall(r"(?<!\\)\|", line))
            rows = [*rows[:-1], [*rows[-1], bars]] if inside else [*rows, [bars]]
        inside = line.startswith("| ")
    assert rows and all(len(set(counts)) == 1 for counts in rows)


def test_markdown_escape_is_undone_by_a_reader() -> None:
    plain = "".join(ch for ch in escaped(HOSTILE) if ch != "\\")
    assert FORMULA.split("(")[0] in plain
    assert "\n" not in escaped(HOSTILE)


def test_the_schema_travels_with_the_package() -> None:
    import checklist.reports.exchange

    assert (Path(checklist.reports.exchange.__file__).parent / "assessment.schema.json").is_file()


def test_json_names_sites_and_what_was_seen_there(sited: Dossier) -> None:
    (told,) = json.loads(report(sited, "json"))["assessments"]
    assert [site["name"] for site in told["sites"]] == ["A 区", "2 区", "3 区", "1 号巷", "2 号巷"]
    finding = next(f for f in told["findings"] if f["criterion"] == "ENV-10")
    first = next(at for at in finding["sites"]["findings"] if at["id"] == "estate-1")
    assert (first["name"], first["facts"]["dead_corners"]["value"]) == ("A 区", 3)
    assert {"where": "3 号楼后", "what": "堆着旧家具", "photo": "IMG_7.jpg"}.items() <= first["defects"][0].items()
    gap = next(g for g in told["gaps"] if g["criterion"] == "ENV-10")
    assert gap["site"] == {"id": "estate-1", "name": "A 区"}


@pytest.mark.parametrize(
    ("format", "says"),
    [
        ("html", "4 个小区里 2 个不达标（A 区、2 区）：A 区卫生死角 3 处（3 号楼后 堆着旧家具）"),
        ("html", "（照片 IMG_7.jpg）"),
        ("md", "4 个小区里 2 个不达标（A 区、2 区）：A 区卫生死角 3 处（3 号楼后 堆着旧家具）"),
        ("md", "2 区卫生死角由 2 处变为 6 处"),
        ("junit", "4 个小区里 2 个不达标（A 区、2 区）"),
        ("oscal", "A 区 卫生死角"),
    ],
)
def test_every_paper_says_the_sites(format: str, says: str, sited: Dossier) -> None:
    assert says in report(sited, format).decode("utf-8")
