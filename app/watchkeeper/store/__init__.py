"""All SQL. One writer thread with two lanes, a few readers, one file per noun.

Decision: statements are SQL text, compiled per dialect by SQLAlchemy Core; the tables are Core metadata.
Question: how do the noun files stay importable by the command line, which must start in under 0.3 s?
Why: importing SQLAlchemy costs 240 ms; text that both SQLite and PostgreSQL read needs none of it before a store opens.
Alternatives: Core expressions everywhere (every `--help` pays for them), lazy imports inside functions.
State: in force; only tables.py, driver.py and migrations/ import sqlalchemy when they are loaded.
"""
