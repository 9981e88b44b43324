"""``rules sources`` and what ``check`` says of the shipped rulesets as time goes by."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Run
from tests.support.shipped import SHIPPED


def rows(run: Run, *options: str) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = json.loads(run("rules", "sources", *options, "--format", "json").out)["sources"]
    return listed


def test_every_source_has_its_day_and_the_clock_is_the_one_of_the_roof(
    cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECKLIST_TODAY", "2026-11-28")
    found = rows(cli)
    assert all(row["checked_on"] for row in found if row["tag"] != "G")
    assert {row["standing"] for row in found} == {"current", "out_of_force"}
    monkeypatch.setenv("CHECKLIST_TODAY", "2029-11-28")
    assert sum(row["standing"] == "unchecked" for row in rows(cli)) > 80
    assert sum(row["standing"] == "unchecked" for row in rows(cli, "--due")) > 50


def test_due_lists_what_is_cited_most_pressing_first(cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKLIST_TODAY", "2029-06-01")
    found = rows(cli, "--due")
    assert (
        found[0]["standing"] == "out_of_force"
        and {"S18", "S108"} <= {row["id"] for row in found}
        and "S92" not in {row["id"] for row in found}
    )
    soon = [row for row in found if row["standing"] == "current"]
    assert soon and [row["due"] for row in soon] == sorted(row["due"] for row in soon)
    assert {row["due"] for row in soon} <= {"2029-11-24", "2029-11-28"}
    first_day = [row for row in soon if row["due"] == "2029-11-24"]
    assert [row["numbers"] for row in first_day] == sorted((row["numbers"] for row in first_day), reverse=True)
    ran = cli("rules", "sources", "--due")
    assert ran.code == 0 and "接下来该查的依据" in ran.out
    assert cli("rules", "sources", "--due", "--format", "csv").out.count("\n") >= len(found)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_rulesets_rest_on_nothing_outdated_and_say_so_when_they_do(
    name: str, cli: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHECKLIST_TODAY", "2026-11-28")
    assert cli("check", name).out.strip() == "没有发现错误"
    monkeypatch.setenv("CHECKLIST_TODAY", "2029-11-25")
    told = cli("check", name)
    assert told.code == 0 and ("W411" in told.out) == (name not in ("core-only", "burden-light"))
