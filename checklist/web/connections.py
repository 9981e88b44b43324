"""Connections that take up room and ask nothing are closed, so that they never lock a phone out.

Whoever holds many connections open without a request loses the oldest of them as soon as another one comes, from the
same address or from any; a request whose head does not arrive, or whose answer is not taken, is given up.
"""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS: Final = 20.0
"""From the opening of a connection, or from the answer before, to the end of the next request's head."""
REQUEST_SECONDS: Final = 180.0
"""For the body of a request and its whole answer: a large photo over a bad network."""
MOST_FROM_ONE: Final = 32
MOST: Final = 200
"""Connections from one address, and in all."""


class PatientProtocol(H11Protocol):
    """One connection. Who waits for nothing in particular makes room for who asks."""

    _busy = False
    _deadline: asyncio.TimerHandle | None = None
    _opened = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._opened = self.loop.time()
        own = self.client[0] if self.client else ""
        others = [c for c in self.connections if isinstance(c, PatientProtocol)]
        for most, among in (
            (MOST_FROM_ONE, [c for c in others if c.client and c.client[0] == own]),
            (MOST, others),
        ):
            if len(among) > most:
                min(among, key=lambda c: (c._busy, c is self, c._opened)).give_up()
        self._wait(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def give_up(self) -> None:
        """Close at once, whatever is still to be sent."""
        self.connections.discard(self)
        self.transport.abort()

    def _look(self) -> None:
        """A deadline begins when a request begins or has been answered, never with a single byte."""
        busy = self.cycle is not None and not self.cycle.response_complete
        if busy != self._busy:
            self._busy = busy
            self._wait(REQUEST_SECONDS if busy else HEAD_SECONDS)

    def _wait(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.give_up)
