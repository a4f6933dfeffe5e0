"""Due, queued, running, ended: the planner, the dispatcher and what finds every run again after a crash.

Decision: one object per duty around one book of live runs, all on one loop; no lock, no thread of its own.
Question: how do thousands of runs a second pass without a task, a query or a commit each?
Why: runs are rows and records, work is done in batches, and every batch is one awaited commit.
Alternatives: a task per run (10 µs and 3 KB each), a queue in the database polled by workers.
State: in force.
"""
