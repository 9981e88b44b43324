"""What ``report`` and ``bulletin`` share: dossiers from states, file names, missing libraries, writing without loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checklist.cli.console import tell, usage
from checklist.cli.targets import Targets
from checklist.model.refusals import reason
from checklist.reports.formats import FORMATS

if TYPE_CHECKING:
    from checklist.files.loading import LoadedState
    from checklist.model.planning.plan import Limits
    from checklist.model.planning.tasks import Tasks
    from checklist.model.results.assessment import Assessment
    from checklist.reports.assessment.dossier import Dossier

LONGEST_NAME: Final = 30
MANY: Final = 4
_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_RESERVED: Final = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")


def parse_formats(text: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """``docx,xlsx`` in the order written, each once."""
    known = tuple(allowed)
    names = tuple(dict.fromkeys(part.strip().lower() for part in re.split("[,，、]", text) if part.strip()))
    if not names:
        usage("--to 后面要写格式", f"可以写：{','.join(known)}")
    for name in names:
        if name not in known:
            usage(f"没有 {name} 这种格式", f"可以写：{','.join(known)}；几种一起写用逗号隔开")
    return names


def dossier(
    item: LoadedState,
    as_of: date | None,
    earlier: LoadedState | None,
    *,
    explained: bool = False,
    limits: Limits | None = None,
) -> Dossier:
    """Everything that a report shows about one community. With ``limits`` its tasks are those of a plan, otherwise
    the best remedy of every gap."""
    from checklist.engine.planning.tasks import tasks_of_gaps
    from checklist.engine.scoring.assess import assess
    from checklist.engine.scoring.explain import explain
    from checklist.reports.assessment.dossier import Dossier

    assessment = assess(item.ruleset, item.state, as_of=as_of)
    tasks = tasks_of_gaps(assessment) if limits is None else _planned(assessment, limits)
    before = assess(item.ruleset, earlier.state) if earlier else None
    ids = [f.criterion.id for f in assessment.findings] if explained else []
    explanations = {id: explain(assessment, id) for id in ids}
    return Dossier(assessment, tasks, before, explanations)


def _planned(assessment: Assessment, limits: Limits) -> Tasks:
    from checklist.engine.planning.plan import plan
    from checklist.model.planning.plan import Plan

    found = plan(assessment.ruleset, assessment.state, limits)
    assert isinstance(found, Plan), "without --must no limits contradict each other"
    return found.tasks


def with_earlier(
    states: Sequence[LoadedState], since: date | None = None
) -> list[tuple[LoadedState, LoadedState | None]]:
    """The latest record of each community, with the one before it when it was judged by the same ruleset; with ``since``
    the last of those up to that day."""
    found: dict[str, list[LoadedState]] = {}
    for item in states:
        found.setdefault(item.state.community.id, []).append(item)
    pairs: list[tuple[LoadedState, LoadedState | None]] = []
    for records in found.values():
        ordered = sorted(records, key=lambda item: item.state.as_of)
        before = [
            r
            for r in ordered[:-1]
            if r.ruleset.id == ordered[-1].ruleset.id
            and r.state.as_of < ordered[-1].state.as_of
            and (since is None or r.state.as_of <= since)
        ]
        pairs.append((ordered[-1], before[-1] if before else None))
    return pairs


def safe_name(text: str) -> str:
    """A file name that Windows, Kylin and a mail programme all take."""
    from checklist.reports.document.document import one_line

    name = _NOT_IN_NAMES.sub("_", one_line(text))[:LONGEST_NAME].strip(" .") or "社区"
    return f"_{name}" if _RESERVED.match(name) else name


def to_screen(output: Path | None, names: Sequence[str]) -> bool:
    """Whether ``-o -`` asks for stdout; only one format can go there, and only one that is text."""
    if output is None or str(output) != "-":
        return False
    if not (len(names) == 1 and FORMATS[names[0]].text):
        words = "、".join(name for name, format in FORMATS.items() if format.text)
        usage(f"-o - 一次只能输出一种文字格式（{words}）", "别的格式写文件名")
    return True


def check_targets(command: str, targets: Sequence[Path], inputs: Sequence[Path], force: bool) -> Targets:
    """No two papers go to one file, and nothing is replaced that may not be. All conflicts are named at once."""
    twice = sorted({str(t) for t in targets if targets.count(t) > 1})
    if twice:
        usage(f"有几份报告会写成同一个文件：{'、'.join(twice)}", "分几次导出，存到不同的文件夹")
    found = Targets(command, inputs, force)
    found.check(targets)
    return found


def placed(output: Path | None, files: list[list[str]]) -> list[list[Path]]:
    """Where each file goes: into the folder ``output``, which is made; a single file may be named by it."""
    if output is not None and sum(map(len, files)) == 1 and output.suffix and not output.is_dir():
        return [[output]]
    folder = output or Path()
    make_folder(folder)
    return [[folder / name for name in row] for row in files]


def make_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        usage(f"{folder} 是文件，不是文件夹", "换一个地方")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        usage(f"建不了文件夹 {folder}：{reason(error)}", "换一个地方")


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on stderr when there are many and someone watches; a call moves it on."""
    import sys

    if total < MANY or not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.text import Text

    columns = (TextColumn("导出"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda name: bar.update(task, advance=1, description=Text(name).plain)


def saved(path: Path, data: bytes) -> None:
    from checklist.files.writing import write_atomic

    write_atomic(path, data)
    tell(f"已存 {path}")
