"""The log view: shows the output of a run as it grows, however large it is, and obeys nothing that stands in it.

Decision: a place in a log is a byte offset, and a row's bounds can be told from the bytes around it.
Why: the end of a gigabyte is shown at once, before anything has been counted; numbers come when they are known.
Alternatives: an offset of every line (80 MB for ten million of them), QPlainTextEdit (holds all of the text).
State: holds.
"""
