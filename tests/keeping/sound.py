"""What must hold of a community folder whatever happened to its writers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checklist.keeping import chain, history
from checklist.keeping.entry import entries, standing
from checklist.keeping.evidence import ledger
from checklist.keeping.folder import open_folder
from checklist.keeping.saving import journal_reading
from checklist.model.rules.ruleset import Ruleset

KEPT_FILES = {".lock", ".history", ".phone"}


def assert_sound(folder: Path, ruleset: Ruleset, confirmed: Mapping[str, int]) -> None:
    """The newest state can be read, has every confirmed answer (or a later one, which is greater), and says what the
    journal says; after the next writer's turn no scrap is left and the last act can be undone."""
    assert_readable(folder, ruleset, confirmed)
    with history.writing(folder):
        pass
    opened = open_folder(folder, ruleset)
    assert scraps(folder) == []
    journal = chain.read_chain(folder / "journal.jsonl")
    assert not journal.broken and not chain.read_chain(folder / "evidence" / "ledger.jsonl").broken
    told = replayed(journal.entries)
    found = opened.readings()
    assert set(confirmed) <= set(told)
    for fact, line in told.items():
        assert {k: v for k, v in journal_reading(ruleset, found["", fact]).items() if k != "from"} == line, fact
    assert all(standing(folder, entry) == "done" for entry in entries(folder)[-1:])
    for piece in ledger(folder)[0]:
        assert (folder / piece.file).is_file()


def assert_readable(folder: Path, ruleset: Ruleset, confirmed: Mapping[str, int]) -> None:
    """What any reader finds, before a writer has put anything in order."""
    opened = open_folder(folder, ruleset)
    assert opened.latest is not None and opened.latest.state is not None
    assert not [p for p in opened.latest.problems if p.code != "E320"]
    found = opened.readings()
    for fact, value in confirmed.items():
        assert found["", fact].value is not None and int(str(found["", fact].value)) >= value, fact


def replayed(lines: tuple[Mapping[str, Any], ...]) -> dict[str, dict[str, Any]]:
    """The last answer to each fact that the journal says was written."""
    told: dict[str, dict[str, Any]] = {}
    for line in lines:
        if line["kind"] in ("new", "changed", "confirmed"):
            told[line["fact"]] = {
                k: v for k, v in line.items() if k not in ("at", "what", "kind", "fact", "from", "prev")
            }
    return told


def scraps(folder: Path) -> list[str]:
    """Temporary files and half-made entries."""
    places = [folder, folder / "evidence"]
    left = [p.name for place in places if place.is_dir() for p in place.iterdir() if p.name.startswith(".")]
    return [n for n in left if n not in KEPT_FILES] + [p.name for p in (folder / ".history").glob("new-*")]
