"""Evidence photos as small JPEGs: turned upright, without the camera's data (place, device, time)."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final

LONGEST_SIDE: Final = 480
QUALITY: Final = 70
LARGEST_FILE: Final = 40 * 1024 * 1024
MOST: Final = 300
PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff"})


def thumbnails(names: Iterable[str], folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """Pictures below ``folder`` by the name that the record gives them, and the names that could not be shown.

    Nothing outside the folder is read, whatever a record says.
    """
    found: dict[str, bytes] = {}
    trouble: list[str] = []
    root = folder.resolve()
    for name in dict.fromkeys(names):
        if Path(name).suffix.lower() not in PICTURES:
            continue
        data = _small(root, name) if len(found) < MOST else None
        if data is None:
            trouble.append(name)
        else:
            found[name] = data
    return found, trouble


def _small(root: Path, name: str) -> bytes | None:
    from PIL import Image, ImageOps

    try:
        path = (root / name).resolve()
        if not path.is_relative_to(root) or not path.is_file() or path.stat().st_size > LARGEST_FILE:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        out = BytesIO()
        upright.save(out, "JPEG", quality=QUALITY)
        return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None  # a broken, huge or foreign file is told by name, never a reason to give up the report
