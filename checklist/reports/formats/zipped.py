"""Office files are zip archives; the same content must give the same bytes whenever it is written."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Final

EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def steady(data: bytes) -> bytes:
    """The archive with every member dated 1980, in the same order, packed the same way."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            member.external_attr = 0o600 << 16
            new.writestr(member, old.read(name), zipfile.ZIP_DEFLATED, 6)
    return out.getvalue()
