"""Ranks, and what communities miss together, in words: the same on screens, papers and tables."""

from __future__ import annotations

from datetime import date
from typing import Final

from checklist.model.numbers import points_text
from checklist.model.results.comparison import RecordFaults
from checklist.model.results.ranks import Rank
from checklist.model.results.shortfalls import Shortfall

RANK_NOTE: Final = (
    "名次按保底分（得分区间的低端）排，同分同名次，占掉的名次空出来（1、1、3）；名次范围是没核实的项核完以后可能落在的名次："
    "从肯定在前的个数加一，到可能在前的个数加一。红线和否决不影响名次。"
)


def range_text(rank: Rank) -> str:
    """``2～4``, or ``2`` when no other place is possible."""
    return str(rank.best) if rank.best == rank.worst else f"{rank.best}～{rank.worst}"


def faults_text(faults: RecordFaults, recorded: date) -> str:
    """``最近的记录（2026-11-20.yaml）读不进来，看的是 2026-10-15 的；记录有 2 处写错，按没核实算``; empty for a sound one."""
    said = [f"最近的记录（{faults.unread}）读不进来，看的是 {recorded} 的"] if faults.unread else []
    said += [f"记录有 {faults.mistakes} 处写错，按没核实算"] if faults.mistakes else []
    return "；".join(said)


def shortfall_text(shortfall: Shortfall) -> str:
    """``3 个核过的社区里 2 个没得满分，另有 1 个没核，一共丢 1.87 分``."""
    unknown = f"，另有 {shortfall.unknown} 个没核" if shortfall.unknown else ""
    return (
        f"{shortfall.decided} 个核过的社区里 {shortfall.missing} 个没得满分{unknown}，"
        f"一共丢 {points_text(shortfall.lost)} 分"
    )
