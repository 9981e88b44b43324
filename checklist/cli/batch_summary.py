"""What ``checklist batch`` tells: rows done, what was wrong and where, what costs the most points."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checklist.cli.console import show, tell

if TYPE_CHECKING:
    from checklist.batch.run.running import Summary
    from checklist.batch.run.scoring import Job
    from checklist.batch.tables.table_parts import Place


class Progress:
    """Rows and parts done, on stderr, where someone is looking and it takes more than a second."""

    def __init__(self) -> None:
        self.started, self.shown = time.monotonic(), False

    def __call__(self, rows: int, parts: int, of: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self.started > 1:
            self.shown = True
            print(f"\r已算 {rows} 行，{parts}/{of} 份", end="", file=sys.stderr, flush=True)

    def done(self) -> None:
        if self.shown:
            print("\r" + " " * 50 + "\r", end="", file=sys.stderr)


def report(job: Job, output: Place, side: Path, summary: Summary, seconds: float, top_gaps: int) -> None:
    from checklist.files.writing import write_atomic

    for broken in summary.broken:
        tell(broken)
    if summary.bad:
        write_atomic(side, _bad_csv(summary))
        count = len(summary.bad) + summary.more_bad
        tell(f"{count} 处没法用，按未核实处理，记在 {side}")
    if not summary.rows:
        tell("表是空的，一个社区也没有")
        return
    low, high = summary.score_low / summary.rows, summary.score_high / summary.rows
    tell(f"{summary.rows} 个社区，平均 {low:.1f}～{high:.1f} 分，用时 {seconds:.1f} 秒，已存 {output}")
    if top_gaps:
        show(_gaps_text(job, summary, top_gaps))
    tell(f"细看一个社区：checklist batch 表 --explain 行号{'' if top_gaps else '；全表丢分最多的：--top-gaps 10'}")


def _bad_csv(summary: Summary) -> bytes:
    from checklist.reports.formats.csv_text import csv_bytes

    rows: list[list[object]] = [["行", "社区编号", "列", "代码", "说明", "现在的值"]]
    for cell in sorted(summary.bad, key=lambda c: (c.row, c.column)):
        rows.append([cell.row, cell.community, cell.column, cell.code, cell.says, cell.value])
    if summary.more_bad:
        rows.append(["", "", "", "", f"另有 {summary.more_bad} 处没有逐条列出", ""])
    return csv_bytes(rows)


def _gaps_text(job: Job, summary: Summary, top: int) -> Any:
    from rich.text import Text

    from checklist.batch.run.shortfalls import worst
    from checklist.model.numbers import points_text

    lines, group = [], None
    for item in worst(summary.losses, top):
        if item.group != group:
            group = item.group
            by = job.layout.kept.get(job.gaps_by or "")
            whole = f"没写{by}的社区" if by else "全表"
            lines.append(f"{group or whole}丢分最多的标准")
        title = job.ruleset.criterion(item.criterion).title
        open_points = f"，另有 {points_text(item.open)} 分未核实" if item.open else ""
        lines.append(
            f"  {item.criterion} {title}：共丢 {points_text(item.sure)} 分，{item.communities} 个社区{open_points}"
        )
    return Text("\n".join(lines))
