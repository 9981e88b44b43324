"""Whether the page gives what the program gives: every command of ``commands.py`` natively and in node, byte for byte.

    python browser/check.py [PAGE]          # after browser/build.py

Exit 1 and a line for each difference; the time of each command with ``--times``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.path.insert(0, str(HERE / "source"))
sys.path.insert(0, str(HERE.parent))
import inside  # noqa: E402
from commands import CANNOT, COMMANDS, FIXED  # noqa: E402

Told = dict[str, Any]


def questions(out: str) -> list[dict[str, Any]]:
    """What is asked of the door in ``source/inside.py``: each command, then what lies in the folders."""
    asked: list[dict[str, Any]] = [{"do": "example", "folder": "data"}]
    for command in (*COMMANDS, *CANNOT):
        words = [out + word.removeprefix("OUT") if word.split("/")[0] == "OUT" else word for word in command]
        asked += [{"do": "run", "arguments": words, "today": FIXED}, {"do": "digests"}]
    return asked


def natively(work: Path) -> list[Told]:
    """The same door in this Python, in a folder of its own."""
    inside.OUT = work / "out"
    place = work / "place"
    place.mkdir()
    os.chdir(place)
    os.environ["CHECKLIST_CACHE"] = str(work / "cache")
    told = []
    for question in questions(str(inside.OUT)):
        before = time.perf_counter()
        answer = json.loads(inside.answer(json.dumps(question)).replace(str(inside.OUT), "/out"))
        told.append({"answer": answer, "ms": round(1000 * (time.perf_counter() - before))})
    return told


def in_node(page: Path, work: Path) -> list[Told]:
    task, result = work / "task.json", work / "result.json"
    task.write_text(json.dumps(questions("/out"), ensure_ascii=False), encoding="utf-8")
    subprocess.run(["node", str(HERE / "check.mjs"), str(page), str(task), str(result)], check=True, timeout=600)
    found: list[Told] = json.loads(result.read_text(encoding="utf-8"))
    return found


def in_chromium(page: Path, work: Path) -> list[Told]:
    """The same questions to the worker of the page itself, opened from the disk."""
    from tests.browser.conftest import SPY, begin
    from tests.web.browser import browser

    told = []
    with browser(work / "profile") as found:
        found.call("Page.addScriptToEvaluateOnNewDocument", source=SPY)
        found.offline(True)
        begin(found, page)
        for number, question in enumerate(questions("/out"), 1):
            before = time.perf_counter()
            asked = json.dumps({"id": -number, "door": "ask", "question": json.dumps(question)})
            answer = found.js(
                f"""new Promise((told) => theWorker.addEventListener('message', function hear({{ data }}) {{
                    if (data.id !== {-number}) return;
                    theWorker.removeEventListener('message', hear);
                    told(data.value ?? data.error);
                }}) ?? theWorker.postMessage({asked}))"""
            )
            told.append({"answer": json.loads(answer), "ms": round(1000 * (time.perf_counter() - before))})
    return told


def differences(native: list[Told], other: list[Told]) -> list[str]:
    """A line for each command whose exit code, streams, papers or files are not the same."""
    found = []
    commands = [*COMMANDS, *CANNOT]
    for number, command in enumerate(commands):
        one, two = ([told[at]["answer"] for at in (1 + 2 * number, 2 + 2 * number)] for told in (native, other))
        if command in CANNOT:
            wrong = [] if two[0]["code"] == 2 and not two[0]["papers"] and two[0]["err"] else ["not refused"]
        else:
            wrong = [name for name in ("code", "out", "err", "papers") if one[0][name] != two[0][name]]
            wrong += sorted(path for path in {**one[1], **two[1]} if one[1].get(path) != two[1].get(path))
        if wrong:
            found.append(f"{' '.join(command)}: {'、'.join(wrong)}")
            if {"err", "code"} & set(wrong):
                found.append(
                    f"    {one[0]['code']} {one[0]['err'][-300:]!r}\n    {two[0]['code']} {two[0]['err'][-300:]!r}"
                )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", nargs="?", type=Path, default=HERE / "dist" / "社区自查.html")
    parser.add_argument("--chromium", action="store_true", help="in Chromium from file:// instead of node")
    parser.add_argument("--times", action="store_true")
    parser.add_argument("--first", type=int, default=len(COMMANDS) + len(CANNOT), help="only so many of the commands")
    asked = parser.parse_args()
    page = asked.page.resolve()
    del COMMANDS[asked.first :]
    with tempfile.TemporaryDirectory() as folder:
        native = natively(Path(folder))
        page_told = (in_chromium if asked.chromium else in_node)(page, Path(folder))
        os.chdir(HERE)
    if asked.times:
        for number, command in enumerate(COMMANDS):
            print(f"{native[1 + 2 * number]['ms']:6} {page_told[1 + 2 * number]['ms']:6}  {' '.join(command)}")
    wrong = differences(native, page_told)
    print("\n".join(wrong))
    print(f"{len(COMMANDS)} commands, {len([line for line in wrong if not line.startswith('    ')])} differ")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
