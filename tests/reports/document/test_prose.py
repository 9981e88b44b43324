"""Lines of Chinese prose: nothing lost, nothing too wide, no line that begins with 、 or ends with （."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from checklist.reports.document.prose import NO_END, NO_START, wrap
from tests.support.laws import examples

WORDS = st.sampled_from(["天", "清出", "楼道", "3", "FIR-04", "96.1", " ", "96", "mp3"])
MARKS = st.sampled_from([*"、。；：（）“”《》", "）；", "。”", "：“", "（“", "……"])
TEXTS = st.lists(st.one_of(WORDS, WORDS, WORDS, MARKS), max_size=60).map("".join)


def set_right(text: str) -> str:
    """No blank before a mark that closes or after one that opens: there is none in prose."""
    closing, opening = (re.escape("".join(marks)) for marks in (NO_START, NO_END))
    return re.sub(f" +(?=[{closing}])|(?<=[{opening}]) +", "", text)


def squeezed(text: str) -> str:
    return text.replace(" ", "")


@settings(max_examples=examples(300), deadline=None)
@given(TEXTS, st.integers(24, 60), st.integers(0, 6))
def test_every_line_fits_and_nothing_is_lost(text: str, width: int, hang: int) -> None:
    lines = wrap(text, width, hang)
    assert squeezed("".join(lines)) == squeezed(text)
    assert all(cell_len(line) <= (width - hang if i else width) for i, line in enumerate(lines))


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.one_of(WORDS, st.builds("{}{}".format, WORDS, MARKS)), max_size=60).map("".join).map(set_right))
def test_no_line_begins_or_ends_badly(text: str) -> None:
    lines = [line for line in wrap(text, 40) if line.strip()]
    for before, after in pairwise(lines):
        marks = "".join(char for char in before if char not in NO_START | NO_END)
        assert after.lstrip()[0] not in NO_START or not marks.strip(), (before, after)
        assert before[-1] not in NO_END or not marks.strip(), (before, after)


def test_a_bracket_that_closes_before_a_mark_goes_down_with_its_word() -> None:
    text = "张贴处罚告知（物业、消防，3 天）；2 个社区一共挽回 1.66 分"
    for width in range(28, 40):
        assert all(line[0] not in NO_START and line[-1] not in NO_END for line in wrap(text, width)), width
