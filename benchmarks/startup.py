"""Start-up: whole processes of ours against processes that only import the libraries they cannot do without.

Prints ratios of medians measured side by side, A B A B, in one run. Goal: at most 1.3 for each.

    python benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import os
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


def seconds(arguments: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "CHECKLIST_CACHE": cache, "PYTHONPYCACHEPREFIX": f"{cache}/pyc"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: byte code is there
        print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, medians of {runs}, compiled rules warm")
        for name, (ours, libraries) in PAIRS.items():
            seconds(ours, environment)
            seconds(["-c", libraries], environment)
            pairs = [(seconds(ours, environment), seconds(["-c", libraries], environment)) for _ in range(runs)]
            mine, floor = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratio = statistics.median(a / b for a, b in pairs)
            print(f"{name:34} {mine * 1000:6.0f} ms   libraries alone {floor * 1000:6.0f} ms   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
