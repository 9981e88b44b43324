"""``checklist compare``: communities side by side, ranked with what is known, and what most of them miss."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, tell, usage
from checklist.cli.coverage_bar import USUAL, MinCoverage, coverage_bar
from checklist.cli.delivery import FORMAT_HELP, FORMS, deliver, format_of
from checklist.cli.half_width import VERBATIM
from checklist.cli.inputs import day
from checklist.cli.many_records import gather
from checklist.values.cells import plain

if TYPE_CHECKING:
    from rich.console import RenderableType

    from checklist.model.results.comparison import Comparison, Standing
    from checklist.model.rules.ruleset import Module
    from checklist.reports.document.document import Document

SORTS = {
    "low": "保底分",
    "high": "最高可能分",
    "coverage": "核查率",
    "name": "名称",
    "street": "街道",
    "group": "类别",
}


def run(
    states: Annotated[
        list[Path] | None, typer.Argument(metavar="现状记录...", help="现状记录文件，或装着它们的文件夹")
    ] = None,
    group: Annotated[str | None, typer.Option("--group", metavar="类别", help="只比同一类，如 老旧小区")] = None,
    street: Annotated[str | None, typer.Option("--street", metavar="街道", help="只比一个街道的")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="模块", help="按一个模块排名，如 ENV")] = None,
    sort: Annotated[str, typer.Option("--sort", metavar="按什么", help=f"行的先后：{'|'.join(SORTS)}")] = "low",
    min_coverage: MinCoverage = USUAL,
    reassess: Annotated[
        str | None, typer.Option("--reassess", metavar="编号或文件夹", help="全部按这一套测评体系重评再比")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="日期", help="都按这一天看（记录会过期）；可写 today")
    ] = None,
    sampling: Annotated[bool, typer.Option("--sampling", help="问卷按抽样区间（95% 置信）计分")] = False,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="社区和街道换成固定代号")] = False,
    key: Annotated[
        str, VERBATIM, typer.Option("--key", metavar="口令", help="代号的口令；不给口令，猜得到编号的人能对上号")
    ] = "",
    questions: Annotated[
        bool,
        typer.Option(
            "--questions", help="不排名，只列记录放在一起看要问的：说法不一、几乎一样、跳得大、一处问题也没有"
        ),
    ] = False,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="屏幕上每张表列前几行")] = 20,
    everything: Annotated[bool, typer.Option("--all", help="全部列出")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="文件有一处错误就不评")] = False,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """社区之间比：名次和名次范围、模块得分率、强项弱项、多数社区都丢分的标准。

    测评体系、年版或本地细则不同的不排在一起，要一起排加 --reassess。同一个社区前后比用 diff 和 trend。
    """
    form = format_of(format, output)
    if sort not in SORTS:
        usage(f"--sort 没有 {sort}", f"可以写：{'、'.join(f'{k} {v}' for k, v in SORTS.items())}")
    least = coverage_bar(min_coverage)
    gathered = gather(states or [], reassess, day(as_of), sampling=sampling, strict=strict)
    if questions:
        if anonymous:
            usage("--questions 不和 --anonymous 一起用", "要问的得知道是谁；它只给本单位看")
        _ask(_chosen(gathered.history, group, street), form, output, width)
        return Exit.PROBLEMS if gathered.problems else Exit.DONE
    chosen = _chosen(gathered.standings, group, street)
    if anonymous:
        from checklist.engine.comparing.anonymous import anonymous as hide

        chosen = hide(chosen, key)
    comparisons = _compared(chosen, by, least, sort)
    _deliver(comparisons, form, output, None if everything else top, width, named=not anonymous)
    return Exit.PROBLEMS if gathered.problems else Exit.DONE


def _chosen(standings: list[Standing], group: str | None, street: str | None) -> list[Standing]:
    for option, wanted, known in (
        ("--group", group, sorted({s.community.group for s in standings} - {""})),
        ("--street", street, sorted({s.community.street for s in standings} - {""})),
    ):
        if wanted is not None and wanted not in map(plain, known):
            hint = f"可以写：{'、'.join(known)}" if known else "现状记录里都没有写"
            usage(f"{option} {wanted}：没有这样的社区", hint)
    return [
        s
        for s in standings
        if group in (None, plain(s.community.group)) and street in (None, plain(s.community.street))
    ]


def _compared(standings: list[Standing], by: str | None, min_coverage: Fraction, sort: str) -> list[Comparison]:
    """One comparison for each ruleset, edition and tailoring: they are never ranked together."""
    from checklist.engine.comparing.compare import apart_by_basis, compare

    if not standings:
        usage("没有社区可比", "放宽 --group 或 --street")
    parts = apart_by_basis(standings)
    if len(parts) > 1:
        listed = "、".join(f"{id}（{edition}）{len(some)} 个" for (id, edition, _), some in parts.items())
        tell(f"这些社区用的测评体系不同，分开排：{listed}；要排在一起，加 --reassess 测评体系")
    return [compare(some, by=_module(some[0], by), min_coverage=min_coverage, sort=sort) for some in parts.values()]


def _ask(history: list[Standing], form: str, output: Path | None, width: int | None) -> None:
    """What records side by side give occasion to ask."""
    from checklist.engine.comparing.cross_checks import cross_checks
    from checklist.reports.comparison.cross_check_document import cross_check_document, cross_checks_json

    found = cross_checks(history)
    paper = cross_check_document(found, len({standing.community.id for standing in history}))

    def on_screen() -> RenderableType:
        from checklist.reports.formats.screen import screen

        return screen(paper)

    deliver(form, output, screen=on_screen, data=lambda: cross_checks_json(found), document=lambda: paper, width=width)


def _module(standing: Standing, by: str | None) -> Module | None:
    if by is None:
        return None
    modules = {m.id: m for m in standing.ruleset.modules if m.points}
    if by.upper() not in modules:
        usage(
            f"没有 {by.upper()} 这个记分的模块", f"可以写：{'、'.join(f'{m.id} {m.title}' for m in modules.values())}"
        )
    return modules[by.upper()]


def _deliver(
    comparisons: list[Comparison], form: str, output: Path | None, top: int | None, width: int | None, *, named: bool
) -> None:
    def screen() -> RenderableType:
        from rich.console import Group

        from checklist.reports.comparison.comparison_screen import comparison_screen

        return Group(*(comparison_screen(c, top, files=named) for c in comparisons))

    def data() -> str:
        from checklist.reports.comparison.comparison_json import comparisons_json

        return comparisons_json(comparisons, files=named)

    def document() -> Document:
        from checklist.reports.comparison.comparison_document import comparison_document

        return comparison_document(comparisons)

    deliver(form, output, screen=screen, data=data, document=document, width=width)


COMMANDS = {"compare": run}
