"""Measure, print one table, and write bench/results.json.

`make bench`, or `make bench ARGS="--only turn --quick"`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import beside, digest, facts, flat, life, translation, turn
from bench.figures import percentile
from bench.stage import on_stage
from bench.turn import Measured

RESULTS = Path(__file__).with_name("results.json")
FLUSHED = "python-telegram-bot, flushed each minute"


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    crowds: tuple[int, ...]  #: people of the turn, in one round
    batches: tuple[int, ...]
    rounds: int
    towns: tuple[int, ...]
    idle: int  #: talks
    rates: tuple[int, ...]
    seconds: float  #: at each rate
    writers: int
    starts: int
    issues: tuple[int, ...]  #: among which a digest finds its week
    messages: Mapping[str, int]  #: that each model translates, in one round
    backlog: int  #: texts that wait


FULL = Size(
    (300, 3000), (256, 64, 16), 3, (1_000, 10_000, 100_000, 300_000), 100, (200, 500), 10, 100_000, 5,
    (10_000, 1_000_000), {"tiny": 500, "full size": 40}, 10_000,
)  # fmt: skip
QUICK = Size(
    (300,), (256, 16), 1, (1_000, 5_000), 15, (200,), 3, 2_000, 2,
    (1_000, 10_000), {"tiny": 50, "full size": 4}, 2_000,
)  # fmt: skip

Measurement = Callable[[Size], tuple[list[str], Any]]


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--only", action="append", choices=MEASUREMENTS, metavar="NAME", help=", ".join(MEASUREMENTS)
    )
    parser.add_argument(
        "--quick", action="store_true", help="less of everything: under a minute, and less exact"
    )
    given = parser.parse_args()
    size = QUICK if given.quick else FULL
    began = time.perf_counter()
    results: dict[str, Any] = {"quick": given.quick, "facts": facts.facts()}
    say("On", [f"{name.replace('_', ' ')}: {value}" for name, value in results["facts"].items()])
    for name in given.only or MEASUREMENTS:
        title, measure = MEASUREMENTS[name]
        lines, results[name] = measure(size)
        say(title, lines)
    results["seconds"] = round(time.perf_counter() - began)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"{results['seconds']} seconds; the figures are in bench/{RESULTS.name}")


def say(title: str, lines: list[str]) -> None:
    """One part of the table, as soon as it is known."""
    print(title, *(f"  {line}" for line in lines), "", sep="\n", flush=True)


def the_turn(size: Size) -> tuple[list[str], Any]:
    """Against our peers, and against SQLite alone."""
    lines, figures = [], {}
    for crowd in size.crowds:
        bots = [turn.PTB, turn.AIOGRAM, *(turn.townbell(batch) for batch in size.batches)]
        bots += [turn.townbell(size.batches[0], 16), turn.floor(size.batches[0])]
        measured = turn.measure(bots, crowd, size.rounds)
        measured[FLUSHED] = turn.flushing(measured[turn.PTB.name], flush := turn.ptb_flush(crowd))
        # As they keep what they are told: one in a pickle that it writes each minute, the other in memory.
        peers = [measured[FLUSHED], measured[turn.AIOGRAM.name]]
        better = min(one.median for one in peers), min(one.median_cpu for one in peers)
        lines.append(f"{f'{crowd} people':44}{'by the clock':>17}{'processor':>12}{'of the better peer':>21}")
        lines += [_turn_line(name, one, better) for name, one in measured.items()]
        lines.append(f"  in its flush python-telegram-bot answers nobody for {flush:.1f} s")
        ours, floor = measured[bots[2].name], measured[bots[-1].name]
        unkept, of_floor = ours.median / measured[turn.PTB.name].median, ours.median / floor.median
        lines.append(f"  {bots[2].name}, of {turn.PTB.name}: {unkept:.2f}; of the floor: {of_floor:.1f}")
        figures[crowd] = {
            "microseconds": {
                name: {"clock": one.wall, "processor": one.cpu} for name, one in measured.items()
            },
            "ptb_flush_seconds": flush,
            "of_the_better_peer": ours.median / better[0],
            "of_the_better_peer_processor": ours.median_cpu / better[1],
            "of_ptb_unflushed": unkept,
            "of_the_floor": of_floor,
        }
    return lines, figures


def _turn_line(name: str, one: Measured, better: tuple[float, float]) -> str:
    ratios = f"{one.median / better[0]:.2f}, {one.median_cpu / better[1]:.2f}"
    return f"  {name:44}{one.median:12.0f} us{one.median_cpu:9.0f} us{ratios:>21}"


def is_flat(size: Size) -> tuple[list[str], Any]:
    """Towns of different sizes."""
    towns = flat.measure(size.towns, max(3, size.rounds))
    smallest = towns[min(towns)][0]
    lines = [
        f"{people:7} people have talked before: {wall:6.0f} us, processor {cpu:6.0f} us,"
        f" {wall / smallest:5.2f} of the smallest"
        for people, (wall, cpu) in towns.items()
    ]
    return lines, {people: {"microseconds": wall, "processor": cpu} for people, (wall, cpu) in towns.items()}


def idle(size: Size) -> tuple[list[str], Any]:
    """One message on an idle machine."""
    with on_stage("bench.idle") as stage:
        stage.do("talks", 5)
        took = stage.do("talks", size.idle)
    figures = {
        "p50_ms": percentile(took, 50) * 1e3,
        "p99_ms": percentile(took, 99) * 1e3,
        "messages": len(took),
    }
    return [
        f"p50 {figures['p50_ms']:.1f} ms, p99 {figures['p99_ms']:.1f} ms, of {len(took)} messages"
    ], figures


def webhook(size: Size) -> tuple[list[str], Any]:
    """`townbell run` behind Telegram's webhook."""
    return _on_time(life.webhook("telegram", size.rates, size.seconds))


