"""Results in a form of the user's choice: which one is meant, whether it can be made, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checklist.cli.console import render_text, show, usage, write_result
from checklist.model.refusals import missing_extra
from checklist.reports.formats import DOCUMENTS, FORMATS

if TYPE_CHECKING:
    from rich.console import RenderableType

    from checklist.reports.document.document import Document

BARE: Final = ("screen", "json")
"""Results that are a screen and a JSON contract, and no document."""
FORMS: Final = (*BARE, *DOCUMENTS)
FORMAT_HELP: Final = "输出形式；不写就看 -o 文件名的结尾，再没有就上屏"
DISTRIBUTED_AS: Final = {"docx": "python-docx", "PIL": "Pillow"}


def format_of(asked: str | None, output: Path | None, known: tuple[str, ...] = FORMS) -> str:
    """The form asked for, else the one that the file's name ends in, else the screen. Stops before any work when a
    library is missing or the form cannot go to a terminal."""
    if asked is not None and asked not in known:
        usage(f"没有 {asked} 这种形式", f"可以写：{'、'.join(known)}")
    ending = output.suffix.lower().lstrip(".") if output else ""
    form = asked or (ending if ending in known else "screen")
    if form in FORMATS:
        need([form])
        if not FORMATS[form].text and (output is None or str(output) == "-"):
            usage(f"{form} 要存成文件", f"加 -o 结果{FORMATS[form].suffix}")
    return form


def need(names: Iterable[str]) -> None:
    """Stop before any work when a format's library is missing."""
    for name in names:
        need_libraries(FORMATS[name].needs, FORMATS[name].extra)


def need_libraries(modules: Iterable[str], extra: str) -> None:
    for module in modules:
        if find_spec(module) is None:
            raise missing_extra(DISTRIBUTED_AS.get(module, module), extra, "没有网：见 docs/offline.md")


def deliver(
    form: str,
    output: Path | None,
    *,
    screen: Callable[[], RenderableType],
    data: Callable[[], str],
    document: Callable[[], Document] | None = None,
    width: int | None = None,
) -> None:
    """One result in the form that ``format_of`` found, to ``output`` or to stdout; only the form that is wanted is
    made. ``data`` is the JSON."""
    if form == "json":
        write_result(data(), output)
    elif form == "screen":
        show(screen(), width) if output is None else write_result(render_text(screen(), width), output)
    else:
        assert document is not None, "a form that was not offered"
        write_result(FORMATS[form].render(document()), output)
