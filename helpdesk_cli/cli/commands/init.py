"""`helpdesk init`."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.render.layout import wants_page
from helpdesk_cli.cli.types import STDIN


@verb("init")
@click.option(
    "--plans", type=click.Path(), metavar="FILE", help="The policy; default: the shipped plans.yaml."
)
@click.option("--shared-group", metavar="GROUP", help="The group of users who share it.")
@output_options("init")
def cli(out: Output, plans: str | None, shared_group: str | None) -> None:
    """Create the database and apply the policy.

    You become an agent under your login. A database that exists keeps its policy: change that with
    `helpdesk plan apply`; one made by an older version of the program is brought up to date. The file is
    yours alone, mode 0600. Shared with a group it is 0660, in a folder of the group, 2770; a folder that
    holds other files is not opened to it, and what another group shares is not taken from it.

    \b
    Examples:
      helpdesk init
      helpdesk --db /srv/desk/helpdesk.db init --plans plans.yaml
      helpdesk --db /srv/desk/helpdesk.db init --shared-group support
    """
    from helpdesk_cli.services import setup

    done = setup.init(out.app, plans, shared_group)
    path = out.settings.db
    source = "stdin" if plans == STDIN else plans or "the shipped plans.yaml"
    if not wants_page(out):
        out.one({"db": path, "created": done.created, "upgraded": done.upgraded, "agent": done.agent,
                 "plans": source if done.created else None})  # fmt: skip
        return
    if not done.created:
        out.talk(f"{path} exists already" + ("; its tables are up to date now." if done.upgraded else "."))
        return
    out.talk(f"Created {path} with the policy of {source}.")
    if done.agent:
        out.talk(
            f"You are the agent {done.agent}; your address: `helpdesk agent edit {done.agent} --email E`."
        )
