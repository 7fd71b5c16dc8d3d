"""The command `logreg`."""

from gan1d.commands.common import run
from logreg.command import main

if __name__ == "__main__":
    run(main)
