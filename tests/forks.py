"""Imports all that a run needs, and then forks an `lsp` for each line of words that comes in on the input.

So a run begins at once, and a moment at which it is killed falls into it and not into the imports before it. For each
its process id is printed, and when it ended its exit code (less than 0: the signal that ended it).
"""

import importlib
import os
import sys

from pipelines.cli import main
from pipelines.validate import great_expectations

for name in ("marts.load", "marts.publish", "pack", "reply.write", "run.stages", "web"):
    importlib.import_module(f"pipelines.{name}")
great_expectations()
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        code = 1
        try:
            code = main(line.split())
        finally:
            os._exit(code)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
