"""``checklist undo``: take back the last act of saving in a community folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, tell, usage
from checklist.cli.inputs import now
from checklist.keeping import history
from checklist.keeping.entry import Entry, entries, unreadable
from checklist.model.ledger import LEDGERS
from checklist.values.visible import on_one_line


def run(
    community: Annotated[Path, typer.Argument(metavar="社区或台账", help="社区文件夹，或一个台账文件")],
    listing: Annotated[bool, typer.Option("--list", help="列出每一次写入，不撤销")] = False,
    entry: Annotated[
        int | None, typer.Option("--entry", metavar="第几次", help="撤销指定的一次；撤销也可以撤销")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="那以后手工改过也照样退回")] = False,
) -> int:
    """撤销上一次写入：导入、手机填报、登记佐证之前的文件都留着，可以一次次往回退。"""
    asked, only = community, ""
    if community.suffix.lower() in LEDGERS and not community.is_dir():
        community, only = Path(os.path.realpath(community.parent)), community.name
    if not community.is_dir():
        usage(f"没有 {community} 这个社区文件夹")
    if listing:
        known = [one for one in entries(community) if not only or only in (file.name for file in one.files)]
        for one in known:
            print(f"{one.number:>5}  {_told(one, '  ')}（{'、'.join(f.name for f in one.files)}）")
        if not known:
            tell("这里还没有写入过")
        _tell_unreadable(community)
        return Exit.DONE if known else Exit.NOTHING
    with history.writing(community):
        found = (
            history.undoable(community, only)
            if entry is None
            else next((e for e in entries(community) if e.number == entry), None)
        )
        if found is None:
            _tell_unreadable(community)
            usage(
                "没有可以撤销的写入" if entry is None else f"没有第 {entry} 次写入",
                f"checklist undo {asked} --list",
            )
        number = history.undo(community, found, now(), force=force)
    tell(f"已撤销第 {found.number} 次（{_told(found)}）")
    tell(f"要恢复：checklist undo {asked} --entry {number}")
    return Exit.DONE


def _told(entry: Entry, between: str = " ") -> str:
    return f"{on_one_line(entry.at.replace('T', ' '))}{between}{on_one_line(entry.what)}"


def _tell_unreadable(community: Path) -> None:
    if strange := unreadable(community):
        few = "、".join(strange[:5]) + (f" 等 {len(strange)} 处" if len(strange) > 5 else "")
        tell(f".history 里的 {few} 不是本程序写的，或被改过，没有理会")


COMMANDS = {"undo": run}
