"""The page in a real browser at phone size: filled in without a network, reloaded, closed, and nothing is lost."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image

from checklist.cli.commands.serve import lan_addresses
from checklist.keeping import chain
from checklist.model.refusals import Refusal
from checklist.model.rules.facts import NEVER
from checklist.model.rules.ruleset import Ruleset
from tests.web.browser import Page, browser, find_chromium
from tests.web.conftest import BLANK, DAY, record
from tests.web.server import Served

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason="没有 chromium：apt-get install chromium"),
]
SHOTS = Path(os.environ["CHECKLIST_SHOTS"]) if os.environ.get("CHECKLIST_SHOTS") else None


@pytest.fixture
def phones(tmp_path: Path) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def phone(stack: ExitStack, profile: Path) -> Page:
    return stack.enter_context(browser(profile))


def shot(page: Page, name: str) -> None:
    wide = page.js("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{name}: {wide} scrolls sideways"
    if SHOTS:
        page.screenshot(SHOTS / f"{name}.png")


def sign_in(page: Page, served: Served, who: str) -> None:
    page.open(served.link)
    page.type("#who", who)
    page.click("开始")
    page.until("!!document.querySelector('.range')")


def question(page: Page, fact: str, where: str = "*") -> None:
    page.js(f"location.hash = '#q/{fact}/{where}'")
    page.until(f"location.hash.includes('{fact}') && !!document.querySelector('#ask')")


def fill(page: Page, fact: str, text: str, where: str = "*") -> None:
    question(page, fact, where)
    page.type(".amount input", text)
    page.click("保存，下一项")
    page.until(f"!location.hash.includes('{fact}')")


def waiting(page: Page) -> int:
    found = page.js(
        """new Promise((done) => { const key = document.documentElement.dataset.key;
        indexedDB.open('checklist-' + key).onsuccess = (e) => {
          const all = e.target.result.transaction('answers').objectStore('answers').getAll();
          all.onsuccess = () => { done(all.result.length); e.target.result.close(); } } })"""
    )
    return int(found)


def a_photo(path: Path) -> Path:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[36867] = "2026:11:20 08:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (33.0, 57.0, 0.0), 3: "E", 4: (116.0, 48.0, 0.0)})
    Image.linear_gradient("L").resize((3000, 2000)).convert("RGB").save(path, exif=exif)
    return path


def test_nothing_is_lost_without_a_network(
    served: Served, phones: ExitStack, tmp_path: Path, ruleset: Ruleset, community: Path
) -> None:
    profile = tmp_path / "phone"
    page = phone(phones, profile)
    sign_in(page, served, "张丽")
    shot(page, "1-home")
    before = page.js("document.querySelector('.range').innerText")
    page.click("小区道路")
    page.until("location.hash === '#p/road'")
    shot(page, "2-walk")
    fill(page, "potholes", "3", "road")
    page.until("document.getElementById('net').innerText === '已连上'")
    assert record(community, ruleset).readings()["", "potholes"].value == 3
    page.until("!!navigator.serviceWorker.controller")

    served.kill()  # the network goes: the server is really not there
    page.offline(True)
    fill(page, "lamps_lit", "41")
    question(page, "courtesy_sign_places")
    page.click("出入口")
    page.pick_file(".pick input[multiple]", a_photo(tmp_path / "p.jpg"))
    page.until("document.querySelectorAll('.shelf img').length === 1")
    shot(page, "3-question-offline")
    page.click("保存，下一项")
    page.until("!location.hash.includes('courtesy_sign_places')")
    question(page, BLANK)
    page.click("说不清／未看到")
    shot(page, "4-unsure")
    page.click("进不去")
    page.until(f"!location.hash.includes('{BLANK}')")
    assert waiting(page) == 3

    page.reload()  # still nothing there: the page itself comes from the phone
    page.until("document.getElementById('net').innerText === '没有网络 · 3 条待传'")
    page.js("location.hash = ''")
    page.until("!!document.querySelector('.range')")
    shot(page, "5-home-offline")
    question(page, "households")
    page.type(".amount input", "77")  # being typed, not saved
    page.reload()
    page.until("document.querySelector('.amount input') && document.querySelector('.amount input').value === '77'")
    phones.close()  # the battery is empty

    page = phone(phones, profile)
    page.offline(True)
    page.open(served.link.split("?")[0])
    page.until("document.getElementById('net').innerText === '没有网络 · 3 条待传'")
    served.start()
    page.offline(False)
    page.until("document.getElementById('net').innerText === '已连上'", 30)
    page.js("location.hash = ''")
    page.until("!!document.querySelector('.narrowed')")
    shot(page, "6-home-after")
    assert page.js("document.querySelector('.range').innerText") != before
    assert waiting(page) == 0 and not page.errors

    readings = record(community, ruleset).readings()
    journal = chain.read_chain(community / "journal.jsonl")
    assert not journal.broken and len(journal.entries) == 4, "each answer was taken once"
    signs = readings["", "courtesy_sign_places"]
    assert signs.by == "张丽" and signs.on == DAY and len(signs.evidence) == 1
    with Image.open(community / signs.evidence[0]) as kept:
        assert max(kept.size) == 2000
        assert kept.getexif().get_ifd(0x8769)[36867] == "2026:11:20 08:30:00"
        assert not kept.getexif().get_ifd(0x8825)
    assert readings["", "lamps_lit"].value == 41
    assert (readings["", BLANK].value, readings["", BLANK].unknown) == (None, "进不去")


def test_on_plain_http_the_page_opens_again_and_keeps_its_answers(
    community: Path, cache: Path, phones: ExitStack, tmp_path: Path, ruleset: Ruleset
) -> None:
    """On the office network there is no service worker: the browser's own cache opens the page, its storage the answers."""
    served = Served(community, cache, ("--lan",)).start()
    try:
        if served.link.startswith("http://127."):
            pytest.skip("这台机器没有局域网地址")
        page = phone(phones, tmp_path / "phone")
        sign_in(page, served, "张丽")
        assert not page.js("isSecureContext")
        served.kill()
        fill(page, "potholes", "4")
        phones.close()
        page = phone(phones, tmp_path / "phone")
        page.open(served.link.split("?")[0])
        page.until("document.getElementById('net').innerText.includes('1 条待传')")
        fill(page, "lamps_lit", "41")
        served.start()
        page.until("document.getElementById('net').innerText === '已连上'", 30)
        readings = record(community, ruleset).readings()
        assert (readings["", "potholes"].value, readings["", "lamps_lit"].value) == (4, 41)
    finally:
        served.kill()


