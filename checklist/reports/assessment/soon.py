"""What expires within a week, in a sentence."""

from __future__ import annotations

from checklist.model.rules.ruleset import Ruleset
from checklist.model.state import State


def soon_text(ruleset: Ruleset, state: State, shown: int = 6) -> str:
    """One sentence for a screen or paper: what expires within a week of the record; empty when nothing."""
    found = state.soon(ruleset.facts)
    if not found:
        return ""
    names = "、".join(f"{e.label}（{f'{e.days} 天' if e.days else '今天'}）" for e in found[:shown])
    return f"一周内过期 {len(found)} 项{'，最早的' if len(found) > shown else ''}：{names}"
