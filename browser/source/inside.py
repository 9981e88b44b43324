"""The page's door to the program: JSON in, JSON out. It calls the same public doors as the command line and words nothing
of its own; the user's files lie under the working folder, papers for the user to take along under ``/out``."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checklist import __version__
from checklist.cli.app import COMMANDS
from checklist.cli.app import run as run_command

OUT, DISTRICT = Path("/out"), Path("/district")
LOCK = ".lock"
saved: dict[str, str] = {}
"""What the user's own copies hold: path → hash. What differs from it has not been saved."""


def answer(asked: str) -> str:
    """One question of the page: ``{"do": one of the functions here, …its arguments}``."""
    question = json.loads(asked)
    return json.dumps(DOORS[question.pop("do")](**question), ensure_ascii=False)


def about() -> dict[str, Any]:
    """What this copy can do, what the district calls it, and which rulesets it carries, the district's own first. What
    it brought along is not unsaved work."""
    from checklist.files.loading import ruleset_folders

    mark([path.as_posix() for path in _files()])
    told = DISTRICT / "district.json"
    title = json.loads(told.read_text(encoding="utf-8"))["title"] if told.is_file() else ""
    rulesets = sorted(ruleset_folders(), key=lambda id: not (DISTRICT / "rules" / id).is_dir())
    return {"version": __version__, "title": title, "commands": list(COMMANDS), "rulesets": rulesets}


def titles() -> dict[str, str]:
    """What each ruleset is called; asked for when somebody looks at the list, since all have to be read for it."""
    from checklist.files.loading import ruleset_folders
    from checklist.files.rulesets import find_ruleset

    found = {id: find_ruleset(id, cache=Path("/site/cache"))[0] for id in ruleset_folders()}
    return {id: f"{ruleset.title}（{ruleset.edition}）" for id, ruleset in found.items() if ruleset is not None}


def run(arguments: list[str], today: str = "") -> dict[str, Any]:
    """One command as if typed: exit code, both streams, and the papers that it left in ``/out``. ``today`` fixes the
    clock, for the check."""
    if today:
        os.environ["CHECKLIST_TODAY"] = today
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    kept = sys.stdout, sys.stderr, sys.argv
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    sys.stdout, sys.stderr, sys.argv = out, err, ["checklist", *arguments]
    try:
        code = int(run_command(arguments))
    except SystemExit as left:
        code = int(left.code or 0)
    finally:
        told = [_text(stream) for stream in (sys.stdout, sys.stderr)]
        sys.stdout, sys.stderr, sys.argv = kept
    papers = sorted(str(path) for path in OUT.rglob("*") if path.is_file())
    return {"code": code, "out": told[0], "err": told[1], "papers": papers}


def _text(stream: Any) -> str:
    stream.flush()
    data: bytes = stream.buffer.getvalue()
    return data.decode("utf-8")


def records(most: int) -> dict[str, Any]:
    """Every record among the user's files and what is wrong with any; more than ``most`` files are not read."""
    from checklist.cli.console import show_problems
    from checklist.cli.inputs import cache_folder, today
    from checklist.files.loading import Loaded, Rulesets, clashes, read_each, state_files
    from checklist.model.problems import in_order

    files, rulesets, loaded = state_files(Path()), Rulesets(cache_folder()), Loaded()
    if len(files) > most:
        return {"records": [], "said": "", "files": len(files)}
    for number, file in enumerate(files):
        loaded.states += read_each([file], None, rulesets, today(), loaded.problems)
        _progress(number + 1, len(files))
    loaded.problems += clashes((item.state.community, item.state.as_of, item.file) for item in loaded.states)
    kept, sys.stderr = sys.stderr, io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    try:
        show_problems(in_order(loaded.problems))
        said = _text(sys.stderr)
    finally:
        sys.stderr = kept
    found = [
        {
            "file": item.file,
            "name": item.state.community.name,
            "id": item.state.community.id,
            "day": item.state.as_of.isoformat(),
            "ruleset": item.ruleset.id,
        }
        for item in loaded.states
    ]
    return {"records": found, "said": said, "files": len(files)}


def _progress(done: int, total: int) -> None:
    try:
        import page_progress  # put in by the worker; in node there is none
    except ImportError:
        return
    page_progress.tell(done, total)


def folders() -> list[str]:
    """Folders of communities: what ``import --into`` takes."""
    from checklist.keeping.folder import community_heads

    return sorted({path.parent.as_posix() for path in community_heads(Path())})


def mark(paths: list[str]) -> None:
    """These files are now as the user has them."""
    for path in paths:
        saved.pop(path, None)
        if Path(path).is_file():
            saved[path] = sha(path)


def sha(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def unsaved() -> list[dict[str, Any]]:
    """What differs from the user's copies: path, hash of the user's copy ("" where there is none), whether it is gone."""
    now = {path.as_posix(): path for path in _files()}
    changed = [path for path in now if saved.get(path) != sha(path)]
    gone = [path for path in saved if path not in now]
    return [{"path": path, "was": saved.get(path, ""), "gone": path not in now} for path in sorted([*changed, *gone])]


def _files() -> Iterator[Path]:
    return (path for path in Path().rglob("*") if path.is_file() and path.name != LOCK)


def packed(paths: list[str]) -> str:
    """A ZIP of these files in ``/out``; its names are UTF-8 and marked as such."""
    OUT.mkdir(exist_ok=True)
    target = OUT / "社区自查.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path)
    return str(target)


def digests() -> dict[str, str]:
    """The hash of every file and paper, for the check."""
    found = {path.as_posix(): sha(str(path)) for path in _files()}
    papers = {f"OUT/{path.relative_to(OUT).as_posix()}": sha(str(path)) for path in OUT.rglob("*") if path.is_file()}
    return {**found, **papers}


def example(folder: str = "示例") -> list[str]:
    """Lays the shipped communities beside the user's files."""
    from checklist.files.shipped import shipped

    made = []
    for path in sorted(shipped("data").rglob("*")):
        target = Path(folder, path.relative_to(shipped("data")))
        if path.is_file() and path.suffix != ".md":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
            made.append(target.as_posix())
    mark(made)
    return made


DOORS = {f.__name__: f for f in (about, titles, run, records, folders, mark, sha, unsaved, packed, digests, example)}
