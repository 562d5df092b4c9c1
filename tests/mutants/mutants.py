"""Tries mutants of the floors that decide what is found: all are built into one program, and one is switched on at a time.

    mutants.py build [ARGUMENTS]     copies HEAD, lists the mutants (cargo-mutants, .cargo/mutants.toml), builds them in;
                                     ARGUMENTS go to `cargo mutants --list`: `--re text/map.rs`
    mutants.py reach [--it]          runs every test alone: its time, and which mutants it reaches
    mutants.py try SAMPLE [--it]     switches on one mutant after another, in random order, and runs the tests that reach it
    mutants.py again                 tries those that are alive once more, against other tests
    mutants.py report                how many were tried and are alive, and which

The tests of a mutant run in the order of what they cost for each mutant that they reach, until one fails or takes ten times
as long as it should. Without `--it` these are the tests beside the code; with it those of tests/it, for what the former
missed. SAMPLE is the part of the mutants to try: 0.2 for a fifth. Everything is in target/mutants; `try` goes on where it was
stopped, as long as only tests changed. A test that fails in the copy as it is (that of the layers does, since the switch is in
none) is not run.
"""

import json
import os
import random
import re
import resource
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("MUTANTS", ROOT / "target/mutants"))
TREE = HOME / "tree"
LIST = HOME / "mutants.json"
LEFT_OUT = HOME / "left-out.txt"
PLACES = HOME / "places.txt"
PROGRAMS = HOME / "programs.json"
RESULTS = HOME / "results.jsonl"
SWITCH = HOME / "switch"
REACHED = HOME / "reached"

# A test that takes more seconds is not run: what it alone would notice counts as missed.
SLOW = 3.0

# What the program asks at every switch. It reads a file, since tests run the program without an environment.
SWITCHED = """//! Which mutant is on.
use std::{fs::OpenOptions, io::Write as _, sync::{LazyLock, atomic::{AtomicBool, Ordering::Relaxed}}};
/// The number of the mutant that is on; none when what is reached is written down.
static ON: LazyLock<Option<u32>> = LazyLock::new(|| std::fs::read_to_string("SWITCH").ok().and_then(|n| n.trim().parse().ok()));
static SEEN: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];
/// Whether mutant `number` is on.
pub fn on(number: u32) -> bool {
    if let Some(on) = *ON {
        return on == number;
    }
    let seen = &SEEN[number as usize];
    if !seen.load(Relaxed) && !seen.swap(true, Relaxed) {
        if let Ok(mut file) = OpenOptions::new().append(true).open("REACHED") {
            let _ = file.write_all(format!("{number}\\n").as_bytes());
        }
    }
    false
}
"""

ENVIRONMENT = os.environ | {
    "CARGO_TARGET_DIR": str(HOME / "build"),
    "CARGO_INCREMENTAL": "1",
    "CARGO_PROFILE_DEV_DEBUG": "0",
    "CARGO_PROFILE_DEV_OPT_LEVEL": "1",
    "RUSTFLAGS": "-A warnings",
    "INSTA_UPDATE": "no",
    "INSTA_FORCE_PASS": "0",
    "INSTA_WORKSPACE_ROOT": str(TREE),
}


def run(*command, **options):
    return subprocess.run(command, check=True, env=ENVIRONMENT, **options)


def numbers(file):
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def copy():
    """HEAD, without a switch."""
    run("rm", "-rf", TREE)
    TREE.mkdir(parents=True)
    subprocess.run(f"git archive HEAD | tar x -C '{TREE}'", shell=True, check=True, cwd=ROOT)
    shared = ROOT.parent / "shared"
    if shared.exists() and not (HOME / "shared").exists():
        (HOME / "shared").symlink_to(shared.resolve())


def switch():
    """Builds the switches of all mutants that are not left out into the copy."""
    copy()
    run("cargo", "run", "--release", "--quiet", "--manifest-path", ROOT / "tests/mutants/Cargo.toml", "--", TREE, LIST, LEFT_OUT, PLACES)
    count = len(json.loads(LIST.read_text()))
    switched = SWITCHED.replace("SWITCH", str(SWITCH)).replace("REACHED", str(REACHED)).replace("COUNT", str(count))
    (TREE / "src/switched.rs").write_text(switched)
    library = TREE / "src/lib.rs"
    library.write_text(library.read_text() + "#[doc(hidden)]\n#[allow(missing_docs, clippy::all, clippy::pedantic)]\npub mod switched;\n")


