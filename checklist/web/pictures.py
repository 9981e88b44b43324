"""A photo from a phone made harmless: known formats only, its size looked at before it is decoded, encoded anew.

What is kept besides the picture is the time it was taken; its position only when that was asked for.
"""

from __future__ import annotations

import io
import warnings
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from checklist.keeping.pictures import NotAPicture

LARGEST_FILE: Final = 20_000_000
"""Bytes."""
MOST_PIXELS: Final = {"JPEG": 64_000_000, "MPO": 64_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
EDGE: Final = 2000
"""Pixels of the longer edge that is kept."""
QUALITY: Final = 85

_TIME, _TIME_ZONE = 36867, 36881
_EXIF, _GPS = 0x8769, 0x8825
_STAMP: Final = "%Y:%m:%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG that we encoded. ``taken`` is None for a picture without that information (无元数据)."""

    data: bytes
    taken: datetime | None
    located: bool


def clean_picture(data: bytes, *, keep_position: bool = False) -> Picture:
    """Decode and encode anew, the right way up, at most EDGE pixels long. Raises NotAPicture."""
    from PIL import Image, ImageOps

    if len(data) > LARGEST_FILE:
        raise NotAPicture(f"照片太大，最多 {LARGEST_FILE // 1_000_000} MB")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as image:
                if image.width * image.height > MOST_PIXELS[str(image.format)]:
                    raise NotAPicture(f"照片有 {image.width}×{image.height} 个像素，太大了，用普通模式再拍一张")
                exif = image.getexif()
                image.draft("RGB", (EDGE, EDGE))
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((EDGE, EDGE))
                kept, taken, located = _kept(exif, keep_position)
                return Picture(_encoded(upright, kept), taken, located)
        except NotAPicture:
            raise
        except Image.DecompressionBombError:
            raise NotAPicture("照片的像素多得不正常，没有收") from None
        except Exception:  # a decoder may fail on a hostile file in any way it likes
            raise NotAPicture("这不是能打开的照片；请用 JPG、PNG 或 WebP 照片") from None


def _encoded(image: Any, exif: Any) -> bytes:
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        with_alpha = image.convert("RGBA")
        image = Image.new("RGB", with_alpha.size, "white")
        image.paste(with_alpha, mask=with_alpha.getchannel("A"))
    bare = image.convert("RGB")
    bare.info.clear()  # comments, profiles and XMP would otherwise be written again
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, exif=exif)
    return out.getvalue()


def _kept(exif: Any, keep_position: bool) -> tuple[Any, datetime | None, bool]:
    """A new EXIF block with the time, and the position when asked; everything else stays behind."""
    from PIL import Image

    new = Image.Exif()
    details, taken = exif.get_ifd(_EXIF), None
    with suppress(ValueError):
        taken = datetime.strptime(str(details.get(_TIME, "")), _STAMP)
    if taken is not None:
        times = new.get_ifd(_EXIF)
        times[_TIME] = taken.strftime(_STAMP)
        zone = details.get(_TIME_ZONE)
        if isinstance(zone, str) and len(zone) == 6:
            times[_TIME_ZONE] = zone
    position = dict(exif.get_ifd(_GPS)) if keep_position else {}
    new.get_ifd(_GPS).update({tag: position[tag] for tag in (1, 2, 3, 4) if tag in position})
    return new, taken, len(position) > 0
