"""What every peer does: get ready, then take as many steps as it is asked for, and time them."""

import sys
import time


def serve(prepare):
    """Read numbers of steps from standard input; after each, print the seconds that they took.

    Args:
        prepare: returns a function that takes so many steps; compilation is over by then.
    """
    take = prepare()
    print("ready", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        take(int(line))
        print(time.perf_counter() - start, flush=True)
