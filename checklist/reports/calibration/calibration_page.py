"""A calibration as a page: for Markdown, a web page or a workbook. No person and no community is named."""

from __future__ import annotations

from checklist.model.results.calibration import Agreement, Calibration
from checklist.reports.calibration.calibration_screen import (
    SHRUNK_NOTE,
    WHAT_BIAS_IS,
    bias_text,
    heading_text,
    interval_text,
    kappa_text,
    left_text,
)
from checklist.reports.document.blocks import Block, Grid, Heading, Page, Paragraph

_HEAD = ("条数", "同档", "一致性 κ", "偏差", "95% 区间")


def calibration_page(calibration: Calibration) -> Page:
    title = "自查和检查对一对"
    blocks: list[Block] = [Heading(1, title), Paragraph(heading_text(calibration)), Paragraph(WHAT_BIAS_IS)]
    if left := left_text(calibration):
        blocks.append(Paragraph(left, "没法对的"))
    modules = tuple(_row(one) for one in (calibration.total, *calibration.modules))
    blocks += [Heading(2, "模块"), Grid(("编号", "模块", *_HEAD), modules)]
    criteria = tuple((*_row(one), bias_text(one.shrunk)) for one in calibration.criteria)
    blocks += [
        Heading(2, "标准"),
        Paragraph(SHRUNK_NOTE),
        Grid(("编号", "标准", *_HEAD, "往平均数收过的偏差"), criteria),
    ]
    return Page("calibrate", title, tuple(blocks))


def _row(one: Agreement) -> tuple[str, ...]:
    return one.id, one.title, str(one.pairs), str(one.same), kappa_text(one), bias_text(one.bias), interval_text(one)
