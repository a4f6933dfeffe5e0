"""What keepers say when they refuse, for the catalogues: the keeper imports nothing of the house, not even `_`."""

from watchkeeper.model.text import _

#: Word for word as in keeper.py.
REFUSALS = (
    _("the environment variable {name} cannot be set: a name is letters, digits and _"),
    _("the secret {name} has no usable name: use letters, digits and _"),
    _("the working folder {folder} is not an absolute path"),
    _("the working folder {folder} does not exist"),
    _("the working folder {folder} may not be entered"),
    _("there is no program to run: argv must be a list of texts without NUL"),
    _("the script's suffix {suffix} is none"),
    _("the program {program} may not be executed: its mode or its mount forbids it"),
    _("the program {program} was not found on this host"),
    _("the program {program} needs {interpreter}, which was not found on this host"),
    _("the run directory could not be made: {why}"),
    _("the run could not be started: {why}"),
)
