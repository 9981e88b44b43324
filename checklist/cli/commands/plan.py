"""``checklist plan``: from gaps to steps with owner, due day, cost and the score they lead to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from checklist.cli.console import Exit, tell, usage
from checklist.cli.delivery import BARE, FORMAT_HELP, FORMS, deliver, format_of
from checklist.cli.gates import check_score
from checklist.cli.inputs import day, get_states, today
from checklist.cli.plan_options import UNPROVED, limits_of, yuan
from checklist.cli.shared_budget import Sharing, share_budget
from checklist.engine.planning.counterfactual import counterfactual
from checklist.engine.planning.plan import plan
from checklist.files.loading import LoadedState
from checklist.model.planning.plan import Impossible, Limits, Plan
from checklist.model.refusals import Refusal

if TYPE_CHECKING:
    from rich.console import RenderableType

LIST_NAMES = {"problems": "问题清单", "owners": "责任清单", "days": "时限清单", "tasks": "任务分解表"}
OLD_DAYS = 30


def run(
    states: Annotated[list[Path] | None, typer.Argument(metavar="现状记录...", help="现状记录文件或文件夹")] = None,
    example: Annotated[bool, typer.Option("--example", help="用自带的桃李社区试一次")] = False,
    target: Annotated[
        str | None, typer.Option("--target", "--to", metavar="分或等次", help="要达到的分数或等次，花钱最少")
    ] = None,
    budget: Annotated[str | None, typer.Option("--budget", metavar="元", help="预算，如 200000 或 20万")] = None,
    days: Annotated[str | None, typer.Option("--days", metavar="工日", help="一共能投入的工日")] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="日期", help="最晚哪天做完")] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="日期", help="从哪天排起，默认现状日期；可写 today")
    ] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="单位", help="只排这个单位能做的")] = None,
    exclude: Annotated[list[str] | None, typer.Option("--exclude", metavar="措施", help="不做的措施，可写多次")] = None,
    must: Annotated[list[str] | None, typer.Option("--must", metavar="措施", help="一定要做的措施，可写多次")] = None,
    low_cost: Annotated[bool, typer.Option("--low-cost", help="费用按区间下限算（默认按上限）")] = False,
    known: Annotated[bool, typer.Option("--known", help="只对查明的差距排，没核实的不排")] = False,
    greedy: Annotated[bool, typer.Option("--greedy", help="不用求解器，逐步挑选")] = False,
    fewest: Annotated[bool, typer.Option("--fewest", help="配 --to：最少做几项能达到，另给两种做法")] = False,
    shared: Annotated[bool, typer.Option("--shared", help="一笔预算分给多个社区")] = False,
    each: Annotated[
        float | None, typer.Option("--each", metavar="分", help="配 --shared：每个社区至少多得几分")
    ] = None,
    cap: Annotated[
        str | None, typer.Option("--each-cap", metavar="元", help="配 --each、--lowest-first：保一个社区的底最多花多少")
    ] = None,
    lowest_first: Annotated[bool, typer.Option("--lowest-first", help="配 --shared：先拉高得分最低的社区")] = False,
    list_name: Annotated[
        str | None, typer.Option("--list", metavar="清单", help="问题清单、责任清单、时限清单或任务分解表")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部列出")] = False,
    top: Annotated[int, typer.Option("--top", metavar="N", min=0, help="每一段列几项")] = 8,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系")] = None,
    format: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS), help=FORMAT_HELP)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
    fail_under: Annotated[
        float | None, typer.Option("--fail-under", metavar="分", help="做完仍低于它时退出码为 1")
    ] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """排整改方案：做哪些、谁做、几时完成、花多少、能得多少分。

    先解除一票否决和红线，再看分数。写 --target 求花钱最少的做法，不写就在限额内多得分。
    预算按费用区间的上限算，实际只会更省。
    """
    form = format_of(format, output)
    _check(form, list_name, fewest, target, shared, budget, each, lowest_first, cap)
    under = check_score(fail_under)
    loaded = get_states(states or [], rules, example=example)

    def limits(item: LoadedState) -> Limits:
        first = day(start) or item.state.as_of
        if start is None and (today() - first).days > OLD_DAYS:
            tell(f"现状是 {first} 的，方案从那天排起；要从今天排起，加 --start today")
        return limits_of(
            item.ruleset,
            first,
            target=target,
            budget=budget,
            days=days,
            by=by,
            owner=owner,
            exclude=exclude or (),
            must=must or (),
            low_cost=low_cost,
            known=known,
        )

    if shared:
        asked = Sharing(
            limits=limits(loaded.states[0]),
            each=each,
            lowest_first=lowest_first,
            cap=yuan(cap),
            rules=rules,
            only=_key(list_name) if list_name else None,
            everything=everything,
        )
        return share_budget(loaded, asked, form, output, width)
    if len(loaded.states) > 1:
        usage(
            f"这里有 {len(loaded.states)} 个社区，plan 一次排一个",
            "写明文件；多个社区分一笔预算，加 --shared --budget 元",
        )
    item = loaded.states[0]
    seen = [item.state, *map(item.state.at, item.state.sites)]
    if not any(state.why_unknown(fact) is None for state in seen for fact in item.ruleset.facts.values()):
        raise Refusal(
            "还没有核实过任何一项，排不出方案", f"先核什么：checklist next {item.file} --minutes 120", Exit.NOTHING
        )
    if fewest:
        return _fewest(item, limits(item), form, output, width) or (Exit.PROBLEMS if loaded.problems else Exit.DONE)
    found = plan(item.ruleset, item.state, limits(item), exact=not greedy)
    if isinstance(found, Impossible):
        _contradiction(found)
    if found.proof.solver == "greedy" and not greedy:
        tell(UNPROVED)
    title = _key(list_name) if list_name else None
    _deliver(found, "" if example else item.file, None if everything else top, title, form, output, width)
    code = Exit.PROBLEMS if loaded.problems else Exit.DONE
    if under is not None and found.after.score.low < under:
        tell(f"做完确定得 {float(found.after.score.low):.1f} 分，低于 {float(under):g}")
        return Exit.GATE
    return code


def _check(
    form: str,
    list_name: str | None,
    fewest: bool,
    target: str | None,
    shared: bool,
    budget: str | None,
    each: float | None,
    lowest_first: bool,
    cap: str | None,
) -> None:
    """Options that do not go together."""
    if form not in BARE and fewest:
        usage(f"--format {form} 不能和 --fewest 一起用", "它只有 screen 和 json")
    if list_name is not None and _key(list_name) is None:
        usage(f"没有 {list_name} 这种清单", f"可以写：{'、'.join(LIST_NAMES.values())}")
    if fewest and target is None:
        usage("--fewest 要配 --to", "如：--to 优秀 --fewest")
    if shared and budget is None:
        usage("--shared 要写一共多少预算", "如：--shared --budget 200万")
    if not shared and (each is not None or lowest_first):
        usage("--each 和 --lowest-first 只配 --shared 用")
    if cap is not None and each is None and not lowest_first:
        usage("--each-cap 只配 --each 或 --lowest-first 用", "它说保一个社区的底最多花多少")
    if each is not None and (lowest_first or not 0 <= each <= 100):
        usage("--each 要在 0 到 100 分之间，且不和 --lowest-first 一起用")


def _key(name: str) -> str | None:
    return LIST_NAMES.get(name) or next((t for t in LIST_NAMES.values() if t in (name, f"{name}清单")), None)


def _contradiction(found: Impossible) -> NoReturn:
    from checklist.reports.plan.plan_screen import impossible_text

    usage(*impossible_text(found))


def _deliver(
    found: Plan, file: str, top: int | None, title: str | None, form: str, output: Path | None, width: int | None
) -> None:
    from checklist.reports.formats.screen import table_screen
    from checklist.reports.plan.plan_json import plan_json
    from checklist.reports.plan.plan_lists import plan_document, plan_list
    from checklist.reports.plan.plan_screen import PlanView, plan_screen

    def screen() -> RenderableType:
        return table_screen(plan_list(found, title)) if title else plan_screen(found, PlanView(top, file))

    deliver(
        form,
        output,
        screen=screen,
        data=lambda: plan_json(found),
        document=lambda: plan_document(found, title),
        width=width,
    )


def _fewest(item: LoadedState, limits: Limits, form: str, output: Path | None, width: int | None) -> int:
    found = counterfactual(item.ruleset, item.state, limits)
    if isinstance(found, Impossible):
        _contradiction(found)
    from checklist.reports.plan.plan_json import counterfactual_json
    from checklist.reports.plan.ways_screen import ways_screen

    ways = found
    screen, data = (lambda: ways_screen(ways, item.file)), (lambda: counterfactual_json(ways))
    deliver(form, output, screen=screen, data=data, width=width)
    return Exit.DONE


COMMANDS = {"plan": run}
