#!/usr/bin/env python3
"""Compares a build of postlint with its peers and floors, in one run, as ratios.

    compare.py --postlint target/release/postlint --work FOLDER [--typos BIN] [--rg BIN] [--ref BIN] [--hs COMMAND]

FOLDER is what make_corpus.py of the workload writes. Nothing is built. Peers that are not named, or that are not there,
are left out, and the table says so. Commands run in turn, round after round, so that a busy machine is busy for all of
them; a cell is the ratio of two medians, or of two best times with `--best`. Only ratios of one run mean anything.
"""

import argparse
import datetime
import multiprocessing
import os
import pathlib
import platform
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import workload

# A cold start is over in milliseconds: so many in each round.
SHORT = 10


def aside(work, *arguments):
    """Calls `work` in a process of its own: what this one holds in memory is counted for every program that it starts."""
    with multiprocessing.Pool(1) as pool:
        return pool.apply(work, arguments)


class Command:
    """A program with its arguments, and how long each of its runs took."""

    def __init__(self, argv, stdin=None, size=1, short=False, env=None):
        self.argv, self.stdin, self.size = [str(a) for a in argv], stdin, size
        self.times_a_round, self.env = (SHORT if short else 1), env
        self.walls, self.memory, self.wrong = [], 0, None

    def run(self, folder):
        """One run, its output in a file."""
        with open(folder / "out", "wb") as out, open(folder / "err", "wb") as err:
            stdin = open(self.stdin, "rb") if self.stdin else subprocess.DEVNULL
            start = time.perf_counter()
            child = subprocess.Popen(self.argv, stdin=stdin, stdout=out, stderr=err, cwd=folder, env=self.env)
            _, status, usage = os.wait4(child.pid, 0)
            self.walls.append(time.perf_counter() - start)
            child.returncode = os.waitstatus_to_exitcode(status)
        self.memory = max(self.memory, usage.ru_maxrss / 1024)
        # 1 and, of typos, 2 say that something was found.
        if child.returncode not in (0, 1) and not (child.returncode == 2 and "typos" in self.argv[0]):
            told = (folder / "err").read_text(errors="replace").strip().splitlines()
            self.wrong = f"exit code {child.returncode}: {told[0] if told else 'no word of it'}"


class Table:
    """Commands by name, and rows that are worked out of their times."""

    def __init__(self, best):
        self.commands, self.rows, self.best = {}, [], best

    def time(self, name):
        """Seconds of a command, or nothing if it did not run."""
        command = self.commands.get(name)
        if command is None or command.wrong or not command.walls:
            return None
        return min(command.walls) if self.best else statistics.median(command.walls)

    def rate(self, name):
        """Units of work a second."""
        seconds = self.time(name)
        return seconds and self.commands[name].size / seconds

    def memory(self, name):
        """Megabytes at the peak."""
        command = self.commands.get(name)
        return None if command is None or command.wrong else command.memory

    def row(self, case, value, must, aim=None, least=False, unit="x"):
        """Adds a row: `value` must be at most `must`, or at least where `least` says so."""
        self.rows.append((case, value, must, aim, least, unit))


def ratio(a, b):
    return a / b if a and b else None


def told(row):
    """A row in words: case, measured, must, aim, whether it holds."""
    case, value, must, aim, least, unit = row
    sign = ">=" if least else "<="
    number = lambda n: "" if n is None else f"{sign} {n:,.4g} {unit}"
    if value is None:
        return case, "not run", number(must), number(aim), "-"
    holds = lambda bound: bound is not None and (value >= bound if least else value <= bound)
    verdict = "aim" if holds(aim) else "must" if holds(must) else "NO"
    return case, f"{value:,.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}", number(must), number(aim), verdict


def cold(t, a, packs, settings):
    draft = workload.path(a.work, "draft.txt")
    t.commands["draft"] = Command([a.postlint, "check", "--no-config", draft], short=True)
    t.commands["draft x10"] = Command(
        [a.postlint, "check", "--no-config", "--pack", packs[1], draft], short=True)
    t.commands["cat draft"] = Command(["cat", draft], short=True)
    if a.typos:
        t.commands["typos draft"] = Command([a.typos, draft], short=True)
    t.row("cold start / typos", lambda: ratio(t.time("draft"), t.time("typos draft")), 1)
    t.row("cold start / cat", lambda: ratio(t.time("draft"), t.time("cat draft")), 8, 4)
    t.row("cold start, ten times the rules / default packs", lambda: ratio(t.time("draft x10"), t.time("draft")), 10, 2)


