"""A shared budget in words: what it is, what it wins, what a floor costs. Every number of points is of a score of 100."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from checklist.model.numbers import number_text, percent_text, points_text, rounded
from checklist.model.planning.sharing import FloorPrice, SharedPlan
from checklist.reports.language.action_phrases import yuan_text
from checklist.reports.language.names import named


def headline(found: SharedPlan) -> str:
    limits = found.limits
    by = f"，{limits.by} 前做完" if limits.by else ""
    end = "上限" if limits.cost_end == "high" else "下限"
    return f"{len(found.shares)} 个社区分 {limits.budget or 0:,} 元{by}（费用按{end}算）"


def spent_line(found: SharedPlan) -> str:
    low, high = (sum(share.yuan[end] for share in found.shares) for end in (0, 1))
    count = len(found.shares)
    was = sum((share.before.score.low for share in found.shares), Fraction(0)) / count
    now = sum((share.after.score.low for share in found.shares), Fraction(0)) / count
    return (
        f"用掉 {yuan_text((low, high))}，平均每个社区的保底分由 {rounded(was)} 变为 {rounded(now)}，"
        f"标准分值一共多得 {points_text(found.won)} 分"
    )


def floor_lines(found: SharedPlan) -> Iterator[str]:
    """What was guaranteed, to whom not, and what it costs."""
    if found.each is not None:
        lacking = found.asked is not None and found.each < found.asked
        note = f"（要求 {number_text(found.asked or 0)} 分，钱不够）" if lacking else ""
        over = {community.id for community in found.price.over} if found.price else set()
        short = sum(s.rise < found.each and s.community.id not in over for s in found.shares)
        less = f"；{short} 个全做也没有这么多" if short else ""
        yield f"每个社区的保底分至少多得 {number_text(found.each)} 分{note}{less}"
    if found.floor is not None:
        under = sum(share.after.score.low < found.floor for share in found.shares)
        yield f"先拉高最低的：底线 {rounded(found.floor, 2)} 分" + (f"；{under} 个全做也到不了" if under else "")
    if found.price is not None:
        yield from _price_lines(found, found.price)


def _price_lines(found: SharedPlan, price: FloorPrice) -> Iterator[str]:
    lost = price.free - found.won
    if lost > 0:
        yield f"保底的代价：不保底，同样的钱标准分值一共能多得 {points_text(price.free)} 分，现在少 {points_text(lost)} 分"
    if price.bottleneck is not None and lost > 0:
        yield (
            f"最贵的是{named(price.bottleneck)}，保它的底要 {price.yuan:,} 元；单单不保它、别的照保，"
            f"标准分值一共多得 {points_text(price.spared)} 分。给每个社区的保底封顶：加 --each-cap 元"
        )
    if price.over:
        names = "、".join(map(named, price.over))
        yield f"保底要花的钱超过 {found.cap or 0:,} 元、没有保底的 {len(price.over)} 个：{names}"


def proof_line(found: SharedPlan) -> str:
    counted = "按标准分值算，红线按 100 分、一票否决按 1000 分计。"
    if found.gap == 0:
        return f"已证明：这笔钱没有多得更多分的分法。{counted}"
    return f"已证明：任何分法最多再多 {percent_text(found.gap, 4)} 的分。{counted}"
