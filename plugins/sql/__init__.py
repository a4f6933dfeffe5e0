"""Run SQL on SQLite, PostgreSQL, MySQL or MariaDB, and keep what comes back.

Name the database by its parts:

    handler: sql
    params:
      database: postgresql
      host: db.example.org
      name: shop
      user: reporter
      password: shop-reporter
      statement: SELECT count(*) AS late FROM orders WHERE due < :day
      values: {day: 2026-01-31}
      result: first row
      check: at most
      check_rows: 1

or by the secret that holds its URL, and run a file of several statements:

    handler: sql
    params:
      connection: shop-url
      script: /srv/jobs/close-month.sql
      write: true
      timeout: 20m

`password` and `connection` are names of secrets: neither appears in the job, in the log or in an error. A `statement`
is exactly one, a `script` holds any number. Values go in as `:name` and are bound, never pasted into the text.

Nothing is changed unless `write` is set: without it the database itself is told to refuse. Everything is one
transaction, and it is committed at the very end: an error, a stop, a timeout, too many rows or a check that fails
leave nothing behind. (MySQL and MariaDB commit by themselves around CREATE, ALTER and DROP: nobody can take those
back.)

Stopping the run, or a statement that runs longer than `timeout`, ends the work on the server too. A result of more
than `max_rows` rows or `max_mb` megabytes fails the run, or is cut when `beyond` says so; it is never held in memory
as a whole.

`result` is `table` (columns, and as many of the first rows as an output holds), `first row` (each column is an
output), `csv` or `json` (a file at `path` on the engine's machine, whole or not at all), or `none`; `row_count` comes
with each. In a CSV file, text that a spreadsheet would take for a formula gets an apostrophe before it.

Other databases go by a SQLAlchemy URL (`oracle+oracledb://...`) when their driver is installed. How far they hold to
reading only and stop their work is up to the driver. Watchkeeper's own store is refused.
"""

from collections.abc import Mapping
from typing import Any

from watchkeeper.plugin import Context, _, handler

from .attend import attended
from .params import Params
from .target import target_of
from .work import Work


@handler("sql", title=_("SQL"), isolate=True)
async def sql(ctx: Context, p: Params) -> Mapping[str, Any]:
    target = target_of(p, ctx.secret)
    return await attended(ctx, Work(p, target))
