"""What a picture tells without being believed: is it one, when and where was it taken, what does it look like.

Pillow and pillow-heif (for HEIC, the pictures of iPhones) are optional: without them only the kind of file is told.
Nothing is decoded whose header claims too many pixels.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from checklist.model.refusals import Refusal

MAX_PIXELS: Final = 80_000_000
"""A header that claims more is refused, not decoded."""

MAX_JPEG_PIXELS: Final = 220_000_000
"""Telephones have cameras of 200 megapixels. A JPEG in one pass is looked at in small; only that is safe."""

NEAR: Final = 4
"""Pictures whose difference hashes differ in at most this many of 64 bits look the same."""

_KINDS: Final[tuple[tuple[bytes, int, str], ...]] = (
    (b"\xff\xd8\xff", 0, "jpg"),
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"GIF8", 0, "gif"),
    (b"BM", 0, "bmp"),
    (b"WEBP", 8, "webp"),
    *((b"ftyp" + brand, 4, "heic") for brand in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")),
)
PICTURES: Final = frozenset({"jpg", "jpeg", "png", "gif", "bmp", "webp", "heic", "heif"})
_ORIENTATION, _TAKEN, _ZONE = 274, 36867, 36881
_EXIF, _GPS = 0x8769, 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_FLAT: Final = 4


class NotAPicture(Refusal):
    """The content is not the picture that its name says, or must not be opened."""


@dataclass(frozen=True, slots=True)
class Look:
    """``taken`` is None when the picture carries no time (messaging apps remove it); ``dhash`` None when it cannot be
    compared, ``located`` whether it tells where it was taken. ``examined`` is False when Pillow, or for HEIC
    pillow-heif, is missing."""

    kind: str
    examined: bool
    taken: datetime | None = None
    dhash: int | None = None
    located: bool = False


def kind_of(data: bytes) -> str:
    """The picture format by its first bytes; empty for anything else."""
    return next((kind for magic, at, kind in _KINDS if data[at : at + len(magic)] == magic), "")


def look_at(data: bytes) -> Look:
    """Raises NotAPicture with the reason in Chinese."""
    kind = kind_of(data)
    if not kind:
        raise NotAPicture("内容不是图片")
    try:
        with _opened(data) as picture:
            return Look(kind, True, _taken(picture), _dhash(picture), _located(picture, data))
    except ImportError:
        return Look(kind, examined=False)


def without_location(data: bytes) -> bytes:
    """The same picture without its position and everything else that it tells, except when it was taken.

    Encoded anew: JPEG with the tables that it had, HEIC as JPEG; a GIF or BMP never has a position and stays as it
    is. Raises NotAPicture, ImportError without Pillow or, for HEIC, pillow-heif.
    """
    from PIL import Image

    with _opened(data) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise NotAPicture(f"照片有 {picture.width}×{picture.height} 个像素，太大，去不掉拍摄位置")
        known, format = picture.getexif(), str(picture.format)
        if format in ("GIF", "BMP"):
            return data
        kept = Image.Exif()
        if _ORIENTATION in known:
            kept[_ORIENTATION] = known[_ORIENTATION]
        with suppress(Exception):  # a broken block has nothing worth keeping
            times = {tag: str(t) for tag, t in known.get_ifd(_EXIF).items() if tag in (_TAKEN, _ZONE)}
            kept.get_ifd(_EXIF).update(times)
        target = format if format in ("PNG", "WEBP") else "JPEG"
        quality: Any = "keep" if format == "JPEG" else 92
        told = {key: picture.info[key] for key in ("icc_profile", "transparency") if key in picture.info}
        picture.load()
        picture.info.clear()  # XMP, comments and thumbnails would otherwise be written again
        out = io.BytesIO()
        (picture if target != "JPEG" or quality == "keep" else picture.convert("RGB")).save(
            out, target, quality=quality, exif=kept, **told
        )
        return out.getvalue()


def heif_ready() -> bool:
    """Whether HEIC pictures can be opened; from then on Pillow does."""
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        return False
    register_heif_opener()
    return True


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """The picture, not yet decoded. Raises NotAPicture also for what goes wrong later, ImportError."""
    from PIL import Image

    if kind_of(data) == "heic" and not heif_ready():
        raise ImportError("pillow_heif")
    Image.MAX_IMAGE_PIXELS = None  # our own limits below refuse, instead of Pillow's warning
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            one_pass = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
            if width * height > (MAX_JPEG_PIXELS if one_pass else MAX_PIXELS):
                raise NotAPicture(f"图片太大（{width}×{height} 个像素）")
            yield picture
    except (NotAPicture, ImportError):
        raise
    except Exception:  # a decoder may fail on a hostile file in any way it likes
        raise NotAPicture("图片打不开，可能已经损坏") from None


def _taken(picture: Any) -> datetime | None:
    try:
        text = picture.getexif().get_ifd(_EXIF).get(_TAKEN)
        return datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S") if text else None
    except Exception:  # whatever a broken EXIF block does, it only means that there is no time
        return None


def _located(picture: Any, data: bytes) -> bool:
    """In its EXIF block, or in the XMP text that some programs write."""
    with suppress(Exception):
        position = picture.getexif().get_ifd(_GPS)
        if _LATITUDE in position and _LONGITUDE in position:
            return True
    return b"exif:GPSLatitude" in data


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
