"""Saving answers: what is written, what is left, what can be undone."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist import FilesHaveProblems, load_state
from checklist.engine.comparing.new_answers import compare
from checklist.keeping import chain, history
from checklist.keeping.clean_text import clean
from checklist.keeping.entry import entries
from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.keeping.lock import locked
from checklist.keeping.saving import Saved, save
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import NotApplicable, Reading
from tests.support.fixtures import DAY, NOW
from tests.support.laws import examples

WEEK_AGO = DAY - timedelta(days=7)
SOME = Reading("potholes", 3, DAY, "张三", "南门内")


def put(folder: CommunityFolder, *readings: Reading, **more: object) -> Saved:
    return save(folder, readings, day=more.pop("day", DAY), at=NOW, what="试填", **more)  # type: ignore[arg-type]


def again(folder: CommunityFolder) -> dict[str, Reading]:
    return {fact: r for (_, fact), r in open_folder(folder.path, folder.ruleset).readings().items()}


def test_a_new_day_carries_everything_forward_and_keeps_the_dates(beimen: CommunityFolder) -> None:
    before = again(beimen)
    saved = put(beimen, SOME)
    assert saved.path is not None and saved.path.name == "2026-11-24.yaml"
    after = again(beimen)
    assert after.pop("potholes").value == 3
    before.pop("potholes")
    assert {k: replace(r, where=before[k].where) for k, r in after.items()} == before
    assert load_state(saved.path, beimen.ruleset).as_of == DAY


def test_the_same_day_is_edited_in_place_and_hand_written_lines_stay(beimen: CommunityFolder) -> None:
    path = beimen.path / "2026-10-15.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    day = date(2026, 10, 15)
    recorded = beimen.readings()["", "potholes"]
    saved = put(beimen, Reading("potholes", 41, day, recorded.by, "重数"), day=day)
    assert [c.kind for c in saved.changes.items] == ["changed"] and saved.path == path
    new = path.read_text(encoding="utf-8").splitlines()
    different = [i for i, (a, b) in enumerate(zip(lines, new, strict=True)) if a != b]
    assert len(different) == 1 and "重数" in new[different[0]]


def test_a_new_fact_stands_beside_its_neighbours(tmp_path: Path, ruleset: Ruleset) -> None:
    names = list(ruleset.facts)[:3]
    text = f"# 手写\ncommunity: {{id: x, name: 甲}}\nruleset: {ruleset.id}\nas_of: 2026-11-24\nfacts:\n  # 头\n"
    text += f"  {names[0]}: true   # 看过\n\n  # 尾\n  {names[2]}: {{unknown: 没问}}\n\nnot_applicable:\n  NBR-02: {{reason: 没有市场}}\n"
    assert ruleset.facts[names[0]].type == "bool"
    (tmp_path / "2026-11-24.yaml").write_text(text, encoding="utf-8")
    folder = open_folder(tmp_path, ruleset)
    value = next(iter(ruleset.facts[names[1]].options))
    put(folder, Reading(names[1], value, DAY, "李四"))
    new = (tmp_path / "2026-11-24.yaml").read_text(encoding="utf-8")
    added = f"  {names[1]}: {{value: {value}, on: 2026-11-24, by: 李四}}\n"
    assert new == text.replace("# 看过\n", "# 看过\n" + added)


def test_saving_twice_writes_once(beimen: CommunityFolder) -> None:
    put(beimen, SOME)
    files = {p: p.read_bytes() for p in beimen.path.rglob("*") if p.is_file()}
    saved = put(beimen, SOME)
    assert [c.kind for c in saved.changes.items] == ["same"] and saved.path is None
    assert files == {p: p.read_bytes() for p in beimen.path.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("recorded", "incoming", "kind"),
    [
        (None, SOME, "new"),
        (replace(SOME, on=WEEK_AGO), SOME, "confirmed"),
        (SOME, replace(SOME, on=WEEK_AGO), "same"),
        (replace(SOME, on=WEEK_AGO), replace(SOME, value=5), "changed"),
        (SOME, replace(SOME, value=5), "changed"),
        (SOME, replace(SOME, value=5, by="李四"), "conflict"),
        (SOME, replace(SOME, value=5, on=WEEK_AGO), "conflict"),
        (SOME, replace(SOME, value=None, unknown="没看到", by="李四"), "kept"),
        (replace(SOME, on=WEEK_AGO), replace(SOME, value=None, unknown="没看到"), "kept"),
        (SOME, replace(SOME, value=None, unknown="没看到"), "changed"),
        (replace(SOME, value=None, unknown="没看到"), replace(SOME, by="李四"), "changed"),
        (SOME, replace(SOME, evidence=("a.jpg",)), "changed"),
        (replace(SOME, value=True), replace(SOME, value=1, by="李四"), "conflict"),
    ],
)
def test_each_rule_of_comparing(recorded: Reading | None, incoming: Reading, kind: str) -> None:
    changes = compare({("", "potholes"): recorded} if recorded else {}, [incoming])
    assert [change.kind for change in changes.items] == [kind]


def test_two_forms_that_disagree_are_a_conflict_until_a_rule_is_given() -> None:
    older, newer = replace(SOME, on=WEEK_AGO), replace(SOME, value=5, by="李四")
    (left,) = compare({}, [older, newer]).items
    assert left.kind == "conflict" and (left.reading, left.rivals) == (newer, (older,))
    (ruled,) = compare({}, [older, newer], "newest").items
    assert ruled.kind == "new" and ruled.reading == newer and ruled.ruled == "newest"
    tied = compare({}, [replace(older, on=DAY), newer], "newest").items
    assert tied[0].kind == "conflict"


def test_a_conflict_is_kept_in_the_journal_once_and_the_record_stands(beimen: CommunityFolder) -> None:
    put(beimen, SOME)
    rival = replace(SOME, value=9, by="李四")
    for _ in range(3):
        saved = put(beimen, rival)
    assert [c.kind for c in saved.of("conflict")] == ["conflict"] and again(beimen)["potholes"].value == 3
    journal = chain.read_chain(beimen.path / "journal.jsonl")
    assert not journal.broken
    assert [(e["kind"], e["value"], e["by"]) for e in journal.entries] == [
        ("changed", 3, "张三"),
        ("conflict", 9, "李四"),
    ]
    assert again(put_by(beimen, rival))["potholes"].value == 9


def put_by(folder: CommunityFolder, reading: Reading) -> CommunityFolder:
    put(folder, reading, rule="incoming")
    return folder


def test_undo_brings_back_the_bytes_and_can_be_undone(beimen: CommunityFolder) -> None:
    before = (beimen.path / "2026-10-15.yaml").read_bytes()
    day = date(2026, 10, 15)
    put(beimen, replace(SOME, on=day, by="李", value=77), day=day, rule="incoming")
    first = (beimen.path / "2026-10-15.yaml").read_bytes()
    put(beimen, SOME)
    entry = history.undoable(beimen.path)
    assert entry is not None and entry.what == "试填"
    redo = history.undo(beimen.path, entry, NOW)
    assert not (beimen.path / "2026-11-24.yaml").exists()
    second = history.undoable(beimen.path)
    assert second is not None and second.number < entry.number
    history.undo(beimen.path, second, NOW)
    assert (beimen.path / "2026-10-15.yaml").read_bytes() == before != first
    assert history.undoable(beimen.path) is None
    back = next(e for e in entries(beimen.path) if e.number == redo)
    history.undo(beimen.path, back, NOW)
    assert again(beimen)["potholes"].value == 3
    standing_again = history.undoable(beimen.path)
    assert standing_again is not None and standing_again.number == entry.number


def test_undo_refuses_to_lose_a_later_edit_by_hand(beimen: CommunityFolder) -> None:
    saved = put(beimen, SOME)
    assert saved.path is not None
    saved.path.write_text(saved.path.read_text(encoding="utf-8") + "# 手改\n", encoding="utf-8")
    entry = history.undoable(beimen.path)
    assert entry is not None
    with pytest.raises(Refusal, match="又改过"):
        history.undo(beimen.path, entry, NOW)
    history.undo(beimen.path, entry, NOW, force=True)
    assert not saved.path.exists()


def test_an_answer_from_tomorrow_is_refused_and_nothing_is_written(beimen: CommunityFolder) -> None:
    with pytest.raises(FilesHaveProblems, match="晚于今天"):
        put(beimen, SOME, replace(SOME, fact="lamps_lit", on=DAY + timedelta(days=1)))
    assert sorted(p.name for p in beimen.path.iterdir()) == [".lock", "2026-10-15.yaml"]


def test_a_part_greater_than_its_whole_is_saved_and_said(beimen: CommunityFolder) -> None:
    saved = put(beimen, Reading("lamps_installed", 4, DAY, "张"), Reading("lamps_lit", 9, DAY, "张"))
    assert [p.code for p in saved.problems] == ["E320"]
    mended = put(beimen, Reading("lamps_installed", 10, DAY, "张"))
    assert not mended.problems and again(beimen)["lamps_lit"].value == 9


def test_a_declaration_is_saved_with_its_reason(beimen: CommunityFolder) -> None:
    id = next(c.id for c in beimen.ruleset.criteria if c.na_when and ("", c.id) not in beimen.declared())
    saved = put(beimen, declared={("", id): NotApplicable(id, "辖区里没有: {空}", DAY)})
    assert saved.declared == (("", id),)
    assert open_folder(beimen.path, beimen.ruleset).declared()["", id].reason == "辖区里没有: {空}"
    assert put(beimen, declared={("", id): NotApplicable(id, "辖区里没有: {空}", DAY)}).path is None


def test_two_writers_are_kept_apart(beimen: CommunityFolder) -> None:
    with locked(beimen.path), pytest.raises(Refusal, match="正被另一个程序写入"):
        put(beimen, SOME, wait=0.05)
    assert put(beimen, SOME).path


def test_a_full_disk_leaves_everything_as_it_was(beimen: CommunityFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    before = {p: p.read_bytes() for p in beimen.path.rglob("*.yaml")}
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refusal, match="磁盘满了"):
        put(beimen, SOME)
    monkeypatch.undo()
    assert {p: p.read_bytes() for p in beimen.path.rglob("*") if p.is_file() and p.name != ".lock"} == before


def test_a_torn_journal_line_is_cut_and_an_altered_one_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    chain.append(path, [{"n": 1}, {"n": 2}])
    with path.open("ab") as file:
        file.write(b'{"n": 3, "pr')
    assert [e["n"] for e in chain.read_chain(path).entries] == [1, 2]
    chain.append(path, [{"n": 4}])
    assert ([e["n"] for e in chain.read_chain(path).entries], chain.read_chain(path).broken) == ([1, 2, 4], ())
    path.write_bytes(path.read_bytes().replace(b'"n":1', b'"n":9'))
    assert chain.read_chain(path).broken == (2,)


@given(data=st.data())
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_saved_is_read_back(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, ruleset: Ruleset
) -> None:
    from tests.support.strategies import values

    names = data.draw(st.lists(st.sampled_from(list(ruleset.facts)), min_size=1, max_size=12, unique=True))
    words = st.text(max_size=30)
    readings = [
        Reading(name, data.draw(values(ruleset.facts[name])), DAY, data.draw(words), data.draw(words)) for name in names
    ]
    path = tmp_path_factory.mktemp("x")
    head = f"community: {{id: x, name: 甲}}\nruleset: {ruleset.id}\n"
    (path / "community.yaml").write_text(head, encoding="utf-8")
    folder = open_folder(path, ruleset)
    for half in (readings[::2], readings[1::2]):
        put(folder, *half, day=date(2026, 12, 1))
    found = again(folder)
    assert {name: found[name].value for name in names} == {r.fact: r.value for r in readings}
    assert {r.fact: found[r.fact].note for r in readings} == {r.fact: clean(r.note) for r in readings}
    json.dumps([dict(e) for e in chain.read_chain(path / "journal.jsonl").entries])


def test_a_ratio_is_exact(beimen: CommunityFolder) -> None:
    name = next(f.id for f in beimen.ruleset.facts.values() if f.type == "ratio")
    put(beimen, Reading(name, Fraction(9525, 10000), DAY, "张"))
    assert again(beimen)[name].value == Fraction(381, 400)


def test_a_file_that_is_open_elsewhere_is_named_and_left(
    beimen: CommunityFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise PermissionError(13, "in use")

    before = sorted(p.name for p in beimen.path.iterdir())
    monkeypatch.setattr("os.replace", held)
    with pytest.raises(Refusal) as caught:
        put(beimen, SOME)
    assert "WPS" in caught.value.hint
    monkeypatch.undo()
    assert [n for n in sorted(p.name for p in beimen.path.iterdir()) if n not in (".lock", ".history")] == before
