"""Who hears what, and when: pure decisions on digests, news, quiet hours and small numbers.

Like `flows`: no I/O, no clock, no chance. What is decided on is handed in; what was decided is handed back.
"""
