"""Start-up: whole processes of ours against processes that only import the libraries they cannot do without.

Prints ratios of medians measured side by side, A B A B, in one run. Goal: at most 1.3 for each.

    python benchmarks/startup.py [RUNS]
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

ROOT = Path(__file__).resolve().parent.parent
STATE = "data/taoli/2023-04-15.yaml"
PAIRS = {
    "checklist --help": (["-m", "checklist", "--help"], "import typer"),
    "checklist assess --help": (["-m", "checklist", "assess", "--help"], "import typer"),
    "checklist assess (one community)": (
        ["-m", "checklist", "assess", STATE],
        "import typer, pydantic, yaml, rich.console, rich.table\nclass M(pydantic.BaseModel): x: int",
    ),
}


def run_once(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds and processor seconds (user and system) of one whole process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "CHECKLIST_CACHE": cache, "PYTHONPYCACHEPREFIX": f"{cache}/pyc"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: byte code is there
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, medians of {runs}, compiled rules warm")
        for name, (ours, libraries) in PAIRS.items():
            run_once(ours, environment)
            run_once(["-c", libraries], environment)
            pairs = [(run_once(ours, environment), run_once(["-c", libraries], environment)) for _ in range(runs)]
            print(name)
            for i, clock in enumerate(("wall", "processor")):
                mine, floor = (statistics.median(pair[side][i] for pair in pairs) for side in (0, 1))
                ratio = statistics.median(a[i] / b[i] for a, b in pairs)
                print(f"  {clock:9} {mine * 1000:5.0f} ms   libraries alone {floor * 1000:5.0f} ms   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
