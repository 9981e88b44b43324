"""Runs inside Pyodide, in node: Python files become the byte code of that very Python, rulesets their compiled form.

``/raw.zip`` → ``/made.zip``: every ``.py`` as ``.pyc`` without its source, all else as it was, in the order of
names and without times, so that the same sources give the same bytes.
"""

import os
import py_compile
import sys
import zipfile
from pathlib import Path

STAMP = (2020, 1, 1, 0, 0, 0)
UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH


def compiled() -> dict[str, bytes]:
    """Every file of the archive as the page carries it."""
    found = {}
    with zipfile.ZipFile("/raw.zip") as archive:
        for path in sorted(archive.namelist()):
            if path.endswith("/"):
                continue
            data = archive.read(path)
            if not path.endswith(".py"):
                found[path] = data
                continue
            Path("/tmp/one.py").write_bytes(data)
            py_compile.compile("/tmp/one.py", "/tmp/one.pyc", path, doraise=True, invalidation_mode=UNCHECKED)
            found[path + "c"] = Path("/tmp/one.pyc").read_bytes()
    return found


def packed(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile("/made.zip", "w") as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, STAMP), data)


def unpacked(files: dict[str, bytes], root: Path) -> None:
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def rules() -> dict[str, bytes]:
    """The compiled form of every shipped ruleset, made where it will be looked for: the place counts."""
    os.geteuid = os.getuid  # there is one user here, and no such call
    os.chdir("/desk")
    from checklist.files.rulesets import find_ruleset, ruleset_folders

    for id in ruleset_folders():
        ruleset, problems = find_ruleset(id, cache=Path("/site/cache"))
        if ruleset is None or problems:
            sys.exit(f"{id}: {problems}")
    return {f"cache/{path.name}": path.read_bytes() for path in Path("/site/cache").iterdir()}


def main() -> None:
    Path("/desk").mkdir(exist_ok=True)
    files = compiled()
    if "inside.pyc" in files:
        unpacked(files, Path("/site"))
        sys.path.insert(0, "/site")
        files |= rules()
    packed(files)


main()
