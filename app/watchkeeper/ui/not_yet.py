"""Actions and queries that no part of the window uses, with the reason; a law keeps this table true."""

NOT_YET: dict[str, str] = {
    "calendar.days": "The page of calendars asks calendar.preview, which tells the same of what is not saved yet.",
    "calendar.import": "The page of calendars puts the events into the draft, which is saved with the rest.",
    "job.next": "The job editor asks schedule.preview, which tells the same of what is not saved yet.",
    "missed.list": "The dashboard and the page of absence tell it by attention.list and away.summary.",
    "secret.show": "The page of credentials asks secret.table, which tells the same of all of them.",
    "schedule.show": "The status bar asks engine.status, which tells the pause too.",
}
