"""A photo comes out as it was seen, and without what the camera wrote into it."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from bot.photos import LONG_SIDE, BrokenPhoto, HugePhoto, draw_anew

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F

Drawn = Callable[[bytes], tuple[bytes, str]]


@pytest.fixture
def drawn(tmp_path: Path) -> Drawn:
    """Draws the bytes of a photo anew; the new bytes and their type."""

    def draw(photo: bytes) -> tuple[bytes, str]:
        source, target = tmp_path / "source", tmp_path / "target"
        source.write_bytes(photo)
        mime = draw_anew(source, target)
        return target.read_bytes(), mime

    return draw


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Left half dark, right half light, so that one sees how it is turned."""
    image = Image.new(mode, size, 0 if mode in ("L", "1", "P", "I;16") else (10, 10, 10, 255)[: len(mode)])
    image.paste(
        Image.new(
            mode, (size[0] // 2, size[1]), 255 if len(mode) < 3 or mode == "I;16" else (250,) * len(mode)
        ),
        (size[0] // 2, 0),
    )
    return image


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def from_a_phone(kind: str = "JPEG", orientation: int = 1, size: tuple[int, int] = (60, 40)) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "Townphone"
    exif[GPS] = {1: "N", 2: (47.0, 4.0, 14.0), 3: "E", 4: (15.0, 26.0, 22.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more = {"comment": b"at the playground"} if kind == "JPEG" else {}
    return saved(picture(size), kind, exif=exif, icc_profile=profile, **more)


def opened(photo: bytes) -> Image.Image:
    return Image.open(io.BytesIO(photo))


def colour(photo: Image.Image, spot: tuple[int, int] = (5, 5)) -> tuple[int, ...]:
    found = photo.getpixel(spot)
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_and_device_are_gone(drawn: Drawn, kind: str) -> None:
    before = from_a_phone(kind)
    assert opened(before).getexif().get_ifd(GPS)[2] == (47.0, 4.0, 14.0)
    after, _ = drawn(before)
    with opened(after) as photo:
        assert not photo.getexif()
        assert not {"exif", "icc_profile", "comment", "xmp"} & photo.info.keys()
    assert not any(word in after for word in (b"Exif", b"Townphone", b"playground", b"ICC_PROFILE", b"iCCP"))


def test_a_photo_taken_sideways_stands_upright(drawn: Drawn) -> None:
    for orientation, light_side in ((1, "right"), (2, "left"), (3, "left"), (6, "bottom"), (8, "top")):
        after, _ = drawn(from_a_phone(orientation=orientation))
        with opened(after) as photo:
            assert photo.size == ((60, 40) if light_side in ("left", "right") else (40, 60))
            spot = {"right": (50, 20), "left": (10, 20), "bottom": (20, 50), "top": (20, 10)}[light_side]
            assert min(colour(photo, spot)) > 200, orientation


def test_notes_in_a_png_are_gone(drawn: Drawn) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Amina")
    notes.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Graz</x:xmpmeta>")
    after, mime = drawn(saved(picture(), "PNG", pnginfo=notes))
    assert mime == "image/png"
    assert b"Amina" not in after
    assert b"xmpmeta" not in after


KINDS = [
    ("JPEG", "RGB", "image/jpeg"), ("JPEG", "L", "image/jpeg"), ("JPEG", "CMYK", "image/jpeg"),
    ("PNG", "RGB", "image/png"), ("PNG", "RGBA", "image/png"), ("PNG", "P", "image/png"),
    ("PNG", "L", "image/png"), ("PNG", "LA", "image/png"), ("PNG", "1", "image/png"),
    ("PNG", "I;16", "image/png"),
    ("WEBP", "RGB", "image/jpeg"), ("WEBP", "RGBA", "image/png"),
    ("GIF", "P", "image/jpeg"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "mode", "mime"), KINDS)
def test_every_way_to_write_points_comes_out(drawn: Drawn, kind: str, mode: str, mime: str) -> None:
    after, said = drawn(saved(picture(mode=mode), kind))
    assert said == mime
    with opened(after) as photo:
        photo.load()
        assert photo.size == (60, 40)
        assert photo.mode in ("RGB", "RGBA", "L")


def test_sixteen_bits_a_point_stay_as_light_as_they_were(drawn: Drawn) -> None:
    image = Image.new("I;16", (10, 10), 0x8000)
    after, _ = drawn(saved(image, "PNG"))
    with opened(after) as photo:
        assert photo.convert("L").getpixel((5, 5)) == pytest.approx(128, abs=2)


def test_what_is_see_through_stays_so(drawn: Drawn) -> None:
    after, _ = drawn(saved(Image.new("RGBA", (10, 10), (255, 0, 0, 0)), "PNG"))
    with opened(after) as photo:
        assert colour(photo.convert("RGBA"))[3] == 0


def test_of_a_moving_picture_the_first_is_kept(drawn: Drawn) -> None:
    frames = [Image.new("RGB", (10, 10), paint) for paint in ("red", "blue")]
    after, _ = drawn(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    with opened(after) as photo:
        assert getattr(photo, "n_frames", 1) == 1
        assert colour(photo.convert("RGB"))[0] > 200


def test_a_big_photo_is_made_smaller(drawn: Drawn) -> None:
    after, _ = drawn(saved(Image.new("RGB", (6000, 3000), "green"), "JPEG"))
    with opened(after) as photo:
        assert photo.size == (LONG_SIDE, LONG_SIDE // 2)


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_that_claims(width: int, height: int, text: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + text + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def test_a_few_bytes_that_claim_a_huge_picture_are_refused(drawn: Drawn) -> None:
    bomb = png_that_claims(60_000, 60_000)
    assert len(bomb) < 200
    with pytest.raises(HugePhoto):
        drawn(bomb)


def test_notes_that_unpack_to_half_a_gigabyte_are_refused(drawn: Drawn) -> None:
    packed = zlib.compressobj(9)
    stuff = b"".join(packed.compress(bytes(1 << 20)) for _ in range(500)) + packed.flush()
    with pytest.raises(BrokenPhoto):
        drawn(png_that_claims(10, 10, chunk(b"zTXt", b"note\0\0" + stuff)))


def test_a_jpeg_that_claims_a_huge_picture_is_refused(drawn: Drawn) -> None:
    photo = bytearray(saved(picture(), "JPEG"))
    at = photo.index(b"\xff\xc0") + 5
    photo[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    with pytest.raises(HugePhoto):
        drawn(bytes(photo))


BROKEN = [
    ("cut off", saved(picture((600, 400)), "JPEG")[:-600]),
    ("cut off at once", saved(picture(), "JPEG")[:30]),
    ("half a png", saved(Image.effect_noise((600, 400), 50), "PNG")[:20_000]),
    ("no picture in the png", png_that_claims(100, 100)),
    ("text", b"hello"),
    ("nothing", b""),
    ("another kind of picture", saved(picture(), "BMP")),
    ("a PDF with a picture", saved(picture(), "PDF")),
]


@pytest.mark.parametrize(("label", "photo"), BROKEN, ids=[label for label, _ in BROKEN])
def test_what_cannot_be_opened_whole_is_refused(drawn: Drawn, label: str, photo: bytes) -> None:
    with pytest.raises(BrokenPhoto):
        drawn(photo)
