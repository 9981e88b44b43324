"""What a worker does with 社区自查.html, and what no record can make it do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.browser.conftest import begin, done, paper, press
from tests.conftest import Run
from tests.support.places import ROOT
from tests.web.browser import Page

pytestmark = pytest.mark.slow
SHOTS = Path(os.environ["CHECKLIST_SHOTS"]) if os.environ.get("CHECKLIST_SHOTS") else None
AXE = ROOT / "browser" / "node_modules" / "axe-core" / "axe.min.js"
NASTY = "<img src=https://evil.invalid/x onerror=window.hacked=1><script>window.hacked=1</script>"


def shot(page: Page, name: str) -> None:
    if SHOTS is not None:
        page.screenshot(SHOTS / f"{name}.png")


def lay_out(page: Page, name: str, text: str) -> None:
    page.js(f"window.layOut({json.dumps(name)}, {json.dumps(text)})")


def on_disk(page: Page, name: str) -> str:
    return str(page.js(f"new TextDecoder().decode(window.onDisk.inner[{json.dumps(name)}].bytes)"))


def test_a_form_is_brought_in_planned_saved_and_opened_again(page: Page, cli: Run, tmp_path: Path) -> None:
    record = (ROOT / "data/donghu/2026-10-15.yaml").read_text(encoding="utf-8")
    form = tmp_path / "填好的表.xlsx"
    assert cli("form", "data/donghu", "--filled", "-o", form).code == 0
    lines = record.splitlines(keepends=True)
    lay_out(page, "2026-10-15.yaml", "".join(line for line in lines if not line.startswith("  lamps_lit:")))
    shot(page, "1-opened")
    press(page, "打开文件夹")
    assert "东湖社区（示例数据）自查结果" in paper(page) and "差距" in paper(page)
    shot(page, "2-result")
    press(page, "整改方案")
    assert "求解器证明" in paper(page) or "整改方案" in paper(page)
    page.type("#asked input[name=target]", "80")
    press(page, "算")
    assert "80" in paper(page)
    shot(page, "3-plan")
    page.pick_file("#files", form)
    page.js("document.getElementById('files').dispatchEvent(new Event('change'))")
    done(page)
    press(page, "收填报表")
    page.js("document.querySelector('#asked select[name=into]').value = '东湖'")
    page.type("#asked input[name=by]", "李强")
    press(page, "算")
    said = page.js("document.getElementById('said').textContent")
    shot(page, "4-form")
    assert "写进记录" in page.text(), said
    press(page, "写进记录")
    assert "没有保存的改动" in page.text()
    assert press(page, "存回打开的文件夹") == "好了", page.text()
    assert "没有保存的改动" not in page.text()
    assert "lamps_lit:" in on_disk(page, "2026-10-15.yaml")
    press(page, "打开文件夹")
    assert "东湖社区（示例数据）自查结果" in paper(page)
    assert press(page, "下载 Excel") == "好了"
    assert any(name.endswith(".xlsx") for name in page.js("window.downloads"))
    assert not page.errors


def test_nobodys_changes_are_overwritten(page: Page) -> None:
    """Two PCs on one share: the file changed after it was opened."""
    record = (ROOT / "data/donghu/2026-10-15.yaml").read_text(encoding="utf-8")
    lay_out(page, "2026-10-15.yaml", record)
    press(page, "打开文件夹")
    page.js("""new Promise((settled) => { theWorker.addEventListener('message', settled, { once: true });
        theWorker.postMessage({ id: -1, door: 'put', put: [
            { path: '东湖/2026-10-15.yaml', bytes: new TextEncoder().encode('mine') }] }); }).then(() => true)""")
    press(page, "先核什么")
    lay_out(page, "2026-10-15.yaml", record + "# another's\n")
    assert "有人改过，一个也没有写" in press(page, "存回打开的文件夹")
    assert on_disk(page, "2026-10-15.yaml").endswith("# another's\n")
    assert press(page, "下载改动的文件") == "好了" and page.js("window.downloads") == ["2026-10-15.yaml"]


def test_no_record_runs_anything_or_asks_the_network(page: Page) -> None:
    record = (ROOT / "data/donghu/2026-10-15.yaml").read_text(encoding="utf-8")
    hostile = record.replace("东湖社区（示例数据）", json.dumps(NASTY)[1:-1]).replace("某区", NASTY)
    lay_out(page, f"{NASTY.replace('/', '_')}.yaml", hostile)
    lay_out(page, "坏的.yaml", f"community: {json.dumps(NASTY)}\n")
    press(page, "打开文件夹")
    assert "img src" in paper(page) + page.text(), "it is shown as text"
    for view in ("先核什么", "整改方案"):
        press(page, view)
    tried = page.js("""Promise.all([
        fetch('https://evil.invalid/').then(() => 'sent', () => 'blocked'),
        new Promise((told) => { const i = new Image(); i.onload = () => told('sent'); i.onerror = () => told('blocked');
            i.src = 'https://evil.invalid/x.png'; }),
        new Promise((told) => { const s = document.createElement('script'); s.textContent = 'window.hacked = 1';
            document.body.append(s); told(window.hacked ? 'ran' : 'blocked'); }),
    ])""")
    assert tried == ["blocked"] * 3
    made = {"expression": "new Function('return 1')()", "allowUnsafeEvalBlockedByCSP": False}
    assert "EvalError" in str(page.call("Runtime.evaluate", **made)["exceptionDetails"])
    assert page.js("window.hacked === undefined")
    assert page.js("document.getElementById('paper').shadowRoot.querySelectorAll('img, script, iframe').length") == 0
    sent = [address for address in page.requests if not address.startswith(("file:", "blob:", "data:"))]
    assert sent in ([], ["https://evil.invalid/x.png"]), "only what this test asked for itself, and it was refused"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("坏的.yaml", "facts: [\n", "坏的.yaml"),
        ("别的.yaml", "community: {id: a, name: 甲}\nruleset: nowhere\nas_of: 2026-01-01\nfacts: {}\n", "nowhere"),
        ("坏表.xlsx", "not a workbook", "里没有现状记录：填好的表用“收填报表”"),
        ("图.jpg", "x", "没有能读的文件"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(page: Page, name: str, text: str, says: str) -> None:
    lay_out(page, name, text)
    press(page, "打开文件夹")
    assert says in page.text() and "Traceback" not in page.text()


def test_too_much_is_said_and_nothing_is_read(page: Page) -> None:
    page.js("window.layOut('大.xlsx', 'x'); window.onDisk.inner['大.xlsx'].bytes = new Uint8Array(40 * 1024 * 1024); 0")
    assert "40 MB，太大" in press(page, "打开文件夹") + page.text()
    page.js("delete window.onDisk.inner['大.xlsx']; for (let i = 0; i < 400; i += 1) layOut(`${i}.yaml`, 'a: 1'); 0")
    press(page, "打开文件夹")
    assert "这里有 400 份记录，一次最多看 300 份" in page.text()


def test_an_old_browser_is_told(built: Path, page: Page) -> None:
    page.call("Page.addScriptToEvaluateOnNewDocument", source="delete window.DecompressionStream")
    page.open(built.as_uri())
    page.until("document.readyState === 'complete'", 60)
    assert "这个浏览器太旧" in page.text() and "打开文件夹" not in page.text()


def test_a_districts_copy(built: Path, page: Page, cli: Run, tmp_path: Path) -> None:
    own = tmp_path / "rules" / "my-district"
    assert cli("rules", "new", "my-district", "--extends", "strict-local", "-o", own.parent).code == 0
    copy = tmp_path / "我区自查.html"
    arguments = ["--rules", own, "--data", "data/donghu", "--title", "某区自查<b>"]
    assert cli("page", built, *arguments, "-o", copy).code == 0
    begin(page, copy)
    assert "某区自查<b>" in page.text() and "东湖社区（示例数据）自查结果" in paper(page)
    assert page.js("document.querySelector('#new-form select').value") == "my-district"
    assert "没有保存的改动" not in page.text()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in browser/")
def test_everybody_can_use_it(page: Page) -> None:
    press(page, "用自带的例子试一试")
    shot(page, "6-example")
    press(page, "先核什么")
    page.js(AXE.read_text(encoding="utf-8") + ";true")
    for width in (360, 1100):
        page.call("Emulation.setDeviceMetricsOverride", width=width, height=740, deviceScaleFactor=1, mobile=False)
        shot(page, f"5-{width}")
        found = page.js("axe.run().then((r) => r.violations.map((v) => v.id + ' ' + v.nodes[0].html))")
        assert found == []
        assert page.js("document.documentElement.scrollWidth <= innerWidth")
