"""The page in Firefox: it starts, assesses, proves a plan, and offers downloads instead of folders."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")


class Tab:
    """One tab, driven over WebDriver BiDi."""

    def __init__(self, channel: Any) -> None:
        self._channel, self._number = channel, 0
        self.call("session.new", capabilities={})
        self._tab = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._channel.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            told = json.loads(self._channel.recv(timeout=120))
            if told.get("id") == self._number:
                assert told.get("type") != "error", told
                return dict(told["result"])

    def open(self, address: str) -> None:
        self.call("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def js(self, expression: str) -> Any:
        told = self.call("script.evaluate", expression=expression, target={"context": self._tab}, awaitPromise=True)
        assert "result" in told, told
        return told["result"].get("value")

    def until(self, expression: str) -> None:
        end = time.monotonic() + 120
        while self.js(f"!!({expression})") is not True:
            assert time.monotonic() < end, self.js("document.body.innerText")
            time.sleep(0.1)

    def press(self, text: str) -> str:
        self.js(f"[...document.querySelectorAll('button')].find((b) => b.textContent === {json.dumps(text)}).click()")
        self.until("!document.getElementById('state').classList.contains('busy')")
        return str(self.js("document.getElementById('state').textContent"))


@contextmanager
def firefox(profile: Path) -> Iterator[Tab]:
    from websockets.sync.client import connect

    profile.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(profile), f"--remote-debugging-port={port}"]
    process = subprocess.Popen([*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 60
        while True:
            try:
                with connect(f"ws://127.0.0.1:{port}/session", max_size=None) as channel:
                    yield Tab(channel)
                return
            except ConnectionRefusedError:
                assert time.monotonic() < end and process.poll() is None, "firefox did not start"
                time.sleep(0.2)
    finally:
        process.kill()
        process.wait()


@pytest.mark.skipif(FIREFOX is None, reason="no Firefox")
def test_it_works_in_firefox(built: Path, tmp_path: Path) -> None:
    with firefox(tmp_path / "profile") as tab:
        tab.open(built.as_uri())
        tab.until("document.documentElement.dataset.ready === 'yes'")
        tab.press("用自带的例子试一试")
        assert "自查结果" in tab.js("document.getElementById('paper').shadowRoot.textContent")
        assert tab.press("整改方案") == "好了"
        assert "没有用求解器" not in tab.js("document.getElementById('paper').shadowRoot.textContent")
        tab.press("自查结果")
        assert tab.press("下载 Excel") == "好了"
        assert tab.js("typeof window.showDirectoryPicker") == "undefined" and tab.js("save.hidden") is True
