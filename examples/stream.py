"""Checks posts from Python through `postlint stream`: one process for all of them, one answer for each."""

import json
import subprocess
import sys


def findings(posts, command=("postlint", "stream")):
    """Yields (post, findings) for dicts with `id` and `text`. An answer that is an error raises ValueError."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        for post in posts:
            process.stdin.write(json.dumps(post) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            if "error" in answer:
                raise ValueError(answer["error"])
            yield post, answer["findings"]
        process.stdin.close()


if __name__ == "__main__":
    for post, found in findings(json.loads(line) for line in sys.stdin):
        for finding in found:
            print(post["id"], finding["severity"], finding["rule"], finding["message"], sep="\t")
