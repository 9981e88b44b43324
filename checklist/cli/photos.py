"""Evidence photos as small JPEGs: turned upright, without the camera's data (place, device, time)."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final

from checklist.keeping.pictures import heif_ready

LONGEST_SIDE: Final = 480
QUALITY: Final = 70
LARGEST_FILE: Final = 40 * 1024 * 1024
MOST_PIXELS: Final = 80_000_000
"""More is not decoded, except a JPEG in one pass: that is decoded in small."""
MOST: Final = 300
PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".heic"})


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

    heif_ready()
    Image.MAX_IMAGE_PIXELS = None  # our own limit below refuses, instead of Pillow's warning
    try:
        path = (root / name).resolve()
        if not path.is_relative_to(root) or not path.is_file() or path.stat().st_size > LARGEST_FILE:
            return None
        with Image.open(path) as picture:
            small = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
            if picture.width * picture.height > MOST_PIXELS * (3 if small else 1):
                return None
            picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        out = BytesIO()
        upright.save(out, "JPEG", quality=QUALITY)
        return out.getvalue()
    except Exception:  # a decoder may fail on a hostile file in any way it likes
        return None  # a broken, huge or foreign file is told by name, never a reason to give up the report
