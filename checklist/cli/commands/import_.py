"""``checklist import``: filled-in tables come back; a preview first, written only when asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from checklist.cli.console import Exit, show, show_problems, tell, usage
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import cache_folder, day, get_ruleset, now, today
from checklist.engine.comparing.new_answers import Rule
from checklist.engine.comparing.settling import RECORD, OpenConflict, open_conflicts, settled
from checklist.engine.scoring.assess import assess
from checklist.keeping.folder import CommunityFolder, open_folder
from checklist.keeping.importing import Incoming, community_folders, gather
from checklist.keeping.media import Media, gather_photos, keep_photos, with_photos
from checklist.keeping.records.next_record import foreseen
from checklist.keeping.saving import Saved, new_declarations, preview, save
from checklist.model.problems import Problem, in_order
from checklist.model.refusals import Refusal
from checklist.model.results.assessment import Score
from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import Reading, Slot, State
from checklist.reading.records.readings import Attached, Defaults
from checklist.reports.language.phrases import value_text

RULES: Final[dict[str, Rule]] = {"newest": "newest", "record": "record", "incoming": "incoming"}


def run(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="文件...", help="填好的 .xlsx .xls .ods .csv，或 ODK、Kobo 导出的；几个人的可以一起"),
    ],
    into: Annotated[Path, typer.Option("--into", metavar="社区", help="写到哪个社区文件夹；总表写上一级文件夹")],
    write: Annotated[bool, typer.Option("--write", help="写入；不加只看改动")] = False,
    conflicts: Annotated[
        str | None,
        typer.Option(
            "--conflicts",
            metavar="规则",
            help="冲突怎么定：newest 以核实日期新的为准，record 留原记录，incoming 以表为准",
        ),
    ] = None,
    take: Annotated[
        list[str] | None,
        typer.Option(
            "--take", metavar="序号=姓名", help="这一处冲突以谁的为准，如 2=李强；2=记录 是留着原来的；可写几次"
        ),
    ] = None,
    by: Annotated[str, VERBATIM, typer.Option("--by", metavar="姓名", help="表里没写核实人时用它")] = "",
    on: Annotated[str | None, typer.Option("--on", metavar="日期", help="表里没写核实日期时用它")] = None,
    media: Annotated[
        Path | None,
        typer.Option("--media", metavar="文件夹或.zip", help="ODK、Kobo 下载的附件：照片登记成佐证"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="有一处看不懂就不写")] = False,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """把填好的表收回来：先列出新填、改动、冲突和看不懂的，加 --write 才写入。写错了用 checklist undo 撤销。"""
    if conflicts is not None and conflicts not in RULES:
        usage(f"--conflicts 没有 {conflicts}", f"可以写：{'、'.join(RULES)}")
    folders = community_folders(into, get_ruleset(rules) if rules else None, cache_folder())
    show_problems([said for folder in folders for said in folder.advice])
    incoming, problems = gather(files, folders, today(), Defaults(by, day(on)))
    found = [*problems]
    photos = {one.folder.path: _photos(one, media, found) for one in incoming}
    problems = in_order(found)
    show_problems(problems)
    wrong = [problem for problem in problems if not problem.is_advice]
    if strict and wrong:
        raise Refusal("有看不懂的地方，按 --strict 要求没有写入", exit=Exit.PROBLEMS)
    if not incoming:
        tell("一项也没有收，先改好上面说的" if wrong else "没有可收的填报内容")
        return Exit.PROBLEMS if wrong else Exit.NOTHING
    options = {"--media": media, "--by": by, "--on": on, "--rules": rules, "--conflicts": conflicts}
    command = " ".join(["checklist import", *map(str, files), "--into", str(into)])
    command += "".join(f" {name} {given}" for name, given in options.items() if given)
    command += "".join(f" --take {''.join(word.split())}" for word in take or ())
    order = _Order(RULES[conflicts] if conflicts else None, write, command, width)
    opened = _numbered(incoming)
    sides = settled(take or (), [conflict for of_one in opened for conflict in of_one])
    first = 1
    for one, conflicting in zip(incoming, opened, strict=True):
        if write:
            keep_photos(one.folder, photos[one.folder.path], now())
        if photos[one.folder.path]:
            tell(f"{len(photos[one.folder.path])} 张照片{'已' if write else '会'}登记成佐证")
        taken = {c.slot: sides[c.number] for c in conflicting if c.number in sides}
        late, left = _bring(one, order, taken, first, len(wrong))
        wrong += late
        first += left
    return Exit.PROBLEMS if wrong else Exit.DONE


@dataclass(frozen=True, slots=True)
class _Order:
    """What the command line asks for; ``command`` is the same once more, without --write."""

    rule: Rule | None
    write: bool
    command: str
    width: int | None


def _numbered(incoming: Sequence[Incoming]) -> list[tuple[OpenConflict, ...]]:
    """Each community's conflicts, numbered through all of them."""
    found: list[tuple[OpenConflict, ...]] = []
    for one in incoming:
        found.append(_open(one, one.folder, 1 + sum(map(len, found))))
    return found


