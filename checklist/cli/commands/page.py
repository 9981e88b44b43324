"""``checklist page``: a copy of 社区自查.html with a district's own rules, records and name in it."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from checklist.cli.console import Exit, show_problems, usage, write_result
from checklist.cli.inputs import cache_folder, must_exist, today
from checklist.files.loading import find_ruleset, load_states, locate, near_ruleset, state_files
from checklist.files.shipped import HEAD, shipped
from checklist.model.problems import FilesHaveProblems
from checklist.model.refusals import Refusal
from checklist.model.regular_files import read_regular
from checklist.reports.formats.zipped import EPOCH

PLACE: Final = "<!--district-->"
"""Where browser/build.py leaves room for what a district adds."""
OWN: Final = re.compile(r'<script [^>]*data-name="district\.zip">[^<]*</script>\n(?=<!--district-->)')
KEPT_WITH_RECORDS: Final = (".yaml", ".yml", ".xlsx", ".xls", ".ods", ".csv", ".txt")
LARGEST: Final = 8_000_000


def run(
    page: Annotated[Path, typer.Argument(metavar="社区自查.html", help="做好的那一个文件")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="文件.html", help="存成哪个文件")],
    rules: Annotated[
        list[str] | None, typer.Option("--rules", metavar="编号或文件夹", help="放进去的测评体系，可写几次")
    ] = None,
    data: Annotated[
        list[Path] | None, typer.Option("--data", metavar="文件夹", help="放进去的社区和空白记录，可写几次")
    ] = None,
    title: Annotated[str, typer.Option("--title", metavar="标题", help="页面的标题，如 东湖区社区自查")] = "",
) -> int:
    """给社区自查.html 换上本地的：本地细则、社区名册、空白记录、标题，存成另一个文件发下去。不用联网。"""
    must_exist([page, *(data or [])])
    text = read_regular(page).decode("utf-8", errors="replace")
    if text.count(PLACE) != 1:
        usage(f"{page} 不是做好的社区自查.html", "用发布的那个文件，或 checklist page 做出来的")
    if not (rules or data or title):
        usage("还要写放什么进去", "--rules 本地细则文件夹，--data 社区文件夹，--title 标题")
    files = {"district.json": json.dumps({"title": title}, ensure_ascii=False).encode("utf-8")}
    for name in rules or ():
        files |= {f"rules/{path}": content for path, content in _rules(name)}
    for folder in data or ():
        files |= {f"records/{path}": content for path, content in _records(folder)}
    packed = base64.b64encode(gzip.compress(_archive(files), 9, mtime=0)).decode("ascii")
    if len(packed) > LARGEST:
        usage(f"放进去的太多：{len(packed) / 1e6:.0f} MB", f"最多 {LARGEST / 1e6:.0f} MB，少放几个文件夹")
    block = f'<script type="text/plain" class="packed" data-name="district.zip">{packed}</script>\n'
    write_result(OWN.sub("", text).replace(PLACE, block + PLACE), output)
    return Exit.DONE


def _rules(name: str) -> Iterator[tuple[str, bytes]]:
    """The files of a ruleset and of those it extends, the shipped ones left out: the page has them."""
    folder = locate(name)
    if folder is None:
        usage(f"没有这个测评体系 {name}", near_ruleset(name))
    ruleset, problems = find_ruleset(folder, cache=cache_folder())
    if ruleset is None:
        raise FilesHaveProblems(problems)
    while folder is not None and folder.resolve().parent != shipped("rules"):
        id = folder.resolve().name
        if (shipped("rules") / id / HEAD).is_file():
            usage(f"{folder} 和自带的 {id} 同一个编号", "换一个编号，或写成本地细则：checklist rules new --extends")
        for path in sorted(folder.rglob("*.yaml")):
            yield f"{id}/{path.relative_to(folder).as_posix()}", read_regular(path)
        base = re.search(r"^extends:\s*([\w-]+)", (folder / HEAD).read_text(encoding="utf-8-sig"), re.MULTILINE)
        folder = locate(base[1]) if base else None


def _records(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Everything in a folder of communities that is no photo; its records have to be right."""
    if not folder.is_dir():
        usage(f"{folder} 不是文件夹", "--data 写装着社区文件夹的文件夹")
    if state_files(folder):
        loaded = load_states([folder], today=today(), cache=cache_folder(), every_day=True)
        show_problems(loaded.advice)
        if loaded.problems:
            raise FilesHaveProblems(loaded.problems)
    found = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in KEPT_WITH_RECORDS and path.is_file()]
    if not found:
        raise Refusal(f"{folder} 里没有社区", "放社区文件夹：checklist init 建的，或现状记录", Exit.NOTHING)
    for path in found:
        yield f"{folder.resolve().name}/{path.relative_to(folder).as_posix()}", read_regular(path)


def _archive(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content)
    return target.getvalue()


COMMANDS = {"page": run}
