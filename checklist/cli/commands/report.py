"""``checklist report``: papers that can be handed in, in as many formats as asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, tell, usage, write_result
from checklist.cli.delivery import need, need_libraries
from checklist.cli.inputs import day, get_states
from checklist.cli.papers import (
    check_targets,
    dossier,
    parse_formats,
    placed,
    progress,
    safe_name,
    saved,
    to_screen,
    with_earlier,
)
from checklist.cli.plan_options import UNPROVED, limits_of
from checklist.cli.targets import FORCE
from checklist.reports.formats import FORMATS

if TYPE_CHECKING:
    from checklist.files.loading import LoadedState
    from checklist.model.planning.plan import Limits
    from checklist.model.problems import Problem
    from checklist.reports.assessment.dossier import Dossier

KIND = {"docx": "自查报告", "pdf": "自查报告", "md": "自查报告", "png": "自查长图"}
OTHER_KIND = "自查结果"
RecordPair = tuple["LoadedState", "LoadedState | None"]


def run(
    states: Annotated[
        list[Path] | None, typer.Argument(metavar="现状记录...", help="现状记录文件，或装着它们的文件夹")
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="格式", help=f"{','.join(FORMATS)}，可以写几种")] = "docx",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="文件或文件夹", help="存到哪里，默认当前文件夹；- 是屏幕")
    ] = None,
    force: FORCE = False,
    since: Annotated[
        str | None, typer.Option("--since", metavar="记录", help="和哪一次比；none 不比，默认同一文件夹里的上一次")
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="文件", help="单位自己的 Word 模板，正文放在 {{正文}} 处")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", metavar="分或等次", help="整改方案要达到的分数或等次，花钱最少")
    ] = None,
    budget: Annotated[str | None, typer.Option("--budget", metavar="元", help="整改方案的预算，如 20万")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="日期", help="整改最晚哪天做完")] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="日期", help="整改从哪天排起，默认现状日期；可写 today")
    ] = None,
    photos: Annotated[bool, typer.Option("--photos", help="网页里放佐证照片的缩略图")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="打印 --to json 的结构（JSON Schema）")] = False,
    example: Annotated[bool, typer.Option("--example", help="用自带的桃李社区试一次")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="日期", help="按哪一天看；可写 today")] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系来评")] = None,
) -> int:
    """导出报告：Word 公文、Excel、网页、PDF、长图、Markdown、CSV、JSON、JUnit、OSCAL。

    文件名像“桃李社区-自查报告-2023-04-15.docx”。给一个文件夹，每个社区一份，用最近一次记录，和上一次比。
    """
    if schema:
        from checklist.reports.exchange.json_report import schema_text

        write_result(schema_text(), None)
        return Exit.DONE
    names = parse_formats(to, FORMATS)
    _check(names, template, photos)
    from checklist.reports.assessment.report_forms import report

    screen = to_screen(output, names)
    need(names)
    when = day(as_of)
    folders = any(path.is_dir() for path in states or [])
    loaded = get_states(states or [], rules, example=example, every_day=folders)
    pairs = _pairs(loaded.states, since, rules, folders)

    def limits(item: LoadedState) -> Limits:
        first = day(start) or when or item.state.as_of
        return limits_of(item.ruleset, first, target=target, budget=budget, by=by, known=True)

    if screen:
        return _on_screen(names, pairs, when, limits, loaded.problems)
    targets = _targets(names, pairs, when, output)
    files = [path for row in targets for path in row]
    inputs = [*(states or []), *([template] if template else [])]
    asked = check_targets("report", files, inputs, force)
    word = None
    if template is not None:
        from checklist.reading.tables.spreadsheet import read_document

        word = read_document(template)
    unproved = False
    with progress(len(pairs)) as step:
        for (item, earlier), paths in zip(pairs, targets, strict=True):
            made = replace(dossier(item, when, earlier, explained="html" in names, limits=limits(item)), template=word)
            unproved |= _unproved(made)
            if photos:
                made = _with_photos(made, item)
            for name, path in zip(names, paths, strict=True):
                saved(path, report(made, name))
            step(item.state.community.name)
    asked.written(files)
    if unproved:
        tell(UNPROVED)
    return Exit.PROBLEMS if loaded.problems else Exit.DONE


def _check(names: tuple[str, ...], template: Path | None, photos: bool) -> None:
    if template is not None and "docx" not in names:
        usage("--template 只用于 --to docx")
    if template is not None and not template.is_file():
        usage(f"没有 {template} 这个模板文件")
    if photos and "html" not in names:
        usage("--photos 只用于 --to html")
    if photos:
        need_libraries(["PIL"], "office")
    if "html" in names:
        need_libraries(["jinja2"], "office")


def _pairs(states: list[LoadedState], since: str | None, rules: str | None, folders: bool) -> list[RecordPair]:
    """Each record to report, with the one to compare it with."""
    if since is None or since == "none":
        pairs: list[RecordPair] = with_earlier(states) if folders else [(item, None) for item in states]
        return pairs if since is None else [(item, None) for item, _ in pairs]
    if not Path(since).exists():
        usage(f"没有 {since} 这个文件或文件夹", "--since 后面写以前的现状记录，或 none")
    from checklist.reports.document.prose import on_one_line

    before = {i.state.community.id: i for i in get_states([Path(since)], rules).states}
    latest = [item for item, _ in with_earlier(states)] if folders else states
    pairs = [*((item, before.get(item.state.community.id)) for item in latest)]
    for item, earlier in pairs:
        if earlier is None:
            tell(f"{since} 里没有 {on_one_line(item.state.community.name)} 的记录，这一份不比")
    return pairs


def _targets(
    names: tuple[str, ...], pairs: list[RecordPair], when: date | None, output: Path | None
) -> list[list[Path]]:
    """The file of each report in each format."""
    called = [item.state.community.name for item, _ in pairs]

    def file(item: LoadedState, name: str) -> str:
        community = item.state.community
        stem = safe_name(community.name) + (f"-{safe_name(community.id)}" if called.count(community.name) > 1 else "")
        day = (when or item.state.as_of).isoformat()
        return f"{stem}-{KIND.get(name, OTHER_KIND)}-{day}{FORMATS[name].suffix}"

    return placed(output, [[file(item, name) for name in names] for item, _ in pairs])


def _on_screen(
    names: tuple[str, ...],
    pairs: list[RecordPair],
    when: date | None,
    limits: Callable[[LoadedState], Limits],
    problems: list[Problem],
) -> int:
    if len(pairs) > 1:
        usage(f"这里有 {len(pairs)} 个社区，-o - 一次输出一个", "写明文件，或写 -o 文件夹")
    from checklist.reports.assessment.report_forms import report

    item, earlier = pairs[0]
    made = dossier(item, when, earlier, limits=limits(item))
    sys.stdout.write(report(made, names[0]).decode("utf-8").removeprefix("\ufeff"))
    if _unproved(made):
        tell(UNPROVED)
    return Exit.PROBLEMS if problems else Exit.DONE


def _unproved(made: Dossier) -> bool:
    return made.tasks.proof is not None and made.tasks.proof.solver == "greedy"


def _with_photos(made: Dossier, item: LoadedState) -> Dossier:
    from checklist.cli.photos import thumbnails

    state, folder = item.state, Path(item.file).parent
    names = [name for reading in state.slots.values() for name in reading.evidence]
    found_at = [state.defects, *(site.defects for site in state.sites)]
    seen = [d.photo for by_fact in found_at for some in by_fact.values() for d in some if d.photo]
    found, trouble = thumbnails([*names, *(photo for photo in seen if (folder / photo).is_file())], folder)
    if trouble:
        tell(f"有 {len(trouble)} 张佐证照片没有放进网页：{'、'.join(trouble[:3])}")
    return replace(made, photos=found)


COMMANDS = {"report": run}
