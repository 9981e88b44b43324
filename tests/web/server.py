"""The program itself serving a folder, as its own process that can be killed, and a phone's requests to it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, TODAY


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """``start`` and ``kill`` as often as wanted: the link stays the same."""

    folder: Path
    cache: Path
    options: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    link: str = ""
    process: subprocess.Popen[str] | None = None
    scheme: str = "http"

    def start(self) -> Served:
        command = [sys.executable, "-m", "checklist", "serve", str(self.folder), "--port", str(self.port)]
        surroundings = {**os.environ, "CHECKLIST_CACHE": str(self.cache), "CHECKLIST_TODAY": TODAY, "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            [*command, *self.options],
            cwd=ROOT,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("http"):
                self.link = line.strip()
                break
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                self.ask("GET", "/healthz")
                return self
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the server did not come up")

    def kill(self, how: int = signal.SIGKILL) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(20)
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    @property
    def base(self) -> str:
        return "/" + self.link.split("/")[3] + "/"

    @property
    def token(self) -> str:
        return self.link.split("t=")[1]

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        if self.scheme == "https":
            trusting = ssl._create_unverified_context()
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trusting)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
        finally:
            connection.close()

    def phone(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """As the page asks: with the cookie and our header; JSON or bytes in, JSON out."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode("utf-8")
        told = {"Cookie": f"checklist={self.token}", "X-Checklist": "1", **headers}
        status, _, answer = self.ask(method, self.base + path, data, told)
        return status, json.loads(answer) if answer else None

    def send(self, *answers: dict[str, Any], now: int = 1_000_000) -> dict[str, Any]:
        status, told = self.phone("POST", "api/answers", {"now": now, "answers": list(answers)})
        assert status == 200, told
        return dict(told)


def an_answer(id: str, fact: str, value: str | None, by: str = "张三", **more: Any) -> dict[str, Any]:
    return {"id": f"answer-{id}", "fact": fact, "by": by, "value": value, "seen": 1_000_000, **more}
