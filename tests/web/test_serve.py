"""``checklist serve`` itself: what it prints, where it listens, how it survives being killed."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from checklist.keeping import chain
from checklist.model.numbers import ANYTHING
from checklist.model.rules.ruleset import Ruleset
from checklist.web.qr import qr_text
from tests.conftest import Run
from tests.web.conftest import record
from tests.web.server import Served, an_answer, free_port

KILLS = int(os.environ.get("CHECKLIST_KILLS", "25"))


def test_the_code_is_the_link(tmp_path: Path) -> None:
    segno = pytest.importorskip("segno")
    link = "http://192.168.100.200:8765/0123456789/?t=abcdefghijklmnopqrstuvwx"
    rows = qr_text(link, colour=False).splitlines()
    matrix = segno.make(link, error="l", micro=False).matrix
    side = len(matrix)
    assert len(rows) == side + 4 and max(map(len, rows)) <= 80
    read = [[row.ljust(2 * side + 8)[2 * x : 2 * x + 2] == "  " for x in range(2, side + 2)] for row in rows[2:-2]]
    assert read == [[bool(bit) for bit in row] for row in matrix]
    qr_text(link, colour=False).encode("gbk")


def test_a_taken_port_and_wrong_options_are_told(cli: Run, community: Path, tmp_path: Path) -> None:
    port = free_port()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        told = cli("serve", community, "--port", port)
    assert told.code == 2 and f"端口 {port} 用不了" in told.err and not told.out
    assert cli("serve", tmp_path / "没有").code == 3
    told = cli("serve", community, "--only", "乱写")
    assert told.code == 2 and "楼道内" in told.err
    assert cli("serve", community, "--only", "soon").code == 5
    assert "要一起写" in cli("serve", community, "--cert", "x.pem").err
    (tmp_path / "x.pem").write_text("no key", encoding="utf-8")
    told = cli("serve", community, "--cert", tmp_path / "x.pem", "--key", tmp_path / "x.pem")
    assert told.code == 2 and "证书或私钥用不了" in told.err and not told.out
    assert ".png 或 .svg" in cli("serve", community, "--qr", "x.gif").err


def test_it_listens_on_this_computer_alone_and_stops_when_told(community: Path, cache: Path, tmp_path: Path) -> None:
    served = Served(community, cache, ("--qr", str(tmp_path / "qr.png"))).start()
    try:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[0-9a-f]{10}/\?t=[\w-]{24}", served.link)
        assert (tmp_path / "qr.png").read_bytes().startswith(b"\x89PNG")
        with socket.socket() as probe:
            probe.connect(("127.0.0.1", served.port))
        own = {str(i[4][0]) for i in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
        for address in own:
            with socket.socket() as probe, pytest.raises(OSError):
                probe.settimeout(2)
                probe.connect((address, served.port))
        process = served.process
        assert process is not None
        served.kill(signal.SIGINT)
        assert process.returncode == 0
    finally:
        served.kill()


@pytest.mark.slow
def test_killed_at_any_moment_it_loses_no_confirmed_answer(community: Path, cache: Path, ruleset: Ruleset) -> None:
    """A phone sends one answer after another and sends again what was not confirmed; the server is killed meanwhile."""
    chance = random.Random(20261124)
    facts = [f.id for f in ruleset.facts.values() if f.type == "count" and f.span == ANYTHING]
    served = Served(community, cache).start()
    stop = threading.Event()
    confirmed: dict[str, int] = {}
    sent: dict[int, str] = {}
    kinds: set[str] = set()

    def phone() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            fact, value = facts[number % len(facts)], 1000 + number
            answer = an_answer(f"{number}", fact, str(value))
            sent[value] = fact
            while True:
                try:
                    results = served.send(answer)["results"]
                except (OSError, http.client.HTTPException):
                    if stop.is_set():
                        return
                    time.sleep(0.01)
                    continue
                if results:
                    kinds.add(results[0]["kind"])
                    confirmed[fact] = value
                    break

    filling = threading.Thread(target=phone)
    filling.start()
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.02, 1.2))
            served.kill()
            readings = record(community, ruleset).readings()  # never a broken record
            assert {fact: readings["", fact].value for fact in confirmed} == confirmed or waiting(
                readings, confirmed, sent
            )
            served.start()
        time.sleep(0.5)
    finally:
        stop.set()
        filling.join(20)
        served.kill()
    read = chain.read_chain(community / "journal.jsonl")
    assert not read.broken and len(sent) > KILLS // 3 and kinds <= {"new", "changed", "confirmed", "same"}
    values = [entry["value"] for entry in read.entries if isinstance(entry.get("value"), int)]
    assert len(values) == len(set(values)), "each answer was taken once"
    readings = record(community, ruleset).readings()
    assert {fact: readings["", fact].value for fact in confirmed} == confirmed or waiting(readings, confirmed, sent)
    print(f"{KILLS} kills, {len(sent)} answers, {len(values)} in the journal")


def waiting(readings: dict[str, object], confirmed: dict[str, int], sent: dict[int, str]) -> bool:
    """All but the one answer that was being sent are as confirmed; that one is already there."""
    differ = {fact for fact, value in confirmed.items() if getattr(readings["", fact], "value", None) != value}
    last = max(sent)
    return differ == {sent[last]} and getattr(readings["", sent[last]], "value", None) == last
