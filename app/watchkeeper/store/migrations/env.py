"""Alembic's entry: the connection comes from schema.migrate, the tables from tables.py."""

from alembic import context

from watchkeeper.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