def twilio(size: Size) -> tuple[list[str], Any]:
    """`townbell run` behind Twilio's, on WhatsApp."""
    return _on_time(life.webhook("twilio", size.rates, size.seconds))


def _on_time(figures: Mapping[int, Mapping[str, float]]) -> tuple[list[str], Any]:
    lines = [
        f"{rate} a second: p50 {one['p50_ms']:.1f} ms, p99 {one['p99_ms']:.1f} ms, {one['errors']} errors"
        for rate, one in figures.items()
    ]
    return lines, figures


def memory(size: Size) -> tuple[list[str], Any]:
    """`townbell run` after a city has written."""
    figures = life.memory(size.writers)
    line = (
        f"{figures['before_mb']:.0f} MB before, {figures['after_mb']:.0f} MB after {size.writers} people"
        f" have written; it took {figures['posts_a_second']:.0f} posts a second"
    )
    return [line], figures


def start(size: Size) -> tuple[list[str], Any]:
    """`townbell run` from nothing."""
    figures = life.starts(size.starts)
    line = (
        f"a waiting message is answered after {figures['answered_s']:.2f} s"
        f" ({figures['first_s']:.2f} s the first time), /healthz after {figures['healthz_s']:.2f} s;"
        f" townbell --version takes {figures['version_s']:.2f} s"
    )
    return [line], figures


def the_digest(size: Size) -> tuple[list[str], Any]:
    """Planned and written, among few and many issues."""
    figures = digest.measure(size.issues, size.rounds)
    lines = [
        f"{issues:8} issues: planned in {one['plan_s']:.2f} s, written in {one['chat_s']:.2f} s for a chat"
        f" and in {one['letter_s']:.2f} s for a letter with its table; processor"
        f" {one['plan_processor_s']:.2f}, {one['chat_processor_s']:.2f} and {one['letter_processor_s']:.2f};"
        f" {one['before_mb']:.0f} MB before, {one['peak_mb']:.0f} MB at most"
        for issues, one in figures.items()
    ]
    return lines, figures


def translating(size: Size) -> tuple[list[str], Any]:
    """Beside argostranslate's own."""
    lines, figures = [], {}
    for model, messages in size.messages.items():
        one = translation.measure(model, messages, size.rounds)
        lines += [
            f"{model:10} {way:16}{rate:8.1f} messages a second,"
            f" {rate / one.a_second[translation.PEER]:5.2f} of {translation.PEER}; processor"
            f" {one.processor_ms[way]:.1f} ms a message; {one.equal[way]} of {one.messages} with its words"
            for way, rate in one.a_second.items()
        ]
        figures[model] = asdict(one)
    return lines, figures


def while_translating(size: Size) -> tuple[list[str], Any]:
    """The turn beside a backlog."""
    one = beside.measure(size.backlog, max(size.crowds), size.rounds)
    line = (
        f"{median(one.working):.0f} us a message beside it, {median(one.resting):.0f} us without:"
        f" {one.of_without:.2f} of the throughput; {one.texts_a_second:.0f} texts a second were translated"
    )
    return [line], asdict(one) | {"of_without": one.of_without}


MEASUREMENTS: Mapping[str, tuple[str, Measurement]] = {
    "turn": ("The turn, for each of four messages: update bytes in, request bytes out; medians", the_turn),
    "flat": ("The turn as the town grows, batches of 256", is_flat),
    "idle": ("One message on an idle machine, update bytes in to request bytes out, four commits", idle),
    "webhook": (
        "From when a post is due to its 200, which says that it is on disk; turns and sends beside it",
        webhook,
    ),
    "twilio": (
        "From when a post of Twilio's, signed beforehand, is due to its 200, which says that it is on disk",
        twilio,
    ),
    "memory": ("Memory of the running program (RSS)", memory),
    "start": ("Cold start, from exec", start),
    "digest": ("The week's digest of a council, among three years of issues; medians", the_digest),
    "translation": ("Translation, one thread: two sentences a message; medians", translating),
    "beside": ("The turn while the translator works off a backlog, and without; medians", while_translating),
}

if __name__ == "__main__":
    main()
