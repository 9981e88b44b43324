"""constraints.txt names every package of an offline install, at a version that pyproject.toml allows, with its hashes."""

from __future__ import annotations

import re
import tomllib

from tests.support.places import ROOT

ELSEWHERE = {"spark", "ray", "dask", "dev"}
"""A cluster brings its own packages; tools for development are no part of an installation."""


def test_the_constraints_are_complete_and_say_no_address() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text and ";" not in text
    pins = {
        name: (version, body)
        for name, version, body in re.findall(r"^([\w-]+)==(\S+) \\\n((?:    .*\n?)+)", text, re.M)
    }
    assert len(pins) == text.count("==") and "colorama" in pins
    assert all(re.fullmatch(r"(    --hash=sha256:[0-9a-f]{64}( \\)?\n?)+", body) for _, body in pins.values())
    for name, least, below in _needs():
        assert _key(least) <= _key(pins[name][0]) and (not below or _key(pins[name][0]) < _key(below)), name


def test_every_need_has_a_lower_bound() -> None:
    """What .ci/oldest.py pins and the run with the oldest versions proves."""
    assert len(_needs()) > 15


def _needs() -> list[tuple[str, str, str]]:
    """Name, least version, version that is too new (or nothing)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    texts = [*project["dependencies"], *(one for name in extras.keys() - ELSEWHERE for one in extras[name])]
    bounds = [
        re.fullmatch(r"([\w-]+)>=([\d.]+)(?:,<([\d.]+))?", one)
        for one in texts
        if not one.startswith("civic-checklist")
    ]
    assert all(bounds), texts
    return [(found[1], found[2], found[3] or "") for found in bounds if found]


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
