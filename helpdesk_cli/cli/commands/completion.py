"""`helpdesk completion`."""

from __future__ import annotations

import click

from helpdesk_cli.cli.lazy import verb
from helpdesk_cli.cli.options import Output, output_options
from helpdesk_cli.cli.types import Word


@verb("completion")
@click.argument("shell", type=Word("bash", "zsh", "fish"), metavar="SHELL")
@output_options(None)
def cli(out: Output, shell: str) -> None:
    """Print the completion script of a shell.

    It completes commands, options and values, those of the database too: agents, plans, numbers of tickets
    with their subjects. Put the script where
    your shell looks for it, then open a new one. For zsh that is any folder of $fpath, named before compinit
    in ~/.zshrc: `fpath=(~/.zfunc $fpath)`.

    \b
    Examples:
      helpdesk completion bash > ~/.local/share/bash-completion/completions/helpdesk
      helpdesk completion zsh > ~/.zfunc/_helpdesk
      helpdesk completion fish > ~/.config/fish/completions/helpdesk.fish
    """
    from helpdesk_cli.cli.completion import script

    out.page(script(shell).splitlines())
