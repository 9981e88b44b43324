"""What an output option may replace: one rule for every command, asked before anything is read or done.

Never what the command reads, and never a part of a community's folder. What this program wrote there last and nobody
has changed since is replaced without a word; any other file only with ``--force``, and then it is kept as ``名.旧``.
What was written is remembered by its hash in the user's cache folder, so that no result carries a mark; without that
memory one is asked once more.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias, get_type_hints

import typer

from checklist.cli.console import tell
from checklist.cli.inputs import cache_folder
from checklist.model.refusals import Refusal

OUTPUTS: Final = frozenset({"--output", "--bad", "--xlsx", "--qr", "--ics"})
"""The options that name what is written; every other path of a command is something that it reads or keeps."""
HASHED: Final = 50_000_000
"""Larger results are known again by their size and time: hashing them would take longer than making them."""
_ELSEWHERE: Final = "换一个名字，或存到别的文件夹"
FORCE: TypeAlias = Annotated[bool, typer.Option("--force", help="换掉已有的文件；原来的留成“名.旧”")]


def guarded(command: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """``function`` behind the rule, with ``--force`` where it has an output. A command with a ``--force`` of its own
    makes its files' names itself, and asks ``Targets`` itself."""
    hints = get_type_hints(function, include_extras=True)
    outputs = {name for name, hint in hints.items() if OUTPUTS & set(option_names(hint))}
    if not outputs or "force" in hints:
        return function

    @functools.wraps(function)
    def run(*, force: bool = False, **values: Any) -> Any:
        asked = [value for name in sorted(outputs) for value in _paths(values.get(name), written=True)]
        inputs = [value for name, given in values.items() if name not in outputs for value in _paths(given)]
        targets = Targets(command, inputs, force)
        targets.check(asked)
        try:
            return function(**values)
        finally:
            targets.written(asked)

    signature = inspect.signature(function)
    parameters = [p.replace(annotation=hints[name]) for name, p in signature.parameters.items()]
    parameters.append(inspect.Parameter("force", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=FORCE))
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    return run


def option_names(hint: Any) -> Iterator[str]:
    """``-o`` and ``--output``: within Annotated, Typer takes the first name for a default."""
    for told in getattr(hint, "__metadata__", ()):
        names = (getattr(told, "default", None), *(getattr(told, "param_decls", None) or ()))
        yield from (name for name in names if isinstance(name, str) and name.startswith("-"))


def _paths(value: Any, *, written: bool = False) -> Iterator[Path]:
    """The files that a parameter names; ``-`` is the screen, an address with ``://`` no file. A text that is not
    ``written`` names one only where one stands."""
    for item in value if isinstance(value, list | tuple) else [value]:
        if isinstance(item, str) and "://" not in item and (written or (len(item) < 1000 and os.path.lexists(item))):
            item = Path(item)
        if isinstance(item, Path) and str(item) != "-":
            yield item


class Targets:
    """The files that one run of a command is about to write; ``inputs`` are the files and folders that it reads."""

    def __init__(self, command: str, inputs: Sequence[Path] = (), force: bool = False) -> None:
        self.command, self.inputs, self.force = command, inputs, force
        self.kept: dict[Path, Path] = {}

    def check(self, targets: Iterable[Path]) -> None:
        """Raises Refusal before anything has changed, naming all that is in the way; what ``--force`` will replace is
        kept first."""
        targets = list(targets)
        if len({os.path.realpath(target) for target in targets}) < len(targets):
            raise Refusal("两样结果会写成同一个文件", "各写一个名字")
        there = [target for target in targets if self._stands(target)]
        if there and not self.force:
            few = "、".join(map(str, there[:3])) + (f" 等 {len(there)} 个" if len(there) > 3 else "")
            raise Refusal(f"已经有 {few}，没有覆盖", f"换一个 -o；真要换掉加 --force，原来的会留成 {there[0].name}.旧")
        for target in there:
            self.kept[target] = _keep(target)

    def _stands(self, target: Path) -> bool:
        """Whether something worth keeping is there. Raises Refusal where nothing may ever be written."""
        from checklist.keeping.folder import FORM  # which loads the readers: not for a command that writes no file

        if folder := _own_part(target):
            raise Refusal(f"{target} 是社区文件夹 {folder} 自己的东西，没有写", _ELSEWHERE)
        if not target.is_file():  # a folder is filled file by file; a device or a pipe is written to
            return False
        if any(_same(target, source) for source in self.inputs):
            raise Refusal(f"{target} 就是这次要读的文件，没有写", _ELSEWHERE)
        if _remembered(self.command, target):
            return False
        for source in self.inputs:
            if source.is_dir() and target.name != FORM and _inside(target, source):
                raise Refusal(f"{target} 是 {source} 里原来就有的文件，没有动", _ELSEWHERE)
        return True

    def written(self, targets: Iterable[Path]) -> None:
        """After the command: what was kept is told of, or let go where nothing was written after all."""
        for target in targets:
            old = self.kept.get(target)
            if old is not None and target.is_file() and _same(target, old):
                old.unlink()
                continue
            if old is not None:
                tell(f"原来的 {target.name} 留在 {old}")
            _remember(self.command, target)


def _same(one: Path, other: Path) -> bool:
    """The same file, whatever links and letters lead to it. ``总表.xlsx#甲社区`` is 总表.xlsx."""
    from checklist.files.picking import pick

    try:
        return os.path.samefile(one, pick(other)[0])
    except (OSError, ValueError):
        return False


def _inside(target: Path, folder: Path) -> bool:
    return Path(os.path.realpath(folder)) in Path(os.path.realpath(target)).parents


def _own_part(target: Path) -> Path | None:
    """The community's folder that ``target`` belongs to: a record, its head, its ledger, its evidence, its history."""
    from checklist.keeping.folder import own_part

    for place in dict.fromkeys((Path(os.path.abspath(target)), Path(os.path.realpath(target)))):
        for folder in place.parents[:4]:
            if own_part(folder, place.relative_to(folder).parts):
                return folder
    return None


def _keep(target: Path) -> Path:
    """The present content under a name that nothing has yet."""
    n = 1
    while os.path.lexists(old := target.with_name(f"{target.name}.旧{n if n > 1 else ''}")):
        n += 1
    try:
        os.link(os.path.realpath(target), old)  # what is written next takes the name and leaves this content alone
    except OSError:
        shutil.copy2(target, old)
    return old


def _note(command: str, target: Path) -> Path | None:
    cache = cache_folder()
    if cache is None:
        return None
    name = f"{command}\n{os.path.realpath(target)}".encode("utf-8", "surrogateescape")
    return cache / "results" / hashlib.sha256(name).hexdigest()[:32]


def _remembered(command: str, target: Path) -> bool:
    from checklist.files.compiled_rulesets import written_by_nobody_else

    note = _note(command, target)
    try:
        return (
            note is not None
            and written_by_nobody_else(note.stat())
            and note.read_text(encoding="ascii") == _mark(target)
        )
    except (OSError, ValueError):
        return False


def _remember(command: str, target: Path) -> None:
    """A folder that cannot be written to is not an error: then one is asked next time."""
    from checklist.files.writing import PRIVATE, write_atomic

    note = _note(command, target)
    if note is None or not target.is_file():
        return
    try:
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(note, _mark(target).encode("ascii"), PRIVATE)
    except (OSError, Refusal):
        return


def _mark(target: Path) -> str:
    found = target.stat()
    if found.st_size > HASHED:
        return f"{found.st_size} {found.st_mtime_ns}"
    return hashlib.sha256(target.read_bytes()).hexdigest()
