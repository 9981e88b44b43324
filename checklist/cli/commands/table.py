"""``checklist table``: many communities in one sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, tell, usage, write_result
from checklist.cli.inputs import get_states

if TYPE_CHECKING:
    from checklist.reports.document.document import Table

SHAPES = ("wide", "long")
ENCODINGS = {"utf-8": "utf-8", "utf8": "utf-8", "gbk": "gbk", "ansi": "gbk"}


def run(
    states: Annotated[list[Path], typer.Argument(metavar="现状记录...", help="现状记录文件，或装着它们的文件夹")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件", help="存成 .xlsx 或 .csv")],
    shape: Annotated[
        str,
        typer.Option(
            "--shape", metavar="wide|long", help="wide 一行一个社区（有点位的，一处一行），long 一行一个实测值"
        ),
    ] = "wide",
    history: Annotated[bool, typer.Option("--history", help="历次记录都要；不写每个社区只要最近一次")] = False,
    encoding: Annotated[str, typer.Option("--encoding", metavar="utf-8|gbk", help="csv 用哪种编码")] = "utf-8",
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系")] = None,
) -> int:
    """多个社区导出成一张总表；填好改好再用 checklist import 总表 --into 上一级文件夹 收回来。"""
    from checklist.reports.formats.csv_text import table_csv
    from checklist.reports.formats.xlsx import TableSheet, sheets_xlsx
    from checklist.reports.forms.community_tables import defects_left_out, left_out, long_table, wide_table

    if shape not in SHAPES:
        usage(f"没有 {shape} 这种总表", "可以写：wide、long")
    if encoding.lower() not in ENCODINGS:
        usage(f"不支持编码 {encoding}", "可以写：utf-8、gbk")
    if output.suffix.lower() not in (".xlsx", ".csv"):
        usage(f"总表只能存成 .xlsx 或 .csv，现在是 {output.name}")
    loaded = get_states(states, rules, every_day=history)
    ruleset = loaded.states[0].ruleset
    same = [item.state for item in loaded.states if item.ruleset.id == ruleset.id]
    table = (wide_table if shape == "wide" else long_table)(ruleset, same)
    if output.suffix.lower() == ".csv":
        write_result(table_csv(table, ENCODINGS[encoding.lower()]), output)
        _tell_rare(table, encoding)
    else:
        write_result(sheets_xlsx([TableSheet(table)]), output)
    if shape == "wide" and (lost := left_out(ruleset, same)):
        tell(f"有 {lost} 个值到现状日期不算数（过期、日期在后或写错），没有放进宽表；要全部，用 --shape long")
    if seen := defects_left_out(same):
        tell(f"有 {seen} 处问题点没有放进总表：收回来时留在社区的记录里，不会丢")
    if len(same) < len(loaded.states):
        tell(f"有 {len(loaded.states) - len(same)} 份是别的测评体系的，没有放进来")
    return Exit.PROBLEMS if loaded.problems else Exit.DONE


def _tell_rare(table: Table, encoding: str) -> None:
    """Characters that GBK lacks are written as GB 18030 has them, which old programs do not show."""
    if ENCODINGS[encoding.lower()] != "gbk":
        return
    text = "".join(
        cell for row in ([c.title for c in table.columns], *table.rows) for cell in row if isinstance(cell, str)
    )
    rare = sorted({char for char in text if not char.encode("gbk", "ignore")})
    if rare:
        says = f"有 {len(rare)} 个字 GBK 里没有（{'、'.join(rare[:5])}），按 GB18030 写；再收回来不会丢"
        tell(f"{says}，老软件里可能显示成方块，要紧就用 .xlsx")


COMMANDS = {"table": run}
