"""What a picture tells without being believed: is it one, when was it taken, what does it look like.

Pillow is optional: without it only the kind of file is told. Nothing is decoded whose header claims too many pixels.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

MAX_PIXELS: Final = 80_000_000
"""More than any telephone takes; a header that claims more is refused, not decoded."""

NEAR: Final = 4
"""Pictures whose difference hashes differ in at most this many of 64 bits look the same."""

_KINDS: Final[tuple[tuple[bytes, int, str], ...]] = (
    (b"\xff\xd8\xff", 0, "jpg"),
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"GIF8", 0, "gif"),
    (b"BM", 0, "bmp"),
    (b"WEBP", 8, "webp"),
    (b"ftypheic", 4, "heic"),
    (b"ftypheix", 4, "heic"),
    (b"ftypmif1", 4, "heic"),
)
PICTURES: Final = frozenset({"jpg", "jpeg", "png", "gif", "bmp", "webp", "heic"})
_TAKEN, _EXIF = 36867, 0x8769
_FLAT: Final = 4


class NotAPicture(ValueError):
    """The content is not the picture that its name says, or must not be opened."""


@dataclass(frozen=True, slots=True)
class Look:
    """``taken`` is None when the picture carries no time (messaging apps remove it); ``dhash`` None when it cannot be
    compared. ``examined`` is False when Pillow is missing."""

    kind: str
    examined: bool
    taken: datetime | None = None
    dhash: int | None = None
    size: tuple[int, int] | None = None


def kind_of(data: bytes) -> str:
    """The picture format by its first bytes; empty for anything else."""
    return next((kind for magic, at, kind in _KINDS if data[at : at + len(magic)] == magic), "")


def look_at(data: bytes) -> Look:
    """Raises NotAPicture with the reason in Chinese."""
    kind = kind_of(data)
    if not kind:
        raise NotAPicture("内容不是图片")
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        return Look(kind, examined=False)
    Image.MAX_IMAGE_PIXELS = None  # our own limit below refuses, instead of Pillow's warning
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise NotAPicture(f"图片太大（{width}×{height}），可能是有意做的")
            return Look(kind, True, _taken(picture), _dhash(picture), (width, height))
    except UnidentifiedImageError:
        if kind == "heic":  # Pillow alone does not read it
            return Look(kind, examined=False)
        raise NotAPicture("图片打不开，可能已经损坏") from None
    except NotAPicture:
        raise
    except (OSError, ValueError, SyntaxError, MemoryError, OverflowError, EOFError, KeyError, TypeError):
        raise NotAPicture("图片打不开，可能已经损坏") from None


def _taken(picture: Any) -> datetime | None:
    try:
        text = picture.getexif().get_ifd(_EXIF).get(_TAKEN)
        return datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S") if text else None
    except Exception:  # whatever a broken EXIF block does, it only means that there is no time
        return None


def _dhash(picture: Any) -> int | None:
    """64 bits: is each point of an 8 × 8 grid brighter than its right neighbour. None for an even surface."""
    picture.draft("L", (72, 64))
    grey = picture.convert("L").resize((9, 8))
    points = list(grey.tobytes())
    if max(points) - min(points) < _FLAT:
        return None
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (points[row * 9 + column] > points[row * 9 + column + 1])
    return bits


def alike(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and (one ^ other).bit_count() <= NEAR
