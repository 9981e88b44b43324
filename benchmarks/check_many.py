"""How long ``checklist check`` needs for a ruleset of N criteria (default 5,000), beside the shipped one.

    python benchmarks/check_many.py [N]

Every criterion has its own facts, actions and cases in the shapes of the shipped ruleset; prints medians of three runs, in seconds of
processor time so that a busy machine does not count.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MODULE = 1000
HEAD = """id: {id}
title: 很多标准
edition: 试验
effective: {{from: 2026-01-01}}
disclaimer: 自查指数
total_points: {total}
not_applicable: leaves_both_sides
levels: {{A: 100%, B: 66%, C: 33%}}
bands: [{{name: 合格, at_least: 60}}, {{name: 待提升, at_least: 0}}]
modules:
{modules}
costs: {{C0: {{label: 不花钱, yuan: [0, 0]}}}}
"""
FACT = """f{n}:
  label: 实测项{n}
  type: count
  unit: 处
  better: {better}
  ask: 这里有几处？
  method: field_inspection
  minutes: 5
  valid_for_days: 30
"""
WHOLE = """w{n}:
  label: 总数{n}
  type: count
  unit: 处
  ask: 一共几处？
  method: field_inspection
  minutes: 5
  valid_for_days: 30
  range: {{min: 1}}
"""
ACTION = """a{n}:
  label: 整改第{n}项
  sets: {{f{n}: {effect}}}
  effort_days: 1
  cost: C0
  lead_days: 3
  owner: [社区]
"""
CRITERION = """- id: {id}
  title: 标准{n}
  requirement: 第{n}项要做到位
  methods: [field_inspection]
  points: 1
{scale}
  owner: [社区]
  actions: [a{n}]
  sources: [{{id: S01, says: existence, confidence: low}}]
"""
SHARE = "  measure: {{share: {{of: f{n}, to: w{n}}}}}\n  at_least: {{A: 95%, B: 90%, C: 80%}}"
LADDER = "  measure: {{fact: f{n}}}\n  at_most: {{A: 0, B: 1, C: 2}}"


def write(folder: Path, many: int) -> Path:
    """A base ruleset of ``many`` criteria: half of them findings ladders, half shares of a whole."""
    modules = [f"M{i}" for i in range(-(-many // MODULE))]
    sizes = [min(MODULE, many - i * MODULE) for i in range(len(modules))]
    listed = "\n".join(f"  - {{id: {m}, title: 模块, points: {s}}}" for m, s in zip(modules, sizes, strict=True))
    for name in ("facts", "actions", "cases"):
        (folder / name).mkdir(parents=True)
    _save(folder / "ruleset.yaml", [HEAD.format(id=folder.name, total=many, modules=listed)])
    _save(folder / "sources.yaml", ["S01: {title: 某文件, tag: N, trust: high}\n"])
    for i, (module, size) in enumerate(zip(modules, sizes, strict=True)):
        numbers = range(i * MODULE, i * MODULE + size)
        _save(folder / f"{module}.yaml", (_criterion(module, n) for n in numbers))
        _save(folder / "facts" / f"{module}.yaml", (_facts(n) for n in numbers))
        _save(folder / "actions" / f"{module}.yaml", (_action(n) for n in numbers))
        _save(folder / "cases" / f"{module}.yaml", (_case(module, n) for n in numbers))
    return folder


def _save(path: Path, parts: Iterator[str] | list[str]) -> None:
    path.write_text("".join(parts), encoding="utf-8")


def _criterion(module: str, n: int) -> str:
    scale = SHARE.format(n=n) if n % 2 else LADDER.format(n=n)
    return CRITERION.format(id=f"{module}-{n % MODULE:03d}", n=n, scale=scale)


def _facts(n: int) -> str:
    return FACT.format(n=n, better="higher" if n % 2 else "lower") + (WHOLE.format(n=n) if n % 2 else "")


def _action(n: int) -> str:
    return ACTION.format(n=n, effect=f"{{equal_to: w{n}}}" if n % 2 else "0")


def _case(module: str, n: int) -> str:
    given = f"{{f{n}: 95, w{n}: 100}}" if n % 2 else f"{{f{n}: 0}}"
    return f"- name: 够了\n  given: {given}\n  expect: {{{module}-{n % MODULE:03d}: {{level: A}}}}\n"


def main(many: int) -> None:
    from checklist.cli.commands.check import ruleset_problems
    from checklist.files.shipped import shipped

    with tempfile.TemporaryDirectory() as place:
        big = write(Path(place) / "many", many)
        for title, folder in (("shipped", shipped("rules") / "civilized-city-community"), (f"{many} criteria", big)):
            times = []
            for _ in range(3):
                start = time.process_time()
                found = list(ruleset_problems(folder))
                times.append(time.process_time() - start)
            print(f"{title}: {statistics.median(times):.2f} s of processor, {len(found)} problems")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
