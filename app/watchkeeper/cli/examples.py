"""Examples for the commands that are typed most; each can be parsed, a test sees to it."""

EXAMPLES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("apply",): ("apply jobs.yaml", "apply --dry-run jobs/"),
    ("export",): ("export jobs.yaml",),
    ("import", "crontab"): ("import crontab /etc/cron.d/app", "import crontab - --dry-run"),
    ("import", "systemd"): ("import systemd /etc/systemd/system --skip-bad",),
    ("job", "diff"): ("job diff backup --from 2 --to 4",),
    ("job", "restore"): ("job restore backup --version 2",),
    ("job", "next"): (
        "job next backup --count 3",
        'job next --cron "30 2 * * *" --tz Europe/Berlin --from 2026-03-28T12:00',
    ),
    ("job", "list"): ('job list --filter "tag:etl owner:me"',),
    ("job", "table"): (
        'job table --filter "status:failed -tag:test"',
        "job table --sort=-last --limit 20",
        "job table --filter=-is:disabled",
    ),
    ("job", "save"): ("job save backup.yaml", "job save renamed.yaml --job backup"),
    ("run", "start"): (
        "run start backup",
        "run start backup --wait --timeout 10m",
        "run start report --param day=2026-03-29 --execution-id report-2026-03-29",
    ),
    ("run", "list"): ("run list --job backup --state failed --limit 10",),
    ("run", "log"): ("run log 7", "run log 7 -f"),
    ("run", "resolve"): ('run resolve 7 succeeded "the file is there"',),
    ("run", "settle"): ('run settle failed "the host was set up anew" --job backup',),
    ("calendar", "save"): ("calendar save workdays.yaml",),
    ("calendar", "import"): ("calendar import team holidays.ics", "calendar import team holidays.ics --skip-bad"),
    ("calendar", "days"): ("calendar days workdays --from 2026-09-20 --to 2026-10-10",),
    ("plugin", "new"): ("plugin new disk_check", "plugin new team.chat --channel --folder"),
    ("plugin", "test"): (
        "plugin test plugins/disk_check.py",
        "plugin test plugins/disk_check.py name=world count=2",
        "plugin test plugins/upload.py hook=token --secret token=token.txt",
    ),
    ("audit", "list"): ("audit list --action job.save --json",),
    ("completion",): ("completion bash > ~/.local/share/bash-completion/completions/watchkeeper",),
}
