"""What every command shares: finding rules and states, today's date, the cache folder."""

from __future__ import annotations

import os
import re
import sys
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checklist.cli.console import Exit, show_problems, tell, usage
from checklist.files.shipped import shipped
from checklist.model.problems import NotAValue
from checklist.model.refusals import Refusal

if TYPE_CHECKING:
    from checklist.files.loading import Loaded, LoadedState
    from checklist.keeping.folder import CommunityFolder
    from checklist.model.rules.ruleset import Criterion, Ruleset
    from checklist.model.state import Site

CHINA: Final = timezone(timedelta(hours=8))
EXAMPLE: Final = "taoli/2023-04-15.yaml"


def today() -> date:
    """The clock is read here and nowhere below. ``CHECKLIST_TODAY`` fixes it for repeatable runs."""
    fixed = os.environ.get("CHECKLIST_TODAY")
    return _written_day(fixed, "CHECKLIST_TODAY 的日期") if fixed else datetime.now(CHINA).date()


def now() -> datetime:
    """The time of day that journals carry, without a zone; a fixed ``CHECKLIST_TODAY`` stands at noon."""
    if os.environ.get("CHECKLIST_TODAY"):
        return datetime.combine(today(), time(12))
    return datetime.now(CHINA).replace(tzinfo=None)


def day(text: str | None) -> date | None:
    """A day as an option is written: with its year, in any spelling that tables may use, or today."""
    if text is None:
        return None
    if text in ("today", "今天"):
        return today()
    return _written_day(text, "日期")


def _written_day(text: str, what: str) -> date:
    from checklist.model.days import written_day
    from checklist.model.problems import NotAValue
    from checklist.values.days import far_off

    try:
        day = written_day(text)
    except NotAValue as refused:
        usage(f"{what} {text} {'不存在' if refused.code == 'E110' else '看不懂'}", refused.hint)
    if says := far_off(day):
        usage(f"{what} {text} 太远", says)
    return day


def cache_folder() -> Path | None:
    """Where compiled rules are kept; ``CHECKLIST_CACHE`` moves it, an empty value turns it off."""
    asked = os.environ.get("CHECKLIST_CACHE")
    if asked is not None:
        return Path(asked) if asked else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base) / "civic-checklist" / "cache" if base else None
    if asked := os.environ.get("XDG_CACHE_HOME"):
        return Path(asked) / "civic-checklist"
    try:
        return Path.home() / ".cache" / "civic-checklist"
    except RuntimeError:  # neither HOME nor an entry in passwd
        return None


def get_ruleset(name: str, *, proved: bool = True) -> Ruleset:
    """The ruleset of ``--rules``; its mistakes end the command, those that only ``check`` finds not where it is only
    looked at (``proved`` false)."""
    from checklist.files.loading import find_ruleset, near_ruleset
    from checklist.model.problems import FilesHaveProblems

    try:
        ruleset, problems = find_ruleset(name, cache=cache_folder(), proved=proved)
    except FileNotFoundError:
        usage(f"没有这个测评体系 {name}", near_ruleset(name))
    if ruleset is None:
        raise FilesHaveProblems(problems)
    return ruleset


def example_state() -> Path:
    return shipped("data") / EXAMPLE


def get_states(
    paths: list[Path], rules: str | None, *, strict: bool = False, every_day: bool = False, example: bool = False
) -> Loaded:
    """The states that a command was given; mistakes go to stderr, broken files are left out.

    Stops with exit 3 when ``strict`` and anything is wrong, or when nothing readable is left.
    """
    from checklist.files.loading import load_states

    if example:
        paths = [example_state(), *paths]
    if not paths:
        usage("还要写现状记录的文件或文件夹", "例：checklist assess data/taoli；没有自己的数据先试 --example")
    must_exist(paths)
    ruleset = get_ruleset(rules) if rules else None
    loaded = load_states(paths, ruleset=ruleset, today=today(), cache=cache_folder(), every_day=every_day)
    show_problems([*loaded.problems, *loaded.advice])
    if loaded.problems and strict:
        raise Refusal("有错误，按 --strict 要求不再往下算", exit=Exit.PROBLEMS)
    if not loaded.states:
        says = "" if loaded.problems else "这里没有现状记录"
        raise Refusal(
            says, "现状记录是 .yaml、.xlsx、.xls、.ods 或 .csv 文件", Exit.PROBLEMS if loaded.problems else Exit.NOTHING
        )
    if loaded.older:
        tell(f"每个社区只看最近一次记录，另有 {loaded.older} 份较早的没有用")
    return loaded


def community_folder(path: Path, rules: str | None = None) -> CommunityFolder:
    """A community's folder; what was assumed in reading it is said. Raises FilesHaveProblems."""
    from checklist.keeping.folder import open_folder

    folder = open_folder(path, get_ruleset(rules) if rules else None, cache=cache_folder())
    show_problems(folder.advice)
    return folder


def site_of(folder: CommunityFolder, word: str) -> Site:
    """The site of a community that the command line names."""
    from checklist.values.site_names import ADD, site_named

    try:
        return site_named(word, folder.sites)
    except NotAValue as unknown:
        usage(unknown.says, unknown.hint.replace(ADD, ADD.replace("社区", str(folder.path))))


def must_exist(paths: list[Path]) -> None:
    """Stops with exit 3 at the first path that is not there; ``总表.xlsx#甲社区`` is where 总表.xlsx is."""
    from checklist.files.picking import pick

    for path in paths:
        if not pick(path)[0].exists():
            raise Refusal(f"没有 {path} 这个文件或文件夹", "看看路径写对没有", Exit.PROBLEMS)


def one_state(path: Path, rules: str | None) -> tuple[LoadedState, Loaded]:
    """Exactly one community's record."""
    loaded = get_states([path], rules)
    if len(loaded.states) > 1:
        few = "、".join(item.file for item in loaded.states[:3])
        usage(f"{path} 里有 {len(loaded.states)} 个社区，这个命令一次看一个", f"写明哪一个，如 {few}")
    return loaded.states[0], loaded


def _full_id(id: str) -> str:
    """``fac1`` and ``FAC-1`` mean FAC-01."""
    parts = re.fullmatch(r"([A-Z][A-Z0-9]*?)-?(\d{1,4})", id.upper())
    return f"{parts[1]}-{int(parts[2]):02}" if parts else id.upper()


def get_criterion(ruleset: Ruleset, id: str) -> Criterion:
    """A criterion by id, whatever the case it is typed in; “did you mean” by id and by title."""
    import difflib

    found = ruleset.by_id.get(_full_id(id))
    if found is not None:
        return found
    by_title = [c for c in ruleset.criteria if id in c.title]
    near = difflib.get_close_matches(id.upper(), ruleset.by_id, n=3)
    listed = by_title[:5] or [ruleset.criterion(name) for name in near]
    hint = (
        "是不是 " + "、".join(f"{c.id}（{c.title}）" for c in listed) + "？"
        if listed
        else "用 checklist rules show 看全部"
    )
    usage(f"{ruleset.id} 里没有 {id} 这条标准", hint)
