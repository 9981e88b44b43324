"""``checklist evidence``: bring files in, list them, find what is wrong with them."""

from __future__ import annotations

import difflib
from collections import Counter
from pathlib import Path
from typing import Annotated, Final

import typer

from ..keeping.evidence import add_evidence, ledger
from ..keeping.folder import CommunityFolder, open_folder
from ..keeping.verifying import SERIOUS, Trouble, verify
from .console import Exit, show, tell, usage
from .inputs import cache_folder, now, today

TITLES: Final[dict[Trouble, str]] = {
    "broken": "登记簿",
    "missing": "文件不在了",
    "altered": "内容变了",
    "unlisted": "没有登记的文件",
    "same": "同一个文件用在几项上，请核对",
    "alike": "照片几乎一样，请核对",
    "outdated": "佐证过期",
    "no_metadata": "无元数据",
    "not_examined": "没有看过",
    "wanting": "该有佐证还没有",
}
Community = Annotated[Path, typer.Argument(metavar="社区", help="社区文件夹")]
Width = Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")]


def listing(community: Community) -> int:
    """列出登记过的佐证材料：哪天、谁、哪一项、原来的文件名。"""
    pieces, _ = ledger(_open(community).path)
    for piece in pieces:
        taken = f"拍摄 {piece.taken:%Y-%m-%d %H:%M}" if piece.taken else "无元数据"
        print(f"{piece.at[:10]}  {piece.by or '—'}  {piece.fact}  {piece.name}  {taken}  {piece.file}")
    return Exit.DONE if pieces else Exit.NOTHING


def add(
    community: Community,
    files: Annotated[list[Path], typer.Argument(metavar="文件...", help="照片、PDF、Word、Excel")],
    fact: Annotated[str, typer.Option("--fact", metavar="实测项", help="这是哪一项的佐证：编号或名称")],
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="谁提供的")] = "",
    note: Annotated[str, typer.Option("--note", metavar="说明")] = "",
) -> int:
    """登记佐证材料：按内容存进 evidence 文件夹，谁、何时、哪一项记在登记簿里。"""
    folder = _open(community)
    pieces = add_evidence(folder, files, _fact(folder, fact), by=by, at=now(), note=note)
    for piece in pieces:
        taken = f"拍摄于 {piece.taken:%Y-%m-%d %H:%M}" if piece.taken else "无元数据"
        print(f"{piece.name} → {piece.file}（{taken if piece.examined else '没有读拍摄时间'}）")
    if any(not piece.examined and piece.file.endswith(("jpg", "png", "webp")) for piece in pieces):
        tell('没有装 Pillow，拍摄时间和相似照片看不出来：pip install "civic-checklist[office]"')
    return Exit.DONE


def check(community: Community, width: Width = None) -> int:
    """核对佐证材料：少了的、改过的、重复用的、过期的、该有没有的。"""
    from rich.console import Group
    from rich.text import Text

    from ..reports.prose import Prose

    verified = verify(_open(community), today())
    out: list[Text | Prose] = []
    counted = Counter(finding.trouble for finding in verified.findings)
    for trouble, title in TITLES.items():
        if counted[trouble]:
            out.append(Text(f"{title}：{counted[trouble]} 处", style="bold"))
            out += [Prose(f.says, indent=2) for f in verified.findings if f.trouble == trouble]
    if not out:
        out.append(Text("没有发现问题"))
    out.append(Text(f"共 {verified.files} 个文件。登记簿链尾 {verified.tail[:16] or '（空）'}，另记一份可证明没有改过"))
    show(Group(*out), width)
    return Exit.PROBLEMS if any(t in SERIOUS for t in counted) else Exit.DONE


def _open(path: Path) -> CommunityFolder:
    return open_folder(path, cache=cache_folder())


def _fact(folder: CommunityFolder, word: str) -> str:
    """A fact by id or label."""
    by_label = {fact.label: id for id, fact in folder.ruleset.facts.items()}
    name = word if word in folder.ruleset.facts else by_label.get(word)
    if name is None:
        near = difflib.get_close_matches(word, [*folder.ruleset.facts, *by_label], n=3, cutoff=0.4)
        usage(f"没有这个实测项 {word}", f"是不是 {'、'.join(near)}？" if near else "用 checklist rules show 看全部")
    return name


COMMANDS = {"list": listing, "add": add, "verify": check}
