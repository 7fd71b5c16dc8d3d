"""`python -m gan1d`, and the command `gan1d`: train a GAN, count over seeds, open the page."""

import argparse
import importlib
import sys

from gan1d.commands.common import Parser, run

COMMANDS = {
    "train": "train one, and save its diagrams, plots, history and models",
    "sweep": "train one a seed, and count how often each recipe works",
    "live": "open a page in which it trains while you turn every knob",
}


def main():
    """Run the command that comes first; what follows it are its own arguments."""
    sys.argv[0] = "gan1d"
    parser = Parser("A GAN that learns a one-dimensional function.")
    of_commands = {"metavar": "COMMAND", "required": True, "parser_class": argparse.ArgumentParser}
    commands = parser.add_subparsers(dest="command", **of_commands)
    for name, what in COMMANDS.items():
        commands.add_parser(name, help=what)
    name = parser.parse_args(sys.argv[1:2] or ["--help"]).command
    sys.argv[:2] = [f"gan1d {name}"]
    run(importlib.import_module(f"gan1d.commands.{name}").main)


if __name__ == "__main__":
    main()
