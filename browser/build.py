"""Builds 社区自查.html: one file that holds the whole program, a Python and a solver for it, and needs nothing else.

    python browser/build.py                 # → browser/dist/社区自查.html

Needs node and npm, and the indexes that pip and npm are configured for; the file itself needs none of them. Which
packages: ``../constraints.txt`` (versions and hashes) and ``package-lock.json``. What was fetched and compiled stays in
``browser/build`` and is used again.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCE, BUILD, DIST = HERE / "source", HERE / "build", HERE / "dist"
WEB = ROOT / "checklist" / "reports" / "formats" / "web"
NAME = "社区自查.html"
PYTHON, PLATFORM = "3.14", "pyemscripten_2026_0_wasm32"
PACKAGES = (
    *("annotated-doc", "annotated-types", "click", "jinja2", "pydantic", "pydantic-core", "python-calamine", "rich"),
    *("shellingham", "typer", "typing-extensions", "typing-inspection", "xlsxwriter"),
)
PURE_PARTS = ("markupsafe", "pyyaml")
"""No wheel for WebAssembly: their Python files, out of any wheel, do without the compiled part."""
STAMP = (2020, 1, 1, 0, 0, 0)
LARGEST = 24_000_000
NOT_NEEDED = re.compile(r"(^|/)(__pycache__|tests?|\.[^/]+)/|\.(pyi|pyx|c|h)$|^checklist/web/static/.*\.map$")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, default=DIST / NAME)
    output = parser.parse_args().output
    BUILD.mkdir(exist_ok=True)
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is not installed: the page cannot be built here")
    fetch_modules()
    wheels = fetch_wheels()
    stdlib = (HERE / "node_modules" / "pyodide" / "python_stdlib.zip").read_bytes()
    compiled = compile_all({"stdlib": stdlib, "packages": zipped(packages(wheels)), "own": zipped(own())})
    page = assemble(compiled, licences(wheels))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(page)
    print(f"{output}: {len(page) / 1e6:.1f} MB")
    if len(page) > LARGEST:
        sys.exit(f"more than {LARGEST / 1e6:.0f} MB")


def fetch_modules() -> None:
    lock = (HERE / "package-lock.json").read_bytes()
    done = HERE / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime:
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True)
    assert b"://" not in lock, "package-lock.json holds an address"


def fetch_wheels() -> list[Path]:
    """Every package as its pinned wheel, checked against its hash by pip."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pins = {re.split(r"==", block)[0]: block for block in re.split(r"\n(?=[a-z0-9-]+==)", text) if "==" in block}
    asked = "\n".join(pins[name] for name in (*PACKAGES, *PURE_PARTS))
    folder = BUILD / f"wheels-{hashlib.sha256(asked.encode()).hexdigest()[:12]}"
    if not folder.exists():
        fresh = folder.with_suffix(".part")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        (fresh / "wanted.txt").write_text(asked, encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-d", str(fresh)]
        command += ["--only-binary", ":all:", "--python-version", PYTHON, "--implementation", "cp"]
        for platform in (PLATFORM, "manylinux2014_x86_64", "manylinux_2_28_x86_64"):
            command += ["--platform", platform]
        subprocess.run([*command, "-r", str(fresh / "wanted.txt")], check=True)
        fresh.rename(folder)
    return sorted(folder.glob("*.whl"))


def packages(wheels: Iterable[Path]) -> dict[str, bytes]:
    """What the wheels hold."""
    found: dict[str, bytes] = {}
    for wheel in wheels:
        pure = wheel.name.split("-")[0] in PURE_PARTS
        with zipfile.ZipFile(wheel) as archive:
            for path in archive.namelist():
                if not path.endswith("/") and not (pure and path.endswith(".so")) and keep(path):
                    found[path] = archive.read(path)
    return found


def own() -> dict[str, bytes]:
    """The program with its rules and data, as the wheel has them, and the page's door."""
    found = {"inside.py": (SOURCE / "inside.py").read_bytes()}
    listed = subprocess.run(
        ["git", "ls-files", "-z", "checklist", "rules", "data"], cwd=ROOT, check=True, stdout=subprocess.PIPE
    ).stdout.decode("utf-8")
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and keep(name):
            found[name if name.startswith("checklist/") else f"checklist/{name}"] = path.read_bytes()
    return found


def keep(path: str) -> bool:
    if ".dist-info/" in path:
        return path.endswith(("METADATA", "WHEEL"))
    return NOT_NEEDED.search(path) is None


def compile_all(archives: dict[str, bytes]) -> dict[str, bytes]:
    """Each archive as byte code of the very Python that will run it; what has not changed is taken as it was made."""
    tool = b"".join((HERE / name).read_bytes() for name in ("compile.py", "compile.mjs", "package-lock.json"))
    made, used = {}, hashlib.sha256(tool)
    for name, data in archives.items():
        used.update(data)  # the later ones are compiled with the earlier ones at hand
        made[name] = BUILD / f"{name}-{used.hexdigest()[:12]}.zip"
        if not made[name].exists():
            for older in BUILD.glob(f"{name}-*.zip"):
                older.unlink()
            (BUILD / f"{name}.raw").write_bytes(data)
            ready = [str(made[earlier]) for earlier in made if earlier not in ("stdlib", name)]
            command = ["node", str(HERE / "compile.mjs"), str(BUILD / f"{name}.raw"), f"{made[name]}.part", *ready]
            subprocess.run(command, cwd=HERE, check=True)
            Path(f"{made[name]}.part").rename(made[name])
    return {f"{name}.zip": path.read_bytes() for name, path in made.items()}


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, STAMP), data)
    return target.getvalue()


