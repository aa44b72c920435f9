"""Commands that are killed in their work, at any of the moments at which they touch a file."""

from __future__ import annotations

import subprocess
import sys

# Runs a command to have everything imported, then forks a process for each line. It counts the
# calls by which that process touches files, and kills it before the one that the line names: what
# is cut off does not depend on how fast the machine is.
CODE = """
import contextlib, os, sys, threading
from argmap.cli import main

TOUCH = {"open", "write", "writelines", "flush", "fsync", "close", "replace", "rename", "unlink",
         "remove", "mkdir", "chmod", "utime", "truncate", "execute", "commit", "link", "symlink"}
WHERE = {"posix", "_io", "sqlite3"}  # a text is replaced as well

def touches(called):
    where = {called.__module__, type(called.__self__).__module__}
    return called.__name__ in TOUCH and bool(where & WHERE)

def child(last, arguments, told):
    calls = 0
    def count(frame, event, called):
        nonlocal calls
        if event == "c_call" and touches(called):
            calls += 1
            if calls == last:
                os.kill(os.getpid(), 9)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if last:
        threading.setprofile(count)  # notes are written by threads
        sys.setprofile(count)
    try:
        main(arguments, prog_name="argmap")
    finally:
        sys.setprofile(None)
        os.write(told, b"%d" % calls)

with contextlib.suppress(SystemExit), contextlib.redirect_stdout(sys.stderr):
    main(sys.argv[1:])
for line in sys.stdin:
    last, *arguments = line.split()
    reads, tells = os.pipe()
    forked = os.fork()
    if not forked:
        child(int(last), arguments, tells)
    os.close(tells)
    code = os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1])
    print(code, os.read(reads, 20).decode() or 0, flush=True)
    os.close(reads)
"""


class Nursery:
    """Runs `argmap`, each time in a process of its own; begins with `warm`, which imports all."""

    def __init__(self, *warm: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CODE, *map(str, warm)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, *words: object, killed_at: int = 0) -> int:
        """Run a command, up to one of the calls by which it touches files, if one is named.

        Return its exit code, or the number of the signal that ended it, with a minus.
        """
        return self._run(killed_at, *words)[0]

    def calls(self, *words: object) -> int:
        """Run a command that goes well; return the calls by which it touched files."""
        code, calls = self._run(-1, *words)
        assert code == 0
        return calls

    def _run(self, last: int, *words: object) -> tuple[int, int]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{last} {' '.join(map(str, words))}\n")
        self.process.stdin.flush()
        code, calls = self.process.stdout.readline().split()
        return int(code), int(calls)

    def close(self) -> None:
        """End it."""
        self.process.communicate()
