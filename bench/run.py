"""`make bench`: build the load generator, run every case several times, write what came out into bench/results/.

Rule: on a shared machine CPU time per delivery is believed before deliveries per second; a run during which other
processes took more of the machine than `--foreign` per cent of one CPU is repeated, a bounded number of times, and
the runs with the least of it are kept. A case in which anything was lost, doubled or out of order has no figures, and
fails the benchmark once the others are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import floor, report
from bench.cases import CASES, START, Case
from bench.servers import HERE, LAST_CPU, SERVERS, Running, installed

BUILD = HERE / "build"
GCC = ["gcc", "-O2", "-Wall", "-Wextra", "-Wno-missing-field-initializers"]
FAULTS = ("lost", "reordered", "doubled", "astray", "dropped")
Run = dict[str, Any]
BESIDE = "teahouse,teahouse-kept,teahouse-irc,ngircd,inspircd"
QUICK = {"repeat": 1, "extra": 0, "quiet": 0.0, "seconds": 2.0}
THOROUGH = {"repeat": 3, "extra": 3, "quiet": 10.0, "seconds": 0.0}


def build() -> Path:
    """Compile the load generator if it is older than its source."""
    if shutil.which("gcc") is None or sys.platform != "linux":
        raise SystemExit("The benchmark needs Linux and gcc: on Debian, apt-get install gcc libc6-dev")
    load, sources = BUILD / "load", [HERE / "load.c", HERE / "measure.h"]
    BUILD.mkdir(exist_ok=True)
    if not load.exists() or load.stat().st_mtime < max(s.stat().st_mtime for s in sources):
        subprocess.run([*GCC, "-o", str(load), str(sources[0])], check=True)
    return load


def run_once(load: Path, case: Case, server: Running, extra: Sequence[str]) -> Run:
    """One call of the generator, on its own CPU. Raises SystemExit when the server broke a promise."""
    mode, *words = case.words.split(" ")  # they may override the dialect
    command = ["taskset", "-c", str(LAST_CPU), str(load), mode, *server.dialect, *words]
    command += ["--inflight", str(min(case.at_once, server.at_once)), *extra]
    command += ["--port", str(server.port), "--pid", str(server.pid)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    run: Run = json.loads(done.stdout)
    wrong = {key: run[key] for key in FAULTS if run.get(key)}
    if "fault" in run or wrong:
        raise SystemExit(f"{case.name}: {run.get('fault', wrong)}")
    return run | {"start_seconds": server.start_seconds}


def measure(load: Path, name: str, case: Case, options: argparse.Namespace) -> list[Run]:
    """The runs of one case that are kept, each against a freshly started server."""
    runs: list[Run] = []
    extra = options.set + (["--time", str(options.seconds)] if options.seconds else [])
    for _ in range(options.repeat + options.extra):
        if sum(run["foreign_cpu_pct"] <= options.foreign for run in runs) >= options.repeat:
            break
        wait_until_quiet(options.quiet)
        with SERVERS[name]() as server:
            run = run_once(load, case, server, extra)
        if case.name == "paced" and options.floor:  # at once: the price of a send drifts within minutes
            run["floor_us"] = floor.measure(load, ("paced",), count=1000)["paced"]
            # A server that is kept from its CPU bundles lines, and so sends less often: compare send with send.
            run["of_floor"] = run["server_cpu_us_each"] * run["lines_per_read"] / run["floor_us"]
        runs.append(run)
    return sorted(runs, key=lambda run: float(run["foreign_cpu_pct"]))[: options.repeat]


def wait_until_quiet(limit: float) -> None:
    """Until the machine has been nearly idle for half a second, but no longer than that."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        before = _busy()
        time.sleep(0.5)
        if _busy() - before < 0.06:
            return


def _busy() -> float:
    """Seconds that the machine's CPUs have worked."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    return sum(int(fields[i]) for i in (0, 1, 2, 5, 6)) / os.sysconf("SC_CLK_TCK")


def machine() -> dict[str, str]:
    """What it ran on."""
    models = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    ]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return {
        "cpus": f"{os.cpu_count()} × {models[0].partition(': ')[2] if models else platform.machine()}",
        "system": f"Linux {'.'.join(platform.release().split('.')[:2])}, Python {platform.python_version()}",
        "commit": commit.stdout.strip(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    add = parser.add_argument
    add("--thorough", action="store_true", help="several runs of each case, and longer ones: to be quoted")
    add("--repeat", type=int, help="runs of each case that count (median of them): 1, thorough 3")
    add("--extra", type=int, help="how many more may be made when the machine is not quiet: 0, thorough 3")
    add("--foreign", type=float, default=12.0, help="per cent of a CPU that others may take during a run")
    add("--quiet", type=float, help="seconds to wait for a quiet machine before a run: 0, thorough 10")
    add("--seconds", type=float, help="length of a run: 2, thorough 5")
    add("--only", default="", help="cases, with commas between: " + ",".join(c.name for c in CASES))
    add("--servers", default=BESIDE, help=f"of {','.join(SERVERS)}; those installed are measured")
    add("--set", nargs=argparse.REMAINDER, default=[], help="options for the load generator, put last")
    add("--no-floor", dest="floor", action="store_false", help="do not measure what a bare send costs")
    add("--json", action="store_true", help="print the runs as JSON and write nothing")
    options = parser.parse_args()
    for name, value in (THOROUGH if options.thorough else QUICK).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    for kind, given, known in (
        ("server", options.servers, SERVERS),
        ("case", options.only, [case.name for case in CASES]),
    ):
        if unknown := [name for name in given.split(",") if name and name not in known]:
            parser.error(f"there is no {kind} {unknown[0]}: {', '.join(known)}")
    return options


def main() -> None:
    """Measure, then write."""
    options = arguments()
    load = build()
    names = options.servers.split(",")
    wanted = [case for case in CASES if not options.only or case.name in options.only.split(",")]
    there = [name for name in names if installed(name)]
    result: dict[str, Any] = {
        "machine": machine(),
        "floor": floor.measure(load) if options.floor else {},
        "missing": [name for name in names if name not in there],
        "faults": [],
        "servers": {},
    }
    for name in result["missing"]:
        _say(f"{name} is not installed, and is left out: apt-get install {name.partition('-')[0]}")
    for number, name in enumerate(there):
        runs = result["servers"][name] = {}
        for place, case in enumerate(wanted, 1):
            _say(f"{number * len(wanted) + place}/{len(there) * len(wanted)} {name}: {case.name}")
            try:
                runs[case.name] = measure(load, name, case, options)
            except SystemExit as fault:
                result["faults"].append(f"{name}: {fault}")
                _say(f"FAULT {name}: {fault}")
        runs[START.name] = [run for case in wanted for run in runs.get(case.name, ())]
    if options.json:
        json.dump(result, sys.stdout)
    else:
        print(report.write(result, HERE / "results"))
    if result["faults"]:
        raise SystemExit(1)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
