"""A link as a QR code that a terminal can show: in plain characters that a GBK console has, or in colours."""

from __future__ import annotations

from typing import Final

BORDER: Final = 2
_WHITE, _BLACK, _RESET = "\x1b[107m  ", "\x1b[40m  ", "\x1b[0m"


def qr_text(link: str, *, colour: bool) -> str:
    """Without colours light squares are ``██`` and dark ones blanks, as on a dark terminal."""
    import segno

    rows = segno.make(link, error="l", micro=False).matrix_iter(border=BORDER)
    if colour:
        return "\n".join("".join(_BLACK if dark else _WHITE for dark in row) + _RESET for row in rows)
    return "\n".join("".join("  " if dark else "██" for dark in row).rstrip() for row in rows)
