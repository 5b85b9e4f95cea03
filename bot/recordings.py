"""A voice note or a video without the notes in it that can be taken out cheaply.

The sound and the picture stay as they are. In MP4 and its relatives (m4a, mov, 3gp) the boxes for place,
device, title and time are emptied where they stand, so that nothing else moves; in MP3 the ID3 tags.
What browsers and Telegram record as Ogg or WebM names only the program that made it, and is left alone.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from core.errors import TownbellError

#: by content, and what it is when there is nothing to see in it
TYPES = {
    "video/mp4": "audio/mp4", "audio/mp4": "audio/mp4", "audio/x-m4a": "audio/mp4",
    "video/x-m4v": "audio/mp4", "video/quicktime": "audio/mp4", "video/3gpp": "audio/3gpp",
    "audio/ogg": "audio/ogg", "video/webm": "audio/webm",
    "audio/mpeg": "audio/mpeg", "audio/amr": "audio/amr",
}  # fmt: skip
_TO_SEE = {
    "audio/mp4": "video/mp4",
    "audio/x-m4a": "video/mp4",
    "video/x-m4v": "video/mp4",
    "audio/ogg": "video/ogg",
}
BOXES = 50_000  # a file that is nothing but empty boxes would keep us busy for seconds
DEPTH = 8  # as deep as boxes are ever nested, and more

#: boxes that hold other boxes, among which there may be notes
_INSIDE = {b"moov", b"trak", b"mdia", b"moof", b"traf"}
#: notes: user data (place, author), metadata, XMP
_NOTES = {b"udta", b"meta", b"uuid"}
_TIMES = {b"mvhd", b"tkhd", b"mdhd"}  # when it was made, as their first two numbers
_HEAD = 4096


class BrokenRecording(TownbellError):
    """This recording cannot be played: it is damaged, or cut off."""

    reason = "a damaged recording"


def without_notes(path: Path, mime: str) -> str:
    """Empty the notes of the recording in `path`, in place; its MIME type, told by what is in it."""
    with path.open("r+b") as file:
        match mime:
            case "audio/mpeg":
                seen = _mp3(file)
            case "audio/ogg":
                seen = _ogg(file)
            case "video/webm":
                seen = _webm(file)
            case "audio/amr":
                seen = False
            case _:
                seen = _Boxes(file).without_notes()
        file.flush()
        os.fsync(file.fileno())
    return _TO_SEE.get(mime, mime) if seen else TYPES[mime]


# Each of these tells whether there is something to see in it.


def _mp3(file: BinaryIO) -> bool:
    head = file.read(10)
    if head[:3] == b"ID3" and len(head) == 10:
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]  # seven bits a byte
        # A tag of nothing but padding stays a tag, and the sound where it was.
        _zero(file, 10, min(size, max(0, _size(file) - 10)))
    end = _size(file) - 128
    if end > 0:
        file.seek(end)
        if file.read(3) == b"TAG":
            file.truncate(end)
    return False


def _ogg(file: BinaryIO) -> bool:
    head = file.read(_HEAD)
    if not any(codec in head for codec in (b"OpusHead", b"\x01vorbis", b"Speex   ")):
        raise BrokenRecording
    return b"\x80theora" in head


def _webm(file: BinaryIO) -> bool:
    # Codecs of pictures have names that begin with "V_", those of sound with "A_".
    head = file.read(_HEAD)
    if b"V_" not in head and b"A_" not in head:
        raise BrokenRecording
    return b"V_" in head


@dataclass
class _Boxes:
    """One MP4 file: boxes of (size, four letters, content), some of which hold boxes."""

    file: BinaryIO
    seen: int = 0
    tracks: list[bytes] = field(default_factory=list)  # "vide", "soun", ...

    def without_notes(self) -> bool:
        self._clean(0, _size(self.file), DEPTH)
        if b"vide" not in self.tracks and b"soun" not in self.tracks:
            raise BrokenRecording
        return b"vide" in self.tracks

    def _clean(self, start: int, end: int, depth: int) -> None:
        if not depth:
            raise BrokenRecording
        for name, at, content, stop in self._boxes(start, end):
            if name in _NOTES:
                self._empty(at, content, stop)
            elif name in _TIMES:
                self._forget_times(content, stop)
            elif name == b"trak" and (kind := self._track(content, stop)) not in (b"vide", b"soun"):
                # A track of places, as cameras in cars write it: its table of contents goes.
                self.tracks.append(kind)
                self._empty(at, content, stop)
            elif name in _INSIDE:
                self._clean(content, stop, depth - 1)

    def _track(self, start: int, end: int) -> bytes:
        for name, _, content, stop in self._boxes(start, end):
            if name != b"mdia":
                continue
            for inner, _, at, inner_stop in self._boxes(content, stop):
                if inner == b"hdlr" and inner_stop - at >= 12:
                    self.file.seek(at + 8)
                    kind = self.file.read(4)
                    self.tracks.append(kind)
                    return kind
        return b""

    def _boxes(self, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
        """Name, beginning, beginning of the content and end of each box."""
        at = start
        while at + 8 <= end:
            self.seen += 1
            if self.seen > BOXES:
                raise BrokenRecording
            self.file.seek(at)
            size, name = struct.unpack(">I4s", self.file.read(8))
            content = at + 8
            if size == 1:
                if at + 16 > end:
                    raise BrokenRecording
                (size,) = struct.unpack(">Q", self.file.read(8))
                content = at + 16
            elif size == 0:  # to the end
                size = end - at
            stop = at + size
            if stop < content or stop > end:
                raise BrokenRecording
            yield name, at, content, stop
            at = stop

    def _empty(self, at: int, content: int, stop: int) -> None:
        self.file.seek(at + 4)
        self.file.write(b"free")
        _zero(self.file, content, stop - content)

    def _forget_times(self, content: int, stop: int) -> None:
        self.file.seek(content)
        version = self.file.read(1)
        length = 16 if version == b"\x01" else 8
        if content + 4 + length <= stop:
            _zero(self.file, content + 4, length)


def _zero(file: BinaryIO, at: int, length: int) -> None:
    file.seek(at)
    while length > 0:
        length -= file.write(bytes(min(length, 65_536)))


def _size(file: BinaryIO) -> int:
    return file.seek(0, os.SEEK_END)
