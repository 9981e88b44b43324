"""Where ``checklist batch`` writes, and what it may replace there: files, and tables of a database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from checklist.cli.console import usage
from checklist.cli.targets import Targets

if TYPE_CHECKING:
    from checklist.batch.tables.table_parts import Place


def beside(bad: Path | None, source: Place, output: Place) -> Path:
    """Where the cells that cannot be used are listed: beside the result; where that is no file of this machine, beside
    the table; else here."""
    from checklist.batch.tables.databases import Database

    if bad is not None:
        return bad
    name = f"{output.table if isinstance(output, Database) else output.stem}.bad.csv"
    near = output.file if isinstance(output, Database) else output
    return next((p.with_name(name) for p in (near, source) if isinstance(p, Path)), Path(name))


def batch_targets(source: Place, out: Place, side: Path, *, force: bool) -> Targets:
    """Neither the table that is read nor anybody's file or table is replaced unasked."""
    from checklist.batch.tables.databases import Database, identity

    if isinstance(out, Database) and (there := identity(out)) is not None:
        if isinstance(source, Database) and identity(source) == there:
            usage(f"{out} 就是这次要读的表，没有写", "换一个表名")
        if not force:
            usage(
                f"数据库里已经有 {out} 这张表，没有覆盖", f"换一个表名；真要换掉加 --force，原来的会留成 {out.table}_旧"
            )
    files = [place.file if isinstance(place, Database) else place for place in (source, out)]
    targets = Targets("batch", [file for file in files[:1] if isinstance(file, Path)], force)
    targets.check([side, *([out] if isinstance(out, Path) else [])])
    return targets
