"""What a file is. Rule: its first bytes decide, and not what was said of it; whatever is not known for harmless
here is never shown by a browser in the name of the house.

The signatures are those of the WHATWG's MIME Sniffing standard (sections 6.1 and 6.2), and of the formats themselves.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable

HEAD = 1_024
"""Bytes that are looked at."""
UNKNOWN = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"
_SIGNATURES = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF.{4}WEBPVP8", "image/webp"),
        (rb".{4}ftypavi[fs]", "image/avif"),
        (rb".{4}ftypM4A ", "audio/mp4"),
        (rb".{4}ftyp(?:isom|iso[2-9]|mp4[12]|avc1|dash|M4V |MSNV|qt  )", "video/mp4"),
        (rb"\x1a\x45\xdf\xa3.{0,40}webm", "video/webm"),
        (rb"OggS\x00", "audio/ogg"),
        (rb"fLaC", "audio/flac"),
        (rb"ID3|\xff[\xf2\xf3\xfa\xfb]", "audio/mpeg"),
        (rb"RIFF.{4}WAVEfmt ", "audio/wav"),
    )
)
_BY_NAME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_NOTHING_SAID = {"", UNKNOWN, "application/x-www-form-urlencoded"}
"""What programs say that do not know, or do not look."""
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_MARKUP = {"text/html", "text/xml", "text/xsl"}


def declared(content_type: str, name: str) -> str:
    """The media type that a client says a file has, in small letters and without parameters; "" for none that is well
    formed. One that says nothing means what the name ends in."""
    said = content_type.partition(";")[0].strip().lower()
    if said in _NOTHING_SAID:
        said = mimetypes.guess_type(name, strict=False)[0] or ""
    return said if _BY_NAME.fullmatch(said) else ""


def kind_of(head: bytes, said: str) -> str:
    """The media type of a file that begins so: a kind that its bytes show to be harmless; plain text where it was
    said to be some text that is no markup, and reads as one; else `UNKNOWN`."""
    for signature, kind in _SIGNATURES:
        if signature.match(head):
            return f"video/{kind[6:]}" if kind == "audio/ogg" and said.startswith("video/") else kind
    is_text = not said or (said.startswith("text/") and said not in _MARKUP)
    return TEXT if is_text and _reads_as_text(head) else UNKNOWN


def _reads_as_text(head: bytes) -> bool:
    """Whether these bytes are UTF-8 without controls; the last character of a longer file may be cut off."""
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if len(head) < HEAD or error.start < len(head) - 3:
            return False
    return not _NO_TEXT.search(head)


def is_shown(kind: str) -> bool:
    """Whether a browser may show it at its own address; all else is only saved."""
    return kind != UNKNOWN


def is_taken(kind: str, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns (`image/*`, `text/plain`, `*/*`) has this media type in it."""
    plain = kind.partition(";")[0]
    return any(
        each in {"*/*", plain} or (each.endswith("/*") and plain.startswith(each[:-1])) for each in patterns
    )
