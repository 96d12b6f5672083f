"""`helpdesk import`."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options


@verb("import")
@click.argument("file", type=click.Path(), metavar="FILE")
@output_options("imported")
def cli(out: Output, file: str) -> None:
    """Bring in what `helpdesk export` wrote.

    FILE is an export of everything, - is stdin. Without a database it makes one, with the policy of the file;
    no event is added, and ids stay what they are. All goes in at once: whatever ends it, nothing is changed,
    and the same command begins anew. Rows that are there already are skipped; a database that holds anything
    of the file with other content is left as it is, exit code 4.

    A line that is wrong is refused, a ticket's with all that belongs to the ticket, and the others go in:
    exit code 7. `helpdesk db check --deep` proves of the result that it is sound.

    \b
    Examples:
      helpdesk import desk.jsonl --db new.db
      helpdesk export | helpdesk import - --db new.db
    """
    from helpdesk_cli.cli.inputs import open_lines
    from helpdesk_cli.services import importing

    with (
        open_lines(file) as lines,
        importing.opened(out.app, lines) as export,
        out.progress(importing.work(out.app, export), "import") as bar,
    ):
        done = importing.load(out.app, export, out.fail, bar.step)
    out.one(done)
