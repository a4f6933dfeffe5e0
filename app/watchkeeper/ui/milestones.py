"""What a person has done with this console, remembered for the list of first steps."""

#: The page of a run that had failed was looked at.
READ_A_FAILURE = "milestones.read_a_failure"
#: Whether the list of first steps is shown: "" as long as there are no jobs but samples, else `HERE` or `AWAY`.
STEPS = "milestones.steps"
HERE, AWAY = "here", "away"
