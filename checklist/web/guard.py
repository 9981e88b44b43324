"""Around every request: who may come in, how much may be sent, and what browsers are told."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checklist.web.link import Link

COOKIE: Final = "checklist"
COOKIE_DAYS: Final = 30
OURS: Final = "x-checklist"
"""A header that another site's page cannot send without asking first; every request that writes must carry it."""
BODY_SECONDS: Final = 120

HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Headers:
    """Puts HEADERS on every answer, and ``no-store`` where nothing else was said."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class TooMuch(Exception):
    """The body is longer than allowed, or does not come."""


async def body_of(request: Request, limit: int) -> bytes:
    """The body, read no further than ``limit`` bytes. Raises TooMuch."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told[:20]) > limit:
        raise TooMuch
    data = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                data += part
                if len(data) > limit:
                    raise TooMuch
    except TimeoutError:
        raise TooMuch from None
    return bytes(data)


def has_cookie(request: Request, link: Link) -> bool:
    return _same(request.cookies.get(COOKIE, ""), link.token)


def has_token(request: Request, link: Link) -> bool:
    return _same(request.query_params.get("t", ""), link.token)


def may_write(request: Request) -> bool:
    """Our own page is asking: the header is there, and the origin, if the browser names one, is this server."""
    if request.headers.get(OURS) != "1":
        return False
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # no address at all
        return False


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("ascii"))
