"""社区自查.html as browser/build.py made it, opened from a disk in Chromium without a network."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.places import ROOT
from tests.web.browser import Page, browser, find_chromium

BUILT = Path(os.environ.get("CHECKLIST_PAGE") or ROOT / "browser" / "dist" / "社区自查.html")
SPY = """
const kept = Worker;
window.Worker = class extends kept { constructor(...given) { super(...given); window.theWorker = this; } };
window.downloads = [];
HTMLAnchorElement.prototype.click = function () { if (this.download) window.downloads.push(this.download); };
class Refuses extends Error { constructor() { super("没有"); this.name = "NotFoundError"; } }
const folder = (name, inner = {}) => ({
  kind: "directory", name, inner,
  async *entries() { yield* Object.entries(inner); },
  async getDirectoryHandle(name, { create } = {}) {
    if (!inner[name] && !create) throw new Refuses();
    return inner[name] ??= folder(name);
  },
  async getFileHandle(name, { create } = {}) {
    if (!inner[name] && !create) throw new Refuses();
    return inner[name] ??= file(name, new Uint8Array());
  },
  async removeEntry(name) { delete inner[name]; },
});
const file = (name, bytes) => ({
  kind: "file", name, bytes,
  async getFile() { return new File([this.bytes], name); },
  async createWritable() {
    return { write: async (bytes) => { this.bytes = bytes; }, close: async () => {} };
  },
});
window.onDisk = folder("东湖", {});
window.layOut = (name, text) => { window.onDisk.inner[name] = file(name, new TextEncoder().encode(text)); };
window.showDirectoryPicker = async () => window.onDisk;
"""
"""What a test needs of the browser that a hand would do: a folder to pick, downloads to see, the worker to ask."""


@pytest.fixture(scope="session")
def built() -> Path:
    if not BUILT.is_file():
        pytest.skip("the page is not built: python browser/build.py")
    if find_chromium() is None:
        pytest.skip("no Chromium")
    return BUILT.resolve()


@pytest.fixture
def page(built: Path, tmp_path: Path) -> Iterator[Page]:
    with browser(tmp_path / "profile") as found:
        found.call("Page.addScriptToEvaluateOnNewDocument", source=SPY)
        found.offline(True)
        begin(found, built)
        yield found


def begin(page: Page, built: Path) -> None:
    page.open(built.as_uri())
    page.until("document.documentElement.dataset.ready === 'yes'", 120)
    done(page)


def done(page: Page) -> str:
    """Waits until the page is no longer at work; what it then says."""
    page.until("!document.getElementById('state').classList.contains('busy')", 120)
    return str(page.js("document.getElementById('state').textContent"))


def press(page: Page, text: str) -> str:
    """What the page says once it has done what the button with this text asks for."""
    found = (
        f"[...document.querySelectorAll('button')].find((b) => b.textContent === {json.dumps(text)} && b.offsetParent)"
    )
    page.until(f"!!{found}")
    page.js(f"{found}.click()")
    return done(page)


def paper(page: Page) -> str:
    return str(page.js("document.getElementById('paper').shadowRoot.textContent"))
