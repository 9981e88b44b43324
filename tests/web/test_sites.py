"""Phones that walk sites: answers at each site, old answers without one, photos, --only; and the walk in a browser."""

from __future__ import annotations

from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from checklist.keeping.evidence import ledger
from checklist.keeping.folder import open_folder
from checklist.model.refusals import Refusal
from checklist.model.rules.ruleset import Ruleset
from checklist.web.board import begin_walk
from checklist.web.desk import Desk
from tests.web.asgi import Client
from tests.web.browser import browser, find_chromium
from tests.web.conftest import DAY, NOON
from tests.web.server import Served, an_answer
from tests.web.test_phone import shot, sign_in

RECORD = """\
community: {id: jia, name: 甲社区}
ruleset: civilized-city-community
as_of: 2026-11-20
total: {estate: 2, lane: 1}
facts: {office_area_m2: 360}
sites:
  - id: estate-1
    kind: estate
    name: A 区
    facts:
      potholes: {value: 2, on: 2026-11-20, by: 李四}
  - id: estate-2
    kind: estate
    name: B 区
  - id: lane-1
    kind: lane
    name: 后巷
"""


@pytest.fixture
def community(tmp_path: Path) -> Path:
    folder = tmp_path / "甲社区"
    folder.mkdir()
    (folder / "2026-11-20.yaml").write_text(RECORD, encoding="utf-8")
    return folder


def test_each_site_is_asked_its_own_questions_and_the_community_the_rest(client: Client, ruleset: Ruleset) -> None:
    told = client.phone("GET", "api/board").data
    assert [(s["id"], s["name"], s["kind"]) for s in told["sites"]] == [
        ("estate-1", "A 区", "小区"), ("estate-2", "B 区", "小区"), ("lane-1", "后巷", "背街小巷"),
    ]  # fmt: skip
    assert not {f["id"] for f in told["facts"]} & ruleset.site_facts.keys()
    assert {f["id"] for f in told["site_facts"]} <= ruleset.site_facts.keys()
    assert told["at"]["estate-1"]["potholes"]["now"]["text"] == "2 处"
    assert told["at"]["estate-2"]["potholes"]["now"] is None and "potholes" not in told["at"]["lane-1"]


def test_answers_at_two_sites_are_two_answers_and_none_is_taken_twice(
    client: Client, community: Path, ruleset: Ruleset
) -> None:
    mine = [an_answer("a", "potholes", "3", site="estate-1"), an_answer("b", "potholes", "0", site="estate-2")]
    told = client.send(*mine, an_answer("c", "office_area_m2", "400"))
    assert [(r["fact"], r["kind"]) for r in told["results"]] == [
        ("potholes@estate-1", "changed"), ("potholes@estate-2", "new"), ("office_area_m2", "changed"),
    ]  # fmt: skip
    assert told["facts"]["potholes@estate-2"]["now"]["answer"] == "0"
    again = client.send(*mine)
    assert [r["kind"] for r in again["results"]] == ["changed", "new"]
    found = open_folder(community, ruleset).readings()
    assert (found["estate-1", "potholes"].value, found["estate-2", "potholes"].value) == (3, 0)
    assert found["estate-2", "potholes"].by == "张三" and found["estate-2", "potholes"].on == DAY


def test_an_answer_that_cannot_stand_there_is_refused_and_holds_nobody_up(
    client: Client, community: Path, ruleset: Ruleset
) -> None:
    told = client.send(
        an_answer("old", "potholes", "3"),
        an_answer("lost", "potholes", "3", site="estate-9"),
        an_answer("home", "office_area_m2", "3", site="estate-1"),
        an_answer("good", "potholes", "1", site="estate-2"),
        an_answer("long", "potholes", "1", site="e" * 65),
    )
    kinds = {r["id"]: (r["kind"], r["says"]) for r in told["results"]}
    assert {id: kind for id, (kind, _) in kinds.items()} == {
        "answer-old": "refused", "answer-lost": "refused", "answer-home": "refused", "answer-good": "new",
        "answer-long": "refused",
    }  # fmt: skip
    assert "没有写是哪个小区" in kinds["answer-old"][1] and not told["trouble"]
    assert open_folder(community, ruleset).readings()["estate-2", "potholes"].value == 1


