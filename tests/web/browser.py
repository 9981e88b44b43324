"""A headless Chromium at phone size, driven over its DevTools socket."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 360, 740


def find_chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


class Page:
    """One tab. ``js`` evaluates an expression (promises awaited); ``until`` waits for one to become true."""

    def __init__(self, socket: Any) -> None:
        self._socket, self._number = socket, 0
        self.errors: list[str] = []
        self.requests: list[str] = []

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv(timeout=120))
            if told.get("method") == "Runtime.exceptionThrown":
                self.errors.append(str(told["params"]["exceptionDetails"]))
            elif told.get("method") == "Network.requestWillBeSent":
                self.requests.append(str(told["params"]["request"]["url"]))
            elif told.get("method") == "Log.entryAdded" and told["params"]["entry"]["source"] == "security":
                self.errors.append(str(told["params"]["entry"]))
            if told.get("id") == self._number:
                assert "error" not in told, told
                return dict(told["result"])

    def js(self, expression: str) -> Any:
        told = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, expression: str, seconds: float = 15) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if found := self.js(expression):
                    return found
            except AssertionError:
                pass  # the page is being replaced
            time.sleep(0.05)
        raise AssertionError(f"never true: {expression}\n{self.text()}\n{self.errors}")

    def text(self) -> str:
        return str(self.js("document.body ? document.body.innerText : ''"))

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)

    def reload(self) -> None:
        self.call("Page.reload")

    def click(self, text: str, tag: str = "button, a, label.option, summary") -> None:
        """A real tap in the middle of the first visible element with this text."""
        place = self.until(
            f"""(() => {{ const found = [...document.querySelectorAll({json.dumps(tag)})].find(
                (e) => e.innerText.trim().includes({json.dumps(text)}) && e.offsetParent);
                if (!found) return null; found.scrollIntoView({{block: 'center'}});
                const box = found.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2]; }})()"""
        )
        point = {"x": place[0], "y": place[1]}
        self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[point])
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def type(self, selector: str, text: str) -> None:
        self.until(f"!!document.querySelector({json.dumps(selector)})")
        self.js(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.focus(); e.select && e.select(); }})()"
        )
        self.call("Input.insertText", text=text)

    def pick_file(self, selector: str, path: Path) -> None:
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=[str(path)], nodeId=node)

    def offline(self, yes: bool) -> None:
        self.call(
            "Network.emulateNetworkConditions", offline=yes, latency=0, downloadThroughput=-1, uploadThroughput=-1
        )

    def dark(self, yes: bool) -> None:
        value = "dark" if yes else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def screenshot(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def browser(profile: Path, *flags: str) -> Iterator[Page]:
    """A Chromium with its own profile folder; opening the same folder again is the same phone after a restart."""
    from websockets.sync.client import connect

    port_file = profile / "DevToolsActivePort"
    port_file.unlink(missing_ok=True)
    command = [str(find_chromium()), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += ["--remote-debugging-port=0", f"--user-data-dir={profile}", "--no-first-run", "--lang=zh-CN"]
    command += ["--disable-background-networking", "--hide-scrollbars", *flags, "about:blank"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while not port_file.exists() or not port_file.read_text(encoding="utf-8").strip():
            assert time.monotonic() < end and process.poll() is None, "chromium did not start"
            time.sleep(0.05)
        port = port_file.read_text(encoding="utf-8").split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as listed:
            target = next(t for t in json.load(listed) if t["type"] == "page")
        with connect(target["webSocketDebuggerUrl"], max_size=None) as socket:
            page = Page(socket)
            for domain in ("Page", "Runtime", "Network", "DOM", "Log"):
                page.call(f"{domain}.enable")
            page.call(
                "Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=2, mobile=True
            )
            page.call("Emulation.setTouchEmulationEnabled", enabled=True)
            yield page
            page.call("Browser.close")
            process.wait(15)
    finally:
        process.kill()
        process.wait()