def blamed(messages):
    """The mutants that errors of the compiler point at: what they write, or else their switch."""
    places = {}
    for line in PLACES.read_text().splitlines():
        file, *rest = line.split()
        places.setdefault(file, []).append([int(n) for n in rest])
    found = set()
    for message in messages:
        notes = [s for child in message["children"] for s in child["spans"]]
        primary = [s for s in message["spans"] if s["is_primary"]]
        for spans in (primary, message["spans"], notes):
            blame = {number for span in spans for number in at(places.get(span["file_name"], []), span)}
            if blame:
                break
        if not blame:
            blame = {number for span in notes for number in before(places.get(span["file_name"], []), span)}
        found |= blame
    return found


def at(places, span):
    """The mutants at a place of the source: those who wrote it, else those of the innermost switch around it."""
    start, end = span["byte_start"], span["byte_end"]
    own = [number for _, _, number, first, last in places if first <= start and end <= last + 1]
    around = [(last - first, number) for first, last, number, _, _ in places if first <= start and end <= last]
    return own or [number for size, number in around if size == min(around)[0]]


def before(places, span):
    """The last mutant before a place: the arm that a match cannot do without."""
    return [number for _, number in sorted((last, number) for _, _, number, _, last in places if last <= span["byte_start"])[-1:]]


def listed():
    return [(mutant["name"], mutant["span"]) for mutant in json.loads(LIST.read_text())] if LIST.exists() else []


def build(arguments):
    HOME.mkdir(parents=True, exist_ok=True)
    before = listed()
    copy()
    with LIST.open("w") as out:
        run("cargo", "mutants", "--list", "--json", *arguments, cwd=TREE, stdout=out)
    if listed() != before:
        LEFT_OUT.write_text("")
        RESULTS.unlink(missing_ok=True)
    while True:
        switch()
        made = subprocess.run(
            ["cargo", "test", "--lib", "--test", "it", "--no-run", "--message-format", "json"],
            cwd=TREE, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        said = [json.loads(line) for line in made.stdout.splitlines() if line.startswith("{")]
        if made.returncode == 0:
            break
        errors = [s["message"] for s in said if s["reason"] == "compiler-message" and s["message"]["level"] == "error"]
        bad = blamed(errors) - set(numbers(LEFT_OUT))
        kinds = Counter((e["code"] or {}).get("code") for e in errors)
        print(len(errors), "errors;", len(bad), "mutants left out:", dict(kinds), flush=True)
        if not bad:
            sys.exit("".join(e["rendered"] for e in errors[:5]) + made.stderr[-2000:])
        with LEFT_OUT.open("a") as out:
            out.writelines(f"{n}\n" for n in sorted(bad))
    programs = {s["target"]["name"]: s["executable"] for s in said if s.get("executable") and s["profile"]["test"]}
    PROGRAMS.write_text(json.dumps(programs))
    print(programs)


def tests(program):
    listed = subprocess.run([program, "--list"], check=True, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT, cwd=TREE).stdout
    return re.findall(r"^(.+): test$", listed, re.MULTILINE)


def fails(program, names, limit):
    """Runs some tests; says at once which one failed, or that they took longer than `limit` seconds. None: all passed."""
    with subprocess.Popen(
        [program, "--exact", "--test-threads", "1", *names], env=ENVIRONMENT, cwd=TREE, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=bounded,
    ) as running:
        said, until = b"", time.monotonic() + limit
        try:
            while select.select([running.stdout], [], [], max(0, until - time.monotonic()))[0]:
                more = os.read(running.stdout.fileno(), 1 << 16)
                said += more
                if failed := re.search(rb"^test (\S+).* \.\.\. .*FAILED$", said, re.MULTILINE):
                    return failed[1].decode()
                if not more:
                    return None if running.wait() == 0 else "crash"
            return "time"
        finally:
            try:
                os.killpg(running.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def bounded():
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))


