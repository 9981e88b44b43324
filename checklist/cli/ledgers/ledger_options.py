"""Which records of a ledger are asked for: options in, ``LedgerChoice`` out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, Final, TypeAlias

import typer

from checklist.cli.console import usage
from checklist.engine.ledger.choosing import LedgerChoice
from checklist.model.ledger import LedgerStatus

SUMS: Final = ("责任单位", "街道", "社区", "严重程度")

STREET: TypeAlias = Annotated[
    str | None, typer.Option("--street", metavar="街道", help="只看这个街道的；几个用顿号隔开")
]
COMMUNITY: TypeAlias = Annotated[
    str | None, typer.Option("--community", metavar="社区", help="只看这个社区的（名称或编号）")
]
OWNER: TypeAlias = Annotated[str | None, typer.Option("--owner", metavar="单位", help="只看这个责任单位、责任人的")]
DUE: TypeAlias = Annotated[
    int | None, typer.Option("--due", metavar="N", min=0, help="只看没销号、N 天内到期的，已超期的也在内")
]
STATUS: TypeAlias = Annotated[
    str | None, typer.Option("--status", metavar="状态", help="只看这种状态的，如 超期、待核验")
]
SEVERITIES: TypeAlias = Annotated[
    str | None, typer.Option("--severity", metavar="程度", help="只看这种严重程度的，如 红线")
]
BY: TypeAlias = Annotated[str | None, typer.Option("--by", metavar="列", help=f"按{'、'.join(SUMS)}合计，不逐条列")]


def choice_of(
    street: str | None,
    community: str | None,
    owner: str | None,
    status: str | None,
    severity: str | None,
    due: int | None,
    today: date,
) -> LedgerChoice:
    """Stops at a status or severity that no ledger has."""
    from checklist.reports.language.labels import LEDGER_STATUS, SEVERITY

    meant: dict[str, LedgerStatus] = {word: name for name, word in LEDGER_STATUS.items()}
    return LedgerChoice(
        _words(street),
        _words(community),
        _words(owner),
        tuple(meant[word] for word in _known("--status", _words(status), meant)),
        _known("--severity", _words(severity), SEVERITY.values()),
        None if due is None else today + timedelta(days=due),
    )


def sums_by(asked: str | None) -> str | None:
    """The column to add up by; a part of its name will do."""
    if asked is None:
        return None
    found = [column for column in SUMS if asked in column]
    if len(found) != 1:
        usage(f"--by 没有 {asked}", f"可以写：{'、'.join(SUMS)}")
    return found[0]


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r"[,，、;；\s]+", text or "")))


def _known(option: str, words: tuple[str, ...], known: Iterable[str]) -> tuple[str, ...]:
    allowed = tuple(known)
    for word in words:
        if word not in allowed:
            usage(f"{option} 没有 {word}", f"可以写：{'、'.join(allowed)}")
    return words