def test_a_photo_is_the_evidence_of_its_site(client: Client, community: Path) -> None:
    data = BytesIO()
    Image.new("RGB", (80, 60), "red").save(data, "JPEG")
    name = client.phone("POST", "api/photos?fact=potholes&site=estate-2&by=x", data.getvalue()).data["name"]
    client.send(an_answer("p", "potholes", "4", site="estate-2", photos=[name]))
    (piece,) = ledger(community)[0]
    assert piece.slot == ("estate-2", "potholes")
    assert open_folder(community).readings()["estate-2", "potholes"].evidence == (name,)
    strange = client.phone("POST", "api/photos?fact=potholes&site=estate-7&by=x", data.getvalue())
    assert strange.status == 422 and "没有这个点位" in strange.data["says"]


@pytest.mark.slow
def test_only_a_site_is_walked_and_10000_are_refused(desk: Desk, community: Path) -> None:
    desk.walk = begin_walk(desk.folder(), DAY, ["B区"])
    told = desk.board()
    assert [s["id"] for s in told["sites"]] == ["estate-2"] and not told["facts"] and told["only"] == "B区"
    many = "".join(f"  - {{id: estate-{i}, kind: estate, name: 第{i}区}}\n" for i in range(3, 10_001))
    text = RECORD.replace("estate: 2", "estate: 10000").replace("  - id: lane-1", many + "  - id: lane-1")
    (community / "2026-11-20.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        begin_walk(desk.folder(), NOON.date(), ())
    assert "10001 个点位" in refused.value.says and "--only" in refused.value.hint


@pytest.mark.slow
@pytest.mark.skipif(find_chromium() is None, reason="没有 chromium：apt-get install chromium")
def test_two_estates_are_walked_one_after_the_other(
    served: Served, community: Path, tmp_path: Path, ruleset: Ruleset
) -> None:
    with ExitStack() as phones:
        page = phones.enter_context(browser(tmp_path / "phone"))
        sign_in(page, served, "张丽")
        page.until("document.querySelectorAll('.sites li').length === 3")
        shot(page, "sites-1-home")
        page.click("A 区")
        page.until("location.hash === '#p/@estate-1'")
        shot(page, "sites-2-walk")
        page.js("location.hash = '#q/potholes@estate-1/@estate-1'")
        page.until("document.querySelector('.site') && document.querySelector('.site').innerText === '在 A 区'")
        assert "上次：2 处" in page.text()
        page.type(".amount input", "5")
        shot(page, "sites-3-question")
        page.click("保存，下一项")
        page.until("!location.hash.includes('potholes') && location.hash.includes('@estate-1')")
        page.js("location.hash = '#p/@estate-1'")
        page.click("下一处：B 区")
        page.until("location.hash === '#p/@estate-2'")
        page.offline(True)
        page.js("location.hash = '#q/potholes@estate-2/@estate-2'")
        page.until("!!document.querySelector('#ask') && document.querySelector('.site').innerText === '在 B 区'")
        assert "还没有人核过" in page.text()
        page.type(".amount input", "7")
        page.click("保存，下一项")
        page.until("!location.hash.includes('potholes')")
        page.reload()
        page.until("document.getElementById('net').innerText.includes('1 条待传')")
        page.offline(False)
        page.until("document.getElementById('net').innerText === '已连上'", 30)
        page.js("location.hash = '#p/@estate-2'")
        page.until(
            "document.querySelector('.facts').innerText.includes('7 处') || document.body.innerText.includes('全部')"
        )
        assert not page.errors
    found = open_folder(community, ruleset).readings()
    assert (found["estate-1", "potholes"].value, found["estate-2", "potholes"].value) == (5, 7)
    assert found["estate-2", "potholes"].by == "张丽" and ("", "potholes") not in found
