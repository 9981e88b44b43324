"""``checklist assess``: score communities, list gaps, say what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checklist.cli.console import Exit, tell, usage
from checklist.cli.delivery import BARE, FORMAT_HELP, deliver, format_of
from checklist.cli.gates import check_score, gate, parse_fail_on
from checklist.cli.inputs import day, get_states, today
from checklist.cli.ledgers.ledger_beside import open_in_ledger

if TYPE_CHECKING:
    from fractions import Fraction

    from rich.console import RenderableType

    from checklist.model.problems import Problem
    from checklist.model.results.assessment import Assessment


def run(
    states: Annotated[
        list[Path] | None, typer.Argument(metavar="现状记录...", help="现状记录文件，或装着它们的文件夹")
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="用自带的桃李社区试一次")] = False,
    top: Annotated[int, typer.Option("--top", metavar="N", min=0, help="列出前几项差距")] = 8,
    module: Annotated[str | None, typer.Option("--module", metavar="模块", help="只看一个模块，如 ENV")] = None,
    everything: Annotated[bool, typer.Option("--all", help="差距和待核实项全部列出")] = False,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="日期", help="按哪一天看（记录会过期）；可写 today")
    ] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系来评")] = None,
    sampling: Annotated[
        bool, typer.Option("--sampling", help="问卷按抽样区间（95% 置信）计分，并说还要问几份")
    ] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(BARE), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    fail_under: Annotated[
        float | None, typer.Option("--fail-under", metavar="分", help="得分低于它时退出码为 1")
    ] = None,
    fail_on: Annotated[
        str | None, typer.Option("--fail-on", metavar="情形", help="出现时退出码为 1：unmet,veto,redline,unknown")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="文件有一处错误就不评")] = False,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="不显示结果，只看退出码")] = False,
) -> int:
    """给社区打分：得分区间、等次、核查率、差距和下一步。

    没核实的项不算零分，得分因此是一个区间。退出码：0 完成，1 没过关，3 文件有错，4 过没过关定不下来，5 没有可评的。
    """
    from checklist.engine.scoring.assess import assess

    form = format_of(format, output, BARE)
    under, on = check_score(fail_under), parse_fail_on(fail_on)
    loaded = get_states(states or [], rules, strict=strict, example=example)
    when = day(as_of)
    assessments = [assess(item.ruleset, item.state, as_of=when, sampling=sampling) for item in loaded.states]
    if module is not None:
        module = module.upper()
        known = {m.id: m.title for a in assessments for m in a.ruleset.modules}
        if module not in known:
            usage(f"没有 {module} 这个模块", f"可以写：{'、'.join(f'{k} {v}' for k, v in known.items())}")
    if not quiet or output is not None:
        same = "".join(f" {name} {value}" for name, value in (("--rules", rules), ("--as-of", as_of)) if value)
        files = ["" if example and not states else item.file for item in loaded.states]
        _output(assessments, files, form, output, None if everything else top, module, width, loaded.problems, same)
    code = _code(assessments, under, on)
    return Exit.PROBLEMS if loaded.problems else code


def _code(assessments: list[Assessment], under: Fraction | None, on: tuple[str, ...]) -> Exit:
    """What the gates say of those that can be judged at all; NOTHING when there are none."""
    applicable = [a for a in assessments if a.total.possible]
    if not applicable:
        tell("没有一项标准适用，没有可评的")
        return Exit.NOTHING
    if all(_decided(a) == 0 for a in applicable):
        some = any(r.value is not None for a in applicable for r in a.state.readings.values())
        tell("还没有一项标准能下结论" if some else "还没有核实过任何一项")
        if under is None and not on:
            return Exit.NOTHING
    return gate(applicable, under, on)


def _decided(assessment: Assessment) -> int:
    """Criteria with an outcome: those that carry no points (vetoes) count like any other."""
    return sum(number for outcome, number in assessment.total.outcomes.items() if outcome != "unknown")


def _output(
    assessments: list[Assessment],
    files: list[str],
    form: str,
    output: Path | None,
    top: int | None,
    module: str | None,
    width: int | None,
    problems: list[Problem],
    options: str,
) -> None:
    def screen() -> RenderableType:
        if len(assessments) > 1:
            from checklist.reports.assessment.list_screen import list_screen

            return list_screen(assessments, files)
        from rich.console import Group
        from rich.text import Text

        from checklist.reports.assessment.assessment_screen import View, assessment_screen

        shown = assessment_screen(assessments[0], View(top, module, files[0], options))
        waiting = open_in_ledger(files[0], today())
        return shown if waiting is None else Group(shown, Text(), *waiting)

    def data() -> str:
        from checklist.reports.exchange.assessment_json import assessments_json

        return assessments_json(assessments, problems)

    deliver(form, output, screen=screen, data=data, width=width)


COMMANDS = {"assess": run}