def test_the_page_can_be_installed(served: Served, phones: ExitStack, tmp_path: Path) -> None:
    page = phone(phones, tmp_path / "phone")
    sign_in(page, served, "张丽")
    page.until("!!navigator.serviceWorker.controller")
    manifest = page.call("Page.getAppManifest")
    assert not manifest["errors"] and "北门社区" in manifest["data"]
    assert page.call("Page.getInstallabilityErrors")["installabilityErrors"] in (
        [],
        [{"errorId": "in-incognito", "errorArguments": []}],
    )


def certificate(tmp_path: Path, address: str) -> tuple[Path, Path, str]:
    """Signed by itself, for an address; with the hash by which a browser can be told to know it."""
    cert, key = tmp_path / "c.pem", tmp_path / "k.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=checklist"]
    command += ["-addext", f"subjectAltName=IP:{address}", "-out", str(cert), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    public = ssl.PEM_cert_to_DER_cert(cert.read_text(encoding="ascii"))
    spki = subprocess.run(
        ["openssl", "x509", "-inform", "der", "-pubkey", "-noout"], input=public, check=True, capture_output=True
    ).stdout
    der = base64.b64decode("".join(spki.decode("ascii").splitlines()[1:-1]))
    return cert, key, base64.b64encode(hashlib.sha256(der).digest()).decode("ascii")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="没有 openssl")
