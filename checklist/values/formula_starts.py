"""No text is ever a formula: how one begins, what keeps a text from being one, and the way back."""

from __future__ import annotations

import re
from typing import Final

FORMULA_START: Final = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
"""How text begins that a spreadsheet would take for a formula."""


NUL: Final = "\x00"
"""What no program writes into a text table: to us and to others it says that the file is not whole."""


def harmless(text: str) -> str:
    """Text for a CSV cell: none that a spreadsheet program takes for a formula, with an apostrophe before it if it
    must, and without NUL."""
    text = text.replace(NUL, "")
    return f"'{text}" if FORMULA_START.match(text) else text


def unguarded(text: str) -> str:
    """The text again, without that apostrophe."""
    return text[1:] if text.startswith("'") and FORMULA_START.match(text) else text
