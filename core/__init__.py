"""The nouns, events and errors that every other part of Townbell speaks of.

Imports nothing of ours. Values are frozen: a change is `dataclasses.replace`.
"""
