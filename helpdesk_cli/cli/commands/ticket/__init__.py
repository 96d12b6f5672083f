"""`helpdesk ticket`: the verbs on tickets, each group of them in a module that is loaded when it is used."""

from __future__ import annotations

from helpdesk_cli.cli.lazy import Noun
from helpdesk_cli.errors import UsageError

_HERE = "helpdesk_cli.cli.commands.ticket"
_BUILTINS = ("list", "next")  # their functions are called `list_` and `next_`

# verb -> (place, short help); the short help is the first sentence of the verb's own help.
VERBS = {
    name: (f"{_HERE}.{module}:{name}{'_' * (name in _BUILTINS)}", text)
    for module, name, text in (
        ("create", "create", "Open a ticket for a customer."),
        ("read", "list", "List tickets, those with the next deadline first."),
        ("read", "next", "Show the ticket to work on now."),
        ("read", "show", "Show tickets with their thread and their clocks."),
        ("read", "log", "Tell what happened to a ticket, event by event."),
        ("reply", "reply", "Answer a ticket, or write in it as the customer."),
        ("reply", "note", "Write an internal note, or edit one."),
        ("work", "take", "Take tickets and begin to work on them."),
        ("work", "assign", "Give tickets to an agent, a team or both."),
        ("work", "unassign", "Free tickets from their agent."),
        ("work", "hold", "Put tickets on hold, perhaps until an instant."),
        ("work", "resume", "Go on with tickets that waited."),
        ("work", "resolve", "Resolve tickets: support is sure, the customer has not confirmed."),
        ("work", "close", "Close tickets."),
        ("work", "reopen", "Work on resolved or closed tickets again."),
        ("edit", "edit", "Change fields or the status of tickets."),
        ("edit", "tag", "Add and remove tags."),
        ("escalate", "escalate", "Lead a ticket up, to the next level of the customer's region."),
        ("relate", "merge", "Merge a ticket into another one."),
        ("relate", "split", "Begin a ticket of its own with a message."),
        ("relate", "link", "Say what a ticket is to another one."),
        ("edit", "redact", "Take the text out of a message, for good."),
    )
}

# What other tools call it -> what it is here.
HABITS = {
    "view": "helpdesk ticket show ID",
    "comment": "helpdesk ticket note ID for colleagues, helpdesk ticket reply ID for the customer",
    "annotate": "helpdesk ticket note ID for colleagues, helpdesk ticket reply ID for the customer",
    "steal": "helpdesk ticket take ID --steal",
    "start": "helpdesk ticket take ID",
    "done": "helpdesk ticket resolve ID",
    "modify": "helpdesk ticket edit ID",
}


def _meant(word: str) -> str | None:
    """What to type where the word of another tool stands for a verb, or a ticket without one."""
    from helpdesk_cli.cli.types import ticket_id

    try:
        return f"helpdesk ticket show {ticket_id(word)}"
    except UsageError:
        return HABITS.get(word.lower())


cli = Noun(
    "ticket",
    """Tickets: open, answer, hold, resolve, list.

    A ticket is named by its number or its reference: 42 and HD-42 are the same. Verbs that take several also
    read ids from stdin, one a line, where `-` stands for them.

    \b
    Examples:
      helpdesk ticket create --subject "Router down" --from sara@acme.example --body "No light at all"
      helpdesk ticket next --take
      helpdesk ticket reply 42 --body "A new one is on its way"
      helpdesk ticket list --overdue --assignee me
    """,
    verbs=VERBS,
    meant=_meant,
)
