"""A part above its whole is said and makes both unknown, more than is asked for is full marks: through every door."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran, Run
from tests.support.tables import plain_xlsx

pa = pytest.importorskip("pyarrow")
pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")

FACTS = """
part_done: {label: 做好的, type: count, unit: 处, better: higher, part_of: middle, %s}
middle: {label: 动了工的, type: count, unit: 处, part_of: all_places, %s}
all_places: {label: 一共几处, type: count, unit: 处, range: {min: 1}, %s}
held: {label: 开了几次会, type: count, unit: 次, better: higher, %s}
due: {label: 应开几次会, type: count, unit: 次, %s}
""".replace("%s", "ask: 几个？, method: field_inspection, place: road, minutes: 5, valid_for_days: 30")
CRITERIA = """
- {id: M-01, title: 做好的占比, requirement: 都做好, methods: [field_inspection], points: 0.5, owner: [社区],
   measure: {share: {of: part_done, to: all_places}}, at_least: {A: 100%, B: 50%}}
- {id: M-02, title: 例会, requirement: 该开的都开, methods: [field_inspection], points: 0.5, owner: [社区],
   measure: {missing: {required: due, present: held}}, at_most: {A: 0, B: 1}}
"""
Record = Mapping[str, int]
RECORDS: dict[str, tuple[Record, int, dict[str, str]]] = {
    "more done than there are": ({"todo": 0, "part_done": 20, "middle": 10, "all_places": 30}, 1, {"M-01": "unknown"}),
    "through one that nobody counted": ({"todo": 0, "part_done": 20, "all_places": 10}, 1, {"M-01": "unknown"}),
    "each of two pairs": ({"todo": 0, "part_done": 5, "middle": 4, "all_places": 3}, 3, {"M-01": "unknown"}),
    "more held than due": ({"held": 5, "due": 4}, 0, {"M-02": "met"}),
    "all of it": ({"part_done": 10, "middle": 10, "all_places": 10, "held": 4, "due": 4}, 0, {"M-01": "met", "M-02": "met"}),
    "a known whole caps the part": ({"middle": 1, "all_places": 4}, 0, {"M-01": "unmet"}),
}  # fmt: skip


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules" / "small"
    shutil.copytree(ROOT / "tests" / "bad" / "rules" / "clean", folder)
    facts = folder / "facts.yaml"
    facts.write_text(facts.read_text(encoding="utf-8") + FACTS, encoding="utf-8")
    (folder / "M.yaml").write_text(CRITERIA, encoding="utf-8")
    shutil.rmtree(folder / "cases")
    return folder


def yaml(place: Path, record: Record) -> Path:
    head = "community: {id: c1, name: 甲}\nruleset: small\nas_of: 2026-06-01\nfacts:\n"
    path = place / "state.yaml"
    path.write_text(head + "".join(f"  {name}: {value}\n" for name, value in record.items()), encoding="utf-8")
    return path


def wide(place: Path, record: Record) -> tuple[list[str], list[list[object]]]:
    return ["社区编号", "社区", "现状日期", *record], [["c1", "甲", "2026-06-01", *record.values()]]


def wide_xlsx(place: Path, record: Record) -> Path:
    head, rows = wide(place, record)
    path = place / "总表.xlsx"
    path.write_bytes(plain_xlsx("总表", head, rows))  # type: ignore[arg-type]
    return path


def written(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def wide_csv(place: Path, record: Record) -> Path:
    head, rows = wide(place, record)
    return written(place / "总表.csv", [list(head), *rows])


def long_csv(place: Path, record: Record) -> Path:
    rows: list[list[object]] = [["社区编号", "社区", "现状日期", "实测项", "实测值"]]
    return written(
        place / "长表.csv", rows + [["c1", "甲", "2026-06-01", name, value] for name, value in record.items()]
    )


def parquet(place: Path, record: Record) -> Path:
    import pyarrow.parquet as pq

    head, rows = wide(place, record)
    pq.write_table(pa.table({name: [value] for name, value in zip(head, rows[0], strict=True)}), place / "in.parquet")
    return place / "in.parquet"


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("door", [yaml, wide_xlsx, wide_csv, long_csv])
def test_a_record(door: Callable[[Path, Record], Path], name: str, rules: Path, tmp_path: Path, cli: Run) -> None:
    record, wrong, outcomes = RECORDS[name]
    path = door(tmp_path, record)
    ran = cli("assess", path, "--rules", rules, "--format", "json")
    assert ran.err.count("E320") == wrong
    (assessed,) = json.loads(ran.out)["assessments"]
    found = {f["criterion"]: f["outcome"] for f in assessed["findings"]}
    assert found.items() >= outcomes.items(), ran.err


def score(ran: Ran) -> str:
    (line,) = (line for line in ran.out.splitlines() if line.startswith("得分"))
    return line.split(" → ")[-1]


@pytest.mark.many
@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("door", [yaml, wide_xlsx, wide_csv, long_csv])
def test_an_import(door: Callable[[Path, Record], Path], name: str, rules: Path, tmp_path: Path, cli: Run) -> None:
    """The preview says what the record will say, and promises the score that it will have."""
    record, wrong, _ = RECORDS[name]
    (folder := tmp_path / "甲").mkdir()
    (folder / "2026-06-01.yaml").write_bytes(yaml(tmp_path, {"todo": 0}).read_bytes())
    order = ("import", door(tmp_path, record), "--into", folder, "--rules", rules, "--on", "2026-06-01")
    seen = cli(*order)
    told = [line for line in seen.err.splitlines() if "E320" in line]
    assert len(told) == wrong and all("甲/" not in line for line in told)
    done = cli(*order, "--write")
    assert done.code == seen.code == (3 if wrong else 0) and score(done) == score(seen)


@pytest.mark.many
@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("door", [wide_csv, long_csv, wide_xlsx, parquet])
def test_a_whole_table(door: Callable[[Path, Record], Path], name: str, rules: Path, tmp_path: Path, cli: Run) -> None:
    record, wrong, outcomes = RECORDS[name]
    ran = cli("batch", door(tmp_path, record), "--rules", rules, "-o", tmp_path / "out.csv", "--columns", "outcomes")
    assert ran.code == 0, ran.err
    bad = tmp_path / "out.bad.csv"
    rows = list(csv.DictReader(bad.open(encoding="utf-8-sig"))) if bad.exists() else []
    assert [row["代码"] for row in rows] == ["E320"] * wrong
    (out,) = csv.DictReader((tmp_path / "out.csv").open(encoding="utf-8-sig"))
    assert {id: out[f"{id}.outcome"] for id in outcomes} == outcomes
