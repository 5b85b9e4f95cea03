"""What is kept as JSON, and read back as the type it was."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec

from core.errors import RefusedRow
from core.messages import InboundMessage
from core.talk import Run, Spoken

T = TypeVar("T")

#: what is here was written by another version, and this one cannot read it
Unreadable = msgspec.MsgspecError

_encode = msgspec.json.Encoder().encode


class Shape(Generic[T]):
    """One dataclass as JSON, without the fields that say what they say by default."""

    def __init__(self, kind: type[T]) -> None:
        shape = fields(kind)  # type: ignore[arg-type]  # every dataclass is one
        self._struct = msgspec.defstruct(kind.__name__, [_field(one) for one in shape], omit_defaults=True)
        self._values = attrgetter(*(one.name for one in shape))
        self.unpack = msgspec.json.Decoder(kind).decode

    def pack(self, value: T, **changes: Any) -> str:
        """The value as JSON, with some of its fields changed."""
        kept = self._struct(*self._values(value))
        for name, change in changes.items():
            setattr(kept, name, change)
        try:
            return _encode(kept).decode()
        except UnicodeEncodeError:
            raise RefusedRow("A text has half a letter in it (a lone surrogate), which is no text.") from None


def _field(one: Field[Any]) -> tuple[str, Any] | tuple[str, Any, Any]:
    if one.default is not MISSING:
        return one.name, Any, one.default
    if one.default_factory is not MISSING:
        return one.name, Any, msgspec.field(default_factory=one.default_factory)
    return one.name, Any


MESSAGE = Shape(InboundMessage)
RUN = Shape(Run)
SPOKEN = Shape(Spoken)
