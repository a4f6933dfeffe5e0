"""From endings to people. For now every failure becomes a line in a file; rules and channels come later."""
