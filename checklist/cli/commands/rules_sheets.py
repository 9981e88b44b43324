"""``checklist rules export`` and ``import``: rules in Excel, lossless both ways. Needs the extra ``office``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, show_problems, tell, usage, write_result
from checklist.cli.inputs import get_ruleset
from checklist.files.loading import DEFAULT_RULESET, locate

TARGETS = ("xlsx",)


def run_export(
    rules: Annotated[str, typer.Option("--rules", metavar="编号或文件夹", help="哪一套测评体系")] = DEFAULT_RULESET,
    to: Annotated[str, typer.Option("--to", metavar="xlsx", help="导出成什么")] = "xlsx",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="文件", help="存成文件")] = None,
) -> int:
    """把一套测评体系导出成 Excel 工作簿，改好后用 rules import 读回来，内容一点不丢。"""
    if to not in TARGETS:
        usage(f"导不成 {to}", f"可以写：{'、'.join(TARGETS)}")
    need("xlsxwriter")
    from checklist.files.ruleset_workbooks import rule_files, stop_at_wrong_cases
    from checklist.reports.rules.ruleset_workbook import ruleset_xlsx

    ruleset = get_ruleset(rules, proved=False)
    folder = locate(rules)
    assert folder is not None
    stop_at_wrong_cases(folder, ruleset)
    book = ruleset_xlsx(rule_files(folder))
    write_result(book, output or Path(f"{ruleset.id}.xlsx"))
    tell(f"改完读回来：checklist rules import {output or f'{ruleset.id}.xlsx'} -o 新文件夹/{ruleset.id}")
    return Exit.DONE


def run_import(
    workbook: Annotated[Path, typer.Argument(metavar="工作簿", help="rules export 导出、改过的 .xlsx")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件夹", help="新建这个文件夹，名称同编号")],
) -> int:
    """从 Excel 工作簿读出一套测评体系，写成规则文件。

    有一处错就一个文件也不写，错在哪张表哪一格一次列全；已有的文件夹不会被覆盖。
    """
    need("python_calamine", "python-calamine")
    from checklist.files.ruleset_workbooks import import_workbook

    done = import_workbook(workbook, output)
    show_problems(done.advice)
    tell(f"已存 {output}，共 {done.files} 个文件\n检查：checklist check {output}")
    return Exit.DONE


def need(module: str, package: str = "") -> None:
    """Exit 2 with what to install when an optional library is not there."""
    if find_spec(module) is None:
        usage(f'需要 {package or module}：pip install "civic-checklist[office]"')
