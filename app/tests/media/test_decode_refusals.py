"""What cannot be used is refused with one readable line, and nothing but ImageError is raised."""

import base64
import contextlib
import io
import struct
import subprocess
import sys
import textwrap
import zipfile

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from stash_sense.media.decode import ImageError, ImageLimits, decode_base64, decode_image
from tests.media.pictures import encode, png_header_only, quadrants

LIMITS = ImageLimits(max_bytes=1_000_000, max_pixels=1_000_000)
KINDS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")
SAMPLES = {kind: encode(quadrants(), kind) for kind in KINDS}


def refusal(data: bytes, limits: ImageLimits = LIMITS) -> str:
    with pytest.raises(ImageError) as caught:
        decode_image(data, limits)
    message = str(caught.value)
    assert message
    assert "\n" not in message
    return message


def test_empty_data_is_named() -> None:
    assert "empty" in refusal(b"")


def test_too_many_bytes_are_refused_with_both_numbers_and_the_setting() -> None:
    message = refusal(b"\xff" * 2_500_000)
    assert "2.5 MB" in message
    assert "1.0 MB" in message
    assert "MAX_IMAGE_BYTES" in message


@pytest.mark.parametrize("side", [1001, 30_000, 100_000])
def test_too_many_pixels_are_refused_from_the_header(side: int) -> None:
    message = refusal(png_header_only(side, side))
    assert f"{side}x{side}" in message
    assert "MAX_IMAGE_PIXELS" in message


def test_as_many_pixels_as_allowed_are_accepted() -> None:
    data = encode(Image.new("L", (1000, 1000)), "PNG")
    assert decode_image(data, LIMITS).shape == (1000, 1000, 3)


