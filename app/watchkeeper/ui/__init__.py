"""The window: one view of the engine. It asks the desk, follows the bridge, and imports nothing below `action`.

Decision: rows, glyphs and charts are painted, controls are Qt's own under one style sheet.
Why: a widget per cell does not scale, and a style sheet per widget re-polishes the tree at every change.
Alternatives: Qt Quick (a second language and no native text selection), ready-made themes (they fight the palette).
State: holds.
"""
