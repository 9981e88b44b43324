"""What ``checklist batch`` tells: rows done, what was wrong and where, what costs the most points."""

from __future__ import annotations

import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checklist.cli.console import show, tell
from checklist.model.numbers import percent_text, points_text

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


def report(
    job: Job, output: Place, side: Path, summary: Summary, seconds: float, top_gaps: int, rank_from: Fraction | None
) -> None:
    from checklist.files.writing import write_atomic

    for broken in summary.broken:
        tell(broken)
    if summary.bad:
        write_atomic(side, _bad_csv(summary))
        aside = sorted({cell.row for cell in summary.bad if cell.code == "W240"})
        if aside:
            places = "、".join(map(str, aside[:8])) + (" 等" if len(aside) > 8 else "")
            tell(f"{len(aside)} 行是合计、表尾或重复的表头，没有算：第 {places} 行")
        count = len(summary.bad) + summary.more_bad - sum(cell.code == "W240" for cell in summary.bad)
        tell(f"{count} 处没法用，按未核实处理，记在 {side}" if count else f"逐行记在 {side}")
    if not summary.rows:
        tell("表是空的，一个社区也没有")
        return
    low, high = summary.score_low / summary.rows, summary.score_high / summary.rows
    tell(f"{summary.rows} 个社区，平均 {low:.1f}～{high:.1f} 分，用时 {seconds:.1f} 秒，已存 {output}")
    if summary.untotalled:
        tell(f"{summary.untotalled} 个社区列了点位，没有写一共几个，按列出来的算；加一列，如“小区总数”")
    if summary.unranked and rank_from is not None:
        tell(
            f"{summary.unranked} 个社区核查率不到 {percent_text(rank_from)}，或没有一条适用，不排名次；门槛用 --min-coverage 改"
        )
    if top_gaps:
        show(_gaps(job, summary, top_gaps))
    tell(f"细看一个社区：checklist batch 表 --explain 行号{'' if top_gaps else '；全表丢分最多的：--top-gaps 10'}")


def _bad_csv(summary: Summary) -> bytes:
    from checklist.reports.formats.csv_text import csv_bytes

    rows: list[list[object]] = [["行", "社区编号", "列", "代码", "说明", "现在的值"]]
    for cell in sorted(summary.bad, key=lambda c: (c.row, c.column)):
        rows.append([cell.row, cell.community, cell.column, cell.code, cell.says, cell.value])
    if summary.more_bad:
        rows.append(["", "", "", "", f"另有 {summary.more_bad} 处没有逐条列出", ""])
    return csv_bytes(rows)


def _gaps(job: Job, summary: Summary, top: int) -> Any:
    from rich.console import Group
    from rich.text import Text

    from checklist.batch.run.shortfalls import costliest
    from checklist.reports.document.prose import Prose
    from checklist.reports.language.ranking import shortfall_text

    by = job.layout.kept.get(job.gaps_by or "")
    lines: list[Any] = []
    for group, shortfalls in costliest(summary.losses, job.ruleset, top).items():
        whole = f"没写{by}的社区" if by else "全表"
        lines.append(Text(f"{group or whole}丢分最多的标准"))
        for item in shortfalls:
            said = f"{item.criterion.title}：{shortfall_text(item)}"
            said += f"，{points_text(item.open)} 分未核实" if item.open else ""
            said += "；共性问题" if item.common else ""
            lines.append(Prose(said, label=f"{item.criterion.id}  ", indent=2))
    return Group(*lines)
