"""What communities miss together: one definition, counted by the engine and in columns, told by three commands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from checklist.batch.run.scoring import Done, Job, Scorer
from checklist.batch.run.shortfalls import costliest
from checklist.batch.tables.layout import layout_of
from checklist.engine.comparing.compare import compare, stand
from checklist.engine.comparing.shortfalls import shortfalls
from checklist.engine.scoring.assess import assess
from checklist.files.whole_tables import is_text_type
from checklist.model.results.shortfalls import Shortfall
from checklist.model.rules.ruleset import Ruleset
from tests.batch.random_rulesets import DAY, Row, state_of, table_of, worlds
from tests.batch.random_tables import random_rows
from tests.conftest import Run
from tests.support.laws import examples


def in_columns(ruleset: Ruleset, rows: Sequence[Row], by: str) -> dict[str, list[Shortfall]]:
    streets = pa.array([f"街道{i % 3}" for i in range(len(rows))])
    table = table_of(ruleset, list(rows)).append_column("street", streets)
    layout = layout_of(ruleset, table.column_names, texts=[f.name for f in table.schema if is_text_type(f.type)])
    scorer, done = Scorer(Job(ruleset, layout, DAY, gaps_by=by, block=7)), Done()
    for batch in table.combine_chunks().to_batches(7):
        scorer.batch(batch, done)
    return costliest(done.losses, ruleset, len(ruleset.criteria))


def told(shortfalls: Iterable[Shortfall]) -> list[tuple[str, int, int, int, int, int]]:
    return [(s.criterion.id, s.missing, s.decided, s.unknown, s.lost, s.open) for s in shortfalls]


def one_by_one(ruleset: Ruleset, rows: Sequence[Row]) -> list[Shortfall]:
    return list(shortfalls([stand(ruleset, state_of(ruleset, row)) for row in rows]))


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_columns_count_as_the_engine_does(world: tuple[Ruleset, list[Row]]) -> None:
    ruleset, rows = world
    if not rows:
        return
    whole = in_columns(ruleset, rows, "").get("", [])
    assert told(s for s in whole if s.missing) == told(one_by_one(ruleset, rows))
    assert all(s.open for s in whole if not s.missing)


@pytest.mark.slow
def test_columns_count_as_the_engine_does_street_by_street(ruleset: Ruleset) -> None:
    rows = random_rows(ruleset, 40, seed=8)
    found = in_columns(ruleset, rows, "street")
    assert list(found) == ["街道0", "街道1", "街道2"]
    for street in range(3):
        mine = (s for s in found[f"街道{street}"] if s.missing)
        assert told(mine) == told(one_by_one(ruleset, rows[street::3]))


@pytest.mark.slow
def test_counted_from_the_gaps_of_each_community(ruleset: Ruleset) -> None:
    """A gap is what a community is short of: the same in its own assessment and among many."""
    states = [state_of(ruleset, row) for row in random_rows(ruleset, 12, seed=2)]
    assessments = [assess(ruleset, state) for state in states]
    found = compare([stand(ruleset, state) for state in states]).shortfalls
    gaps = [gap for a in assessments for gap in a.gaps]
    for shortfall in found:
        mine = [gap.winnable for gap in gaps if gap.finding.criterion == shortfall.criterion]
        decided = sum(
            a.finding(shortfall.criterion.id).outcome in ("met", "partly", "unmet")
            or any(gap.finding.criterion == shortfall.criterion for gap in a.gaps)
            for a in assessments
        )
        assert (shortfall.missing, shortfall.lost, shortfall.decided) == (len(mine), sum(mine), decided)
        assert shortfall.common == (len(mine) >= 2 and 2 * len(mine) >= decided)
    assert sum(s.missing for s in found) == len(gaps)
    assert [s.lost for s in found] == sorted((s.lost for s in found), reverse=True)


@pytest.mark.slow
def test_three_commands_name_the_same_problems(city: str, cli: Run, tmp_path: Path) -> None:
    (comparison,) = json.loads(cli("compare", city, "--format", "json").out)["comparisons"]
    common = [(c["criterion"], c["missing"], c["decided"]) for c in comparison["common"]][:8]
    paper = cli("bulletin", city, "--to", "md", "-o", "-").out
    section = paper[paper.index("（二）共性问题") : paper.index("## 三、")]
    cells = [[cell.strip() for cell in row.split("|")] for row in section.splitlines() if re.match(r"\| *\d", row)]
    assert [(row[2].split()[0], int(row[3]), int(row[4])) for row in cells] == common
    assert cli("table", city, "-o", tmp_path / "总表.xlsx").code == 0
    ran = cli("batch", tmp_path / "总表.xlsx", "-o", tmp_path / "o.csv", "--top-gaps", "400")
    lines = re.findall(
        r"^([A-Z]+-\d+).*?：(\d+)个核过的社区里(\d+)个.*；共性问题$", re.sub(r"\n {4,}| ", "", ran.out), re.MULTILINE
    )
    assert [(id, int(missing), int(decided)) for id, decided, missing in lines][:8] == common
