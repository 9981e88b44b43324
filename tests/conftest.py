"""Running the program as a user does, from the repository's root, on a fixed day, with its own cache."""

from __future__ import annotations

import gc
import hashlib
import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings

from checklist import load_ruleset
from checklist.cli.app import run
from checklist.model.rules.ruleset import Ruleset
from tests.support.fixtures import beimen, city, city_folder, empty, hostile, sited, taoli, weak  # noqa: F401
from tests.support.laws import USUAL, examples
from tests.support.places import ROOT, TODAY

GOLDEN = ROOT / "tests" / "golden"


gc.set_threshold(200_000, 50, 50)
"""As ``main`` does."""


settings.register_profile("laws", max_examples=examples(USUAL))
settings.load_profile("laws")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A law that is quick at a desk, and one in six of ``many`` alike: the slow run, ``-m "slow or law"``, has them all."""
    alike: Counter[str] = Counter()
    for item in items:
        if item.get_closest_marker("many"):
            name = item.nodeid.partition("[")[0]
            if alike[name] % 6:
                item.add_marker("slow")
            alike[name] += 1
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("law")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write the golden screens anew; read the diff")


@pytest.fixture(autouse=True)
def fixed_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("CHECKLIST_TODAY", TODAY)
    monkeypatch.setenv("CHECKLIST_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture(scope="session", autouse=True)
def column_programs_are_made_once() -> Iterator[None]:
    """Hundreds of tests score a table of two rows by the shipped rules: the program for it is a second's work, and the
    same for all of them."""
    from checklist.batch.columns import one_row
    from checklist.batch.program import kernel
    from checklist.batch.run import scoring

    make, emit = scoring.compile_ruleset, kernel.emit
    programs: dict[object, Any] = {}
    codes: dict[object, Any] = {}

    def program(ruleset: Ruleset, shape: Any = None) -> Any:
        key = (hashlib.sha256(pickle.dumps(ruleset)).digest(), pickle.dumps(shape))
        if key not in programs:
            programs[key] = make(ruleset, shape)
        return programs[key]

    def code(nodes: Any, outputs: Any) -> Any:
        key = (id(nodes), tuple(outputs))
        if key not in codes:
            codes[key] = (nodes, emit(nodes, outputs))  # the nodes stay, so that their place is not used again
        return codes[key][1]

    with pytest.MonkeyPatch.context() as patch:
        for user in (scoring, one_row):
            patch.setattr(user, "compile_ruleset", program)
        patch.setattr(kernel, "emit", code)
        yield


@pytest.fixture(scope="session", autouse=True)
def the_checkout_stays_as_it_is() -> Iterator[None]:
    """Tests write into folders of their own: nothing new lies in the checkout after them."""
    before = _lying_here()
    yield
    assert _lying_here() <= before


def _lying_here() -> set[Path]:
    folders = (ROOT, ROOT / "data", *(ROOT / "data").iterdir(), ROOT / "docs")
    return {path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.name[0] not in "._"}


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Run:
    """``cli("assess", "data/taoli")`` → exit code, stdout, stderr."""

    def call(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(int(code), captured.out, captured.err)

    return call


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Iterator[Callable[[str, str], None]]:
    """Compare a text with ``tests/golden/NAME``; ``--golden`` writes it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8"), f"{name} differs; read the diff, then pytest --golden"

    yield compare


@pytest.fixture(scope="session")
def ruleset() -> Ruleset:
    return load_ruleset(ROOT / "rules" / "civilized-city-community")
