"""What the running program writes about itself: ids and counts, never what people wrote.

What a person wrote may stand in the message of an error, and a token in an address that a library calls. So
errors are told by their type and by where they happened; a library's record by its template, without what was
put in; and a value that is not an id, a count or a word of ours is withheld.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from enum import Enum
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.config import Log

WITHHELD = "(withheld)"

#: an address or a secret may stand there, whatever it looks like; Telegram's are plain numbers
PRIVATE = frozenset({
    "address", "addresses", "phone", "number", "chat_id", "user", "user_id", "username", "sender",
    "recipient", "token", "tokens", "secret", "password", "key", "authorization", "cookie", "headers",
    "url", "uri", "database_url", "remote", "external_id", "ref",
})  # fmt: skip
#: what a person wrote may stand there; a count may be told
WORDS = frozenset({
    "text", "texts", "words", "word", "message", "messages", "body", "raw", "content", "payload", "answer",
    "answers", "label", "query", "name", "place", "exception", "detail", "details",
})  # fmt: skip
#: our own words and paths, for the person who runs this
SENTENCES = frozenset({"route", "trouble", "worker", "look", "source"})
#: these tell at "info" what people wrote or the token we call with; asyncio shows a coroutine's arguments
_TELLTALES = ("aiosqlite", "telegram", "httpx", "httpcore", "aiohttp.access", "asyncio")
#: libraries, and from which level on they are heard
QUIET = {
    **dict.fromkeys(_TELLTALES, logging.WARNING),
    # It warns of a look that is skipped because the one before still goes on, which is what we ask it to do.
    "apscheduler": logging.ERROR,
}

_ID = re.compile(r"[\w.:/@#%=,\[\]()<>-]{0,80}")  #: an id or a word of ours; what people write has spaces
_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{20,}")
_PHONE = re.compile(r"\+\d{6,}")
_FRAMES = 6  #: of the way to an error, the innermost
_KNOWN_SENTENCES = (  # of asyncio and aiohttp: what stands after them shows values
    "Task exception was never retrieved",
    "Task was destroyed but it is pending!",
    "Future exception was never retrieved",
    "Unclosed client session",
    "Unclosed connector",
    "Exception in callback",
    "Unhandled exception in client_connected_cb",
    "Fatal error on transport",
    "Error handling request",
)


def set_up(settings: Log, stream: TextIO | None = None) -> None:
    """Send all that is logged, ours and the libraries', through the guard to stderr (or the stream)."""
    out = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            tell_errors_by_type,
            guard,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _renderer(settings, out),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_level(settings.level)),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_FromLibraries()]
    root.setLevel(max(_level(settings.level), logging.WARNING))
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    _tell_what_nobody_caught()


def _level(name: str) -> int:
    return int(logging.getLevelNamesMapping()[name.upper()])


def _renderer(settings: Log, out: TextIO) -> Processor:
    if settings.format == "json":
        return structlog.processors.JSONRenderer(serializer=json.dumps, ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=out.isatty())


def tell_errors_by_type(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the error's type, cause, SQLSTATE and the way to it: never its message."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    for name in ("stack_info", "stack", "exception"):
        event.pop(name, None)
    if isinstance(error, BaseException):
        event.update(described(error))
    return event


def described(error: BaseException) -> dict[str, Any]:
    """An error as it may be told: type, cause, SQLSTATE, and where it happened."""
    facts: dict[str, Any] = {"error": type(error).__name__}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        facts["cause"] = type(cause).__name__
    if state := _sqlstate(error) or _sqlstate(cause):
        facts["sqlstate"] = state
    if isinstance(error, BaseExceptionGroup):
        facts["errors"] = sorted({type(one).__name__ for one in error.exceptions})
    if way := _way(error.__traceback__):
        facts["at"] = way
    return facts


def _sqlstate(error: BaseException | None) -> str:
    # asyncpg gives the SQLSTATE, sqlite3 a name such as SQLITE_CONSTRAINT_UNIQUE.
    state = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return state if isinstance(state, str) else ""


def _way(frames: TracebackType | None) -> list[str]:
    way = [
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}:{frame.name}"
        for frame in traceback.extract_tb(frames)
    ]
    return way[-_FRAMES:]


def guard(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Withhold every value that could be what a person wrote, where they can be reached, or a secret."""
    said = event.get("event")
    kept = {name: _guarded(name, value) for name, value in event.items() if name != "event"}
    return {"event": _TOKEN.sub(WITHHELD, said) if isinstance(said, str) else _guarded("", said), **kept}


def _guarded(name: str, value: object) -> object:
    if name.casefold() in PRIVATE and value:
        return WITHHELD
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if name.casefold() in WORDS:
        return WITHHELD
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, Enum):
        return _guarded(name, value.value)
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, str):
        harmless = (
            (name in SENTENCES or _ID.fullmatch(value))
            and not _TOKEN.search(value)
            and not _PHONE.search(value)
        )
        return value if harmless else WITHHELD
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_guarded("", one) for one in value]
    if isinstance(value, Mapping):
        return {_guarded("", key): _guarded(str(key), one) for key, one in value.items()}
    return WITHHELD


class _FromLibraries(logging.Handler):
    """Tells a library's record by its template and place, without the values put in."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        place = f"{Path(record.pathname).name}:{record.lineno}"
        structlog.get_logger().log(
            record.levelno, _template(record), logger=record.name, line=place, exc_info=error or False
        )


def _template(record: logging.LogRecord) -> str:
    said = record.msg if isinstance(record.msg, str) else ""
    if record.args and "%" in said:
        return said.splitlines()[0]
    # A message without arguments may have been put together from what a person wrote.
    return next((known for known in _KNOWN_SENTENCES if said.startswith(known)), "a library reports")


def _tell_what_nobody_caught() -> None:
    """Errors that end a thread or are lost in a destructor: by type as well, for Python shows messages."""

    def in_thread(lost: threading.ExceptHookArgs) -> None:
        structlog.get_logger().error("error in a thread", exc_info=lost.exc_value or False)

    def lost(unraisable: Any) -> None:
        structlog.get_logger().error("error that could not be raised", exc_info=unraisable.exc_value or False)

    threading.excepthook = in_thread
    sys.unraisablehook = lost
