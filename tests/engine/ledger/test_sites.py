"""The ledger with sites: an entry where each gap is, against a state machine that knows nothing of the engine."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from checklist.engine.ledger.updating import update
from checklist.engine.scoring.assess import assess
from checklist.model.ledger import Ledger, LedgerEntry
from checklist.model.rules.ruleset import Ruleset
from checklist.reports.language.labels import LEDGER_WORDS
from checklist.reports.ledger.ledger_tables import describe
from tests.conftest import Run
from tests.support.laws import examples
from tests.support.sited import CRITERION, narrow, sited_file, state_of
from tests.support.strategies import DAY

Told = tuple[Mapping[str, str] | None, int, str]
"""What a day's record says: of which sites what (None: no sites), how many more there are, and of the community alone."""

KEY = f"jia/{CRITERION}"


@st.composite
def days(draw: st.DrawFn) -> Told:
    if draw(st.integers(0, 3)) == 0:
        return None, 0, draw(st.sampled_from("01?"))
    sites = {id: draw(st.sampled_from("01?x")) for id in "ab" if draw(st.integers(0, 5))}
    unlisted = draw(st.integers(0, 1)) if sites else 1
    return sites, unlisted, "?"


def retold(story: list[Told]) -> dict[str, tuple[str, int]]:
    """Key → whether it is closed, open or set aside, and how often it came back."""
    told: dict[str, tuple[str, int]] = {}
    for sites, unlisted, alone in story:
        seen = {KEY: alone} if sites is None else {f"{KEY}#{id}": what for id, what in sites.items()}
        opens = set(seen)
        if sites is not None:
            here = [what for what in sites.values() if what != "x"] + ["?"] * unlisted
            seen[KEY] = "1" if "1" in here else "?" if "?" in here else "0" if here else "x"
        for key, what in seen.items():
            stands, back = told.get(key, ("closed", -1))
            if what == "1" and stands == "closed":
                told.update({key: ("open", back + 1)} if key in opens else {})
            elif stands != "closed":
                now = {"0": "closed", "x": "aside", "1": "open", "?": "open"}[what]
                told[key] = now, back
    return told


def after(ruleset: Ruleset, story: list[Told]) -> dict[str, LedgerEntry]:
    ledger = Ledger()
    for n, (sites, unlisted, alone) in enumerate(story):
        state = state_of(ruleset, DAY + timedelta(days=n), sites, unlisted, alone)
        ledger = update(ledger, assess(ruleset, state), describe, LEDGER_WORDS)
    return {record.text("编号"): record for record in ledger.records}


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(days(), min_size=1, max_size=7))
def test_every_entry_is_where_a_plain_machine_has_it(ruleset: Ruleset, story: list[Told]) -> None:
    found = after(narrow(ruleset), story)
    told = {id: "closed" if r.settled else "aside" if r.claimed else "open" for id, r in found.items()}
    assert {id: (told[id], int(r.text("反弹次数") or 0)) for id, r in found.items()} == retold(story)
    assert all(r.open == (told[id] == "open") for id, r in found.items())


A = "- {id: a, kind: estate, name: %s, facts: {dead_corners: %s, litter_spots_on_walk: 0}%s}"
B = "- {id: b, kind: estate, name: B 区, facts: {dead_corners: 0, litter_spots_on_walk: %s}}"


def rows(path: Path) -> dict[str, dict[str, str]]:
    return {row["编号"]: row for row in csv.DictReader(StringIO(path.read_bytes().decode("utf-8-sig")))}


def test_a_renamed_site_keeps_its_entry_and_has_its_name_of_today(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "台账.csv"
    first = sited_file(tmp_path / "1.yaml", "2026-09-01", f"{A % ('A 区', 3, '')}\n{B % 2}", 2)
    assert cli("ledger", book, first).code == 0
    found = rows(book)
    assert {"jia/ENV-10#a", "jia/ENV-02#b"} <= set(found) and "jia/ENV-10#b" not in found and "jia/ENV-10" not in found
    assert (found["jia/ENV-10#a"]["点位"], "3 处" in found["jia/ENV-10#a"]["现状"]) == ("A 区", True)
    shown = cli("ledger", book, "--all").out
    assert "甲社区 A 区" in shown
    assert cli("ledger", tmp_path / "不分点位.csv", "data/taoli").code == 0
    assert " ；" not in shown + cli("ledger", tmp_path / "不分点位.csv", "--all").out
    second = sited_file(tmp_path / "2.yaml", "2026-10-01", f"{A % ('和谐苑', 2, '')}\n{B % 0}", 2)
    assert cli("ledger", book, second).code == 0
    found = rows(book)
    assert found["jia/ENV-10#a"]["点位"] == "和谐苑" and "原点位 A 区" in found["jia/ENV-10#a"]["经过"]
    assert found["jia/ENV-02#b"]["销号时间"] == "2026-10-01" and not found["jia/ENV-10#a"]["销号时间"]
    before = book.read_bytes()
    assert cli("ledger", book, first).code == 0 and book.read_bytes() == before, "an older record names nothing anew"
    closed = A % ("和谐苑", 2, ", closed: 2026-11-01")
    third = sited_file(tmp_path / "3.yaml", "2026-11-02", f"{closed}\n{B % 0}", 1)
    assert cli("ledger", book, third).code == 0
    gone = rows(book)["jia/ENV-10#a"]
    assert (gone["不适用时间"], gone["状态"], gone["销号时间"]) == ("2026-11-02", "已声明不适用", "")
    assert "不再算" in gone["经过"] and "不再算" in gone["现状"]


def test_an_old_entry_of_the_community_stays_until_every_site_is_met(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "台账.yaml"
    whole = sited_file(tmp_path / "0.yaml", "2026-08-01", "", 0, more="facts: {dead_corners: 5}")
    assert cli("ledger", book, whole).code == 0
    for n, (dirty, settled) in enumerate([(3, False), (0, True)], 1):
        path = sited_file(tmp_path / f"{n}.yaml", f"2026-{8 + n:02}-01", f"{A % ('A 区', dirty, '')}\n{B % 0}", 2)
        assert cli("ledger", book, path).code == 0
        text = book.read_text(encoding="utf-8")
        old = text.split("- 编号: ")[1]
        assert old.startswith("jia/ENV-10\n") and ("销号时间" in old) == settled
        assert settled or "2 个小区里 1 个不达标：A 区" in old


def test_what_was_seen_stands_in_the_entry_with_its_place_and_photo(cli: Run, tmp_path: Path) -> None:
    book = tmp_path / "台账.csv"
    seen = "{id: d1, found: 2026-08-30, where: 3 号楼后, what: 堆着旧家具, photo: IMG_7.jpg}"
    site = f"- {{id: a, kind: estate, name: A 区, facts: {{dead_corners: 3}}, defects: {{dead_corners: [{seen}]}}}}"
    assert cli("ledger", book, sited_file(tmp_path / "1.yaml", "2026-09-01", site, 1)).code == 0
    row = rows(book)["jia/ENV-10#a"]
    assert "3 号楼后 堆着旧家具" in row["问题描述"] and row["整改前后照片"] == "IMG_7.jpg"
