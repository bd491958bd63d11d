"""Every kind of picture that people have comes out as the same pixels."""

import concurrent.futures

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from stash_sense.media.decode import ImageLimits, decode_image
from tests.media.pictures import (
    BLUE,
    GREEN,
    HEIGHT,
    RED,
    WHITE,
    WIDTH,
    corners,
    encode,
    near,
    quadrants,
    without_adobe_marker,
)

LIMITS = ImageLimits(max_bytes=5_000_000, max_pixels=5_000_000)
COLOURS = [RED, GREEN, BLUE, WHITE]


def decode(data: bytes) -> NDArray[np.uint8]:
    pixels = decode_image(data, LIMITS)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    assert pixels.flags.writeable
    assert pixels.shape[2] == 3
    return pixels


def test_a_lossless_picture_comes_back_pixel_for_pixel() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (33, 57, 3), dtype=np.uint8)
    for data in (
        encode(Image.fromarray(noise), "PNG"),
        encode(Image.fromarray(noise), "WEBP", lossless=True),
        encode(Image.fromarray(noise), "TIFF", compression="tiff_lzw"),
        encode(Image.fromarray(noise), "BMP"),
        cv2.imencode(".png", noise[:, :, ::-1])[1].tobytes(),
    ):
        np.testing.assert_array_equal(decode(data), noise)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF"])
def test_each_format_shows_its_colours_in_place(kind: str) -> None:
    pixels = decode(encode(quadrants(), kind))
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert near(corners(pixels), COLOURS)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif", ".bmp", ".tiff"])
def test_files_written_by_opencv_are_read_too(suffix: str) -> None:
    done, data = cv2.imencode(suffix, np.asarray(quadrants())[:, :, ::-1])
    assert done
    assert near(corners(decode(data.tobytes())), COLOURS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "stored_as"),
    [
        (1, None),
        (2, Image.Transpose.FLIP_LEFT_RIGHT),
        (3, Image.Transpose.ROTATE_180),
        (4, Image.Transpose.FLIP_TOP_BOTTOM),
        (5, Image.Transpose.TRANSPOSE),
        (6, Image.Transpose.ROTATE_90),
        (7, Image.Transpose.TRANSVERSE),
        (8, Image.Transpose.ROTATE_270),
    ],
)
def test_a_camera_s_orientation_is_honoured(
    kind: str, orientation: int, stored_as: Image.Transpose | None
) -> None:
    stored = quadrants() if stored_as is None else quadrants().transpose(stored_as)
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = decode(encode(stored, kind, exif=exif))
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert near(corners(pixels), COLOURS)


def test_unreadable_exif_does_not_spoil_the_picture() -> None:
    for junk in (
        b"Exif\x00\x00junk",
        b"Exif\x00\x00II*\x00\xff\xff\xff\xff",
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff",
    ):
        assert near(corners(decode(encode(quadrants(), "JPEG", exif=junk))), COLOURS)


def test_an_unknown_orientation_value_changes_nothing() -> None:
    exif = Image.Exif()
    exif[0x0112] = 77
    assert near(corners(decode(encode(quadrants(), "JPEG", exif=exif))), COLOURS)


def test_cmyk_with_and_without_adobe_s_inversion_shows_the_same_picture() -> None:
    cmyk = quadrants().convert("CMYK")
    adobe = encode(cmyk, "JPEG", quality=95)
    assert b"\xff\xee" in adobe
    assert near(corners(decode(adobe)), COLOURS)
    inverted = Image.fromarray(255 - np.asarray(cmyk), "CMYK")
    plain = without_adobe_marker(encode(inverted, "JPEG", quality=95))
    assert near(corners(decode(plain)), COLOURS)
    assert near(corners(decode(encode(cmyk, "TIFF"))), COLOURS)


def test_greyscale_becomes_three_equal_channels() -> None:
    grey = quadrants().convert("L")
    for kind in ("JPEG", "PNG", "TIFF", "WEBP"):
        pixels = decode(encode(grey, kind)).astype(int)
        assert np.abs(pixels - np.asarray(grey)[:, :, np.newaxis]).max() <= 6


def test_a_palette_is_looked_up() -> None:
    pixels = decode(encode(quadrants().quantize(16), "PNG"))
    assert near(corners(pixels), COLOURS)


