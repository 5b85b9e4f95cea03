"""Real programs the tests run against: PostgreSQL, an emulator of Telegram, a browser, a reader of codes.

Each module has `missing()`, a sentence that says why its program cannot run here, or None.
"""
