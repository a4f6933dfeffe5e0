"""The job as text for somewhere else: a file, or the command that saves the same."""

import shlex

from watchkeeper.action.written import written
from watchkeeper.model.job import Job, JobSpec

_END = "YAML"


def yaml_of(spec: JobSpec) -> str:
    """As `watchkeeper apply` takes it."""
    return written([spec])


def command_of(spec: JobSpec, job: Job | None) -> str:
    """The command that saves it, with the job in its standard input; under another name it names the one it was."""
    text = yaml_of(spec)
    end = _END
    while f"\n{end}\n" in f"\n{text}":
        end += "_"
    former = f" --job {shlex.quote(job.name)}" if job is not None and job.name != spec.name else ""
    return f"watchkeeper job save -{former} <<'{end}'\n{text}{end}\n"