def _open(one: Incoming, folder: CommunityFolder, first: int) -> tuple[OpenConflict, ...]:
    return open_conflicts(folder.readings(), one.readings, folder.ruleset.facts, folder.site_names, first)


def _photos(one: Incoming, media: Path | None, problems: list[Problem]) -> list[tuple[Attached, bytes]]:
    """The photos of one community's answers, put beside them; without ``media`` it is said that they are missing."""
    if not one.attached:
        return []
    if media is None:
        says = f"有 {len(one.attached)} 张照片没有随表带来"
        hint = "从 ODK、Kobo 下载附件，导入时加 --media 附件文件夹或压缩包"
        problems.append(Problem(one.attached[0].where, "W235", says, hint))
        return []
    photos, refused = gather_photos(Media(media), one.attached)
    problems += refused
    one.readings = with_photos(one.readings, photos)
    return photos


def _bring(
    one: Incoming, order: _Order, taken: Mapping[Slot, Reading], first: int, wrong: int
) -> tuple[list[Problem], int]:
    """Preview or save one community's answers and show it; gives the contradictions that came of it, and how many
    numbers, from ``first`` on, its conflicts have from now on."""
    from checklist.reports.intake.import_preview import ImportView, PreviewLine, import_screen

    folder, before = one.folder, one.folder.state
    one.declared = new_declarations(folder, one.declared)
    if order.write:
        what = "导入 " + "、".join(dict.fromkeys(Path(r.where.file).name for r in one.readings if r.where.file))
        saved = save(
            folder, one.readings, day=today(), at=now(), what=what, declared=one.declared, rule=order.rule, taken=taken
        )
        folder = open_folder(folder.path, folder.ruleset)
        after, found = folder.state, saved.problems
    else:
        saved = Saved(preview(folder, one.readings, order.rule, taken))
        after, found = foreseen(folder, today(), saved.changes, one.declared)
    show_problems(found)
    late = [problem for problem in found if not problem.is_advice]
    open_now = _open(one, folder, first)
    numbers = {conflict.slot: conflict.number for conflict in open_now}
    view = ImportView(
        folder.community.name,
        [
            PreviewLine(c.kind, c.reading, c.recorded, c.rivals, c.ruled is not None, numbers.get(c.slot, 0))
            for c in saved.changes.items
        ],
        folder.site_names,
        one.declared,
        _score(before, folder.ruleset),
        _score(after, folder.ruleset),
        wrong,
        saved.path.name if saved.path else "",
        _next(one, saved, order, open_now),
    )
    show(import_screen(view, folder.ruleset), order.width)
    return late, len(open_now)


def _score(state: State | None, ruleset: Ruleset) -> Score | None:
    """As it would be scored today; None where there is no record yet."""
    return assess(ruleset, state, as_of=max(today(), state.as_of)).score if state else None


def _next(one: Incoming, saved: Saved, order: _Order, open_now: Sequence[OpenConflict]) -> str:
    left = {change.slot for change in saved.changes.of("conflict")}
    how = _to_settle(one, [c for c in open_now if c.slot in left], order) if left else ""
    if order.write:
        done = f"看结果：checklist assess {one.folder.path}　撤销：checklist undo {one.folder.path}"
        return "\n".join(filter(None, (done if saved.path else "没有要写的改动", how)))
    if not saved.changes.written and not one.declared:
        return how or "没有要写的改动"
    return f"写入：{order.command} --write" + (f"\n{how}" if how else "")


def _to_settle(one: Incoming, left: Sequence[OpenConflict], order: _Order) -> str:
    """How the conflicts that are left can be decided: one by one always, by date only where that decides one."""
    choices = next(((c.number, way) for c in left if (way := c.choices())), None)
    number, ways = choices or (left[0].number, (value_text(left[0].fact, left[0].given[0].value),))
    shown = "".join(ways[0].split())
    told = f"还有 {len(left)} 处冲突不写；要定哪一处就加 --take {number}={shown}（序号=姓名"
    told += f"，留着原来的写 {number}={RECORD}）" if RECORD in ways else "）"
    by_date = order.rule is None and len(preview(one.folder, one.readings, "newest").of("conflict")) < len(left)
    return told + ("；都以核实日期新的为准，加 --conflicts newest" if by_date else "")


COMMANDS = {"import": run}
