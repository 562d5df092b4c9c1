"""What compare.py feeds to the programs: packs of the workload's rules, texts with a cliff in them, a stream of posts."""

import itertools
import json
import pathlib
import re

ZERO_WIDTH = "\u200b"
# Phrases of one rule, as in the other programs' configurations of the same workload.
PHRASES = 100
HEAD = '[pack]\nname = "{name}"\nversion = "1.0.0"\nsummary = "Rules of the workload"\n'
RULE = """
[[rule]]
id = "{id}"
title = "A rule of the workload"
category = "style"
severity = "warning"
confidence = 0.9
why = "It is searched for."
{what}
[[rule.example]]
bad = "{example}"
[[rule.example]]
good = "Nothing is wrong here."
"""


def pack(rules, name, to):
    """Writes the rules of a table (id, kind, what) as a pack: one rule for a pattern, one for a hundred phrases."""
    rows = [line.split("\t", 2) for line in rules.read_text(encoding="utf-8").splitlines()]
    quoted = lambda text: json.dumps(text, ensure_ascii=False)
    blocks = [HEAD.format(name=name)]
    for number, (_, kind, pattern) in enumerate(rows):
        if kind == "regex":
            pattern = f"patterns = ['''{pattern}''']"
            blocks.append(RULE.format(id=f"pattern-{number}", what=pattern, example="A match."))
    phrases = [what for _, kind, what in rows if kind == "phrase"]
    for start in range(0, len(phrases), PHRASES):
        some = phrases[start : start + PHRASES]
        what = "phrases = [\n" + "".join(f"  {quoted(phrase)},\n" for phrase in some) + "]"
        blocks.append(RULE.format(id=f"phrases-{start}", what=what, example=f"It is {some[0]}."))
    to.write_text("".join(blocks), encoding="utf-8")
    return to


def filled(unit, size):
    """`unit` again and again, to a length of about `size` bytes."""
    return unit * max(1, size // len(unit.encode()))


def cliffs(bulk, folder):
    """Texts as long as `bulk` that programs of this kind are slow on, by name."""
    text = bulk.read_text(encoding="utf-8")
    size = bulk.stat().st_size
    vowels = str.maketrans("aeo", "àéö")
    texts = {
        "letters beyond ASCII": text.translate(vowels)[: size],
        "one line": text.replace("\n", " "),
        "digits": filled("0123456789" * 10 + "\n", size),
        "punctuation": filled("!?;:.,-()'\"" * 9 + "\n", size),
        "spaced letters": "\n".join(" ".join(line) for line in text[: size // 2].split("\n")),
        "hashtags": filled("#OurTown2026 #bins " * 10 + "\n", size),
        "zero-width characters": filled("bin" + ZERO_WIDTH * 9 + "s ", size),
    }
    paths = {}
    for name, text in texts.items():
        paths[name] = folder / (re.sub(r"\W+", "-", name) + ".txt")
        paths[name].write_text(text, encoding="utf-8")
    return paths


def posts(bulk, count, to, size=200):
    """Writes `count` posts of about `size` bytes as JSON lines, cut from a bulk text; the same ones again if it ends."""
    pieces = []
    with open(bulk, encoding="utf-8") as lines:
        for line in lines:
            words, length = [], 0
            for word in line.split():
                words.append(word)
                length += len(word) + 1
                if length >= size:
                    pieces.append(" ".join(words))
                    words, length = [], 0
            if len(pieces) >= count:
                break
    with open(to, "w", encoding="utf-8") as out:
        for number, text in enumerate(itertools.islice(itertools.cycle(pieces), count)):
            out.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")
    return to


def settings(to):
    """Settings under which no limit stops a run."""
    to.write_text("[limits]\nfile-mib = 1000\nfindings = 100000000\nposts = 10000000\nrows = 10000000\n")
    return to


def path(folder, name):
    """A file of the workload, or an error that says how it is made."""
    found = pathlib.Path(folder) / name
    if not found.exists():
        raise SystemExit(f"{found} is missing: make the workload with make_corpus.py OUT source.txt")
    return found
