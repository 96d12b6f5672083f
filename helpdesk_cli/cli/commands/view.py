"""`helpdesk view`: filters of `ticket list`, saved under a name.

`save` and `run` are made of the options that `ticket list` has, so whatever that learns they know too.
"""

from __future__ import annotations

from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from helpdesk_cli.cli.commands.ticket.read import list_ as ticket_list
from helpdesk_cli.cli.lazy import Noun, Verb
from helpdesk_cli.cli.options import Output, list_options, output_options
from helpdesk_cli.cli.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from helpdesk_cli.services.app import App

cli = Noun(
    "view",
    """Saved filters of the ticket list.

    All who use the database share them. `me`, aliases and times such as -2h mean what they mean when a view
    is run.

    \b
    Examples:
      helpdesk view save mine --assignee me --status open,in_progress
      helpdesk view run mine
    """,
)
_NOT_SAVED = ("limit", "after", "count")


def _filters() -> Iterator[click.Option]:
    """The options of `ticket list` that a view keeps: its filters and the order."""
    for param in ticket_list.params:
        own = not param.is_eager  # unlike those that all commands share
        if own and isinstance(param, click.Option) and param.name not in _NOT_SAVED:
            yield param


def _key(option: click.Option) -> str:
    """What a view calls an option: its long name, as the keys of JSON are written."""
    return max(option.opts, key=len).removeprefix("--").replace("-", "_")


def _unread(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command those options, their values left as they are typed."""
    for option in reversed(list(_filters())):
        plain = copy(option)
        plain.callback = None
        if not plain.is_flag:
            plain.type = click.STRING
        vars(command).setdefault("__click_params__", []).append(plain)
    return command


@cli.command("save")
@click.argument("name")
@_unread
@click.option("--yes", is_flag=True, help="Replace a view of that name.")
@output_options("view")
def save(out: Output, name: str, yes: bool, **typed: Any) -> None:
    """Save filters of the ticket list under a name.

    They are checked as `ticket list` would, and kept as they are typed. A name that has other filters already
    is refused, exit code 4, unless --yes.

    \b
    Examples:
      helpdesk view save mine --assignee me --status open,in_progress
      helpdesk view save late --overdue --sort priority --yes
    """
    from helpdesk_cli.services import views

    filters = {_key(option): _plain(typed[str(option.name)]) for option in _filters()}
    filters = {name: value for name, value in filters.items() if value}
    _check(out.app, filters)
    out.one(views.save(out.app, name, filters, replace=yes))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _check(app: App, filters: dict[str, Any]) -> None:
    """Read filters as `ticket list` would now; its errors where it would refuse them."""
    from helpdesk_cli.services import views

    ctx = click.get_current_context()
    views.check(
        app,
        {
            str(option.name): option.process_value(ctx, filters[_key(option)])
            for option in _filters()
            if _key(option) in filters
        },
    )


def _defaults(filters: dict[str, Any]) -> dict[str, Any]:
    """Saved options as click takes defaults; one that is no more is left out."""
    return {str(o.name): filters[_key(o)] for o in _filters() if _key(o) in filters}


def _from_view(ctx: click.Context, _param: click.Parameter, name: str) -> str:
    """Let the view's options stand where none is typed. An argument is looked at before options that are not
    typed, and after those that say which database it is."""
    state = ctx.find_object(State)
    if state is not None and not ctx.resilient_parsing:
        from helpdesk_cli.services import views

        ctx.default_map = {**(ctx.default_map or {}), **_defaults(views.filters_of(state.app, name))}
    return name


run = Verb(
    "run",
    params=[click.Argument(["name"], callback=_from_view, expose_value=False), *ticket_list.params],
    callback=ticket_list.callback,
    help="""List the tickets that a view finds.

    An option that is given takes the place of the view's own of that name; the others stay.

    \b
    Examples:
      helpdesk view run mine
      helpdesk view run late --assignee none --sort created_at --json
      helpdesk view run mine --count
    """,
)
cli.add_command(run)


@cli.command("list")
@list_options
@output_options("view")
def list_(out: Output, **paging: Any) -> None:
    """List views by name.

    \b
    Examples:
      helpdesk view list
    """
    from helpdesk_cli.services import views

    out.listing(partial(views.list_views, out.app), **paging)


@cli.command("delete")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--yes", is_flag=True, help="Do not ask.")
@output_options("view")
def delete(out: Output, names: tuple[str, ...], yes: bool) -> None:
    """Delete views.

    No ticket changes.

    \b
    Examples:
      helpdesk view delete mine --yes
    """
    from helpdesk_cli.services import views

    out.confirm(f"Delete {_listed(names)}?", yes=yes)
    out.batch(names, lambda name: views.delete(out.app, name), parse=str)


def _listed(names: Iterable[str]) -> str:
    from helpdesk_cli.domain.suggest import listed

    return "the view " + listed([*names])
