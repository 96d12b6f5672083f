"""`python -m helpdesk_cli` and the `helpdesk` script."""

import gc
import os
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line of this process and end it; Ctrl-C while modules still load is quiet too."""
    gc.set_threshold(100_000, 50, 100)  # a command makes little garbage, and lives for less than a second
    try:
        from helpdesk_cli.cli.root import main as run

        run()
    except KeyboardInterrupt:
        os._exit(130)


if __name__ == "__main__":
    main()
