"""Connections that ask nothing, or do not come to an end: closed in time, and no phone is locked out by them."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from checklist.web import connections
from checklist.web.connections import MOST, MOST_FROM_ONE, PatientProtocol
from checklist.web.guard import TooMuch, body_of
from tests.web.server import Served, an_answer

HEAD, WHOLE = 1.0, 2.0


async def echo(request: Request) -> Response:
    try:
        return Response(await body_of(request, 1_000_000))
    except TooMuch:
        return Response(status_code=413)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server whose patience is short."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", HEAD)
    monkeypatch.setattr(connections, "REQUEST_SECONDS", WHOLE)
    app = Starlette(routes=[Route("/", echo, methods=["GET", "POST"])])
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, http=PatientProtocol, ws="none", lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    running.start()
    yield int(listening.getsockname()[1])
    server.should_exit = server.force_exit = True
    running.join(10)
    listening.close()


def dial(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=15)


def ask(port: int, body: bytes = b"x", seconds: float = 15) -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)) as connection:
        connection.request("POST", "/", body)
        return connection.getresponse().read()


def closed(idle: socket.socket) -> bool:
    try:
        return idle.recv(4096) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",  # answered, then silent
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
    ],
)
def test_what_does_not_come_to_an_end_is_given_up(port: int, sent: bytes) -> None:
    with dial(port) as idle:
        idle.sendall(sent)
        until = time.monotonic() + WHOLE + 5
        while not closed(idle):
            assert time.monotonic() < until


def test_a_head_that_comes_byte_by_byte_gains_no_time(port: int) -> None:
    with dial(port) as slow, suppress(ConnectionError):
        begun = time.monotonic()
        slow.settimeout(0.05)
        for byte in b"GET / HTTP/1.1\r\nX-Slow: " + b"x" * 1000:
            slow.sendall(bytes([byte]))
            with suppress(TimeoutError):
                if slow.recv(1) == b"":
                    break
            assert time.monotonic() - begun < HEAD + 5


def test_a_request_in_its_time_is_answered_again_and_again(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=15)) as connection:
        for body in (b"a", b"b" * 900_000, b"c"):
            connection.request("POST", "/", body)
            assert connection.getresponse().read() == body
            time.sleep(HEAD / 2)


def test_idle_connections_make_room_for_one_that_asks(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(MOST + MOST_FROM_ONE):
            stack.enter_context(dial(port))
        assert ask(port, seconds=5) == b"x"


def test_a_request_under_way_is_not_given_up_for_an_idle_one(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "REQUEST_SECONDS", 60.0)
    with dial(port) as busy, ExitStack() as stack:
        busy.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\na")
        time.sleep(0.2)
        for _ in range(MOST_FROM_ONE * 2):
            stack.enter_context(dial(port))
        assert ask(port) == b"x"
        busy.sendall(b"bc")
        answer = b""
        while piece := busy.recv(4096):
            answer += piece
        assert answer.endswith(b"abc")


def test_four_hundred_idle_sockets_lock_no_phone_out(served: Served) -> None:
    with ExitStack() as stack:
        for n in range(400):
            idle = stack.enter_context(dial(served.port))
            if n % 2:
                idle.sendall(b"POST /x HTTP/1.1\r\nHost: x\r\n")
        begun = time.monotonic()
        assert served.send(an_answer("1", "potholes", "3"))["results"]
        assert time.monotonic() - begun < 10
