"""The compiled form of a ruleset: the nouns themselves, kept under the hash of every byte they were read from.

Safe to delete, never trusted when stale: a changed file, another version of the software or a damaged copy is simply
read again. Only this project's own frozen nouns can be restored from it, never arbitrary objects; and since whoever can
write here can change what a criterion is worth, only from a folder and a file that belong to the user (or to the system)
and that nobody else may write. A key to sign them with would have to be kept under the same permissions.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import stat
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from checklist import __version__
from checklist.files.shipped import shown_rules
from checklist.model.regular_files import open_regular, read_regular
from checklist.model.rules.ruleset import Ruleset

if TYPE_CHECKING:
    from checklist.reading.rules.ruleset_folder import Locate

FORM: Final = "6"
_SAFE: Final = {("fractions", "Fraction"), ("datetime", "date"), ("builtins", "frozenset")}
_MODEL: Final = "checklist.model."


def load_compiled(folder: Path, cache: Path, locate: Locate) -> Ruleset | None:
    """The ruleset as it was last read from exactly these files, or None."""
    try:
        if not written_by_nobody_else(cache.stat()):
            return None
        with open_regular(cache / _name(folder, locate)) as file:
            data = file.read() if written_by_nobody_else(os.fstat(file.fileno())) else b""
        digest, payload = data[:32], data[32:]
        if hashlib.sha256(payload).digest() != digest:
            return None
        restored = _Restorer(io.BytesIO(payload)).load()
        return restored if isinstance(restored, Ruleset) else None
    except Exception:  # whatever is wrong with a copy, the files themselves are there to be read
        return None


def store_compiled(ruleset: Ruleset, folder: Path, cache: Path, locate: Locate) -> None:
    """Keep it for the next run; a folder that cannot be written to is not an error."""
    payload = pickle.dumps(ruleset, protocol=5)
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not written_by_nobody_else(cache.stat()):
            return
        target = cache / _name(folder, locate)
        handle, temporary = tempfile.mkstemp(dir=cache)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(payload).digest() + payload)
        os.replace(temporary, target)
        _forget_older(cache, target)
    except OSError:
        return


def written_by_nobody_else(found: os.stat_result) -> bool:
    """Whether nobody but the user and the system can have written it. On Windows the profile's folder sees to that."""
    if os.name != "posix":
        return True
    return found.st_uid in (0, os.geteuid()) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _forget_older(cache: Path, target: Path) -> None:
    """One copy of each ruleset is enough."""
    prefix = target.name.rsplit("-", 1)[0]
    for other in cache.glob(f"{prefix}-*.bin"):
        if other != target:
            other.unlink(missing_ok=True)


def _name(folder: Path, locate: Locate) -> str:
    digest = hashlib.sha256(f"{__version__}/{FORM}".encode())
    seen: set[Path] = set()
    place: Path | None = folder
    while place is not None and place not in seen:
        seen.add(place)
        digest.update(f"\0{shown_rules(place)}\0".encode())
        base = ""
        for path in _files(place):
            content = read_regular(path)
            digest.update(f"\0{path.relative_to(place)}\0{len(content)}\0".encode())
            digest.update(content)
            if path.name == "ruleset.yaml":
                base = _extends(content)
        place = locate(base) if base else None
    label = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return f"{folder.resolve().name}-{label}-{digest.hexdigest()[:32]}.bin"


def _files(folder: Path) -> list[Path]:
    found = [*folder.glob("*.yaml"), *folder.glob("facts/*.yaml"), *folder.glob("actions/*.yaml")]
    return sorted(found)


def _extends(content: bytes) -> str:
    """The base that a tailoring names; a rough look is enough, it only widens what is hashed."""
    for line in content.decode("utf-8-sig", errors="replace").splitlines():
        if line.startswith("extends:"):
            return line.split(":", 1)[1].split("#")[0].strip().strip("'\"")
    return ""


class _Restorer(pickle.Unpickler):
    """Restores this project's nouns and three plain types; anything else is refused."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _SAFE or (module.startswith(_MODEL) and "." not in name and name[:1].isupper()):
            return getattr(import_module(module), name)
        raise pickle.UnpicklingError(f"{module}.{name}")
