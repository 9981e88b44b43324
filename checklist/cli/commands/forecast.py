"""``checklist forecast``: how the inspection will probably come out, when inspectors draw communities and sites."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, usage
from checklist.cli.delivery import FORMAT_HELP, FORMS, deliver, format_of, need_libraries
from checklist.cli.drawing_options import BY_STREET, COMMUNITIES, DRAW, drawing_of, one_ruleset
from checklist.cli.inputs import day, get_states


def run(
    states: Annotated[list[Path], typer.Argument(metavar="现状记录...", help="现状记录文件，或装着它们的文件夹")],
    draw: DRAW = None,
    communities: COMMUNITIES = None,
    by: BY_STREET = None,
    target: Annotated[str, typer.Option("--target", metavar="分或等次", help="要过的线：85，或 优秀")] = "80",
    curve: Annotated[
        bool, typer.Option("--curve", help="抽检特性曲线：差的点位占几成，过线的把握有多大；一次看一个社区")
    ] = False,
    reach: Annotated[
        str | None,
        typer.Option("--reach", metavar="把握", help="最少先整改哪几处，把握到几成，如 90%；一次看一个社区"),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="日期", help="按检查那天看（记录会过期）；可写 today")
    ] = None,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系来评")] = None,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="屏幕上每张表列前几行")] = 12,
    everything: Annotated[bool, typer.Option("--all", help="全部列出")] = False,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """迎检推演：检查组随机抽点位，得分多半在哪里、过线有几成把握、哪一处最拖后腿。

    一个社区：每一种抽法都算到，概率是精确的。几个社区：先抽社区（--by street 每个街道都抽），再抽点位，得分取平均。
    没核实的项使把握成为一个区间，真相一定在里面。
    """
    from checklist.cli.plan_options import target_score
    from checklist.engine.forecast.forecast import forecast
    from checklist.reports.forecast.forecast_document import forecast_document
    from checklist.reports.forecast.forecast_json import forecast_json
    from checklist.reports.formats.screen import screen

    form = format_of(format, output)
    when, wanted = day(as_of), _share(reach)
    loaded = get_states(states, rules)
    ruleset = one_ruleset(loaded.states)
    seen = [item.state.on_day(when) if when else item.state for item in loaded.states]
    if len(seen) > 1:
        if curve or wanted is not None:
            asked = "、".join(name for name, on in (("--curve", curve), ("--reach", wanted is not None)) if on)
            usage(
                f"{asked} 一次看一个社区，这里有 {len(seen)} 个",
                f"写明哪一个：checklist forecast {loaded.states[0].file}",
            )
        need_libraries(("numpy",), "batch")
    drawing = drawing_of(ruleset, seen, draw, communities, by)
    line = target_score(target, ruleset)
    assert line is not None
    result = forecast(ruleset, seen, drawing, line, curve=curve, wanted=wanted)
    rows = None if everything else top
    hint = "照这样抽一次，当模拟检查：checklist draw 现状记录 --seed 1"
    deliver(
        form,
        output,
        screen=lambda: screen(forecast_document(result, rows), hint),
        data=lambda: forecast_json(result),
        document=lambda: forecast_document(result),
        width=width,
    )
    return Exit.PROBLEMS if loaded.problems else Exit.DONE


def _share(text: str | None) -> Fraction | None:
    """``90%``, ``90`` or ``0.9``: more than nothing, at most all."""
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*([%％]?)", text.strip())
    if found is None:
        usage(f"--reach {text} 看不懂", "写成百分比，如 90%")
    number = Fraction(found[1])
    share = number if number <= 1 and not found[2] else number / 100
    if not 0 < share <= 1:
        usage(f"--reach {text}：把握要大于 0，最多 100%")
    return share


COMMANDS = {"forecast": run}
