"""``checklist ledger``: the record of every gap from the day it was found to the day it was closed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, show, show_problems, tell, usage, write_result
from checklist.cli.inputs import day, get_states, now, today
from checklist.cli.ledgers import ledger_answers as answers
from checklist.cli.ledgers import ledger_loop as loop
from checklist.cli.ledgers.ledger_answers import CLOSE, SEND_BACK, TAKE_BACK, VERIFY, WHO, WHY, WRITE
from checklist.cli.ledgers.ledger_loop import HAND_OUT, ICS, ISSUER, PHOTOS, REMIND, TO
from checklist.cli.ledgers.ledger_options import (
    BY,
    COMMUNITY,
    DUE,
    OWNER,
    SEVERITIES,
    STATUS,
    STREET,
    choice_of,
    sums_by,
)
from checklist.engine.ledger.choosing import LedgerChoice, chosen, urgent_first
from checklist.engine.ledger.succession import under_new_ids
from checklist.engine.ledger.updating import update, with_status
from checklist.engine.scoring.assess import assess
from checklist.keeping.ledgers import opened, revise
from checklist.model.ledger import IN_FOLDER, LEDGERS, Ledger
from checklist.model.problems import FilesHaveProblems
from checklist.model.refusals import Refusal
from checklist.reports.formats import FORMATS


def run(
    file: Annotated[
        Path,
        typer.Argument(metavar="台账", help="台账文件，.csv 或 .yaml，没有就新建；写社区文件夹就是里面的 整改台账.csv"),
    ],
    states: Annotated[
        list[Path] | None, typer.Argument(metavar="现状记录...", help="按日期先后用来更新台账；不写只看台账")
    ] = None,
    assign: Annotated[bool, typer.Option("--assign", help="没有交办时间的，记成现状那一天交办")] = False,
    on: Annotated[str | None, typer.Option("--today", metavar="日期", help="按哪一天算超期，默认今天")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看结果，不改文件")] = False,
    everything: Annotated[bool, typer.Option("--all", help="全部列出")] = False,
    top: Annotated[int, typer.Option("--top", metavar="N", min=0, help="列出前几条")] = 10,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="文件", help="另存一份 Excel 表")] = None,
    street: STREET = None,
    community: COMMUNITY = None,
    owner: OWNER = None,
    due: DUE = None,
    status: STATUS = None,
    severity: SEVERITIES = None,
    by: BY = None,
    remind: REMIND = False,
    ics: ICS = None,
    hand_out: HAND_OUT = None,
    to: TO = "docx",
    issuer: ISSUER = "",
    photos: PHOTOS = None,
    take_back: TAKE_BACK = None,
    write: WRITE = False,
    close: CLOSE = None,
    send_back: SEND_BACK = None,
    who: WHO = "",
    why: WHY = "",
    verify: VERIFY = False,
    rules: Annotated[str | None, typer.Option("--rules", metavar="编号或文件夹", help="换一套测评体系")] = None,
    width: Annotated[int | None, typer.Option("--width", metavar="列", help="屏幕宽度")] = None,
) -> int:
    """整改台账：每项差距一条，从发现、交办、提交、销号到复查、反弹；红线超期、反弹、超期的排在最前。

    手写的内容、自己加的列都不会动；只有空格子才填。
    """
    from checklist.reports.language.labels import LEDGER_STATUS, LEDGER_WORDS
    from checklist.reports.ledger.ledger_tables import describe, ledger_screen

    file = file / IN_FOLDER if file.is_dir() else file
    if file.suffix.lower() not in LEDGERS:
        usage(f"台账要是 .csv 或 .yaml 文件：{file}", "要 Excel 表，加 --xlsx 另存")
    if not states and not file.exists():
        usage(f"没有 {file} 这个台账，也没有写现状记录", f"新建：checklist ledger {file} 现状记录")
    when = day(on) or today()
    if take_back:
        return answers.take_back(file, take_back, when, write=write)
    if close or send_back:
        return answers.check(file, close or [], send_back or [], who, why, when)
    if verify:
        return answers.verify(file)
    choice = choice_of(street, community, owner, status, severity, due, when)
    column = sums_by(by)
    loaded = get_states(states, rules, every_day=True) if states else None
    known = sorted(loaded.states, key=lambda item: item.state.as_of) if loaded else []
    found = [assess(item.ruleset, item.state) for item in known]

    undecided: dict[str, None] = {}

    def updated(ledger: Ledger) -> Ledger:
        for assessment in found:
            ledger, left = under_new_ids(ledger, assessment.state.community, assessment.ruleset)
            undecided.update({record.text("编号"): None for record in left})
            ledger = update(ledger, assessment, describe, LEDGER_WORDS, assign=assign)
        return with_status(ledger, when, LEDGER_STATUS) if found else ledger

    try:
        if found and not dry_run:
            kept = revise(file, updated, now())
            ledger, problems = kept.ledger, kept.problems
            tell(f"已存 {file}；撤销：checklist undo {_undone(file)}" if kept.entry else f"{file} 没有要改的")
        else:
            ledger, problems = opened(file)
            ledger = updated(ledger)
    except FilesHaveProblems as refused:
        show_problems(refused.problems)
        raise Refusal("台账有错误，没有改动它", exit=Exit.PROBLEMS) from refused
    show_problems(problems)
    if undecided:
        tell(f"标准拆开或合并了，这些记录没有动，该算哪一条请人定：{'、'.join(undecided)}")
    if faulty := len(ledger.records) - len(ledger.sound):
        tell(f"有 {faulty} 行看不懂，原样留着，没有更新，也没有计数；改好再来一遍")
    wanted = chosen(ledger.sound, choice, when, LEDGER_WORDS)
    if len(wanted) < len(ledger.sound):
        tell(f"全本 {len(ledger.sound)} 条，照条件选出 {len(wanted)} 条")
    if xlsx is not None:
        from checklist.reports.ledger.ledger_tables import ledger_document

        listed = replace(ledger, records=wanted) if choice != LedgerChoice() else ledger
        write_result(FORMATS["xlsx"].render(ledger_document(listed, when, column)), xlsx)
    wrong = Exit.PROBLEMS if faulty or (loaded is not None and loaded.problems) else Exit.DONE
    if ics is not None:
        loop.calendar_of(wanted, ics)
    if hand_out is not None:
        papers = loop.Papers(hand_out, to, issuer, photos or file.parent)
        return wrong or loop.hand_out(file, urgent_first(wanted, when, LEDGER_WORDS), papers, when, dry_run=dry_run)
    if remind:
        return wrong or loop.remind(urgent_first(wanted, when, LEDGER_WORDS), when)
    ordered, shown = urgent_first(wanted, when, LEDGER_WORDS), None if everything else top
    show(ledger_screen(ordered, when, shown, str(file), by=column, every=bool(choice.statuses)), width)
    return wrong


def _undone(file: Path) -> Path:
    """What ``undo`` is told: the community's folder for its own ledger, else the file."""
    return file.parent if file.name == IN_FOLDER else file


COMMANDS = {"ledger": run}
