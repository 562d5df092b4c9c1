"""`postlint stream` for POSTS posts, fed as fast as it reads: every block of answers is the first one again."""

import hashlib
import subprocess
import threading
import time

import soak


def feed(pipe, block, times):
    """Writes the block so many times, then closes the pipe."""
    with pipe:
        for _ in range(times):
            pipe.write(block)


def main():
    blocks = max(soak.number("POSTS", 200_000) // soak.BLOCK, 2)
    lines = soak.posts()
    block = "".join(line + "\n" for line in lines).encode()
    start = time.monotonic()
    program = subprocess.Popen([soak.PROGRAM, "stream"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1 << 20)
    watch = soak.Watch(program.pid)
    threading.Thread(target=feed, args=(program.stdin, block, blocks), daemon=True).start()
    wrong, first, answers, findings = [], None, 0, 0
    for number in range(blocks):
        digest, said = hashlib.sha256(), []
        for at in range(len(lines)):
            line = program.stdout.readline()
            answers += line.endswith(b"\n")
            # Answers name the line that they are about where it is no post.
            digest.update(line.replace(b'"line":%d}' % (number * len(lines) + at + 1), b'"line":0}'))
            if number == 0:
                said.append(line)
        if number == 0:
            first, findings = digest.digest(), sum(b'"findings":[{' in line for line in said)
            errors = sum(b'"error":' in line for line in said)
        elif digest.digest() != first:
            wrong.append(f"the answers to block {number + 1} are not those to the first one")
            break
    rest = program.stdout.read()
    memory, told = watch.end()
    if rest:
        wrong.append(f"{len(rest)} bytes of answers that nothing was asked for")
    if program.wait() != 0:
        wrong.append(f"exit code {program.returncode}")
    if errors != 10 or findings < 100:
        wrong.append(f"{errors} errors and {findings} posts with findings in a block: the mix is not what it should be")
    took = time.monotonic() - start
    told = f"{answers:,} posts in {took:.0f} s, {answers / took:,.0f} a second, all {blocks:,} blocks answered alike; {told}"
    soak.finish("stream", wrong + memory, told)


main()
