"""What expires within a week stands in every report and on the screen, and only that."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from checklist import assess, load_state
from checklist.model.results.assessment import Assessment
from checklist.model.rules.ruleset import Ruleset
from checklist.reports.assessment.freshness import soon_table
from checklist.reports.assessment.soon import soon_text
from tests.conftest import Run

BEIMEN = "data/beimen/2026-10-15.yaml"


@pytest.fixture(scope="module")
def beimen(ruleset: Ruleset) -> Assessment:
    return assess(ruleset, load_state(BEIMEN, ruleset))


def test_it_is_what_counts_today_and_no_longer_after_a_week(beimen: Assessment, ruleset: Ruleset) -> None:
    later = beimen.state.on_day(beimen.as_of + timedelta(days=8))
    wanted = {
        fact.id
        for fact in ruleset.facts.values()
        if beimen.state.why_unknown(fact) is None and later.why_unknown(fact) == "stale"
    }
    found = [e.fact.id for e in beimen.state.soon(ruleset.facts)]
    assert wanted and set(found) == wanted and len(found) == len(wanted)
    assert [row[5] for row in soon_table(beimen).rows] == sorted(e.days for e in beimen.state.soon(ruleset.facts))


def test_the_screen_says_it_in_two_lines_with_the_command(cli: Run, beimen: Assessment, ruleset: Ruleset) -> None:
    lines = cli("assess", BEIMEN, "--width", 200).out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("一周内过期 "))
    first = beimen.state.soon(ruleset.facts)[0]
    assert first.fact.label in lines[at] and lines[at + 1] == f"全部列出：checklist fresh {BEIMEN} --as-of 2026-10-15"
    listed = cli("fresh", BEIMEN, "--as-of", "2026-10-15").out
    assert all(e.fact.label in listed for e in beimen.state.soon(ruleset.facts))


def test_a_record_without_any_says_nothing(cli: Run, ruleset: Ruleset, beimen: Assessment) -> None:
    old = beimen.state.on_day(beimen.as_of + timedelta(days=4000))
    assert soon_text(ruleset, old) == "" and not soon_table(assess(ruleset, old)).rows


@pytest.mark.slow
@pytest.mark.parametrize(
    ("format", "library"), [("md", "re"), ("html", "jinja2"), ("xlsx", "xlsxwriter"), ("docx", "docx")]
)
def test_every_report_lists_it(
    format: str, library: str, cli: Run, beimen: Assessment, ruleset: Ruleset, tmp_path: Path
) -> None:
    pytest.importorskip(library)
    assert cli("report", BEIMEN, "--to", format, "-o", tmp_path).code == 0
    (made,) = tmp_path.iterdir()
    text = made.read_text(encoding="utf-8") if format in ("md", "html") else unpacked(made)
    listed = text[text.rindex("一周内过期清单") :] if format == "md" else text
    assert "一周内过期" in text
    for expiry in beimen.state.soon(ruleset.facts):
        assert expiry.fact.label in listed and str(expiry.last_day) in text


def test_json_has_it_with_the_last_day(cli: Run, beimen: Assessment, ruleset: Ruleset) -> None:
    (told,) = json.loads(cli("assess", BEIMEN, "--format", "json").out)["assessments"]
    wanted = [(e.fact.id, str(e.last_day), e.days) for e in beimen.state.soon(ruleset.facts)]
    assert [(e["fact"], e["last_day"], e["days"]) for e in told["expiring"]] == wanted


def unpacked(path: Path) -> str:
    """The words of an Office file; days in a workbook as they are shown."""
    with ZipFile(path) as pack:
        text = "".join(pack.read(name).decode("utf-8") for name in pack.namelist() if name.endswith(".xml"))
    serials = re.findall(r"<v>(4[0-9]{4})</v>", text)
    return text + " ".join(str(date(1899, 12, 30) + timedelta(days=int(n))) for n in serials)
