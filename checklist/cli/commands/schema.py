"""``checklist schema``: JSON Schemas for editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from checklist.cli.console import Exit, tell, usage, write_result
from checklist.cli.targets import FORCE, Targets
from checklist.files.writing import in_words, write_atomic
from checklist.reading.rules.schemas import FILES, schemas


def run(
    kind: Annotated[
        str | None, typer.Argument(metavar="[种类]", help=f"只要一种：{'、'.join(FILES)}；不写就全都要")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="文件夹", help="存到这个文件夹")] = None,
    force: FORCE = False,
) -> int:
    """给编辑器用的 JSON Schema：写规则和现状记录时补全键名、划出写错的地方。

    VS Code 装 YAML 扩展（redhat.vscode-yaml），把打印出来的 yaml.schemas 一段放进 settings.json。
    """
    if kind is not None and kind not in FILES:
        usage(f"没有 {kind} 这种文件", f"可以写：{'、'.join(FILES)}")
    wanted = {name: _text(schema) for name, schema in schemas().items() if kind in (None, name)}
    if output is None:
        if kind is None:
            usage("要写存到哪个文件夹，或只要哪一种", "例：checklist schema -o schemas，或 checklist schema state")
        write_result(wanted[kind], None)
        return Exit.DONE
    if output.exists() and not output.is_dir():
        usage(f"{output} 是文件，不是文件夹", "换一个文件夹")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise in_words(output, error) from error
    files = {output / f"{name}.schema.json": text for name, text in wanted.items()}
    asked = Targets("schema", force=force)
    asked.check(files)
    for path, text in files.items():
        write_atomic(path, text.encode("utf-8"))
    asked.written(files)
    tell(f"已存 {len(wanted)} 份到 {output}。放进编辑器设置：")
    write_result(_text({"yaml.schemas": {f"{output.as_posix()}/{n}.schema.json": FILES[n][1] for n in wanted}}), None)
    return Exit.DONE


def _text(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


COMMANDS = {"schema": run}
