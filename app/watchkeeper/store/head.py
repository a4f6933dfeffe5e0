"""The version of the schema, by itself: whoever only compares it needs no tables."""

#: Grows with every migration; a store with a higher one is refused.
HEAD = "0007"
