"""A refusal is said once, on stderr, with its exit code, and travels between processes whole."""

from __future__ import annotations

import pickle

import pytest

from checklist.model.refusals import Refusal, missing_extra, unreadable
from tests.conftest import Run


@pytest.mark.parametrize("refusal", [Refusal("不行"), unreadable("表坏了"), missing_extra("xlsxwriter", "office")])
def test_every_refusal_is_printed_with_its_way_out(refusal: Refusal, cli: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    again = pickle.loads(pickle.dumps(refusal))
    assert vars(again) == vars(refusal)

    def refuse(arguments: list[str]) -> int:
        raise again

    monkeypatch.setattr("checklist.cli.app._dispatch", refuse)
    ran = cli("assess")
    assert (ran.code, ran.out) == (refusal.exit, "")
    assert ran.err.splitlines() == [line for line in (refusal.says, refusal.hint) if line]
