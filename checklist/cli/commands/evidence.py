"""``checklist evidence``: bring files in, list them, find what is wrong with them."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from checklist.cli.console import Exit, show, tell, usage
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import community_folder, now, site_of, today
from checklist.keeping.evidence import Added, Piece, add_evidence, ledger
from checklist.keeping.folder import CommunityFolder
from checklist.keeping.pictures import PICTURES
from checklist.keeping.verifying import SERIOUS, Trouble, verify
from checklist.values.headings import fact_of, label_index

TITLES: Final[dict[Trouble, str]] = {
    "broken": "登记簿",
    "missing": "文件不在了",
    "altered": "内容变了",
    "unlisted": "没有登记的文件",
    "same": "同一个文件用在几项上，请核对",
    "alike": "照片几乎一样，请核对",
    "outdated": "佐证过期",
    "not_examined": "没有检查的照片",
    "no_metadata": "无元数据",
    "located": "带拍摄位置",
    "named": "只写了名称，没有登记文件",
    "wanting": "该有佐证还没有",
}
CommunityArgument = Annotated[Path, typer.Argument(metavar="社区", help="社区文件夹")]


def listing(community: CommunityArgument) -> int:
    """列出登记过的佐证材料：哪天、谁、哪一项、原来的文件名。"""
    pieces, _ = ledger(community_folder(community).path)
    for piece in pieces:
        told = "，".join(_told(Added(piece)))
        print(
            f"{piece.at[:10]}  {piece.by or '—'}  {'#'.join(filter(None, (piece.fact, piece.site)))}  {piece.name}  {told}  {piece.file}"
        )
    return Exit.DONE if pieces else Exit.NOTHING


def add(
    community: CommunityArgument,
    files: Annotated[list[Path], typer.Argument(metavar="文件...", help="照片、PDF、Word、Excel")],
    fact: Annotated[str, typer.Option("--fact", metavar="实测项", help="这是哪一项的佐证：编号或名称")],
    site: Annotated[str, VERBATIM, typer.Option("--site", metavar="点位", help="在哪个点位看到的")] = "",
    by: Annotated[str, VERBATIM, typer.Option("--by", metavar="姓名", help="谁提供的")] = "",
    note: Annotated[str, VERBATIM, typer.Option("--note", metavar="说明")] = "",
    no_location: Annotated[
        bool, typer.Option("--no-location", help="存的照片去掉拍摄位置，拍摄时间留着；不加就原样存")
    ] = False,
) -> int:
    """登记佐证材料：按内容存进 evidence 文件夹，谁、何时、哪一项记在登记簿里。"""
    folder = community_folder(community)
    slot = (site_of(folder, site).id if site else "", _fact(folder, fact))
    added = add_evidence(folder, files, slot, by=by, at=now(), note=note, location=not no_location)
    for one in added:
        print(f"{one.piece.name} → {one.piece.file}（{'，'.join(_told(one))}）")
    located = sum(one.piece.located for one in added)
    if located:
        tell(f"{located} 个文件带着拍摄位置，原样存了。社区文件夹要发给别人时留意；以后不想带，登记时加 --no-location")
    unseen = [one.piece for one in added if _unseen(one.piece)]
    if unseen:
        tell(f"{len(unseen)} 张照片没有检查，拍摄时间、拍摄位置、是否重复都不知道。装上就能检查：")
        heic = any(piece.file.endswith(".heic") for piece in unseen)
        tell(f'pip install "civic-checklist[{"heic" if heic else "office"}]"')
    if any(piece.file.endswith(".heic") for piece in unseen):
        tell("也可以在 iPhone 的“设置—相机—格式”里选“兼容性最佳”，以后拍的就是 JPG")
    tell(f"核对：checklist evidence verify {community}")
    return Exit.DONE


def _told(one: Added) -> Iterator[str]:
    piece = one.piece
    if one.known:
        yield "以前登记过，没有再存"
    if _unseen(piece):
        yield "没有检查"
    elif _is_picture(piece):
        yield f"拍摄于 {piece.taken:%Y-%m-%d %H:%M}" if piece.taken else "无元数据"
    else:
        yield "不是照片"
    if piece.located:
        yield "里面有拍摄位置"
    if one.moved:
        yield "已去掉拍摄位置"


def _is_picture(piece: Piece) -> bool:
    return Path(piece.file).suffix[1:] in PICTURES


def _unseen(piece: Piece) -> bool:
    return _is_picture(piece) and not piece.examined


def check(
    community: CommunityArgument,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """核对佐证材料：少了的、改过的、重复用的、过期的、该有没有的。"""
    from rich.console import Group
    from rich.text import Text

    from checklist.reports.document.prose import Prose

    verified = verify(community_folder(community), today())
    out: list[Text | Prose] = []
    counted = Counter(finding.trouble for finding in verified.findings)
    for trouble, title in TITLES.items():
        if counted[trouble]:
            out.append(Text(f"{title}：{counted[trouble]} 处", style="bold"))
            out += [Prose(f.says, indent=2) for f in verified.findings if f.trouble == trouble]
    serious = sum(counted[trouble] for trouble in SERIOUS)
    out.append(Text(f"共 {verified.files} 个文件，" + (f"{serious} 处要马上查" if serious else "没有丢的、改过的")))
    out.append(Prose(f"登记簿链尾 {verified.tail[:16] or '（空）'}，另记一份，以后可以证明在这以前的都没有改过"))
    out.append(Prose(_next(counted, community)))
    show(Group(*out), width)
    return Exit.PROBLEMS if any(t in SERIOUS for t in counted) else Exit.DONE


def _next(counted: Counter[Trouble], community: Path) -> str:
    if counted["broken"] or counted["missing"] or counted["altered"]:
        return f"下一步：从备份或提供的人那里找回原件，再 checklist evidence add；都登记过什么：checklist evidence list {community}"
    if counted["not_examined"]:
        return '下一步：pip install "civic-checklist[heic]"，再核对一次'
    if counted["wanting"] or counted["named"]:
        return f"下一步：checklist evidence add {community} 文件 --fact 实测项"
    return f"看得分：checklist assess {community}"


def _fact(folder: CommunityFolder, word: str) -> str:
    """A fact by id or label."""
    facts = folder.ruleset.facts
    name = fact_of(word, label_index(folder.ruleset))
    if name is None:
        near = difflib.get_close_matches(word, [*facts, *(f.label for f in facts.values())], n=3, cutoff=0.4)
        usage(f"没有这个实测项 {word}", f"是不是 {'、'.join(near)}？" if near else "用 checklist rules show 看全部")
    return name


COMMANDS = {"list": listing, "add": add, "verify": check}
