"""Where processes live. A host keeps one directory per attempt, under a keeper that outlives the engine.

Decision: the keeper is one standard-library file, run by any Python >= 3.6.
Question: how does a process survive the engine, keep its exit code and start at most once?
Why: a run directory whose `run` file is created O_EXCL is the single moment of starting; a two-line sh wrapper
writes the exit code; the keeper only watches and can be replaced while runs live.
Alternatives: a forked supervisor per run (1 MB each, exit codes lost with it), systemd-run (not everywhere).
State: in force for the local host; the same file goes over SSH later.
"""
