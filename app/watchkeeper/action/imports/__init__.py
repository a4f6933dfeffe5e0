"""Other schedulers' files as jobs: pure readers, text in, jobs and remarks with their lines out.

Decision: what behaves otherwise here is refused by its line; what is only lost or weaker is a note by its line.
Question: how does somebody move a server's jobs here without a surprise at night?
Why: a job that runs at another time or as another user is worse than one that is not taken.
Alternatives: take what comes near (silent surprises), refuse every sandbox setting (nothing could be taken).
State: in force.

Decision: an imported job keeps the manners of where it came from: cron(8) starts a second copy and makes up for
nothing, systemd leaves out what is due while the unit runs, neither tries again by itself.
State: in force.
"""
