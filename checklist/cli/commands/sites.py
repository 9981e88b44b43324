"""``checklist sites``: the register of a community's sites."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, show_problems, tell, usage
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import community_folder, day, now, site_of, today
from checklist.keeping.folder import CommunityFolder
from checklist.keeping.site_register import (
    SiteChange,
    adding,
    closing,
    counting,
    known_kind,
    register,
    renaming,
)
from checklist.model.problems import NotAValue
from checklist.model.rules.site_kinds import SiteKind
from checklist.model.sites import SiteTotal
from checklist.values.visible import on_one_line

RegisterArgument = Annotated[Path, typer.Argument(metavar="社区", help="社区文件夹")]
KindArgument = Annotated[str, typer.Argument(metavar="类别", help="小区、背街小巷，或它的编号 estate、lane")]
SiteArgument = Annotated[str, VERBATIM, typer.Argument(metavar="点位", help="名称或编号")]


def listing(community: RegisterArgument) -> int:
    """列出点位：编号、名称、记了几项，和每一类一共几处。"""
    folder = community_folder(community)
    state, kinds = folder.state, folder.ruleset.site_kinds
    for site in folder.sites:
        until = f"，{site.closed} 起不算" if site.closed else ""
        since = f"，{site.opened} 起算" if site.opened else ""
        label = kinds[site.kind].label
        print(f"{site.id:<12} {label}  {on_one_line(site.name)}（记了 {len(site.readings)} 项{since}{until}）")
    for kind, total in (state.totals if state else {}).items():
        listed = sum(site.kind == kind and site.counts_on(today()) for site in folder.sites)
        why = f"：{on_one_line(total.reason)}" if total.reason else f"，列了 {listed} 个"
        tell(f"{kinds[kind].label}一共 {total.count} 个{why}")
    told = {site.kind for site in folder.sites} | (state.totals.keys() if state else set())
    whole = [kind.label for id, kind in kinds.items() if id not in told]
    if not kinds:
        tell(f"《{folder.ruleset.title}》没有点位")
    elif whole and not folder.sites:
        ways = f"要分点位评就 checklist sites add {community} {whole[0]} 名称"
        tell(f"没有列点位，{'、'.join(whole)}{'都' if len(whole) > 1 else ''}按整个社区评。{ways}")
    return Exit.DONE if told else Exit.NOTHING


def add(
    community: RegisterArgument,
    kind: KindArgument,
    names: Annotated[list[str], VERBATIM, typer.Argument(metavar="名称...", help="如 A区 B区")],
    total: Annotated[
        str | None, VERBATIM, typer.Option("--total", metavar="几个", help="这一类一共几个，没列的也算")
    ] = None,
    opened: Annotated[str | None, typer.Option("--opened", metavar="日期", help="从哪天起算；不写就一直算")] = None,
    from_community: Annotated[
        bool, typer.Option("--from-community", help="社区里记的这一类实测项挪给它；只有这一个点位时才对")
    ] = False,
    drop_community: Annotated[
        bool, typer.Option("--drop-community", help="社区里记的这一类实测项不再往下带，各点位重新核")
    ] = False,
) -> int:
    """登记点位：编号自动编，以后不变。社区里已经记了这一类的实测项，要说清怎么办。"""
    if from_community and drop_community:
        usage("--from-community 和 --drop-community 只能写一个")
    folder = community_folder(community)
    shared = "move" if from_community else "drop" if drop_community else ""
    of = known_kind(kind, folder.ruleset)
    count = None if total is None else _count(of, total).count
    return _done(folder, adding(of, names, count, day(opened), shared))


def rename(
    community: RegisterArgument,
    site: SiteArgument,
    name: Annotated[str, VERBATIM, typer.Argument(metavar="新名称")],
) -> int:
    """改名：编号和以前的记录不变。"""
    folder = community_folder(community)
    return _done(folder, renaming(site_of(folder, site), name))


def close(
    community: RegisterArgument,
    site: SiteArgument,
    on: Annotated[str | None, typer.Option("--on", metavar="日期", help="从哪天起不算；不写就是今天")] = None,
) -> int:
    """不再算这个点位（拆了、并了）：从那天起不算，总数减一，以前的记录还在。"""
    folder = community_folder(community)
    return _done(folder, closing(site_of(folder, site), day(on) or today()))


def total(
    community: RegisterArgument,
    kind: KindArgument,
    count: Annotated[str, VERBATIM, typer.Argument(metavar="几个", help="如 4、四、4个；没有写 0")],
    reason: Annotated[str, VERBATIM, typer.Option("--reason", metavar="理由", help="一个也没有时写为什么")] = "",
) -> int:
    """写这一类一共几个，没列出来的也数进去。"""
    folder = community_folder(community)
    of = known_kind(kind, folder.ruleset)
    told = _count(of, count)
    return _done(folder, counting(of, told.count, reason or told.reason))


def _count(kind: SiteKind, text: str) -> SiteTotal:
    from checklist.values.site_totals import count_told

    try:
        return count_told(kind, text)
    except NotAValue as why:
        usage(why.says, why.hint)


def _done(folder: CommunityFolder, change: SiteChange) -> int:
    done = register(folder, change, today(), now())
    for line in done.says:
        print(on_one_line(line))
    show_problems(done.problems)
    tell(f"已写入 {done.path.name}。撤销：checklist undo {folder.path}")
    return Exit.DONE if all(problem.is_advice for problem in done.problems) else Exit.PROBLEMS


COMMANDS = {"list": listing, "add": add, "rename": rename, "close": close, "total": total}
