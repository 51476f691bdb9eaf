"""How long `lsp` takes, beside an empty Prefect flow on the same machine at the same time (`make bench`).

Seconds differ from machine to machine and from hour to hour, so what counts is the ratio of the two, taken in
turns: A B A B. Prints, never judges; tests hold what must hold. Works on a copy of the sample workspace.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
LSP = [sys.executable, "-m", "pipelines.cli"]
EMPTY_FLOW = [sys.executable, str(CHECKOUT / "bench" / "empty_flow.py")]
DONE_CODES = (0, 3)  # 3: done, but something was refused, as in the sample it is


def seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    """Wall-clock seconds of one command. Stops the bench, with the command's last words, if it fails."""
    began = time.perf_counter()
    ended = subprocess.run(
        command, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    took = time.perf_counter() - began
    if ended.returncode not in DONE_CODES:
        last_words = "\n".join((ended.stdout + ended.stderr).splitlines()[-20:])
        sys.exit(f"{' '.join(command)} ended with exit code {ended.returncode}:\n{last_words}")
    return took


def line(what: str, times: Sequence[float]) -> str:
    """One line of the table: least, middle and most of some seconds."""
    return f"{what:<34}{min(times):>8.2f}{statistics.median(times):>8.2f}{max(times):>8.2f}"


def bench(rounds: int, workspace: Path, flow_home: Path) -> None:
    """Time `lsp --help`, then `lsp run` and the empty flow: each first time, then `rounds` times in turns."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    # Left to itself Prefect gives its server 20 s to start, too little for a slow machine's first time. That
    # and silence towards its makers is all we change; neither makes it slower.
    flow_environment = plain | {
        "PREFECT_HOME": str(flow_home),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    run = [*LSP, "run", "--root", str(workspace)]

    print(f"{rounds} rounds of {LSP[-1]} and an empty flow in turns: some minutes", file=sys.stderr)
    help_times = [seconds([*LSP, "--help"], plain) for _ in range(rounds)]
    first = {"run": seconds(run, plain), "flow": seconds(EMPTY_FLOW, flow_environment)}
    run_times, flow_times = [], []
    for _ in range(rounds):
        run_times.append(seconds(run, plain))
        flow_times.append(seconds(EMPTY_FLOW, flow_environment))

    ratio = statistics.median(run_times) / statistics.median(flow_times)
    print(f"{'seconds (' + str(rounds) + ' rounds)':<34}{'least':>8}{'middle':>8}{'most':>8}")
    print(line("lsp --help", help_times))
    print(line("A  lsp run, again", run_times))
    print(line("B  empty flow, again", flow_times))
    print(f"{'A  lsp run, first time':<34}{first['run']:>16.2f}")
    print(f"{'B  empty flow, first time':<34}{first['flow']:>16.2f}")
    print(
        f"ratio A / B: again {ratio:.2f}, first time {first['run'] / first['flow']:.2f} (aim: at most 1.50)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each is timed (default: 3)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lsp-bench-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "workspace"
        shutil.copytree(CHECKOUT / "data" / "raw", copy / "data" / "raw")
        bench(max(1, options.rounds), copy, Path(folder) / "prefect")
