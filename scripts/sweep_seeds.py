"""The command `gan1d sweep`."""

from gan1d.commands.common import run
from gan1d.commands.sweep import main

if __name__ == "__main__":
    run(main)
