"""A photo without what the camera wrote into it: place, time, device, the small first picture.

The picture is decoded and drawn anew, so nothing but its points comes through. Everything here runs in a
thread, one photo at a time: a big one takes a few hundred megabytes while it is open.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from PIL import Image

from core.errors import TownbellError

#: by content; what is drawn anew is a JPEG where nothing is see-through and it was no PNG, else a PNG
TYPES = ("image/jpeg", "image/png", "image/webp", "image/gif")
_DECODERS = ("JPEG", "PNG", "WEBP", "GIF")  # JPEG brings the several pictures of some phones, MPO

LONG_SIDE = 4096  # enough to read a photographed letter
JPEG_POINTS = 64_000_000  # phones take up to 64 million, and JPEG can be opened at half its size
OTHER_POINTS = 24_000_000  # a few kilobytes of PNG can claim any number; these cannot be opened smaller
QUALITY = 88

#: EXIF's eight ways to hold a camera, as what turns the picture upright
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

_one_at_a_time = threading.Lock()


class BrokenPhoto(TownbellError):
    """This photo cannot be opened: it is damaged, or cut off."""

    reason = "a damaged photo"


class HugePhoto(TownbellError):
    """This photo has too many points to be opened here. Please send a smaller one."""

    reason = "a photo with too many points"


def draw_anew(source: Path, target: Path) -> str:
    """Write the photo in `source` to the empty file `target`, without metadata; its MIME type."""
    with _one_at_a_time:
        try:
            return _draw_anew(source, target)
        except HugePhoto:
            raise
        except Exception as error:  # decoders of a dozen authors, given anything at all
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk's fault, not the picture's
            raise BrokenPhoto from None


def _draw_anew(source: Path, target: Path) -> str:
    # We judge the size ourselves, below; Pillow would only warn, and on the terminal.
    Image.MAX_IMAGE_PIXELS = None
    with source.open("rb") as file, Image.open(file, formats=_DECODERS) as photo:
        jpeg = photo.format in ("JPEG", "MPO")
        points = photo.width * photo.height
        if points > (JPEG_POINTS if jpeg else OTHER_POINTS):
            raise HugePhoto
        if jpeg:
            photo.draft("RGB", (LONG_SIDE, LONG_SIDE))
        photo.load()
        turn = _UPRIGHT.get(_orientation(photo))
        clean = _plain(photo)
    if max(clean.size) > LONG_SIDE:
        clean.thumbnail((LONG_SIDE, LONG_SIDE))
    if turn is not None:
        clean = clean.transpose(turn)
    # Pillow writes some of what it read (colour profile, comment) into the next file by itself.
    clean.info = {}
    as_jpeg = clean.mode == "RGB" and photo.format != "PNG"
    with target.open("wb") as drawn:
        if as_jpeg:
            clean.save(drawn, "JPEG", quality=QUALITY)
        else:
            clean.save(drawn, "PNG")
        drawn.flush()
        os.fsync(drawn.fileno())
    return "image/jpeg" if as_jpeg else "image/png"


def _orientation(photo: Image.Image) -> int:
    try:
        value = photo.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - a broken note is no reason to refuse the picture
        return 1
    return value if isinstance(value, int) else 1


def _plain(photo: Image.Image) -> Image.Image:
    """The first picture of the file, in one of the three ways to write points that every viewer knows."""
    if photo.mode.startswith("I"):  # sixteen bits a point: `convert` alone would cut them, not scale
        return photo.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if photo.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in photo.info:
        return photo.convert("RGBA")
    if photo.mode == "L" and photo.format == "PNG":
        return photo.copy()
    return photo.convert("RGB")
