"""`python -m argmap` is `argmap`."""

import atexit
import gc

_SELDOM = 1_000_000  # new objects between two searches for circles


def run() -> None:
    """Run the command in a process of its own.

    Most verbs make many things that live until the end, and few circles: looking for those after
    every 700 new things, and once more at the end, takes a sixth of a build.
    """
    gc.set_threshold(_SELDOM)
    atexit.register(gc.freeze)

    from argmap.cli import main

    main(prog_name="argmap")


if __name__ == "__main__":
    run()
