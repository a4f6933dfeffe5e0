"""Names of imported jobs: from the command, fit for a list, unique."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchkeeper.action.imports.naming import name_of, unique
from watchkeeper.action.names import require_name


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("/opt/backup.sh --full", "backup"),
        ("cd / && run-parts --report /etc/cron.hourly", "cron.hourly"),
        ("test -x /usr/sbin/anacron || ( cd / && run-parts /etc/cron.daily )", "cron.daily"),
        ('[ "$(date +%d)" = 01 ] && /opt/month-end', "month-end"),
        ("flock -n /var/lock/a nice -n 19 /opt/sync.py", "sync"),
        ("A=1 timeout 30m env B=2 /opt/x", "x"),
        ("python3 -m app.reports --day 1", "app.reports"),
        ("bash -c 'mirror all'", "mirror"),
        ("pg_dump shop | gzip > x", "pg_dump"),
        ("true", "true"),
        ("备份 全部", "备份"),
        ("..", "job"),
        ("", "job"),
    ],
)
def test_a_job_is_called_like_the_program_that_it_is_about(command: str, name: str) -> None:
    assert name_of(command) == name


@given(st.text(max_size=200))
def test_whatever_a_command_is_its_name_can_be_used(command: str) -> None:
    require_name(name_of(command))


@given(st.lists(st.sampled_from(["a", "a-2", "a-2-2", "b"]), max_size=12))
def test_names_are_told_apart_in_their_order(names: list[str]) -> None:
    told = unique(names, "p-")
    assert len(set(told)) == len(names)
    assert all(each.startswith("p-" + name) for each, name in zip(told, names, strict=True))
    assert unique(names[:6], "p-") == told[:6]
