"""`python -m logreg`, and the command `logreg`: NumPy and Keras compared, on any table."""

import sys

from gan1d.commands.common import run
from logreg.command import main as compare


def main():
    """Run the comparison."""
    sys.argv[0] = "logreg"
    run(compare)


if __name__ == "__main__":
    main()
