"""docs/commands.md is the help of every command, word for word; ``--golden`` writes it."""

from __future__ import annotations

import pytest

from checklist.cli.app import COMMANDS, overview
from tests.conftest import ROOT, Run

PAGE = ROOT / "docs" / "commands.md"
HEAD = """# 命令一览

由 `pytest tests/docs --golden` 从程序的说明页生成，不用手改。

退出码：0 完成 · 1 没有过 `--fail-under`、`--fail-on` 要求的关 · 2 命令用得不对 · 3 规则或现状记录有错误 ·
4 过没过关定不下来（有没核实的项）· 5 没有可评的 · 70 程序自己出错（日志留在磁盘上）· 130 被中断。
有差距的自查照样退出 0。
"""


def page(cli: Run) -> str:
    parts = [HEAD, f"```text\n{overview().split(chr(10), 2)[2]}\n```"]
    for name in COMMANDS:
        parts.append(f"## checklist {name}\n\n```text\n{cli(name, '--help').out.rstrip()}\n```")
        for sub in subcommands(name):
            parts.append(f"### checklist {name} {sub}\n\n```text\n{cli(name, sub, '--help').out.rstrip()}\n```")
    return "\n\n".join(parts) + "\n"


def subcommands(name: str) -> list[str]:
    from importlib import import_module

    module = import_module(f"checklist.cli.commands.{COMMANDS[name][0]}")
    return [sub for sub in module.COMMANDS if sub and len(module.COMMANDS) > 1]


def test_the_page_is_fresh(cli: Run, request: pytest.FixtureRequest) -> None:
    text = page(cli)
    if request.config.getoption("--golden"):
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    assert text == PAGE.read_text(encoding="utf-8")
