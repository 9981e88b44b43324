"""社区自查.html measured: size, ready, first result, memory, 60 communities compared. Chromium, ``file://``, new profile.

taskset -c 0 python benchmarks/page.py      # on one core, after browser/build.py
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import BUILT, SPY, begin, press  # noqa: E402
from tests.web.browser import Page, browser  # noqa: E402

TARGETS = {"size": 24e6, "ready": 4.0, "first": 6.0, "compared": 10.0, "memory": 500e6}


def measure(page: Page) -> dict[str, float]:
    page.call("Page.addScriptToEvaluateOnNewDocument", source=SPY)
    page.offline(True)
    started = time.perf_counter()
    begin(page, BUILT.resolve())
    found = {"size": float(BUILT.stat().st_size), "ready": time.perf_counter() - started}
    press(page, "用自带的例子试一试")
    found["first"] = time.perf_counter() - started
    record = (ROOT / "data/donghu/2026-10-15.yaml").read_text(encoding="utf-8")
    begin_again(page, record)
    started = time.perf_counter()
    press(page, "和别的社区比")
    found["compared"] = time.perf_counter() - started
    found["memory"] = float(max(map(resident, renderers()), default=0))
    return found


def renderers() -> list[Path]:
    """The processes in which Chromium shows pages: ours is the largest on a machine that does nothing else."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                found.append(process)
        except OSError:
            continue  # it has ended meanwhile
    return found


def resident(process: Path) -> int:
    """Bytes in memory."""
    try:
        return int((process / "statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def begin_again(page: Page, record: str) -> None:
    begin(page, BUILT.resolve())
    for number in range(60):
        text = record.replace("id: donghu", f"id: c{number}").replace("东湖社区", f"第{number}社区")
        page.js(f"layOut('{number}.yaml', {json.dumps(text)})")
    press(page, "打开文件夹")


def main() -> None:
    with tempfile.TemporaryDirectory() as profile, browser(Path(profile)) as page:
        found = measure(page)
    cores = len(os.sched_getaffinity(0))
    for name, value in found.items():
        shown = f"{value / 1e6:.1f} MB" if value > 1e5 else f"{value:.2f} s"
        limit = f"{TARGETS[name] / 1e6:.0f} MB" if TARGETS[name] > 1e5 else f"{TARGETS[name]:.0f} s"
        print(f"{name:9} {shown:>10}   asked: {limit}   {cores} core(s)")


if __name__ == "__main__":
    main()