def test_a_palette_colour_marked_transparent_is_shown_on_white() -> None:
    palette = quadrants().quantize(4)
    index = palette.getpixel((2, 2))
    for kind in ("PNG", "GIF"):
        pixels = decode(encode(palette, kind, transparency=index))
        assert near(corners(pixels), [(255, 255, 255), GREEN, BLUE, WHITE])


def test_a_colour_key_makes_that_colour_transparent() -> None:
    pixels = decode(encode(quadrants(), "PNG", transparency=RED))
    assert near(corners(pixels), [(255, 255, 255), GREEN, BLUE, WHITE])


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF"])
def test_transparent_pixels_show_white_whatever_colour_hides_behind_them(kind: str) -> None:
    picture = quadrants().convert("RGBA")
    picture.paste((*RED, 0), (0, 0, WIDTH // 2, HEIGHT // 2))
    pixels = decode(encode(picture, kind))
    assert near(corners(pixels), [(255, 255, 255), GREEN, BLUE, WHITE])


def test_half_transparent_black_is_mid_grey() -> None:
    pixels = decode(encode(Image.new("LA", (8, 8), (0, 128)), "PNG"))
    assert np.abs(pixels.astype(int) - 127).max() <= 1


def test_sixteen_bit_grey_keeps_its_tones() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[np.newaxis, :].repeat(4, axis=0)
    expected = np.arange(256, dtype=int)[np.newaxis, :].repeat(4, axis=0)
    for data in (
        encode(Image.fromarray(ramp), "PNG"),
        encode(Image.fromarray(ramp), "TIFF"),
        encode(Image.fromarray(ramp.astype(">u2")), "TIFF"),
        cv2.imencode(".png", ramp)[1].tobytes(),
        cv2.imencode(".tiff", ramp)[1].tobytes(),
    ):
        pixels = decode(data).astype(int)
        assert np.abs(pixels - expected[:, :, np.newaxis]).max() <= 1


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [3, 4])
def test_sixteen_bit_colour_keeps_its_tones(suffix: str, channels: int) -> None:
    colours = np.asarray(quadrants(), dtype=np.uint16)[:, :, ::-1] * 257
    if channels == 4:
        colours = np.dstack([colours, np.full((HEIGHT, WIDTH), 65535, np.uint16)])
    data = cv2.imencode(suffix, colours)[1].tobytes()
    assert near(corners(decode(data)), COLOURS, within=1)


@pytest.mark.parametrize("top", [1.0, 255.0, 65535.0, 1e6])
def test_floating_point_grey_is_scaled_to_the_range_it_fills(top: float) -> None:
    ramp = np.linspace(0, top, 256, dtype=np.float32)[np.newaxis, :].repeat(4, axis=0)
    pixels = decode(encode(Image.fromarray(ramp), "TIFF")).astype(int)
    assert np.abs(pixels[0, :, 0] - np.arange(256)).max() <= 1


def test_thirty_two_bit_grey_without_light_is_black() -> None:
    pixels = decode(encode(Image.fromarray(np.zeros((4, 5), np.int32)), "TIFF"))
    assert pixels.max() == 0


def test_one_bit_pictures_are_black_and_white() -> None:
    picture = quadrants().convert("1", dither=Image.Dither.NONE)
    for kind in ("PNG", "TIFF", "BMP"):
        assert set(np.unique(decode(encode(picture, kind)))) == {0, 255}


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_the_first_frame_stands_for_an_animation(kind: str) -> None:
    others = [Image.new("RGB", (WIDTH, HEIGHT), colour) for colour in ((0, 0, 0), (9, 99, 199))]
    pixels = decode(encode(quadrants(), kind, save_all=True, append_images=others, duration=50))
    assert near(corners(pixels), COLOURS)


def test_a_phone_s_jpeg_with_a_second_picture_inside_shows_the_first() -> None:
    second = Image.new("RGB", (WIDTH, HEIGHT), (0, 0, 0))
    data = encode(quadrants(), "MPO", save_all=True, append_images=[second])
    assert near(corners(decode(data)), COLOURS)


def test_a_progressive_jpeg_is_read() -> None:
    assert near(corners(decode(encode(quadrants(), "JPEG", progressive=True))), COLOURS)


def test_a_single_pixel_is_a_picture() -> None:
    assert decode(encode(Image.new("RGB", (1, 1), RED), "PNG")).tolist() == [[list(RED)]]


def test_many_threads_decode_at_once() -> None:
    files = [encode(quadrants(), kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF")] * 20
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        assert all(near(corners(pixels), COLOURS) for pixels in threads.map(decode, files))
