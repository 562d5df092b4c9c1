"""What the soak tests share: posts of a known mix, and a watch on a program's memory and open files."""

import json
import os
import pathlib
import statistics
import threading
import time

PROGRAM = pathlib.Path(os.environ["POSTLINT"]).resolve()
FIXTURES = pathlib.Path(__file__).parents[2] / "fixtures" / "accuracy"
# Posts of a block: the same block is sent over and over.
BLOCK = 1000
# Growth from the beginning of a run to its end that is chance: pages that the allocator keeps.
MIB, SHARE = 8, 0.05


def number(name, default):
    """A count that a variable sets."""
    return int(os.environ.get(name, default))


def posts():
    """A block of lines: 900 posts as people write them, good and bad, 50 long ones, 40 disguised ones, 10 that are none."""
    texts = []
    for path in sorted(FIXTURES.glob("*.jsonl")):
        texts += [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    step = len(texts) // 900
    texts = texts[::step][:900]
    long = [" ".join(texts[n * 7 : n * 7 + 12]) for n in range(50)]
    wide = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(ord("a"), ord("z") + 1)})
    disguised = [text.translate(wide) if n % 2 else "\u200b".join(text) for n, text in enumerate(texts[:40])]
    lines = [json.dumps({"id": n, "text": text}) for n, text in enumerate(texts + long + disguised)]
    broken = ["{", "[]", '{"text": 1}', '"text"', "null", '{"text": "', "\ufeff{}", '{"id": 1}', "{}" * 9, "x" * 9999]
    return (lines + broken)[:BLOCK]


class Watch:
    """Looks at a process once in a while until it is told to stop."""

    def __init__(self, pid, every=0.5):
        self.proc, self.every = pathlib.Path(f"/proc/{pid}"), every
        self.samples, self.done = [], threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)
        self.thread.start()

    def _look(self):
        while not self.done.wait(self.every):
            try:
                status = (self.proc / "status").read_text()
                files = len(os.listdir(self.proc / "fd"))
            except OSError:
                return
            kib = next((line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")), None)
            if kib:
                self.samples.append((time.monotonic(), int(kib) / 1024, files))

    def end(self):
        """What is wrong with how memory and open files went, and a sentence about them.

        The run is cut into tenths; the second is the beginning, since the first one fills what is kept on purpose.
        """
        self.done.set()
        self.thread.join()
        count = len(self.samples)
        if count < 20:
            return [f"only {count} looks at the process: let it run for longer"], ""
        tenths = [self.samples[count * at // 10 : count * (at + 1) // 10] for at in range(10)]
        memory = [statistics.median(s[1] for s in some) for some in tenths]
        # The fewest of each: what is open for a moment is no leak.
        files = [min(s[2] for s in some) for some in tenths]
        wrong = []
        if memory[9] - memory[1] > max(MIB, SHARE * memory[1]):
            wrong.append(f"memory grew from {memory[1]:.1f} to {memory[9]:.1f} MiB")
        if files[9] > files[1]:
            wrong.append(f"open files grew from {files[1]} to {files[9]}")
        told = f"MiB in tenths of the run {' '.join(f'{m:.0f}' for m in memory)}; {files[9]} open files"
        return wrong, told


def finish(what, wrong, told):
    """Says how it went; ends with an error where something is wrong."""
    print(f"{'FAIL' if wrong else 'ok  '} {what}: {told}")
    for one in wrong:
        print(f"     {one}")
    raise SystemExit(1 if wrong else 0)