@pytest.mark.parametrize("known", [True, False])
def test_https_gives_an_offline_page_only_with_a_certificate_that_the_phone_knows(
    known: bool, community: Path, cache: Path, phones: ExitStack, tmp_path: Path
) -> None:
    """What docs/phone.md says of certificates, in a real browser: clicking through the warning is not enough."""
    try:
        address = lan_addresses()[0]
    except Refusal:
        pytest.skip("这台机器没有局域网地址")
    cert, key, mark = certificate(tmp_path, address)
    served = Served(community, cache, ("--lan", "--cert", str(cert), "--key", str(key)), scheme="https").start()
    flags = [f"--ignore-certificate-errors-spki-list={mark}"] if known else []
    page = phones.enter_context(browser(tmp_path / "phone", *flags))
    try:
        page.open(served.link)
        if not known:
            page.until("document.body && document.body.innerText.includes('ERR_CERT')")
            for letter in "thisisunsafe":  # as good as tapping “continue anyway”
                page.call("Input.dispatchKeyEvent", type="keyDown", key=letter, text=letter)
                page.call("Input.dispatchKeyEvent", type="keyUp", key=letter)
        page.type("#who", "张丽")
        page.click("开始")
        page.until("!!document.querySelector('.range')")
        if known:
            page.until("!!navigator.serviceWorker.controller")
            assert "别刷新" not in page.text()
        else:
            page.until("document.body.innerText.includes('没有网络时别刷新')")
        served.kill()
        page.offline(True)
        fill(page, "potholes", "4")
        page.open("about:blank")
        page.open(served.link.split("?")[0])
        if known:
            page.until("document.getElementById('net').innerText === '没有网络 · 1 条待传'")
        else:
            page.until("document.body && document.body.innerText.length > 0 && !document.getElementById('net')")
    finally:
        served.kill()


def test_a_short_walk_asks_only_what_was_chosen(
    community: Path, cache: Path, phones: ExitStack, tmp_path: Path
) -> None:
    served = Served(community, cache, ("--only", "楼道内", "--only", "stale")).start()
    try:
        page = phone(phones, tmp_path / "phone")
        sign_in(page, served, "张丽")
        assert "这次只走：楼道内、过期的" in page.text() and "小区道路" not in page.text()
        shot(page, "7-short-walk")
        page.click("楼道内")
        page.until("location.hash === '#p/stairs'")
        first = page.js("document.querySelector('.facts b').innerText")
        page.click("逐项填")
        page.click("说不清／未看到")
        page.click("进不去")
        page.until("document.body.innerText.includes('楼道内 2/')")
        page.until("document.getElementById('net').innerText === '已连上'")
        page.js("location.hash = '#p/stairs'")
        page.click("全部")
        page.until("[...document.querySelectorAll('.filter button')].pop().getAttribute('aria-pressed') === 'true'")
        assert first in page.text(), "what was answered stays on the list"
    finally:
        served.kill()


def test_two_phones_at_once_and_a_conflict(
    served: Served, phones: ExitStack, tmp_path: Path, ruleset: Ruleset, community: Path
) -> None:
    one, two = phone(phones, tmp_path / "one"), phone(phones, tmp_path / "two")
    sign_in(one, served, "张丽")
    sign_in(two, served, "李强")
    served.kill()
    counts = [f.id for f in ruleset.facts.values() if f.type == "count" and f.place == "road"][:6]
    numbers = {fact: str(i + 1) for i, fact in enumerate(counts)}
    for i, (fact, text) in enumerate(numbers.items()):
        fill(one if i % 2 else two, fact, text)
    fill(one, "potholes", "8")
    fill(two, "potholes", "9")
    served.start()
    for page in (one, two):
        page.js("dispatchEvent(new Event('online'))")
    two.until("document.getElementById('net').innerText.startsWith('已连上')", 30)
    one.until("document.getElementById('net').innerText.startsWith('已连上')", 30)
    loser = one if waiting(one) else two
    assert waiting(one) + waiting(two) == 1
    loser.js("location.hash = '#look'")
    loser.until("document.body.innerText.includes('用我填的')")
    shot(loser, "7-conflict")
    loser.click("用我填的")
    loser.until("!document.body.innerText.includes('用我填的')")
    want = 8 if loser is one else 9
    for _ in range(100):
        if record(community, ruleset).readings()["", "potholes"].value == want:
            break
        loser.js("new Promise((r) => setTimeout(r, 50))")
    readings = record(community, ruleset).readings()
    assert readings["", "potholes"].value == want
    others = {fact: int(text) for fact, text in numbers.items() if fact != "potholes"}
    assert {fact: readings["", fact].value for fact in others} == others
    assert not one.errors and not two.errors


