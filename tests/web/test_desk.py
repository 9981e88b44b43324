"""What becomes of answers that phones hand in."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist.engine.scoring.assess import assess
from checklist.keeping import chain
from checklist.keeping.lock import locked
from checklist.model.numbers import ANYTHING as ANY_COUNT
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading
from checklist.reports.forms.questions import groups_of
from checklist.web.answers import PhoneAnswer, Refused, read_answer
from checklist.web.board import begin_walk, state_of, written
from checklist.web.desk import Desk, rounds
from tests.support.laws import examples
from tests.support.strategies import values
from tests.web.asgi import Client
from tests.web.conftest import BLANK, DAY, NOON, record
from tests.web.server import an_answer


def journal(folder: Path) -> list[dict[str, Any]]:
    read = chain.read_chain(folder / "journal.jsonl")
    assert not read.broken
    return [dict(entry) for entry in read.entries]


def test_an_answer_is_in_the_record_with_who_and_when(client: Client, community: Path, ruleset: Ruleset) -> None:
    told = client.send(an_answer("1", "potholes", "约3处", note="南门"))
    assert [r["kind"] for r in told["results"]] == ["changed"]
    reading = record(community, ruleset).readings()["", "potholes"]
    assert (reading.value, reading.by, reading.on, reading.note) == (3, "张三", DAY, "南门；约3处")


def test_the_interval_narrows_and_is_the_engines_own(client: Client, community: Path, ruleset: Ruleset) -> None:
    before = client.phone("GET", "api/board").data["score"]
    stale = [f for f in client.phone("GET", "api/board").data["facts"] if f["because"] == "stale"]
    told = client.send(*(an_answer(f"s{i}", f["id"], f["now"]["answer"]) for i, f in enumerate(stale)))
    assert {r["kind"] for r in told["results"]} == {"confirmed"}
    assert float(told["score"]["width"]) < float(before["width"])
    score = assess(ruleset, state_of(record(community, ruleset), DAY)).score
    assert abs(float(told["score"]["low"]) - float(score.low)) <= 0.05
    assert client.phone("GET", f"api/board?v={told['version']}").data == {"same": True, "page": told_page(client)}


@pytest.mark.parametrize(
    "only, words",
    [
        ((), ""),
        (("stale",), "过期的"),
        (("楼道内", "stale"), "楼道内、过期的"),
        (("ENV",), "环境卫生"),
        (("owner=物业",), "物业"),
    ],
)
def test_phones_and_excel_forms_ask_the_same(only: tuple[str, ...], words: str, desk: Desk, ruleset: Ruleset) -> None:
    folder = desk.folder()
    groups = groups_of(assess(ruleset, state_of(folder, DAY)), folder.tier, only)
    desk.walk = begin_walk(folder, DAY, only)
    told = desk.board()
    assert {f["id"] for f in told["facts"]} == {f.id for g in groups for f in g.facts} != set()
    assert told["only"] == words


def test_another_walk_is_another_version_and_what_was_answered_stays_on_it(desk: Desk, ruleset: Ruleset) -> None:
    whole = desk.board()
    desk.walk = begin_walk(desk.folder(), DAY, ("楼道内", "stale"))
    short = desk.board(whole["version"])
    asked = [f["id"] for f in short["facts"]]
    raw = an_answer("w1", asked[0], next(f["now"]["answer"] for f in short["facts"] if f["id"] == asked[0]))
    after = desk.take([raw], 1_000_000)
    assert after["version"] not in (short["version"], whole["version"]) and not after["facts"][asked[0]]["because"]
    assert [f["id"] for f in desk.board()["facts"]] == asked and desk.board(after["version"]) == {"same": True}


def told_page(client: Client) -> str:
    return str(client.phone("GET", "api/board").data["page"])


def test_an_answer_that_is_sent_again_is_taken_once(client: Client, community: Path) -> None:
    first = client.send(an_answer("1", "potholes", "3"))
    client.send(an_answer("2", "potholes", "4"))
    files = {p: p.read_bytes() for p in community.rglob("*") if p.is_file()}
    again = client.send(an_answer("1", "potholes", "3"), an_answer("1", "potholes", "3"))
    assert again["results"][0] == first["results"][0]
    assert files == {p: p.read_bytes() for p in community.rglob("*") if p.is_file()}
    assert [entry["value"] for entry in journal(community)] == [3, 4]


def test_without_its_receipt_an_answer_that_is_sent_again_is_found_in_the_record(
    client: Client, community: Path
) -> None:
    client.send(an_answer("1", "potholes", "3"))
    (community / ".phone" / "received.jsonl").unlink()  # what a kill between saving and confirming leaves
    assert client.send(an_answer("1", "potholes", "3"))["results"][0]["kind"] == "same"
    assert len(journal(community)) == 1


def test_unsure_is_an_answer_of_its_own_and_erases_nothing(client: Client, community: Path, ruleset: Ruleset) -> None:
    told = client.send(
        an_answer("1", BLANK, None, unknown="进不去"), an_answer("2", "lamps_lit", None, unknown="没看到")
    )
    assert [r["kind"] for r in told["results"]] == ["new", "kept"]
    readings = record(community, ruleset).readings()
    assert (readings["", BLANK].value, readings["", BLANK].unknown) == (None, "进不去")
    assert readings["", "lamps_lit"].value == 40
    assert told["facts"][BLANK]["because"] == "said_unknown"


def test_two_people_disagree_until_one_insists(client: Client, community: Path, ruleset: Ruleset) -> None:
    client.send(an_answer("1", "potholes", "3"))
    (result,) = client.send(an_answer("2", "potholes", "5", by="李四"))["results"]
    assert result["kind"] == "conflict" and result["recorded"]["text"] == "3 处" and result["recorded"]["by"] == "张三"
    assert record(community, ruleset).readings()["", "potholes"].value == 3
    (decided,) = client.send(an_answer("3", "potholes", "5", by="李四", decide="incoming"))["results"]
    assert decided["kind"] == "changed" and record(community, ruleset).readings()["", "potholes"].value == 5


def test_the_day_is_right_on_a_phone_with_a_wrong_clock(client: Client, community: Path, ruleset: Ruleset) -> None:
    day = 86_400_000
    client.send(an_answer("1", "potholes", "3", seen=5 * day), now=8 * day)  # its clock says 1970
    assert record(community, ruleset).readings()["", "potholes"].on == DAY - timedelta(days=3)
    client.send(an_answer("2", "lamps_lit", "3", seen=9 * day), now=8 * day)  # its clock was set back
    assert record(community, ruleset).readings()["", "lamps_lit"].on == DAY
    client.send(an_answer("3", BLANK, "3", on="2026-11-01"))
    assert str(record(community, ruleset).readings()["", BLANK].on) == "2026-11-01"


BAD = [
    (an_answer("1", "potholes", "很多"), "应填整数"),
    (an_answer("1", "potholes", "-1"), "不能是负数"),
    (an_answer("1", "potholes", ""), "没有填"),
    (an_answer("1", "potholes", None), "没有填"),
    (an_answer("1", "no_such", "1"), "没有这个实测项"),
    (an_answer("1", "potholes", "1", on="2026-12-01"), "还没到"),
    (an_answer("1", "potholes", "1", on="../../etc"), "日期不对"),
    (an_answer("1", "potholes", "1", by="  "), "内容不完整"),
    (an_answer("1", "potholes", "1", note="长" * 20_001), "内容不完整或太长"),
    (an_answer("1", "potholes", "1", photos=["../../../etc/passwd"]), "内容不完整"),
    (an_answer("1", "potholes", "1", photos=["evidence/../community.yaml.jpg"]), "内容不完整"),
    (an_answer("1", "potholes", "1", photos=["evidence/aaaaaaaaaaaa.jpg"]), "照片没有收到"),
    (an_answer("1", "potholes", "1", extra=1), "内容不完整"),
    (an_answer("../../x", "potholes", "1"), "内容不完整"),
    (an_answer("1", "potholes", "\ud800"), "内容不完整"),
    (an_answer("1", "implementation_plan_date", "2027-01-01"), "还没到"),
]


def test_bad_answers_are_refused_with_a_reason_and_hold_up_no_other(client: Client, community: Path) -> None:
    sent = [{**answer, "id": f"{answer['id']}-{i}"} for i, (answer, _) in enumerate(BAD)]
    told = client.send(*sent, an_answer("other", "lamps_lit", "41"))
    results = {r["id"]: r for r in told["results"]}
    for answer, (_, says) in zip(sent, BAD, strict=True):
        assert results[answer["id"]]["kind"] == "refused" and says in results[answer["id"]]["says"], answer
    assert results["answer-other"]["kind"] == "changed"
    assert len(journal(community)) == 1


def test_words_are_kept_as_words(client: Client, community: Path, ruleset: Ruleset) -> None:
    evil = "<script>alert(1)</script> [red]x[/red] =cmd|'/c calc'!A1 {{7*7}} \u202eabc\u0000"
    client.send(an_answer("1", "potholes", "3", note=evil, by="=1+1"))
    reading = record(community, ruleset).readings()["", "potholes"]
    assert reading.note == "<script>alert(1)</script> [red]x[/red] =cmd|'/c calc'!A1 {{7*7}} abc"
    assert reading.by == "=1+1"


def test_while_the_folder_is_busy_answers_stay_on_the_phone(
    client: Client, community: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checklist.web.desk.WAIT", 0.05)
    with locked(community):
        told = client.send(an_answer("1", "potholes", "3"))
    assert told["results"] == [] and "答案还在手机里" in told["trouble"]
    assert client.send(an_answer("1", "potholes", "3"))["results"][0]["kind"] == "changed"


def test_a_full_disk_confirms_nothing(client: Client, community: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    client.phone("GET", "api/board")
    before = {p: p.read_bytes() for p in community.rglob("*.yaml")}
    monkeypatch.setattr("os.fsync", full)
    told = client.send(an_answer("1", "potholes", "3"))
    monkeypatch.undo()
    assert told["results"] == [] and "磁盘满了" in told["trouble"]
    assert {p: p.read_bytes() for p in community.rglob("*.yaml")} == before


def test_a_record_broken_by_hand_is_told_and_answers_wait(client: Client, community: Path) -> None:
    path = community / "2026-10-15.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("as_of:", "as_of："), encoding="utf-8")
    told = client.send(an_answer("1", "potholes", "3"))
    assert told["results"] == [] and "现状记录有错" in told["trouble"]
    assert client.phone("GET", "api/board").status == 503
    assert client.phone("GET", "").status == 200, "the page opens: it still holds answers"
    path.write_text(good, encoding="utf-8")
    assert client.send(an_answer("1", "potholes", "3"))["results"][0]["kind"] == "changed"


@pytest.mark.slow
def test_two_desks_at_once_lose_nothing(desk: Desk, community: Path, ruleset: Ruleset) -> None:
    """Two servers on one folder, each with two phones: what was confirmed is in the record."""
    desks = [desk, Desk(community, ruleset, desk.clock)]
    counts = [f.id for f in ruleset.facts.values() if f.type == "count" and f.span == ANY_COUNT][:12]
    confirmed: dict[str, int] = {}

    def fill(at: int) -> None:
        for number, fact in enumerate(counts[at::4]):
            answer = an_answer(f"{at}-{number}", fact, str(at * 10 + number), by=f"手机{at}")
            for result in desks[at % 2].take([answer], 1_000_000)["results"]:
                assert result["kind"] in ("new", "changed", "confirmed")
                confirmed[fact] = at * 10 + number

    threads = [threading.Thread(target=fill, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    readings = record(community, ruleset).readings()
    assert len(confirmed) == 12 and {fact: readings["", fact].value for fact in confirmed} == confirmed
    assert len(journal(community)) == 12


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["id", "fact", "by", "value", "unknown", "seen", "on", "photos"]), inner, max_size=8
            ),
        ),
        max_leaves=12,
    )
)
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_at_all_is_an_answer_or_refused(ruleset: Ruleset, tmp_path: Path, raw: Any) -> None:
    assert isinstance(read_answer(raw, ruleset.facts, tmp_path, NOON, 0), PhoneAnswer | Refused)


@given(data=st.data())
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_the_page_offers_to_confirm_is_the_same_value(
    data: st.DataObject, ruleset: Ruleset, tmp_path: Path
) -> None:
    fact = ruleset.facts[data.draw(st.sampled_from(list(ruleset.facts)))]
    value = data.draw(values(fact))
    again = read_answer(
        an_answer("x", fact.id, written(fact, Reading(fact.id, value, DAY))), ruleset.facts, tmp_path, NOON, 0
    )
    assert isinstance(again, PhoneAnswer), again
    assert again.reading.value == value


def test_one_saving_holds_each_fact_once(ruleset: Ruleset, tmp_path: Path) -> None:
    sent = [("a", None), ("b", None), ("a", None), ("c", "incoming"), ("a", "incoming"), ("a", None)]
    names = dict(zip("abc", list(ruleset.facts)[:3], strict=True))
    answers = []
    for i, (name, decide) in enumerate(sent):
        raw = an_answer(str(i), names[name], None, unknown="x", **({"decide": decide} if decide else {}))
        answer = read_answer(raw, ruleset.facts, tmp_path, NOON, 0)
        assert isinstance(answer, PhoneAnswer)
        answers.append(answer)
    made = rounds(answers)
    assert sorted(a.id for r in made for a in r) == sorted(a.id for a in answers)
    for one in made:
        assert len({a.reading.fact for a in one}) == len(one) and len({a.decided for a in one}) == 1
    order = [a.id for r in made for a in r if a.reading.fact == names["a"]]
    assert order == ["answer-0", "answer-2", "answer-4", "answer-5"]
