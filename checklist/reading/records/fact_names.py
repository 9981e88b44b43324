"""Which fact a row of a table is about: by its id, its label, or both."""

from __future__ import annotations

from typing import Final

from checklist.model.problems import NotAValue
from checklist.model.rules.facts import Fact
from checklist.model.rules.ruleset import Ruleset
from checklist.values.headings import key, label_index, near_fact

MANY: Final = 50
"""After so many names that nobody knows the table is another one, and guessing what each may mean takes too long."""


class FactNames:
    """The facts of a ruleset by what a table may call them."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._ruleset, self._facts = ruleset, ruleset.facts
        self._index = label_index(ruleset)
        self.strangers = 0

    def known(self, id: str, label: str) -> Fact | None:
        """The fact, or None when neither says one. Raises NotAValue when they say two."""
        by_id, by_label = self._index.get(key(id)), self._index.get(key(label))
        if by_id and by_label and by_id != by_label:
            says = f"编号 {id} 和实测项“{label}”对不上"
            raise NotAValue("E221", says, "可能只有一列排过序；从原表重新粘一次")
        name = by_id or by_label
        return self._facts[name] if name else None

    def stranger(self, shown: str) -> NotAValue | None:
        """What to say of a name that is no fact's; None after MANY, which are only counted."""
        self.strangers += 1
        if self.strangers > MANY:
            return None
        if not shown:
            return NotAValue("E202", "这一行填了值，没有编号", "补上编号，或删掉这个值")
        return NotAValue("E204", f"没有这个实测项 {shown}", near_fact(shown, self._ruleset))
