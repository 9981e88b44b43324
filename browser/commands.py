"""The commands that must give the same bytes natively, in node and in a browser: one list, run in this order in a folder
that holds a copy of ``data/``. ``OUT`` stands for the folder of papers, ``FIXED`` for the day that the clock says."""

from __future__ import annotations

from typing import Final

FIXED: Final = "2026-11-01"
TAOLI: Final = "data/taoli/2023-04-15.yaml"
BEFORE: Final = "data/taoli/2022-04-30.yaml"
DONGHU: Final = "data/donghu/2026-10-15.yaml"
RECORDS: Final = (
    *(TAOLI, BEFORE, DONGHU, "data/beimen/2026-10-15.yaml", "data/cuihu/2026-10-15.yaml"),
    "data/huaihuayuan/2023-04-15.yaml",
)
COMMANDS: Final[list[list[str]]] = [
    *(["assess", record, "--format", "json"] for record in RECORDS),
    *(["assess", record] for record in (TAOLI, DONGHU)),
    *(["assess", DONGHU, "--rules", rules, "--format", "json"] for rules in ("core-only", "strict-local")),
    ["assess", "data/huaihuayuan/2023-04-15.yaml", "--rules", "complete-community", "--format", "json"],
    ["explain", "FAC-01", TAOLI],
    ["explain", "ENV-01", DONGHU, "--rules", "strict-local"],
    ["next", TAOLI, "--minutes", "120"],
    ["next", TAOLI, "--minutes", "60", "--format", "json"],
    ["check", "data"],
    ["compare", "data", "--as-of", "2026-10-15", "--format", "json"],
    ["compare", "data", "--format", "html", "-o", "OUT/比较.html"],
    ["compare", "data", "--format", "xlsx", "-o", "OUT/比较.xlsx"],
    ["plan", DONGHU, "--budget", "20万", "--format", "json"],
    ["plan", DONGHU, "--target", "80", "--format", "json"],
    ["plan", DONGHU, "--target", "76", "--fewest"],
    ["plan", "data/cuihu/2026-10-15.yaml", "--by", "2027-03-31", "--days", "60", "--known", "--format", "json"],
    ["plan", DONGHU, "--greedy", "--budget", "10万"],
    ["plan", DONGHU, "--target", "良好", "--format", "html", "-o", "OUT/方案.html"],
    ["plan", DONGHU, "--target", "良好", "--format", "xlsx", "-o", "OUT/方案.xlsx"],
    ["plan", "data", "--shared", "--budget", "10万"],
    ["trend", "data/taoli", "--format", "html", "-o", "OUT/变化.html"],
    ["trend", "data/taoli"],
    ["diff", "data/taoli", "--format", "html", "-o", "OUT/前后.html"],
    ["diff", BEFORE, TAOLI],
    *(["report", record, "--to", "html,xlsx,md,csv,json", "-o", "OUT"] for record in RECORDS),
    ["report", DONGHU, "--to", "junit,oscal", "--target", "80", "-o", "OUT"],
    ["report", DONGHU, "--to", "html,xlsx", "--since", "none", "--rules", "strict-local", "-o", "OUT"],
    ["fresh", DONGHU],
    ["ledger", DONGHU, "-o", "OUT/台账.xlsx"],
    ["problems", "data/检查组问题清单.csv"],
    ["problems", "data/检查组问题清单.csv", "-o", "OUT/待确认.xlsx"],
    ["table", "data", "-o", "OUT/总表.csv"],
    ["table", "data", "-o", "OUT/总表.xlsx"],
    ["assess", "data/hechi/2026-10-15.yaml", "--format", "json"],
    ["sites", "list", "data/hechi"],
    ["forecast", "data/hechi/2026-10-15.yaml", "--draw", "estate=1", "--format", "json"],
    ["forecast", "data/hechi/2026-10-15.yaml", "--format", "html", "-o", "OUT/推演.html"],
    ["rules"],
    ["rules", "show", "FAC-01"],
    ["test", "complete-community"],
    ["init", "新社区", "--city", "某市", "--id", "xin"],
    ["form", "新社区", "-o", "OUT/空表.xlsx"],
    ["form", DONGHU, "--filled", "-o", "填好.xlsx"],
    ["assess", "填好.xlsx", "--format", "json"],
    ["import", "填好.xlsx", "--into", "data/donghu"],
    ["import", "填好.xlsx", "--into", "data/donghu", "--by", "李强", "--write"],
    ["undo", "data/donghu", "--list"],
    ["undo", "data/donghu"],
    ["assess", "没有这个文件.yaml"],
    ["explain", "FAC-99", TAOLI],
    ["nonsense"],
]
CANNOT: Final[list[list[str]]] = [
    ["report", DONGHU, "--to", "docx", "-o", "OUT"],
    ["report", DONGHU, "--to", "pdf", "-o", "OUT"],
]
"""What the page cannot make: refused in a sentence, exit 2, nothing written."""