def reach(kind):
    """Seconds of each test, and the mutants that it reaches; tests that fail in the copy as it is are left out."""
    program = json.loads(PROGRAMS.read_text())[kind]
    SWITCH.unlink(missing_ok=True)
    found = {}
    for name in tests(program):
        REACHED.write_text("")
        start = time.monotonic()
        failed = fails(program, [name], 300)
        if failed:
            print("fails as it is:", name, flush=True)
        else:
            found[name] = (time.monotonic() - start, sorted(set(numbers(REACHED))))
    (HOME / f"reach-{kind}.json").write_text(json.dumps(found))


def results():
    """Of each mutant and kind of tests: the test that killed it, or none; the last run counts."""
    rows = [json.loads(line) for line in RESULTS.read_text().splitlines()] if RESULTS.exists() else []
    return {(row["mutant"], row["tests"]): row["killed_by"] for row in rows}


def attempt(number, kind, program, reaches):
    """Switches a mutant on; what killed it."""
    SWITCH.write_text(str(number))
    waiting = [(seconds / len(seen), seconds, name) for name, (seconds, seen) in reaches.items() if number in seen]
    waiting.sort()
    budget = 0.5
    while waiting:
        batch, total = [], 0.0
        while waiting and (not batch or total + waiting[0][1] <= budget):
            _, seconds, name = waiting.pop(0)
            batch.append(name)
            total += seconds
        if killed := fails(program, batch, 5 + 10 * total):
            return killed
        budget *= 4
    return None


def drawn(part):
    built = sorted({int(line.split()[3]) for line in PLACES.read_text().splitlines()})
    random.Random(9).shuffle(built)
    return built[: round(len(built) * part)]


def reached(kind):
    known = json.loads((HOME / f"reach-{kind}.json").read_text())
    return {name: (seconds, set(seen)) for name, (seconds, seen) in known.items() if seconds < SLOW}


def keep(number, kind, program, reaches):
    """Tries a mutant and writes down what killed it."""
    start = time.monotonic()
    killed = attempt(number, kind, program, reaches)
    row = {"mutant": number, "tests": kind, "killed_by": killed, "seconds": round(time.monotonic() - start, 1)}
    with RESULTS.open("a") as out:
        out.write(json.dumps(row) + "\n")
    return killed


def trial(part, kind):
    program, reaches, done = json.loads(PROGRAMS.read_text())[kind], reached(kind), results()
    for number in drawn(part):
        if (number, kind) not in done and (kind == "postlint" or done.get((number, "postlint"), "") is None):
            keep(number, kind, program, reaches)
    SWITCH.unlink(missing_ok=True)


def alive(done):
    """Mutants that no test noticed when they were last tried."""
    return sorted(n for (n, kind), killed in done.items() if kind == "it" and killed is None and done[n, "postlint"] is None)


def again():
    """Tries those that are alive against the tests as they are now."""
    programs = json.loads(PROGRAMS.read_text())
    reaches = {kind: reached(kind) for kind in programs}
    for number in alive(results()):
        for kind in ("postlint", "it"):
            if keep(number, kind, programs[kind], reaches[kind]):
                break
    SWITCH.unlink(missing_ok=True)


def report():
    mutants, done = json.loads(LIST.read_text()), results()
    built = len(PLACES.read_text().splitlines())
    tried = {n for n, kind in done if kind == "postlint" and (done[n, kind] or (n, "it") in done)}
    left = alive(done)
    for number in left:
        print(number, mutants[number]["name"])
    print(f"{len(mutants)} mutants, {built} of them built in, {len(tried)} tried, {len(left)} alive: {len(left) / max(1, len(tried)):.1%}")


if __name__ == "__main__":
    kind = "it" if "--it" in sys.argv else "postlint"
    match [argument for argument in sys.argv[1:] if argument != "--it"]:
        case ["build", *arguments]:
            build(arguments)
        case ["reach"]:
            reach(kind)
        case ["try", part]:
            trial(float(part), kind)
        case ["again"]:
            again()
        case ["report"]:
            report()
        case _:
            sys.exit(__doc__)
