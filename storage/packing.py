"""What is kept as JSON, and read back as the type it was."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from core.errors import RefusedRow
from core.messages import InboundMessage
from core.talk import Run, Spoken

T = TypeVar("T")

#: what is here was written by another version, and this one cannot read it
Unreadable = msgspec.MsgspecError

_encode = msgspec.json.Encoder().encode


class Shape(Generic[T]):
    """A struct as JSON, without the fields that say what they say by default."""

    def __init__(self, kind: type[T]) -> None:
        self.unpack = msgspec.json.Decoder(kind).decode

    def pack(self, value: T) -> str:
        """The value as JSON."""
        try:
            return _encode(value).decode()
        except UnicodeEncodeError:
            raise RefusedRow("A text has half a letter in it (a lone surrogate), which is no text.") from None


MESSAGE = Shape(InboundMessage)
RUN = Shape(Run)
SPOKEN = Shape(Spoken)
