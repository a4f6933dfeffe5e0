"""The test kit: what an author's test sees is what the engine would make of it."""

import httpx
import pytest

from watchkeeper.model.errors import Known
from watchkeeper.plugin import Command, Context, Ended, Retry, handler
from watchkeeper.plugin.outcome import Crashed, RetryAsked, Succeeded
from watchkeeper.plugin.testing import command_of, perform, performed


@handler("asks", title="Asks")
async def asks(ctx: Context) -> dict[str, object]:
    reply = await ctx.http.get("http://there.test/")
    return {"status": reply.status_code, **ctx.inputs}


@handler("starts", title="Starts")
def starts(ctx: Context) -> Command:
    async def judge(ctx: Context, ended: Ended) -> dict[str, object]:
        if ended.exit_code == 7:
            raise Retry("not yet")
        return {"seen": ended.outputs["x"], "code": ended.exit_code}

    return Command(
        script='cat; cat "$WATCHKEEPER_SECRET_T_FILE"; echo x=1 >> "$WATCHKEEPER_OUTPUT"; exit $CODE',
        stdin="told\n",
        env={"CODE": str(ctx.inputs["code"])},
        secrets={"T": "token"},
        after=judge,
    )


def fake() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(204)))


def test_perform_works_without_a_running_loop() -> None:
    assert perform(asks, http=fake(), inputs={"a": 1}) == Succeeded({"status": 204, "a": 1})


async def test_perform_works_inside_a_running_loop() -> None:
    assert perform(asks, http=fake()) == Succeeded({"status": 204})


async def test_performed_runs_on_the_tests_own_loop() -> None:
    assert await performed(asks, http=fake()) == Succeeded({"status": 204})


def test_a_missing_client_is_said() -> None:
    outcome = perform(asks)
    assert isinstance(outcome, Crashed)
    assert "perform(..., http=)" in str(outcome.text)


def test_a_command_is_really_run_and_judged_by_its_after() -> None:
    log: list[str] = []
    outcome = perform(starts, inputs={"code": 3}, secrets={"token": "s3cret"}, log=log)
    assert outcome == Succeeded({"seen": "1", "code": 3})
    assert log == ["told", "s3cret"]
    assert isinstance(perform(starts, inputs={"code": 7}, secrets={"token": "x"}), RetryAsked)


def test_an_unknown_parameter_is_refused_as_the_engine_refuses_it() -> None:
    with pytest.raises(Known, match="unknown parameter x"):
        perform(asks, x=1)


def test_the_command_itself_can_be_asked_for() -> None:
    @handler("given", title="Given")
    def given(ctx: Context) -> Command:
        return Command(argv=["true"])

    assert command_of(given) == Command(argv=["true"])
    with pytest.raises(AssertionError, match="asks answered"):
        command_of(asks)