def licences(wheels: Iterable[Path]) -> str:
    """The licence texts of everything inside, as their authors wrote them."""
    parts = []
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            about = next(p for p in archive.namelist() if p.endswith(".dist-info/METADATA"))
            head = archive.read(about).decode("utf-8").split("\n\n")[0]
            name = " ".join(re.findall(r"^(?:Name|Version): (.+)$", head, re.M))
            named = re.search(r"^License(?:-Expression)?: (.+)$", head, re.M)
            texts = [
                p for p in archive.namelist() if re.search(r"dist-info/(.*/)?(LICEN[CS]E|COPYING|NOTICE)[^/]*$", p)
            ]
            said = "\n\n".join(archive.read(p).decode("utf-8", "replace") for p in texts)
            parts.append(f"{name}  {named[1] if named else ''}\n\n{said}")
    for name in ("pyodide", "highs"):
        folder = HERE / "node_modules" / name
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        text = "\n\n".join(p.read_text(encoding="utf-8") for p in sorted(folder.glob("LICEN*")))
        parts.append(f"{name} {about['version']}  {about.get('license', '')}\n\n{text}")
    parts.append((SOURCE / "licences.txt").read_text(encoding="utf-8"))
    return "\n\n――――――――\n\n".join(part.strip() for part in parts)


def assemble(compiled: dict[str, bytes], texts: str) -> bytes:
    modules = HERE / "node_modules"
    lock = json.loads((modules / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    packed = {
        **compiled,
        "lock.json": json.dumps({**lock, "packages": {}}).encode("utf-8"),
        "pyodide.mjs": (modules / "pyodide" / "pyodide.mjs").read_bytes(),
        "pyodide.asm.mjs": (modules / "pyodide" / "pyodide.asm.mjs").read_bytes(),
        "pyodide.asm.wasm": (modules / "pyodide" / "pyodide.asm.wasm").read_bytes(),
        "highs.mjs": (modules / "highs" / "build" / "highs.mjs").read_bytes(),
        "highs.wasm": (modules / "highs" / "build" / "highs.wasm").read_bytes(),
    }
    css = (WEB / "page.css").read_text(encoding="utf-8"), (SOURCE / "page.css").read_text(encoding="utf-8")
    behaviour = (WEB / "page.js").read_text(encoding="utf-8").replace('"use strict";\n', "", 1)
    script = (SOURCE / "page.js").read_text(encoding="utf-8").replace("/* page.js of the reports */", behaviour)
    worker = (SOURCE / "runtime.js").read_text(encoding="utf-8") + (SOURCE / "worker.js").read_text(encoding="utf-8")
    assert "</script" not in script + worker, "it would end there"
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {hash_of(script)} blob: 'wasm-unsafe-eval'",
            f"style-src {' '.join(map(hash_of, css))}",
            *("worker-src blob:", "connect-src 'none'", "img-src data: blob:", "base-uri 'none'", "form-action 'none'"),
        )
    )
    page = (SOURCE / "page.html").read_text(encoding="utf-8")
    blocks = "\n".join(
        f'<script type="text/plain" class="packed" data-name="{name}">{squeezed(data)}</script>'
        for name, data in packed.items()
    )
    for mark, text in {
        "{{policy}}": policy,
        "{{styles}}": "".join(f"<style>{text}</style>\n" for text in css),
        "{{licences}}": squeezed(texts.encode("utf-8")),
        "{{worker}}": worker,
        "{{packed}}": blocks,
        "{{script}}": script,
    }.items():
        assert page.count(mark) == 1, mark
        page = page.replace(mark, text)
    return page.encode("utf-8")


def squeezed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii")


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


if __name__ == "__main__":
    main()
