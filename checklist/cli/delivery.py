"""Results that are written in a form of the user's choice: which one is meant, and how a page becomes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checklist.cli.console import usage, write_result

if TYPE_CHECKING:
    from checklist.reports.document.blocks import Page

BINARY: Final = "xlsx"
FORMAT_HELP: Final = "输出形式；不写就看 -o 文件名的结尾，再没有就上屏"


def format_of(asked: str | None, output: Path | None, known: Sequence[str]) -> str:
    """The form asked for, else the one that the file's name ends in, else the screen."""
    if asked is not None and asked not in known:
        usage(f"没有 {asked} 这种形式", f"可以写：{'、'.join(known)}")
    ending = output.suffix.lower().lstrip(".") if output else ""
    format = asked or (ending if ending in known else "screen")
    if format == BINARY and output is None:
        usage("xlsx 要存成文件", "加 -o 结果.xlsx")
    return format


def write_page(page: Page, format: str, output: Path | None, made_on: date) -> None:
    """``format`` is md, html or xlsx."""
    if format == "md":
        from checklist.reports.formats.markdown_blocks import markdown_text

        write_result(markdown_text((page,)), output)
    elif format == "html":
        from checklist.reports.formats.html_blocks import html_text

        write_result(html_text((page,)), output)
    else:
        from checklist.reports.formats.blocksheets import blocks_xlsx

        write_result(blocks_xlsx(page, made_on), output)
