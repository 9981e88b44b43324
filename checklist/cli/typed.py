"""Typer at the door of each command: arguments parsed and typed by it, spoken to the user in Chinese by us."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from checklist.cli.console import Exit, ReaderGone, usage
from checklist.cli.half_width import folded_names, read_in_half_width, with_option_names
from checklist.cli.targets import guarded
from checklist.model.refusals import Refusal

LARGEST: Final = 10**7
_EXTRA: Final = re.compile(r"unexpected extra argument\S* \((.+)\)")


class _Help:
    """Help pages in Chinese, plain text, no boxes."""

    def invoke(self, ctx: Any) -> Any:
        """Typer leaves with 1 when the reader of our output has gone; for us all went well. A number beyond every
        count of days, points or communities is a slip of the finger."""
        for option in self.params:  # type: ignore[attr-defined]
            value = ctx.params.get(option.name)
            if isinstance(value, int | float) and not abs(value) <= LARGEST:
                usage(f"{option.opts[0]} 的值太大", f"最大 {LARGEST}")
        try:
            return super().invoke(ctx)  # type: ignore[misc]
        except BrokenPipeError as error:
            raise ReaderGone from error

    def format_help(self, ctx: Any, formatter: Any) -> None:
        command: Any = self
        options = [p for p in command.get_params(ctx) if isinstance(p, TyperOption)]
        arguments = [p for p in command.get_params(ctx) if isinstance(p, TyperArgument)]
        usage = " ".join([ctx.command_path, *(_metavar(a) for a in arguments), "[选项]" if options else ""])
        formatter.write(f"用法：{usage.strip()}\n\n{command.help or ''}\n")
        for title, rows in (
            ("参数", [(_metavar(a), a.help or "") for a in arguments]),
            ("选项", [(_names(o), _described(o)) for o in options if not o.hidden]),
            ("命令", [(name, c.help.splitlines()[0]) for name, c in getattr(command, "commands", {}).items()]),
        ):
            if rows:
                formatter.write(f"\n{title}\n")
                formatter.write("".join(_row(name, text) for name, text in rows))


class Command(_Help, TyperCommand):
    pass


class CommandGroup(_Help, TyperGroup):
    pass


def _metavar(argument: Any) -> str:
    name = argument.metavar or argument.name.upper()
    return name if argument.required else f"[{name}]"


def _names(option: Any) -> str:
    kind = "" if option.is_flag else f" {option.metavar}" if option.metavar else " 值"
    return ", ".join([*option.opts, *option.secondary_opts]) + kind


def _described(option: Any) -> str:
    text = "显示这页说明" if option.name == "help" else option.help or ""
    shown = option.default
    if option.is_flag or shown is None or callable(shown) or shown in ((), [], ""):
        return text
    return f"{text}（默认 {shown}）"


def _row(name: str, text: str) -> str:
    from rich.cells import cell_len

    gap = max(2, 26 - cell_len(name))
    return f"  {name}{' ' * gap}{text}\n"


def build(name: str, commands: Mapping[str, Callable[..., Any]]) -> Any:
    """One function is a command; several are a command with sub-commands, ``""`` naming what runs without one."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, cls=CommandGroup, pretty_exceptions_enable=False)
    alone = len(commands) == 1
    for sub, plain in commands.items():
        function = guarded(name if alone else f"{name} {sub}".strip(), plain)
        if sub == "" and not alone:
            app.callback(invoke_without_command=True, cls=CommandGroup)(function)
        else:
            app.command(sub or name, cls=Command)(function)
    return get_command(app)


def _in_half_width(name: str, commands: Mapping[str, Callable[..., Any]], command: Any) -> None:
    for sub, plain in commands.items():
        folded = folded_names(plain)
        for parameter in getattr(command, "commands", {}).get(sub or name, command).params:
            if parameter.name in folded:
                read_in_half_width(parameter)


def run_command(name: str, commands: Mapping[str, Callable[..., Any]], arguments: list[str]) -> int:
    """Parse and run. Typer's own complaints become one Chinese sentence and exit code 2."""
    command = build(name, commands)
    if not all(map(str.isascii, arguments)):  # to look through the hints of a command takes time at every start
        _in_half_width(name, commands, command)
    subs = getattr(command, "commands", {})
    known = {"--help", *(o for c in (command, *subs.values()) for p in c.params for o in (*p.opts, *p.secondary_opts))}
    try:
        arguments = with_option_names(arguments, known, subs)
        result = command.main(arguments, prog_name=f"checklist {name}", standalone_mode=False)
    except typer.Exit as leaving:
        return leaving.exit_code
    except typer.Abort:
        return Exit.INTERRUPTED
    except Exception as error:
        if type(error).__module__.startswith("typer.") and hasattr(error, "format_message"):
            raise _in_chinese(error, name, command) from None
        raise
    return int(result) if isinstance(result, int) else Exit.DONE


def _in_chinese(error: Any, name: str, command: Any) -> Refusal:
    kind, hint = type(error).__name__, f"看用法：checklist {name} --help"
    if kind == "NoSuchOption":
        known = ["--help", *(o for p in command.params for o in p.opts)]
        near = difflib.get_close_matches(error.option_name, known, n=1)
        return Refusal(f"没有 {error.option_name} 这个选项。" + (f"是不是 {near[0]}？" if near else ""), hint)
    parameter = getattr(error, "param", None)
    label = (
        (parameter.opts[0] if isinstance(parameter, TyperOption) else _metavar(parameter).strip("[]"))
        if parameter
        else ""
    )
    if kind == "MissingParameter":
        return Refusal(f"还要写 {label}", hint)
    if kind == "BadOptionUsage":
        takes_none = "does not take a value" in str(error.message)
        return Refusal(f"{error.option_name} 后面{'不写值' if takes_none else '要写值'}", hint)
    if kind == "BadParameter":
        return Refusal(f"{label} 的值不对{_allowed(parameter)}", hint)
    if "No such command" in str(error.message):
        subs = list(getattr(command, "commands", {}))
        return Refusal(f"checklist {name} 没有这个子命令", f"可以写的有：{'、'.join(subs)}")
    if extra := _EXTRA.search(str(error.message)):
        return Refusal(f"多写了 {extra[1]}", hint)
    return Refusal("命令写得不对", hint)


def _allowed(parameter: Any) -> str:
    """What may be written for a parameter. Where its type stands differs between versions of Typer."""
    older = getattr(parameter, "type", None)
    choices = getattr(older, "choices", None)
    if choices:
        return f"，只能填 {'、'.join(map(str, choices))}"
    annotation = getattr(getattr(parameter, "type_descriptor", None), "annotation", getattr(older, "name", ""))
    name = str(getattr(annotation, "__name__", annotation))
    number = "整数" if name.startswith("int") else "数字" if name.startswith("float") else ""
    if not number:
        return ""
    limits = [
        f"{word} {limit}"
        for word, attribute in (("最小", "min"), ("最大", "max"))
        if (limit := getattr(parameter, attribute, getattr(older, attribute, None))) is not None
    ]
    return f"，要填{number}，如 80" + (f"（{'，'.join(limits)}）" if limits else "")
