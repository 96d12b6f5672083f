"""The README's recipes for cron, systemd, mail and monitoring, each run in an empty environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOPICS = ROOT / "helpdesk_cli" / "cli" / "topics"
HELPDESK = Path(sys.executable).parent / "helpdesk"
SECTION = README[README.index("## Cron, mail, monitoring") : README.index("## Scripts")]
CRON, SERVICE, TIMER, MAILER, MONITOR = re.findall(r"```\w*\n(.*?)```", SECTION, re.DOTALL)

needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="the recipe needs jq")


@pytest.fixture
def server(database_path: Path) -> Path:
    """The folder that stands for /srv/desk, with a ticket in its database."""
    folder = database_path.parent
    done = run(folder, f"{HELPDESK} --db {database_path} -q ticket create --subject 'Router down' --body x"
                       " --from sara@acme.example")  # fmt: skip
    assert done.returncode == 0, done
    return folder


def run(folder: Path, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the shell with nothing in its environment, not even a HOME."""
    script = script.replace("/srv/helpdesk/bin", str(HELPDESK.parent)).replace(
        "/srv/desk/desk.db", str(folder / "helpdesk.db")
    )
    return subprocess.run(
        ["/bin/sh", "-c", script],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_sweep_of_cron_and_of_systemd(server: Path) -> None:
    times, program = CRON.split("  ", 1)
    assert times == "* * * * *"
    started = re.search("ExecStart=(.*)", SERVICE)
    assert started
    assert started[1] == program.strip()
    done = run(server, program)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert run(server, MONITOR).stdout.startswith("HELPDESK OK - 0 overdue; last sweep ")


def test_the_line_of_the_monitor(server: Path) -> None:
    done = run(server, MONITOR)
    assert done.returncode == 2
    assert done.stdout.startswith("HELPDESK CRITICAL - 0 overdue; last sweep never | overdue=0;;0;0 ")
    (server / "helpdesk.db").rename(server / "away.db")
    done = run(server, MONITOR)
    assert (done.returncode, len(done.stdout.splitlines())) == (3, 1)


@needs_jq
def test_the_mailer_sends_each_notice_once(server: Path) -> None:
    sent = server / "sent"
    mailer = MAILER.replace("/usr/local/bin", str(server / "bin"))
    (server / "bin").mkdir()
    mail = server / "bin" / "mail"
    mail.write_text("#!/bin/sh\nexit 1\n")
    mail.chmod(0o755)
    run(server, mailer)
    mail.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" "$(cat)" >> {sent}\n')
    for _ in range(2):
        assert run(server, mailer).stdout == ""
    assert (
        sent.read_text() == "-s\nHD-1 received: Router down\nsara@acme.example\nHD-1 received: Router down\n"
    )


@needs_jq
def test_the_follower_of_events_goes_on_where_it_was(server: Path) -> None:
    page = (TOPICS / "scripting.md").read_text(encoding="utf-8")
    script = re.search(r"^    #!/bin/sh\n(    .*\n)+", page, re.MULTILINE)
    assert script
    handler = server / "on-event"
    # Fails once, after two events: what it failed on comes again.
    handler.write_text('#!/bin/sh\ncat >> handled\n[ "$(wc -l < handled)" -ne 3 ]\n')
    handler.chmod(0o755)
    given = {"HELPDESK_DB": str(server / "helpdesk.db"), "PATH": f"{HELPDESK.parent}:{os.defpath}"}
    for _ in range(2):
        run(server, script[0].replace(" --follow", ""), **given)
    seqs = [line.split(",")[0] for line in (server / "handled").read_text().splitlines()]
    assert seqs[:4] == ['{"seq":1', '{"seq":2', '{"seq":3', '{"seq":3']


def test_the_topic_has_the_same_recipes() -> None:
    page = (TOPICS / "cron.md").read_text(encoding="utf-8")
    for recipe in (CRON, SERVICE, TIMER, MAILER, MONITOR):
        assert "".join(f"    {line}" if line.strip() else line for line in recipe.splitlines(True)) in page
