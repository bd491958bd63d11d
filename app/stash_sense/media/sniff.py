"""What a file that is no readable picture is instead, so that the error can say so."""

READABLE = "JPEG, PNG, WebP, AVIF, GIF, BMP or TIFF"
SVG = "an SVG drawing"

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xff\x0a", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL image"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 image"),
    (b"8BPS", "a Photoshop document"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM video"),
    (b"\x00\x00\x01\x00", "an icon file"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")


def describe(data: bytes) -> str:
    """Name what `data` looks like, with its article: "a web page", "a HEIC image"."""
    for start, name in _STARTS:
        if data.startswith(start):
            return name
    if data[4:8] == b"ftyp":
        return "a HEIC image" if data[8:12] in _HEIF_BRANDS else "a video"
    text = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return SVG
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page (HTML), perhaps an error or a log-in page"
    if text.startswith((b"{", b"[")):
        return "JSON text"
    return "no known image format"
