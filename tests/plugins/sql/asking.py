"""The sql handler as a run calls it, with a flag that a test may set while it works."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from watchkeeper.plugin.call import called
from watchkeeper.plugin.command import Command
from watchkeeper.plugin.context import Facts, LineLog, RunContext, opened
from watchkeeper.plugin.contract import Spec
from watchkeeper.plugin.outcome import Failed, Outcome, Succeeded
from watchkeeper.plugin.schema import params_of


@dataclass
class Asking:
    """One database. `params` say where it is."""

    spec: Spec
    params: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict)
    flag: asyncio.Event = field(default_factory=asyncio.Event)
    log: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return str(self.params["database"])

    async def answer(self, statement: str | None = None, **more: Any) -> Outcome:
        """What becomes of a run with these parameters."""
        given = {**self.params, **more, **({} if statement is None else {"statement": statement})}
        context = RunContext(
            Facts("test-run", "test-run"),
            log=LineLog(self.log.append),
            cancelled=self.flag,
            http=lambda: None,  # type: ignore[arg-type,return-value]  # it wants none
            secrets=opened(self.secrets),
            on_progress=lambda part, text: self.log.append(f"{part:.0%} {text}"),
        )
        outcome = await called(self.spec, context, params_of(self.spec, given))
        assert not isinstance(outcome, Command)
        return outcome

    async def outputs(self, statement: str | None = None, **more: Any) -> dict[str, Any]:
        """The outputs of a run that succeeds."""
        outcome = await self.answer(statement, **more)
        assert isinstance(outcome, Succeeded), outcome
        return dict(outcome.outputs)

    async def refusal(self, statement: str | None = None, **more: Any) -> str:
        """Why a run fails."""
        outcome = await self.answer(statement, **more)
        assert isinstance(outcome, Failed), outcome
        return str(outcome.text)
