"""The command `gan1d train`."""

from gan1d.commands.common import run
from gan1d.commands.train import main

if __name__ == "__main__":
    run(main)
