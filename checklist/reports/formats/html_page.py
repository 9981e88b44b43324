"""The frame of every page that we write: one style sheet, one policy, nothing fetched from anywhere.

A page may run no script and take no style but those it carries, named by their hashes: whatever a record says, it
cannot run.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "web"


def html_page(title: str, body: str, kind: str = "", script: str = "") -> bytes:
    """``body`` is HTML, everything in it escaped; ``kind`` is the body's class; ``script`` is the name of one of our
    own files."""
    css = (FOLDER / "page.css").read_text(encoding="utf-8")
    code = (FOLDER / script).read_text(encoding="utf-8") if script else ""
    policy = f"default-src 'none'; img-src data:; style-src {_hash(css)}; base-uri 'none'; form-action 'none'"
    policy += f"; script-src {_hash(code)}" if code else ""
    lines = (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">',
        f"<title>{escape(title)}</title>\n<style>{css}</style>\n</head>",
        f'<body class="{kind}">' if kind else "<body>",
        body,
        f"<script>{code}</script>\n</body>\n</html>\n" if code else "</body>\n</html>\n",
    )
    return "\n".join(lines).encode("utf-8")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"
