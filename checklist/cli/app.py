"""The command line: one module for each command, imported only when it is called."""

from __future__ import annotations

import difflib
import errno
import gc
import sys
from collections.abc import Callable
from importlib import import_module
from itertools import groupby
from typing import Any, Final

from checklist import __version__
from checklist.cli.console import Exit, ReaderGone, bug, leave_stdout, prepare_streams, tell
from checklist.cli.half_width import half_width
from checklist.model.refusals import Refusal, reason

COMMANDS: Final[dict[str, tuple[str, str, str]]] = {
    "assess": ("assess", "自查", "给社区打分，列差距和下一步"),
    "explain": ("explain", "自查", "看懂某一条为什么是这个结论"),
    "next": ("next", "自查", "先核什么：排一条最省时间的核查路线"),
    "init": ("init", "填报", "建一个社区的文件夹"),
    "sites": ("sites", "填报", "点位：登记小区、背街小巷，改名，不算了"),
    "form": ("form", "填报", "生成 Excel 填报表"),
    "serve": ("serve", "填报", "手机填报：扫码边走边填，没网也能填"),
    "xlsform": ("xlsform", "填报", "生成 ODK、Kobo 用的表单"),
    "import": ("import_", "填报", "把填好的表收回来：先看改动，再写入"),
    "table": ("table", "填报", "多个社区一张总表：导出"),
    "problems": ("problems", "填报", "检查组的问题清单对到测评标准"),
    "evidence": ("evidence", "填报", "佐证材料：登记、核对、查重"),
    "fresh": ("fresh", "填报", "哪些记录过期了，哪些一周内过期"),
    "undo": ("undo", "填报", "撤销上一次写入"),
    "plan": ("plan", "整改", "排整改方案：做哪些、谁做、几时完成、花多少、能得多少分"),
    "ledger": ("ledger", "整改", "整改台账：每项差距从发现到销号、复查"),
    "compare": ("compare", "比较", "社区之间比名次、比模块，找共性问题"),
    "diff": ("diff", "比较", "同一个社区前后差在哪儿，一分一分说清"),
    "trend": ("trend", "比较", "一个社区历次得分和差距的变化"),
    "calibrate": ("calibrate", "比较", "自查和上级检查对一对，看哪些条评得偏松"),
    "batch": ("batch", "比较", "一张表里的社区一次全算：全区、全省、全国"),
    "forecast": ("forecast", "迎检", "迎检推演：检查组抽点位，得分多半在哪里、过线有几成把握"),
    "draw": ("draw", "迎检", "模拟检查：照检查组的样子抽点位，出路线和表"),
    "report": ("report", "报告", "导出报告：Word、Excel、网页、PDF、长图"),
    "bulletin": ("bulletin", "报告", "写督查通报"),
    "page": ("page", "规则和文件", "给社区自查.html 换上本地的细则、社区和标题"),
    "check": ("check", "规则和文件", "检查规则和现状记录写错没有"),
    "test": ("test", "规则和文件", "跑规则旁边的用例，看每条门槛有没有用例守着"),
    "schema": ("schema", "规则和文件", "给编辑器用的 JSON Schema"),
    "rules": ("rules", "规则和文件", "看有哪些测评体系，或某一条标准的全文"),
}
"""Command → its module in ``commands``, its group, and what it does in a line. A new command is one line here."""

LONGEST: Final = 200
"""How much of a path is repeated in a message."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    gc.set_threshold(200_000, 50, 50)  # rules and records are not cycles: looking for some costs a fifth of a short run
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """Run one command; every way of going wrong ends here."""
    prepare_streams()
    code = _run(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        leave_stdout()
    except OSError as error:
        return _known(error)
    return code


def _run(arguments: list[str]) -> int:
    try:
        return _dispatch(arguments)
    except Refusal as refusal:
        if refusal.says:
            tell(refusal.says + (f"\n{refusal.hint}" if refusal.hint else ""))
        return refusal.exit
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except (BrokenPipeError, ReaderGone):
        leave_stdout()
        return Exit.DONE
    except Exception as error:
        return _known(error)


def _known(error: Exception) -> int:
    from checklist.cli.console import show_problems
    from checklist.model.problems import FilesHaveProblems

    if isinstance(error, FilesHaveProblems):
        show_problems(error.problems)
        return Exit.PROBLEMS
    if isinstance(error, OSError):
        return _refused(error)
    return bug(error)


def _refused(error: OSError) -> int:
    """What the system would not do is no mistake of ours: a path that is too long, a full disk, a closed stream."""
    if error.filename is not None:
        shown = str(error.filename)
        tell(f"{shown if len(shown) <= LONGEST else shown[:LONGEST] + '…'} 打不开：{reason(error)}\n看看路径和权限")
        return Exit.PROBLEMS
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EBADF, errno.EIO):
        leave_stdout()
        tell(f"结果写不出去：{reason(error)}\n换个地方存，或用 -o 存成文件")
    else:
        tell(f"系统没有答应：{reason(error)}")
    return Exit.USAGE


def _dispatch(arguments: list[str]) -> int:
    name, rest = half_width(arguments[0]) if arguments else "help", arguments[1:]
    if name in ("-h", "--help", "help"):
        print(overview())
        return Exit.DONE
    if name in ("-V", "--version"):
        print(f"checklist {__version__}")
        return Exit.DONE
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, [*COMMANDS, "--help", "--version"], n=1)
        raise Refusal(
            f"没有 {name} 这个命令。" + (f"是不是 {near[0]}？" if near else ""), "运行 checklist 看有哪些命令"
        )
    from checklist.cli.typed import run_command

    module = import_module(f"checklist.cli.commands.{COMMANDS[name][0]}")
    commands: dict[str, Callable[..., Any]] = module.COMMANDS
    return run_command(name, commands, rest)


def overview() -> str:
    """What the program can do, a line for each command."""
    lines = [f"checklist {__version__}  社区对照全国文明城市测评标准自查", "", "用法：checklist 命令 [文件] [选项]", ""]
    for title, names in groupby(COMMANDS, lambda name: COMMANDS[name][1]):
        lines.append(title)
        lines += [f"  {name:<9} {COMMANDS[name][2]}" for name in names]
        lines.append("")
    lines += ["第一次用：checklist assess --example", "看一个命令怎么用：checklist 命令 --help"]
    return "\n".join(lines)
