"""Crontabs: what cron(8) would do of each line is what the job does, or the line is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.action.imports.machine import ANN, told
from watchkeeper.action.desk import LocalDesk
from watchkeeper.action.imports.crontab import PATH, Form, read
from watchkeeper.action.imports.found import Found
from watchkeeper.model.errors import Known
from watchkeeper.model.job import JobSpec, Policy
from watchkeeper.model.schedule import next_after
from watchkeeper.model.span import Span
from watchkeeper.model.trigger import Cron, Misfire, Startup

SERVER = (Path(__file__).parent / "server.crontab").read_text("utf-8")


def crontab(text: str, file: str = "crontab", form: Form | None = None, prefix: str = "") -> Found:
    return read(text, file, ANN, form=form, prefix=prefix)


def one(text: str) -> JobSpec:
    found = crontab(text)
    assert told(found) == []
    (job,) = found.jobs
    return job


def test_the_crontab_of_a_server_is_taken_whole() -> None:
    found = crontab(SERVER)
    assert told(found) == []
    jobs = {job.name: job for job in found.jobs}
    assert list(jobs) == [
        "certbot",
        "cron.daily",
        "cron.weekly",
        "queue-worker",
        "sync",
        "inventory",
        "pg_dump",
        "pg_dump-2",
        "month-end",
        "vacuumdb",
        "archive",
        "mail",
        "warm-cache",
        "app.reports",
        "job",
        "open-bell",
        "close-bell",
        "echo",
        "print",
        "noon",
        "noon-2",
    ]
    assert jobs["certbot"].description == "Renews the certificates,\nat a quiet hour"
    assert jobs["cron.daily"].description == "Rotates what logrotate does not know"
    assert jobs["pg_dump"].params["script"] == "pg_dump shop | gzip > /srv/backup/shop-$(date +%F).sql.gz"
    assert jobs["mail"].params["stdin"] == "Dear all,\n\nplease switch off the lights.\nOperations\n"
    assert jobs["open-bell"].triggers == (Cron(cron="30 9 * * 1-5", zone="America/New_York", misfire=Misfire.SKIP),)
    assert jobs["echo"].params["script"] == 'echo "夜间 50% 完成"'
    assert jobs["print"].params == {"argv": ["/usr/bin/python3", "-c", 'print("leap day")']}
    assert {job.cwd for job in found.jobs} == {"/tmp"}
    assert jobs["certbot"].tags == ("crontab", "mailto:ops@example.com", "mailto:dba@example.com")
    assert jobs["noon"].tags == ("crontab", "mailto:none")
    assert jobs["close-bell"].env == {
        "SHELL": "/bin/bash",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/bin:/bin",
        "MAILTO": "",
        "HOME": "/tmp",
        "TZ": "UTC",
        "LANG": "en_US.UTF-8",
    }
    assert [note.line for note in found.notes] == [5, 34]


def test_an_imported_job_has_the_manners_of_cron() -> None:
    """A second copy starts beside the first, nothing is made up for, nothing is tried again."""
    job = one("0 5 * * * /bin/x\n")
    (trigger,) = job.triggers
    assert isinstance(trigger, Cron)
    assert (trigger.misfire, trigger.grace, trigger.zone) == (Misfire.SKIP, Span(seconds=60), None)
    assert job.concurrency.policy is Policy.ALLOW and job.retry.max_attempts == 1
    assert (job.handler, job.params, job.env, job.cwd) == ("shell", {"script": "/bin/x"}, {"PATH": PATH}, None)


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
@pytest.mark.parametrize("line", ["0 5 * * * x", "  0\t5  *   * *   x", "\t0 5 * * *\tx"])
def test_blanks_and_line_ends_of_any_kind_say_the_same(line: str, ending: str) -> None:
    assert one(line + ending) == one("0 5 * * * x\n")


@pytest.mark.parametrize("name", ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"])
def test_the_names_of_times_are_known(name: str) -> None:
    (trigger,) = one(f"{name} x\n").triggers
    assert isinstance(trigger, Cron) and trigger.cron == name


def test_a_job_at_reboot_starts_once_with_the_machine() -> None:
    assert one("@reboot x").triggers == (Startup(once_a_boot=True),)


@pytest.mark.parametrize(
    ("command", "script", "stdin"),
    [
        ("a%b", "a", "b\n"),
        ("a%", "a", ""),
        ("a%%", "a", "\n"),
        ("a%b%c", "a", "b\nc\n"),
        ("a%b%", "a", "b\n"),
        (r"a \% b", "a % b", None),
        (r"a \% b%c \% d", "a % b", "c % d\n"),
        (r"printf 'a\tb' \\%x", r"printf 'a\tb' \\", "x\n"),
        ("a \\", "a \\", None),
    ],
)
def test_a_percent_sign_ends_the_command_and_begins_its_input(command: str, script: str, stdin: str | None) -> None:
    params = one(f"* * * * * {command}").params
    assert (params["script"], params.get("stdin")) == (script, stdin)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("A=b", "A", "b"),
        ("A = b c ", "A", "b c"),
        ('A=" b "', "A", " b "),
        ("A=' b '  ", "A", " b "),
        ('"A" = b', "A", "b"),
        ("A=b # no comment", "A", "b # no comment"),
        ("A=", "A", ""),
        ("A=$HOME/x", "A", "$HOME/x"),
        ("A=b=c", "A", "b=c"),
    ],
)
def test_a_setting_is_read_as_cron_reads_it(line: str, name: str, value: str) -> None:
    assert one(f"{line}\n* * * * * x\n").env == {"PATH": PATH, name: value}


def test_a_setting_holds_for_what_stands_below_it() -> None:
    jobs = crontab("* * * * * a\nA=1\n* * * * * b\nA=2\n* * * * * c\n").jobs
    assert [job.env.get("A") for job in jobs] == [None, "1", "2"]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("0~59 5 * * * x", 1, "a random time"),
        ("-*/5 * * * * x", 1, "is an extension"),
        ("@every_minute x", 1, "@every_minute is not known"),
        ("@600 x", 1, "is not known"),
        ("* * * * x", 1, "five fields"),
        ("\n* * * *\n", 2, "this is no line of a crontab"),
        ("60 * * * * x", 1, "60 * * * *"),
        ("0 0 30 2 * x", 1, "ever fires"),
        ("* * * * * %x", 1, "no command before the %"),
        ("CRON_TZ=Mars/Base\n* * * * * x", 2, "its CRON_TZ (line 1) is no zone"),
        ("HOME=here\n* * * * * x", 2, "its HOME (line 1)"),
        ("A-B=1\n* * * * * x", 1, "A-B can't be the name"),
        ("WATCHKEEPER_RUN_ID=1\n* * * * * x", 1, "can't be the name"),
        ('A="b\n* * * * * x', 1, "this is no line of a crontab"),
        ("* * * * * " + "x" * 70_000, 1, "more than 65536 characters"),
    ],
)
def test_what_can_not_be_taken_is_refused_by_its_line(text: str, line: int, sentence: str) -> None:
    refusals = told(crontab(text))
    assert [number for number, _text in refusals] == [line]
    assert sentence in refusals[0][1]


def test_what_cron_itself_sets_is_noted_and_left_out() -> None:
    found = crontab("LOGNAME=bob\n* * * * * x\n* * * * * y\n")
    assert [(note.line, "LOGNAME" in str(note.text)) for note in found.notes] == [(1, True)]
    assert all("LOGNAME" not in job.env for job in found.jobs)


def test_the_settings_and_zone_of_a_refused_line_reach_no_other() -> None:
    found = crontab("CRON_TZ=Mars/Base\n* * * * * x\nCRON_TZ=UTC\n* * * * * y\n")
    assert [job.params["script"] for job in found.jobs] == ["y"]


def test_comments_right_above_describe_a_job_and_only_that() -> None:
    text = "# far\n\n# near\n#   nearer\n* * * * * a\n* * * * * b\n# lost\nA=1\n* * * * * c\n"
    text += "# gone\n#* 3 * * * old\n* * * * * d\n"
    assert [job.description for job in crontab(text).jobs] == ["near\nnearer", "", "", ""]


SYSTEM = "0 5 * * * ann /bin/a --b\n1 5 * * * root /bin/c\n"


@pytest.mark.parametrize(
    ("file", "form"), [("/etc/crontab", None), ("/etc/cron.d/app", None), ("x", Form.SYSTEM), ("x", None)]
)
def test_the_system_form_is_told_or_seen(file: str, form: Form | None) -> None:
    found = crontab(SYSTEM, file, form)
    assert [job.params["script"] for job in found.jobs] == ["/bin/a --b"]
    ((line, sentence),) = told(found)
    assert line == 2 and "it runs as root, but jobs here run as ann" in sentence


def test_a_program_that_is_called_like_an_account_is_a_program_unless_it_is_told_otherwise() -> None:
    text = "0 5 * * * backup --all\n"
    assert [job.params["script"] for job in crontab(text).jobs] == ["backup --all"]
    assert "it runs as backup" in told(crontab(text, form=Form.SYSTEM))[0][1]
    text += "0 5 * * * root /bin/x\n"
    assert crontab(text, form=Form.USER).jobs[1].params["script"] == "root /bin/x"


def test_a_few_words_that_are_accounts_make_no_system_form() -> None:
    """`mail` is an account on most machines, and on few a program."""
    text = "0 5 * * * ann -s x\n0 6 * * * /bin/x\n"
    assert [job.params["script"] for job in crontab(text).jobs] == ["ann -s x", "/bin/x"]
    assert "with a user behind the times" in str(crontab("0 5 * * * ann -s x\n").notes[0].text)


def test_a_file_that_could_be_either_form_is_refused_with_the_two_options() -> None:
    found = crontab("0 5 * * * /bin/x\n0 5 * * * root /bin/x\n")
    ((line, sentence),) = told(found)
    assert line == 2 and "--system or --user" in sentence and found.jobs == []


def test_a_user_without_a_command_is_refused() -> None:
    assert "a user and a command" in told(crontab("0 5 * * * ann\n", form=Form.SYSTEM))[0][1]


def test_names_are_unique_and_the_same_whenever_the_file_is_read() -> None:
    names = [job.name for job in crontab(SERVER, prefix="web-").jobs]
    assert len(set(names)) == len(names) and all(name.startswith("web-") for name in names)
    assert names == [job.name for job in crontab(SERVER.replace("\n", "\r\n"), prefix="web-").jobs]


def test_a_line_that_is_refused_keeps_its_name() -> None:
    """So that mending it changes no other job."""
    bad, good = "61 * * * * x\n* * * * * x\n", "6 * * * * x\n* * * * * x\n"
    assert [job.name for job in crontab(bad).jobs] == ["x-2"]
    assert [job.name for job in crontab(good).jobs] == ["x", "x-2"]


@pytest.mark.parametrize("text", ["\n" * 5_000, "".join(f"A{n}=1\n" for n in range(200))])
def test_a_file_beyond_measure_is_refused(text: str) -> None:
    with pytest.raises(Known, match="split it"):
        crontab(text)


async def test_all_that_is_read_is_taken_by_the_desk_and_the_second_time_nothing_changes(
    local: LocalDesk, rows: Callable[[], object]
) -> None:
    first = await local.do("jobs.apply", jobs=crontab(SERVER).jobs, over_tag="crontab")
    before = await rows()  # type: ignore[misc]
    again = await local.do("jobs.apply", jobs=crontab(SERVER).jobs, over_tag="crontab")
    assert {change.what for change in first} == {"created"} and {change.what for change in again} == {"unchanged"}
    assert await rows() == before  # type: ignore[misc]


async def test_a_job_that_was_not_imported_is_not_replaced(local: LocalDesk) -> None:
    await local.do("job.save", spec={"name": "noon", "handler": "shell", "params": {"script": "true"}})
    with pytest.raises(Known, match="the job noon is there already"):
        await local.do("jobs.apply", jobs=crontab(SERVER).jobs, over_tag="crontab")
    assert [job.name for job in await local.ask("job.list")] == ["noon"]


def test_every_imported_job_but_the_one_at_reboot_has_a_next_instant() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    waiting = [job.name for job in crontab(SERVER).jobs if next_after(job.triggers[0], now) is None]
    assert waiting == ["warm-cache"]
