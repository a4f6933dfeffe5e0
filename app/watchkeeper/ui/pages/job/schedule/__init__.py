"""When the job runs: the builder, the next times, five weeks as a strip."""
