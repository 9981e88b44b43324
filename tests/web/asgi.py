"""Requests straight into the application, without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checklist.web.link import Link


@dataclass(frozen=True)
class Answered:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """``ask`` sends nothing of its own; ``phone`` asks as the page does, with the cookie and the header."""

    app: Any
    link: Link

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answered:
        return asyncio.run(self._ask(method, path, body, headers or {}))

    def phone(self, method: str, path: str, body: Any = b"", **headers: str) -> Answered:
        data = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8")
        told = {"cookie": f"checklist={self.link.token}", "x-checklist": "1", "host": "127.0.0.1:8765", **headers}
        return self.ask(method, f"/{self.link.key}/{path}", data, told)

    def send(self, *answers: Any, now: int = 1_000_000) -> Any:
        got = self.phone("POST", "api/answers", {"now": now, "answers": list(answers)})
        assert got.status == 200, got.body.decode()
        return got.data

    async def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "server": ("127.0.0.1", 8765),
            "client": ("127.0.0.1", 1),
        }
        parts = [body[i : i + 65536] for i in range(0, len(body), 65536)] or [b""]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not parts:
                return {"type": "http.disconnect"}
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start = next(message for message in sent if message["type"] == "http.response.start")
        told = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
        return Answered(start["status"], told, b"".join(message.get("body", b"") for message in sent))