def folder(t, a, packs, settings):
    posts = workload.path(a.work, "posts")
    check = [a.postlint, "check", "--no-config", "--format", "jsonl"]
    for threads in (1, 2):
        t.commands[f"posts {threads}"] = Command([*check, "--threads", threads, posts])
    for pack, name in zip(packs, ("", " x10")):
        t.commands[f"posts rules{name}"] = Command([*check, "--threads", 2, "--pack", pack, posts])
    if a.typos:
        t.commands["typos posts"] = Command([a.typos, posts])
    if a.rg:
        t.commands["rg posts"] = Command([a.rg, "-c", "zzqq", posts])
    t.row("10,000 posts, 2 threads / typos", lambda: ratio(t.time("posts 2"), t.time("typos posts")), 1)
    t.row("10,000 posts, 2 threads / rg -c zzqq", lambda: ratio(t.time("posts 2"), t.time("rg posts")), 4, 4)


def bulk(t, a, packs, settings):
    text = workload.path(a.work, {1: "bulk1.txt", 10: "bulk10.txt", 100: "bulk.txt"}[a.bulk])
    size = text.stat().st_size / 1e6
    check = [a.postlint, "check", "--config", settings, "--format", "jsonl"]
    for threads in (1, 2):
        t.commands[f"bulk {threads}"] = Command([*check, "--threads", threads, text], size=size)
    for pack, name in zip(packs, ("", " x10")):
        t.commands[f"bulk rules{name}"] = Command([*check, "--threads", 1, "--pack", pack, text], size=size)
    rules = workload.path(a.work, "rules.tsv")
    if a.ref:
        small = workload.path(a.work, "bulk1.txt")
        t.commands["naive"] = Command([a.ref, "naive", rules, 1, small], size=small.stat().st_size / 1e6)
    if a.hs:
        env = {**os.environ, "HS_CACHE": str(pathlib.Path(t.folder) / "hyperscan.db"), "SOM": "0"}
        hyperscan = Command([*a.hs, rules, text], size=size, env=env)
        hyperscan.run(t.folder)  # makes the cached database
        hyperscan.walls.clear()
        t.commands["hyperscan"] = hyperscan
    same = "bulk, rules.tsv as a pack, 1 thread"
    t.row(f"{same} / Hyperscan", lambda: ratio(t.rate("bulk rules"), t.rate("hyperscan")), 0.6, 1, True)
    t.row(f"{same} / naive loop", lambda: ratio(t.rate("bulk rules"), t.rate("naive")), 12, None, True)
    t.row("bulk, default packs / the same", lambda: ratio(t.rate("bulk 1"), t.rate("bulk rules")), 0.25, 0.5, True)


def stream(t, a, packs, settings):
    posts = aside(workload.posts, workload.path(a.work, "bulk.txt"), a.posts, t.folder / "stream.jsonl")
    for threads in (1, 2):
        t.commands[f"stream {threads}"] = Command(
            [a.postlint, "stream", "--threads", threads], stdin=posts, size=a.posts)
    bytes_of = posts.stat().st_size / a.posts / 1e6
    t.row("stream, posts a second, 2 threads", lambda: t.rate("stream 2"), 100_000, None, True, "/s")
    rate = lambda: (posts_a_second := t.rate("stream 2")) and posts_a_second * bytes_of
    t.row("stream / bulk, bytes a second, 2 threads", lambda: ratio(rate(), t.rate("bulk 2")), 0.5, 1, True)


def relations(t, a, packs, settings):
    for name, must in (("bulk", 1.8), ("posts", 1.5), ("stream", 1.8)):
        value = lambda name=name: ratio(t.time(f"{name} 1"), t.time(f"{name} 2"))
        t.row(f"1 to 2 threads: {name}", value, must, 1.9, True)
    t.row("peak memory: draft", lambda: t.memory("draft"), 25, 15, unit="MB")
    t.row("peak memory: posts", lambda: t.memory("posts 2"), 25, 15, unit="MB")
    t.row("peak memory: bulk, findings included", lambda: t.memory("bulk 1"), 45, 25, unit="MB")
    for case, name, must, aim in (("bulk", "bulk rules", 2.5, 1.9), ("posts", "posts rules", 3, 2)):
        value = lambda name=name: ratio(t.time(f"{name} x10"), t.time(name))
        t.row(f"ten times the rules: {case}", value, must, aim)
    memory = lambda: ratio(t.memory("posts rules x10"), t.memory("posts rules"))
    t.row("ten times the rules: memory", memory, 5, 3)


