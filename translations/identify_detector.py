"""langdetect, asked where letters and words leave a doubt: with few languages, and the same each time.

It is as sure of itself when wrong as when right, so who asks believes it only where a word agrees.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from translations.identify_evidence import Evidence

SURE = 0.9  # What langdetect must say before its agreement counts.
#: langdetect's names of its profiles, where they are not our keys (its folder `profiles`).
PROFILES: Mapping[str, str] = MappingProxyType({"fil": "tl"})


class Detector:
    """langdetect, with the profiles of a few languages, the same answer for the same text.

    Its smoothing draws random numbers. Each of its detectors has a generator of its own, started from the
    factory's seed (langdetect/detector.py, `_detect_block`): what was asked before makes no difference.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = sorted(set(keys))
        self._factory: Any = None
        self._profiles: dict[str, str] = {}  #: profile -> key
        self._loading = threading.Lock()

    def load(self) -> Any:
        """The factory with its profiles, loaded once."""
        with self._loading:
            if self._factory is None:
                # Takes 10 ms and is seldom needed, so it is not imported at the top.
                from langdetect import detector_factory  # noqa: PLC0415

                folder = Path(detector_factory.PROFILES_DIRECTORY)
                names = {PROFILES.get(key, key): key for key in self._keys}
                self._profiles = {name: key for name, key in names.items() if (folder / name).is_file()}
                factory = detector_factory.DetectorFactory()
                factory.set_seed(0)
                if len(self._profiles) > 1:  # One profile alone is refused, and would say nothing.
                    factory.load_json_profile([(folder / name).read_text("utf-8") for name in self._profiles])
                self._factory = factory
            return self._factory

    def guess(self, found: Evidence) -> str:
        """What langdetect takes the text for, of those whom the letters allow and English; "" if unsure."""
        factory = self._factory or self.load()
        among = {*found.inside, "en"} if found.message.script == "Latn" else set(found.inside)
        prior_map = {name: 1.0 for name, key in self._profiles.items() if key in among}
        if len(prior_map) <= 1:
            return ""
        from langdetect.lang_detect_exception import LangDetectException  # noqa: PLC0415  # See load().

        detector = factory.create()
        detector.set_prior_map(prior_map)
        detector.append(" ".join(found.message.spelled))
        try:
            best = detector.get_probabilities()[0]
        except LangDetectException:  # Not one of its three-letter groups is in the text.
            return ""
        return self._profiles[best.lang] if best.prob >= SURE else ""