def test_a_limit_above_pillow_s_own_is_the_one_that_counts(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    # Beyond twice this number Pillow's usual way of opening a file refuses, beyond it once it warns.
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert decode_image(SAMPLES["PNG"], LIMITS).size > 3 * 2000
    assert not recwarn.list


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "TIFF", "JPEG", "BMP", "AVIF"])
def test_a_decompression_bomb_costs_no_memory(kind: str) -> None:
    """In a process of its own, where the peak of memory is its own."""
    options = {"TIFF": "compression='tiff_lzw'", "WEBP": "lossless=True, method=0", "AVIF": "speed=10"}
    mode = "1" if kind in ("PNG", "BMP", "GIF", "TIFF") else "RGB"
    side = 10_000 if mode == "1" else 4_000
    bomb = encode_apart(kind, mode, side, options.get(kind, ""))
    script = f"""
        import resource, sys
        from stash_sense.media.decode import ImageError, ImageLimits, decode_image
        data = sys.stdin.buffer.read()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            decode_image(data, ImageLimits(max_bytes=100_000_000, max_pixels=1_000_000))
        except ImageError as error:
            assert "{side}x{side}" in str(error), error
        else:
            sys.exit("accepted")
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        input=bomb,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    # Decoding would take at least side * side / 8 bytes; ru_maxrss is in KiB.
    assert int(done.stdout) < len(bomb) / 1024 * 2 + 8_000


def encode_apart(kind: str, mode: str, side: int, options: str) -> bytes:
    """Encode in another process: the peak of memory of this one stays as it is."""
    script = (
        "import io, sys; from PIL import Image; out = io.BytesIO(); "
        f"Image.new({mode!r}, ({side}, {side})).save(out, {kind!r}, {options}); "
        "sys.stdout.buffer.write(out.getvalue())"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, timeout=60).stdout


def test_a_small_tiff_of_one_enormous_tile_is_refused() -> None:
    out = io.BytesIO()
    tifffile.imwrite(out, np.zeros((16, 16), np.uint8), tile=(16, 16), compression="zlib", byteorder="<")
    data = bytearray(out.getvalue())
    assert decode_image(bytes(data), LIMITS).shape == (16, 16, 3)
    with tifffile.TiffFile(io.BytesIO(data)) as written:
        tags = written.pages.first.tags
        tiles = {code: tags[code].offset for code in (322, 323)}
    for code, entry in tiles.items():
        # An entry of the directory: tag, type (4: 32 bits), count, then the value itself.
        data[entry : entry + 12] = struct.pack("<HHII", code, 4, 1, 40_000)
    assert "40000x40000" in refusal(bytes(data))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_truncated_file_is_refused_and_not_shown_in_part(kind: str, part: float) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (200, 200, 3), dtype=np.uint8)
    data = encode(Image.fromarray(noise), kind)
    assert "complete" in refusal(data[: int(len(data) * part)])


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
        (b"\n  <html lang='en'>", "web page"),
        (b'{"error": "no"}', "JSON"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7\n", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2", "video"),
        (b"\x1aE\xdf\xa3\x01\x00\x00\x00", "video"),
        (b"\xff\x0a\x00\x00", "JPEG XL"),
        (b"hello, this is text", "no known image format"),
        (bytes(500), "no known image format"),
    ],
)
def test_what_is_no_picture_is_called_by_its_name(data: bytes, named: str) -> None:
    message = refusal(data)
    assert named in message
    assert "JPEG, PNG, WebP" in message


def test_a_zip_archive_is_called_by_its_name() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("a.txt", "a")
    assert "ZIP" in refusal(archive.getvalue())


@pytest.mark.parametrize("kind", ["EPS", "PPM", "TGA", "PCX", "ICO", "JPEG2000"])
def test_formats_outside_the_list_are_not_opened(kind: str) -> None:
    refusal(encode(quadrants(), kind))


def test_pillow_s_process_wide_settings_stay_as_they_are() -> None:
    pixels, truncated = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES
    decode_image(SAMPLES["PNG"], LIMITS)
    refusal(SAMPLES["JPEG"][:300])
    assert pixels == Image.MAX_IMAGE_PIXELS
    assert truncated == ImageFile.LOAD_TRUNCATED_IMAGES


def survives(data: bytes) -> None:
    try:
        pixels = decode_image(data, LIMITS)
    except ImageError:
        pass
    else:
        assert pixels.ndim == 3


@given(st.binary(max_size=400))
def test_arbitrary_bytes_raise_nothing_but_image_error(data: bytes) -> None:
    survives(data)


@settings(max_examples=200, deadline=None)
@given(kind=st.sampled_from(KINDS), body=st.binary(max_size=300), keep=st.integers(2, 64))
def test_a_real_beginning_with_an_arbitrary_rest_raises_nothing_but_image_error(
    kind: str, body: bytes, keep: int
) -> None:
    survives(SAMPLES[kind][:keep] + body)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(KINDS), changes=st.dictionaries(st.floats(0, 1), st.integers(0, 255), max_size=6))
def test_changed_bytes_raise_nothing_but_image_error(kind: str, changes: dict[float, int]) -> None:
    data = bytearray(SAMPLES[kind])
    for place, value in changes.items():
        data[int(place * (len(data) - 1))] = value
    survives(bytes(data))


@settings(max_examples=100, deadline=None)
@given(kind=st.sampled_from(KINDS), part=st.floats(0, 1))
def test_a_file_cut_anywhere_raises_nothing_but_image_error(kind: str, part: float) -> None:
    survives(SAMPLES[kind][: int(part * len(SAMPLES[kind]))])


class TestBase64:
    @given(st.binary(min_size=1, max_size=200))
    def test_what_was_encoded_comes_back(self, data: bytes) -> None:
        text = base64.b64encode(data).decode()
        wrapped = "\r\n ".join(text[i : i + 20] for i in range(0, len(text), 20))
        for form in (
            text,
            text.rstrip("="),
            wrapped,
            f"data:image/png;base64,{text}",
            f" DATA:;BASE64,{text}\n",
        ):
            assert decode_base64(form, LIMITS) == data

    @pytest.mark.parametrize("text", ["", "   ", "====", "data:image/png;base64,"])
    def test_empty_text_is_named(self, text: str) -> None:
        with pytest.raises(ImageError, match="empty"):
            decode_base64(text, LIMITS)

    @pytest.mark.parametrize("text", ["abcde", "not base64!", "äöü=", "YWJj*", "http://host/a.jpg", "YW=Jj"])
    def test_wrong_base64_is_refused(self, text: str) -> None:
        with pytest.raises(ImageError, match="not base64"):
            decode_base64(text, LIMITS)

    @pytest.mark.parametrize("text", ["data:image/png,abc", "data:image/png;base64"])
    def test_a_data_url_that_is_not_base64_is_refused(self, text: str) -> None:
        with pytest.raises(ImageError, match="data: URL"):
            decode_base64(text, LIMITS)

    def test_the_limit_holds_exactly_and_before_decoding(self) -> None:
        limits = ImageLimits(max_bytes=9, max_pixels=1)
        assert decode_base64(base64.b64encode(b"x" * 9).decode(), limits) == b"x" * 9
        with pytest.raises(ImageError, match="MAX_IMAGE_BYTES"):
            decode_base64(base64.b64encode(b"x" * 10).decode(), limits)
        with pytest.raises(ImageError, match="MAX_IMAGE_BYTES"):
            decode_base64("!" * 1000, limits)

    @given(st.text(max_size=100))
    def test_arbitrary_text_raises_nothing_but_image_error(self, text: str) -> None:
        with contextlib.suppress(ImageError):
            decode_base64(text, LIMITS)