def test_hostile_words_are_shown_as_words_and_every_screen_fits(
    served: Served, phones: ExitStack, tmp_path: Path, community: Path
) -> None:
    evil = "<img src=x onerror=window.hit=1><script>window.hit=1</script>[red]{{7*7}}"
    answer = {"id": "evil-answer-1", "fact": "potholes", "by": evil[:60], "value": "3", "seen": 1, "note": evil}
    served.phone("POST", "api/answers", {"now": 1, "answers": [answer]})
    page = phone(phones, tmp_path / "phone")
    sign_in(page, served, "张")
    page.js("[...document.querySelectorAll('.filter button')][1].click()")
    question(page, "potholes", "road")
    page.until("document.body.innerText.includes('<script>')")
    assert not page.js("window.hit") and "{{7*7}}" in page.text()
    _, board = served.phone("GET", "api/board")
    kinds: dict[str, str] = {}
    for fact in board["facts"]:
        kinds.setdefault(fact["type"] + str(fact["survey"]), fact["id"])
    for kind, id in kinds.items():
        question(page, id)
        shot(page, f"8-{kind}")
        low = page.js(
            "Math.min(...[...document.querySelectorAll('button, a, .option')].filter((e) => e.offsetParent)"
            ".map((e) => e.getBoundingClientRect().height))"
        )
        assert low >= 44, f"{id}: something is too low for a thumb ({low})"
    page.dark(True)
    page.js("location.hash = ''")
    page.until("!!document.querySelector('.range')")
    shot(page, "9-dark")
    page.js("location.hash = '#me'")
    page.until("document.body.innerText.includes('现在就传')")
    shot(page, "9-settings")
    assert not page.errors


def test_an_old_link_keeps_the_answers_until_the_new_one_is_scanned(
    served: Served, phones: ExitStack, tmp_path: Path, ruleset: Ruleset, community: Path
) -> None:
    page = phone(phones, tmp_path / "phone")
    sign_in(page, served, "张丽")
    served.kill()
    fill(page, "potholes", "6")
    again = Served(community, served.cache, ("--new-link",), served.port).start()
    try:
        page.js("dispatchEvent(new Event('online'))")
        page.until("document.getElementById('net').innerText.startsWith('要重新扫码')", 20)
        assert waiting(page) == 1
        page.open(again.link)
        page.until("document.getElementById('net') && document.getElementById('net').innerText === '已连上'", 20)
        assert record(community, ruleset).readings()["", "potholes"].value == 6
    finally:
        again.kill()


def test_a_file_that_is_no_picture_is_told_and_the_answer_is_kept(
    served: Served, phones: ExitStack, tmp_path: Path, ruleset: Ruleset, community: Path
) -> None:
    page = phone(phones, tmp_path / "phone")
    sign_in(page, served, "张丽")
    bad = tmp_path / "x.jpg"
    bad.write_bytes(b"GIF89a<script>")
    question(page, "potholes")
    page.type(".amount input", "2")
    page.pick_file(".pick input[multiple]", bad)
    page.until("document.querySelectorAll('.shelf figure').length === 1")
    page.click("保存，下一项")
    page.until("!location.hash.includes('potholes')")
    page.js("location.hash = '#look'")
    page.until("document.body.innerText.includes('这不是能打开的照片')")
    reading = record(community, ruleset).readings()["", "potholes"]
    assert (reading.value, reading.evidence) == (2, ()) and waiting(page) == 0
    assert not list(community.glob("evidence/*"))


def test_what_never_was_has_a_key_of_its_own(
    served: Served, phones: ExitStack, tmp_path: Path, ruleset: Ruleset, community: Path
) -> None:
    page = phone(phones, tmp_path / "phone")
    sign_in(page, served, "张丽")
    for fact in ("implementation_plan_date", "affairs_days_since_post"):
        question(page, fact)
        shot(page, f"never-{fact}")
        page.click("从来没有")
        page.until(f"!location.hash.includes('{fact}')")
    page.until("document.getElementById('net').innerText === '已连上'")
    question(page, "potholes")
    assert page.js("document.querySelectorAll('.never').length") == 0
    question(page, "implementation_plan_date")
    page.until("document.body.innerText.includes('从来没有')")
    assert (
        page.js("document.querySelector('#ask') && document.querySelector('input[type=date], .amount input').value")
        == ""
    )
    shot(page, "never-again")
    readings = record(community, ruleset).readings()
    assert (
        readings["", "implementation_plan_date"].value is NEVER
        and readings["", "affairs_days_since_post"].value is NEVER
    )
