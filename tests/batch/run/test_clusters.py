"""The same job on Spark, Ray and Dask, in their local modes: the same result, to the byte of every value."""

from __future__ import annotations

import shutil
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from checklist.batch.run.clusters import engine
from checklist.batch.run.processes import pool
from checklist.batch.run.running import PartTask, score_table
from checklist.batch.run.scoring import Job
from checklist.batch.tables.layout import layout_of
from checklist.batch.tables.table_parts import TablePart
from checklist.model.refusals import Refusal
from checklist.model.results.ranks import MIN_COVERAGE
from checklist.model.rules.ruleset import Ruleset
from tests.batch.random_rulesets import DAY, table_of
from tests.batch.random_tables import random_rows

pytestmark = pytest.mark.slow
NEEDS = {"spark": "pyspark", "ray": "ray", "dask": "distributed"}


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


def _skip_without(name: str) -> None:
    if find_spec(NEEDS[name]) is None:
        pytest.skip(f"{NEEDS[name]} is not installed: pip install civic-checklist[{name}]")
    if name == "spark" and shutil.which("java") is None:
        pytest.skip("Spark needs Java 17")
