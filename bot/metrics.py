"""What Prometheus is told: numbers, and never a word or an address.

Labels are keys of the configuration and our own short words, so there is a bounded number of them.
The registry is handed in, so that two programs in one process do not share counts.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: seconds; a message is stored in milliseconds, and a provider may take half a minute
_DURATIONS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counts, sizes and durations of one running Townbell."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        #: `metrics.received.labels("telegram", "message").inc()`
        self.received = Counter(
            "townbell_messages_received", "Messages on disk", ["account", "kind"], registry=registry
        )
        self.repeated = Counter(
            "townbell_messages_repeated", "Messages that were on disk before", ["account"], registry=registry
        )
        self.turns = Counter("townbell_turns", "Messages answered", registry=registry)
        self.turn_faults = Counter(
            "townbell_turn_faults", "Turns that failed and are tried again", registry=registry
        )
        #: status: sent, refused, unknown, dropped, again
        self.outgoing = Counter(
            "townbell_messages_out", "Messages of ours, by what became of them", ["account", "status"],
            registry=registry,
        )  # fmt: skip
        #: outcome: accepted, sent, delivered, read; again, refused, stopped, window; known, stray
        self.reported = Counter(
            "townbell_reports", "What providers said later of messages of ours", ["account", "outcome"],
            registry=registry,
        )  # fmt: skip
        #: of channels that are paid for; category: "" or what WhatsApp counts a message as
        self.paid = Counter(
            "townbell_messages_paid", "Messages of ours that a provider took and counts",
            ["account", "channel", "category"], registry=registry,
        )  # fmt: skip
        self.segments = Counter(
            "townbell_segments", "Parts that our SMS were carried in", ["account", "channel"],
            registry=registry,
        )  # fmt: skip
        #: outcome: kept, refused, gone, later
        self.media = Counter(
            "townbell_media", "Photos and voice notes, by what became of them", ["outcome"], registry=registry
        )
        #: outcome: good, doubtful, failed, later
        self.translated = Counter(
            "townbell_translations", "Texts a machine translated, by what became of them", ["outcome"],
            registry=registry,
        )  # fmt: skip
        self.slowed = Counter("townbell_http_slowed", "Requests answered with 429", registry=registry)

        self.unread = Gauge("townbell_inbox_unread", "Messages that wait for their turn", registry=registry)
        self.unread_age = Gauge(
            "townbell_inbox_oldest_seconds", "Age of the oldest message that waits", registry=registry
        )
        self.aside = Gauge(
            "townbell_inbox_aside", "Messages set aside for a person to see", registry=registry
        )
        self.queued = Gauge(
            "townbell_outbox_queued", "Messages of ours that wait", ["account"], registry=registry
        )
        self.queued_age = Gauge(
            "townbell_outbox_oldest_seconds", "Age of the oldest message of ours that waits", ["account"],
            registry=registry,
        )  # fmt: skip

        self.storing = Histogram(
            "townbell_store_seconds", "From arrival until on disk", registry=registry, buckets=_DURATIONS
        )
        self.turning = Histogram(
            "townbell_turn_seconds", "One batch of turns", registry=registry, buckets=_DURATIONS
        )
        self.sending = Histogram(
            "townbell_send_seconds", "One message handed to its channel", ["account"], registry=registry,
            buckets=_DURATIONS,
        )  # fmt: skip
        self.http = Histogram(
            "townbell_http_seconds", "Requests but those that wait for news", ["route", "status"],
            registry=registry, buckets=_DURATIONS,
        )  # fmt: skip

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)