def cliffs(t, a, packs, settings):
    plain = workload.path(a.work, "bulk1.txt")
    texts = {"plain": plain, **aside(workload.cliffs, plain, t.folder)}
    for name, text in texts.items():
        check = [a.postlint, "check", "--config", settings, "--format", "jsonl", "--threads", 1, text]
        t.commands[f"text: {name}"] = Command(check, size=text.stat().st_size / 1e6)
    for name in list(texts)[1:]:
        value = lambda name=name: ratio(t.rate(f"text: {name}"), t.rate("text: plain"))
        t.row(f"no cliff, 1 MB: {name} / plain", value, 0.35, 0.8, True)


PARTS = {"cold": cold, "folder": folder, "bulk": bulk, "stream": stream, "relations": relations, "cliffs": cliffs}


def tell(progress):
    """Says how far the run is, where somebody looks on."""
    if sys.stderr.isatty():
        print(f"\r{progress:60}\r", end="", file=sys.stderr, flush=True)


def measure(t, a):
    """Runs every command in every round."""
    for number in range(a.rounds):
        for name, command in t.commands.items():
            for _ in range(command.times_a_round):
                if command.wrong is None:
                    tell(f"round {number + 1} of {a.rounds}: {name}")
                    command.run(t.folder)
    tell("")


def show(t, a):
    head = ("case", "measured", "must", "aim", "holds")
    cells = [head] + [told((row[0], row[1](), *row[2:])) for row in t.rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    for number, row in enumerate(cells):
        if a.markdown:
            print("| " + " | ".join(row) + " |")
            if number == 0:
                print("|---" * len(head) + "|")
        else:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    print()
    for name, command in t.commands.items():
        if command.wrong:
            print(f"not run: {name}: {command.wrong}")
    for name, there in (("typos", a.typos), ("rg", a.rg), ("ref", a.ref), ("hs", a.hs)):
        if not there:
            print(f"left out: --{name} names no program that is there")
    if a.figures:
        for name, command in t.commands.items():
            if command.walls:
                middle, least = statistics.median(command.walls), min(command.walls)
                print(f"{name:34} {middle * 1e3:10.1f} ms (best {least * 1e3:.1f}) {command.memory:6.1f} MB")
    kind = "best times" if a.best else "medians"
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Memory cannot be told below {floor:.0f} MB, which is what this script takes.")
    print(f"{datetime.date.today()}, {platform.machine()}, {os.cpu_count()} processors, {kind} of {a.rounds} rounds.")
    print("The editor is measured by .ci/integrations keystroke.")


def arguments():
    read = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    read.add_argument("--postlint", required=True)
    read.add_argument("--work", required=True, type=pathlib.Path, help="folder that make_corpus.py wrote")
    read.add_argument("--typos")
    read.add_argument("--rg", default=shutil.which("rg"))
    read.add_argument("--ref", help="the workload's reference program")
    read.add_argument("--hs", help="command of the workload's hs.py, such as 'python3 hs.py'")
    read.add_argument("--rounds", type=int, default=5)
    read.add_argument("--bulk", type=int, choices=(1, 10, 100), default=100, help="megabytes of the bulk text")
    read.add_argument("--posts", type=int, default=1_000_000, help="posts of the stream")
    read.add_argument("--only", action="append", choices=PARTS, help="only this part (may be given again)")
    read.add_argument("--best", action="store_true", help="compare best times instead of medians")
    read.add_argument("--figures", action="store_true", help="also print each command's time and memory")
    read.add_argument("--markdown", action="store_true")
    a = read.parse_args()
    a.work = a.work.resolve()
    for name in ("postlint", "typos", "rg", "ref"):
        given = getattr(a, name)
        setattr(a, name, os.path.abspath(found) if given and (found := shutil.which(given)) else None)
    a.hs = shlex.split(a.hs) if a.hs else None
    if a.postlint is None:
        read.error("--postlint names no program")
    return a


def main():
    a = arguments()
    with tempfile.TemporaryDirectory() as folder:
        t = Table(a.best)
        t.folder = pathlib.Path(folder)
        packs = [aside(workload.pack, workload.path(a.work, f"{name}.tsv"), name, t.folder / f"{name}.toml")
                 for name in ("rules", "rules2500")]
        settings = workload.settings(t.folder / "limits.toml")
        for name, part in PARTS.items():
            if a.only is None or name in a.only:
                part(t, a, packs, settings)
        measure(t, a)
        show(t, a)


if __name__ == "__main__":
    main()
