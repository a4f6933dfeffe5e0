"""Actions and queries that no part of the window uses, with the reason; a law keeps this table true."""

NOT_YET: dict[str, str] = {
    "calendar.days": "It comes with the page of calendars.",
    "calendar.delete": "It comes with the page of calendars.",
    "calendar.import": "It comes with the page of calendars.",
    "calendar.save": "It comes with the page of calendars.",
    "calendar.show": "It comes with the page of calendars.",
    "job.next": "The job editor asks schedule.preview, which tells the same of what is not saved yet.",
    "missed.list": "The dashboard and the page of absence tell it by attention.list and away.summary.",
    "pool.delete": "It comes with the page of pools.",
    "pool.save": "It comes with the page of pools.",
    "schedule.show": "The status bar asks engine.status, which tells the pause too.",
}
