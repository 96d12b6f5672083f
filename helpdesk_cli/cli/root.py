"""The `helpdesk` command: its nouns, the global options, and how a run of it begins and ends."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from helpdesk_cli.cli.lazy import LazyGroup
from helpdesk_cli.cli.options import format_options, global_options, version_option
from helpdesk_cli.cli.render import stream
from helpdesk_cli.cli.state import State

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS = "helpdesk_cli.cli.commands"

# noun -> (module, short help); the short help is the first sentence of the noun's own help.
NOUNS = {
    name: (f"{_COMMANDS}.{module}:cli", text)
    for name, module, text in (
        ("init", "init", "Create the database and apply the policy."),
        ("demo", "demo", "Fill an empty database with a believable month."),
        ("ticket", "ticket", "Tickets: open, answer, hold, resolve, list."),
        ("attachment", "attachment", "Files that belong to tickets."),
        ("search", "search", "Find tickets by words in subjects, messages and notes."),
        ("view", "view", "Saved filters of the ticket list."),
        ("sla", "sla", "Deadlines: why each is what it is, resetting one, monitoring all."),
        ("sweep", "sweep", "Do what time has made due; for cron."),
        ("report", "report", "Figures: promises kept, times to answer and resolve, the backlog."),
        ("run", "run", "Runs of the sweep."),
        ("notice", "notice", "Who is to be told of what."),
        ("hook", "hook", "Programs that the policy runs on events."),
        ("event", "event", "The log, as a stream for scripts."),
        ("org", "org", "Organisations: customers and their plans."),
        ("contact", "contact", "Customers' people."),
        ("agent", "agent", "Support's people."),
        ("team", "team", "Teams of agents."),
        ("plan", "plan", "Support plans: check, compare, apply and show the policy."),
        ("calendar", "calendar", "Opening hours: when is it due, how long was it."),
        ("priority", "priority", "Priorities, the most urgent first."),
        ("category", "category", "Categories: departments and queues."),
        ("type", "type", "Types of ticket."),
        ("region", "region", "Regions: which countries each serves, whom an escalation is told to."),
        ("route", "route", "Routes: which rule gives a ticket to whom, and why."),
        ("db", "db", "The database itself."),
        ("export", "export", "Write out everything, or the records of one kind."),
        ("import", "import_", "Bring in what `helpdesk export` wrote."),
        ("config", "config", "The values of options that nobody typed."),
        ("completion", "completion", "Print the completion script of a shell."),
        ("schema", "schema", "Print the JSON Schema of a record."),
        ("help", "help", "Read about a topic."),
    )
}


root = LazyGroup(
    "helpdesk",
    table=NOUNS,
    params=[
        *global_options(root=True),
        *format_options(hidden=True),
        version_option(),
    ],
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="NOUN [VERB] ...",
    help="""A helpdesk on one file: tickets, support plans as code, deadlines exact to the second.

    \b
    Examples:
      helpdesk init
      helpdesk ticket create --subject "Router down" --from sara@acme.example
      helpdesk ticket list --overdue
      helpdesk sweep
    """,
)  # fmt: skip


def run(argv: Sequence[str]) -> int:
    """Run one command; return its exit code. Nothing is raised and no traceback printed."""
    if instruction := os.environ.get("_HELPDESK_COMPLETE"):
        from helpdesk_cli.cli.completion import answer

        return answer(root, instruction)
    state = State()
    try:
        stream.prepare()
        try:
            code = _invoke(_as_utf8(argv), state)
        finally:
            _conclude(state)
        stream.flush()
    except BaseException as failure:  # noqa: BLE001  (this is where every failure ends)
        from helpdesk_cli.cli.failures import end

        code = end(failure, state, argv)
    return code


def main() -> NoReturn:
    """Run the command line of this process and end it.

    Everything is closed and flushed by then, so the interpreter's own end, a tenth of a short command's time,
    is left out.
    """
    code = 130  # only a second Ctrl-C gets past `run`
    try:
        code = run(sys.argv[1:])
    finally:
        os._exit(code)


def _invoke(argv: list[str], state: State) -> int:
    try:
        with root.make_context("helpdesk", argv, obj=state) as ctx:
            root.invoke(ctx)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    return state.exit_code


def _conclude(state: State) -> None:
    """Close what is open, and say what the command has to announce, whatever happened."""
    announcements = state.close()
    if announcements and not state.settings.quiet:
        from helpdesk_cli.cli.render.text import page

        for line in announcements:
            stream.talk(page(line))


def _as_utf8(argv: Sequence[str]) -> list[str]:
    """Read the arguments as UTF-8 where the locale made Python read them as something else."""
    encoding = sys.getfilesystemencoding()
    if encoding == "utf-8":
        return list(argv)
    return [os.fsencode(word).decode("utf-8", "surrogateescape") for word in argv]
