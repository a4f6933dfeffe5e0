"""Completion: each shell's script asks this program what could follow what has been typed."""

from collections.abc import Iterable
from contextlib import suppress

from watchkeeper.cli.commands import Command, Request, commands, desk_of
from watchkeeper.cli.exits import Exit
from watchkeeper.cli.usage import typed
from watchkeeper.model.errors import Known

SCRIPTS = {
    "bash": """_watchkeeper() {
    local IFS=$'\\n'
    COMPREPLY=($(watchkeeper completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _watchkeeper watchkeeper
""",
    "zsh": """#compdef watchkeeper
_watchkeeper() {
    local -a found
    found=("${(@f)$(watchkeeper completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -- $found
}
compdef _watchkeeper watchkeeper
""",
    "fish": """function __watchkeeper_words
    watchkeeper completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null
end
complete -c watchkeeper -f -a '(__watchkeeper_words)'
""",
}


async def run(request: Request) -> int:
    """Print a shell's script, or the words that could follow."""
    if request.options.shell in SCRIPTS:
        print(SCRIPTS[request.options.shell], end="")
        return Exit.OK
    *before, begun = request.options.words or [""]
    found = await _candidates(request, typed(before).words, begun)
    for word in sorted({word for word in found if word.startswith(begun)}):
        print(word)
    return Exit.OK


async def _candidates(request: Request, before: list[str], begun: str) -> Iterable[str]:
    known = commands()
    command = known.get(tuple(before[:1])) or known.get(tuple(before[:2]))
    if command is None:
        return [words[len(before)] for words in known if len(words) > len(before) and [*words][: len(before)] == before]
    if begun.startswith("-"):
        return _flags(command)
    is_job_wanted = any(parameter.name == "job" and parameter.is_required for parameter in command.parameters)
    return await _job_names(request) if is_job_wanted and len(before) == len(command.words) else []


def _flags(command: Command) -> list[str]:
    flags = [flag for option in command.arguments for flag in option.flags if flag.startswith("--")]
    return [*flags, "--home", "--json", "--help"]


async def _job_names(request: Request) -> list[str]:
    with suppress(Known):
        async with desk_of(request, is_writing=False) as desk:
            return [job.name for job in await desk.ask("job.list", limit=1_000)]
    return []
