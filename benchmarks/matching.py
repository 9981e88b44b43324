"""How often ``problems`` proposes the right criterion, by part of the labelled texts in tests/data/problem_texts.csv.

``rules`` is the ruleset alone. ``others known`` is with all other parts confirmed before, the part itself left out: what
a ledger adds to lines of another hand. No keyword was written for ``unseen`` and ``public``: these lines came after them
(``public`` from bulletins), and are not to be used for writing more. The last lines halve and double the figures of the
scoring in turn.

    python benchmarks/matching.py
"""

from __future__ import annotations

import csv
import time
from pathlib import Path

from checklist import load_ruleset
from checklist.engine.ledger import matching
from checklist.engine.ledger.matching import Index, Remembered, build_index, propose

TEXTS = Path(__file__).resolve().parent.parent / "tests" / "data" / "problem_texts.csv"
FIGURES = ("NEAREST_SHARE", "TEXT_SHARE", "PLACE", "ANY_FAULT", "UNHEARD")
UNSEEN = ("unseen", "public")
Row = dict[str, str]


def labelled() -> dict[str, list[Row]]:
    """The texts by part; ``criterion`` holds all that are right, separated by |, and nothing where none is."""
    parts: dict[str, list[Row]] = {}
    with TEXTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts.setdefault(row["part"], []).append(row)
    return parts


def rates(index: Index, rows: list[Row]) -> tuple[float, float]:
    """Shares of the texts that have a criterion at all: right first, right among the first three."""
    told = [row for row in rows if row["criterion"]]
    hits = [
        [p.criterion.id in row["criterion"].split("|") for p in propose(index, row["text"], point=row["point"])]
        for row in told
    ]
    return sum(hit[:1] == [True] for hit in hits) / len(told), sum(map(any, hits)) / len(told)


def main() -> None:
    ruleset, parts = load_ruleset("civilized-city-community"), labelled()
    start = time.perf_counter()
    index = build_index(ruleset)
    built = time.perf_counter()
    fifty = [row for rows in parts.values() for row in rows][:50]
    rates(index, fifty)
    print(f"index {built - start:.2f} s, 50 lines {time.perf_counter() - built:.2f} s, {len(index.examples)} examples")
    print(f"{'part':12}{'texts':>6}{'rules: first':>14}{'in three':>10}{'others known: first':>21}{'in three':>10}")
    for part, rows in parts.items():
        others = [row for other, told in parts.items() if other != part for row in told if row["criterion"]]
        known = build_index(ruleset, [Remembered(row["text"], row["criterion"].split("|")[0]) for row in others])
        alone, helped = rates(index, rows), rates(known, rows)
        figures = f"{alone[0]:14.1%}{alone[1]:10.1%}{helped[0]:21.1%}{helped[1]:10.1%}"
        print(f"{part:12}{sum(bool(row['criterion']) for row in rows):6}{figures}")
    new = [row for part in UNSEEN for row in parts[part]]
    print("unseen and public: first {:.1%}, in three {:.1%}".format(*rates(index, new)))
    everything = [row for rows in parts.values() for row in rows]
    print("all parts: first {:.1%}, in three {:.1%}".format(*rates(index, everything)))
    for name in FIGURES:
        ours = getattr(matching, name)
        told = []
        for factor in (0.5, 2.0):
            setattr(matching, name, ours * factor)
            told.append("{:.1%} {:.1%}".format(*rates(build_index(ruleset), everything)))
        setattr(matching, name, ours)
        print(f"  {name} {ours}: halved {told[0]}, doubled {told[1]}")


if __name__ == "__main__":
    main()
