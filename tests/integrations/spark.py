"""PySpark against a single process: a million posts through `examples/spark_pipe.py` in local mode, and the same posts
through one `postlint stream`. The answers must be the same, byte for byte and in the same order.

Run by `.ci/integrations spark`, which sets POSTLINT, POSTS (number of posts) and installs PySpark into this Python.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
POSTLINT = pathlib.Path(os.environ["POSTLINT"])
COUNT = int(os.environ.get("POSTS", "1000000"))
BAD = ["Honestly, the contractor is useless.", "We promise to mend it by Friday.", "Café staff are idiots 🙂"]


def write_posts(path):
    clean = [json.loads(line)["text"] for line in (ROOT / "src/cli/lint/clean.jsonl").open(encoding="utf-8")]
    with path.open("w", encoding="utf-8") as out:
        for number in range(COUNT):
            text = BAD[number % len(BAD)] if number % 10 == 0 else clean[number % len(clean)]
            out.write(json.dumps({"id": number, "text": f"{text} ({number})"}, ensure_ascii=False) + "\n")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        posts, alone, spread = folder / "posts.jsonl", folder / "alone.jsonl", folder / "spread"
        write_posts(posts)
        start = time.monotonic()
        with posts.open("rb") as source, alone.open("wb") as out:
            subprocess.run([POSTLINT, "stream", "--threads", "1"], stdin=source, stdout=out, check=True)
        single = time.monotonic() - start
        path = f"{POSTLINT.parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": ""}
        start = time.monotonic()
        command = [sys.executable, ROOT / "examples/spark_pipe.py", posts, spread, "2"]
        subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)
        spark = time.monotonic() - start
        answers = findings = 0
        parts = sorted(spread.glob("part-*"))
        with alone.open("rb") as one:
            for part in parts:
                for line in part.open("rb"):
                    wanted = one.readline()
                    assert line == wanted, f"answer {answers}:\n{line!r}\n{wanted!r}"
                    answers += 1
                    findings += len(json.loads(line)["findings"])
            assert not one.readline(), "answers are missing"
        assert answers == COUNT and findings >= COUNT // 10
        print(f"ok   PySpark: {answers} posts in {len(parts)} parts, {findings} findings, "
              f"the same as one process ({single:.0f} s alone, {spark:.0f} s with Spark)")


if __name__ == "__main__":
    main()
