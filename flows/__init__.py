"""The conversation: pure functions. No I/O, no clock, no randomness.

Read raise_issue.py first: a flow reads top to bottom like the talk itself. engine.py walks one
flow; conversation.py decides which flow a message belongs to, and what goes before any flow.
"""
