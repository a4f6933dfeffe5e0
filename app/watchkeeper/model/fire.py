"""A moment at which a trigger is going to start its job."""

from datetime import datetime

import msgspec

from watchkeeper.model.ids import JobId
from watchkeeper.model.trigger import Trigger


class Fire(msgspec.Struct, frozen=True):
    """One occurrence that is yet to come."""

    job_id: JobId
    trigger: Trigger
    #: When its run starts: the nominal instant and the trigger's own part of the jitter.
    at: datetime
