"""``checklist import``: filled-in tables come back; a preview first, written only when asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from checklist.cli.console import Exit, show, show_problems, tell, usage
from checklist.cli.inputs import cache_folder, day, get_ruleset, now, today
from checklist.engine.comparing.new_answers import AnswerChange, Changes, Rule
from checklist.engine.scoring.assess import assess
from checklist.keeping.importing import Incoming, community_folders, gather
from checklist.keeping.media import Media, gather_photos, keep_photos, with_photos
from checklist.keeping.saving import Saved, new_declarations, preview, save
from checklist.model.problems import Problem, in_order
from checklist.model.refusals import Refusal
from checklist.model.state import State
from checklist.reading.records.readings import Attached, Defaults

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
    by: Annotated[str, typer.Option("--by", metavar="姓名", help="表里没写核实人时用它")] = "",
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
    rule = RULES[conflicts] if conflicts else None
    folders = community_folders(into, get_ruleset(rules) if rules else None, cache_folder())
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
    command = " ".join(["checklist import", *map(str, files), "--into", str(into)])
    command += f" --media {media}" if media else ""
    for one in incoming:
        if write:
            keep_photos(one.folder, photos[one.folder.path], now())
        if photos[one.folder.path]:
            tell(f"{len(photos[one.folder.path])} 张照片{'已' if write else '会'}登记成佐证")
        late = _bring(one, rule, write, wrong, command, width)
        wrong += late
    return Exit.PROBLEMS if wrong else Exit.DONE


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
    one: Incoming, rule: Rule | None, write: bool, wrong: list[Problem], command: str, width: int | None
) -> list[Problem]:
    """Preview or save one community's answers and show it; gives the contradictions that came of it."""
    from checklist.reports.intake.import_preview import ImportView, PreviewLine, import_screen

    before, one.declared = one.folder.state, new_declarations(one.folder, one.declared)
    changes = preview(one.folder, one.readings, rule)
    saved = Saved(changes)
    if write:
        what = "导入 " + "、".join(dict.fromkeys(Path(r.where.file).name for r in one.readings if r.where.file))
        saved = save(one.folder, one.readings, day=today(), at=now(), what=what, declared=one.declared, rule=rule)
        changes = saved.changes
        show_problems(saved.problems)
    after = _after(one, before, changes)
    ruleset = one.folder.ruleset
    view = ImportView(
        one.folder.community.name,
        [PreviewLine(c.kind, c.reading, c.recorded, c.rivals, c.ruled is not None) for c in changes.items],
        one.declared,
        assess(ruleset, before, as_of=_day(before)).score if before else None,
        assess(ruleset, after, as_of=_day(after)).score,
        len(wrong),
        saved.path.name if saved.path else "",
        _next(one, changes, write, saved, command),
    )
    show(import_screen(view, ruleset.facts), width)
    return [problem for problem in saved.problems if not problem.is_advice]


def _after(one: Incoming, before: State | None, changes: Changes) -> State:
    """The record with the changes made, as it would be scored today."""
    state = before or State(one.folder.community, one.folder.ruleset.id, today(), {})
    new = {change.fact: change.reading for change in changes.written}
    return replace(
        state,
        as_of=_day(state),
        readings={**state.readings, **new},
        not_applicable={**state.not_applicable, **one.declared},
        unusable=state.unusable - new.keys(),
    )


def _day(state: State) -> date:
    return max(today(), state.as_of)


def _next(one: Incoming, changes: Changes, write: bool, saved: Saved, command: str) -> str:
    left: tuple[AnswerChange, ...] = changes.of("conflict")
    if not write:
        if not changes.written and not one.declared:
            return f"冲突要先定：{command} --conflicts newest --write" if left else "没有要写的改动"
        return f"写入：{command} --write" + ("　冲突的不写，要定就加 --conflicts newest" if left else "")
    if saved.path is None:
        return "没有要写的改动"
    return f"看结果：checklist assess {one.folder.path}　撤销：checklist undo {one.folder.path}"


COMMANDS = {"import": run}
