"""Spark, Ray and Dask: what a worker answers, and the same job in their local modes, to the byte of every value."""

from __future__ import annotations

import pickle
import shutil
from datetime import date
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import checklist
from checklist.batch.run.clusters import engine
from checklist.batch.run.on_workers import answered
from checklist.batch.run.processes import pool
from checklist.batch.run.running import PartTask, in_order, score_table
from checklist.batch.run.scoring import Done, Job
from checklist.batch.tables.databases import Database
from checklist.batch.tables.layout import layout_of
from checklist.batch.tables.storage import Stored
from checklist.batch.tables.table_parts import TablePart
from checklist.cli.console import Exit
from checklist.model.refusals import Refusal
from checklist.model.results.ranks import MIN_COVERAGE
from checklist.model.rules.ruleset import Ruleset
from tests.batch.random_rulesets import DAY, table_of
from tests.batch.random_tables import random_rows
from tests.conftest import Run

NEEDS = {"spark": "pyspark", "ray": "ray", "dask": "distributed"}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(NEEDS))
def test_an_engine_comes_to_the_same_as_this_machine(name: str, tmp_path: Path, ruleset: Ruleset) -> None:
    _skip_without(name)
    table = table_of(ruleset, random_rows(ruleset, 200, seed=11))
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=40)
    job = Job(ruleset, layout_of(ruleset, table.column_names), DAY, kind="parquet")
    here = score_table(job, tmp_path / "in.parquet", tmp_path / "here", pool(1), rank_from=MIN_COVERAGE)
    there = score_table(job, tmp_path / "in.parquet", tmp_path / "there", engine(name, None), rank_from=MIN_COVERAGE)
    assert (here.rows, here.bad) == (there.rows, there.bad) == (200, here.bad)
    assert pq.read_table(tmp_path / "here").equals(pq.read_table(tmp_path / "there"))


@pytest.mark.slow
def test_a_spark_worker_without_the_package_says_so(tmp_path: Path, ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    _skip_without("spark")
    import sys

    from pyspark import SparkContext

    SparkContext.getOrCreate().stop()

    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nunset PYTHONPATH\ncd /\nexec {sys.executable} -S "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("PYSPARK_PYTHON", str(python))
    job = Job(ruleset, layout_of(ruleset, ["households"]), date(2026, 6, 1))
    with pytest.raises(Refusal, match="工作节点上没有"):
        list(engine("spark", None)(job, [PartTask(TablePart(tmp_path, "parquet"))]))
    SparkContext.getOrCreate().stop()


@pytest.mark.parametrize(("name", "address"), [("spark", "spark://127.0.0.1:1"), ("ray", "ray://127.0.0.1:1"), ("ray", "127.0.0.1:1"), ("dask", "tcp://127.0.0.1:1")])  # fmt: skip
def test_nobody_at_the_address_is_told_at_once(cli: Run, tmp_path: Path, name: str, address: str) -> None:
    pq.write_table(pa.table({"community": ["a"], "households": [1]}), tmp_path / "in.parquet")
    ran = cli("batch", tmp_path / "in.parquet", "-o", tmp_path / "out", "--engine", name, "--master", address)
    assert ran.code == Exit.USAGE and f"没有连上 {name} 集群 {address}" in ran.err and "清出空间" not in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]


@pytest.mark.slow
def test_a_worker_says_what_it_cannot_do(tmp_path: Path, ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never with an exception: that would arrive as each engine likes."""
    table = tmp_path / "in.parquet"
    pq.write_table(pa.table({"community": ["a"], "households": [1]}), table)
    job = pickle.dumps(Job(ruleset, layout_of(ruleset, ["community", "households"]), DAY))
    gone = Stored(PurePosixPath("bucket/in.parquet"), "http://127.0.0.1:1")
    base = Database(f"sqlite:///{tmp_path / 'none.sqlite'}", "t")

    def said(part: TablePart, out: Any, version: str = checklist.__version__) -> tuple[str, Any]:
        return answered(job, pickle.dumps(PartTask(part, out)), version)

    here = TablePart(table, "parquet", (0,), 1, 1, (), (1,))
    for place in (tmp_path / "none.parquet", gone, base):
        kind, says = said(TablePart(place, "parquet"), None)
        assert kind == "unseen" and "工作节点" in says, says
    assert said(here, tmp_path / "none" / "part")[0] == said(here, gone)[0] == "unseen"
    assert not (tmp_path / "none.sqlite").exists()
    assert said(here, None, "0.0.1")[0] == "refused" and "0.0.1" in said(here, None, "0.0.1")[1]
    assert answered(b"no pickle", pickle.dumps(PartTask(here)), checklist.__version__)[0] == "failed"
    kind, done = said(here, tmp_path / "part.parquet")
    assert kind == "done" and done.rows == 1 and pq.read_table(tmp_path / "part.parquet").num_rows == 1
    (tmp_path / "folder.parquet").mkdir()
    kind, says = said(here, tmp_path / "folder.parquet")
    assert kind == "refused" and "没有写成" in says and not list(tmp_path.glob(".*"))


@given(st.permutations(range(6)), st.lists(st.integers(0, 9), min_size=6, max_size=6))
def test_parts_that_come_back_in_any_order_are_put_in_order(order: list[int], rows: list[int]) -> None:
    """And each is told of as it comes, once."""
    tasks = [PartTask(TablePart(Path(str(i)), "parquet")) for i in range(6)]
    told: list[tuple[int, int, int]] = []
    run = lambda job, given: iter([(place, Done(rows[place])) for place in order])
    found = in_order(None, tasks, run, lambda *heard: told.append(heard))  # type: ignore[arg-type]
    assert [done.rows for done in found] == rows
    assert told == [(sum(rows[p] for p in order[: i + 1]), i + 1, 6) for i in range(6)]


def _skip_without(name: str) -> None:
    if find_spec(NEEDS[name]) is None:
        pytest.skip(f"{NEEDS[name]} is not installed: pip install civic-checklist[{name}]")
    if name == "spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
