"""The command `gan1d live`."""

from gan1d.commands.common import run
from gan1d.commands.live import main

if __name__ == "__main__":
    run(main)
