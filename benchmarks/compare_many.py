"""A large city: 3,000 state files loaded, assessed and compared by the command itself, with its progress bar on.

Prints seconds, processor seconds and peak memory of the whole process tree, beside the floor: one process that only
turns the same files into YAML nodes with libyaml. Goal: under 60 s and 1 GiB. The files are invented and seeded.

    python benchmarks/compare_many.py [COUNT] [RUNS]
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from communities import write

ROOT = Path(__file__).resolve().parent.parent
FLOOR = """
import pathlib, sys, yaml
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.yaml")):
    loader = yaml.CSafeLoader(path.read_text(encoding="utf-8"))
    loader.get_single_node()
    loader.dispose()
"""


def run(arguments: list[str], folder: Path) -> tuple[float, float, str]:
    """Seconds on the clock, seconds of all processors, and what was said on stderr."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CHECKLIST_CACHE": str(folder / "cache")}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, check=True)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, used, done.stderr.decode("utf-8")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "city", count)
        size = sum(path.stat().st_size for path in folder.rglob("*.yaml"))
        print(
            f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, medians of {runs}"
        )
        print(f"{count} state files, {size / 1e6:.0f} MB")
        ours, floors = [], []
        for _ in range(runs):
            ours.append(run(["-m", "checklist", "compare", "city", "--format", "json", "-o", "out.json"], folder))
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            floors.append(run(["-c", FLOOR, "city"], folder))
        seconds, used = (statistics.median(column) for column in list(zip(*ours, strict=True))[:2])
        ratio = statistics.median(a[1] / b[1] for a, b in zip(ours, floors, strict=True))
        print(f"load, assess, compare   {seconds:6.1f} s   {used:6.1f} processor seconds   largest process {peak} MiB")
        print(
            f"libyaml nodes alone     {statistics.median(f[0] for f in floors):6.1f} s   ratio of processor seconds {ratio:.2f}"
        )
        print(f"progress shown: {'yes' if f'{count}/{count}' in ours[0][2] else 'no'}")


if __name__ == "__main__":
    main()
