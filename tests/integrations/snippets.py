"""Every code block of the README and of docs/, executed by the program that it is for. A block that nothing here knows
fails, so that none is written without being tried.

Run by .ci/integrations, which sets POSTLINT and TOOLS.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = pathlib.Path(os.environ["TOOLS"])
POSTLINT = pathlib.Path(os.environ["POSTLINT"])
PATH = f"{POSTLINT.parent}:{TOOLS}/venv/bin:{os.environ['PATH']}"
ENVIRONMENT = {**os.environ, "PATH": PATH, "PRE_COMMIT_HOME": "", "GIT_CONFIG_GLOBAL": "/dev/null"}
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
BAD = "The councillors are idiots."


def run(command, folder, **more):
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, **more)


def wants(done, codes, *patterns):
    """An error where the run ended otherwise or did not print all patterns."""
    told = done.stdout + done.stderr
    if done.returncode not in codes or not all(re.search(p, told) for p in patterns):
        raise AssertionError(f"exit code {done.returncode}, wanted {codes} and {patterns}:\n{told[-3000:]}")


def shell(*patterns, codes=(0, 1)):
    """Runs the commands of the block, one by one or, without prompts, as a script."""

    def tries(block, folder):
        lines = [line[2:] for line in block.splitlines() if line.startswith("$ ")] or [block]
        for line in lines:
            wants(run(["bash", "-o", "pipefail", "-c", line], folder), codes, *patterns)

    return tries


def pack(block, folder):
    header = "" if "[pack]" in block else '[pack]\nname = "mine"\nversion = "0.1.0"\nsummary = "s"\npolicy = "tmbc-2014"\n'
    (folder / "mine").mkdir()
    (folder / "mine" / "pack.toml").write_text(header + block)
    wants(run(["postlint", "rules", "test", "./mine"], folder), [0], r"\b0 failed")


def policy(block, folder):
    rule = next(b for _, b in BLOCK.findall((ROOT / "README.md").read_text()) if b.startswith("[[rule]]"))
    header = '[pack]\nname = "mine"\nversion = "0.1.0"\nsummary = "s"\npolicy = "parks-2026"\n'
    (folder / "mine").mkdir()
    (folder / "mine" / "policy.toml").write_text(block)
    (folder / "mine" / "pack.toml").write_text(header + rule.replace("1.6.2-b", "2-a"))
    wants(run(["postlint", "rules", "test", "./mine"], folder), [0], r"\b0 failed")


def settings(block, folder):
    (folder / "postlint.toml").write_text(block)
    shutil.copy(ROOT / "rules" / "scorer.bin", folder / "ours.bin")
    for name in re.findall(r'paths = \["(policy/[^"]*)", "([^"]*)"\]', block)[:1]:
        (folder / name[1]).mkdir(parents=True)
        (folder / name[1] / "a.toml").write_text('[pack]\nname = "parks"\nversion = "1.0.0"\nsummary = "s"\n')
        (folder / "policy" / "b.toml").write_text('[pack]\nname = "more"\nversion = "1.0.0"\nsummary = "s"\n')
    wants(run(["postlint", "check", "content"], folder), [1], "idiots")


def pre_commit(block, folder):
    head = run(["git", "rev-parse", "HEAD"], ROOT).stdout.strip()
    text = block.replace("/path/to/postlint", str(ROOT)).replace("v0.1.0", head)
    (folder / ".pre-commit-config.yaml").write_text(text)
    run(["git", "add", "-A"], folder)
    wants(run(["pre-commit", "run", "--all-files"], folder), [1], "Failed", "idiots")


def workflow(block, folder):
    steps = "".join(f"      {line}\n" if line else "\n" for line in block.splitlines())
    text = f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"
    (folder / "a.yml").write_text(text)
    wants(run(["check-jsonschema", "--builtin-schema", "vendor.github-workflows", "a.yml"], folder), [0])
    inputs = (ROOT / "action.yml").read_text()
    for name in re.findall(r"^    (\w[\w-]*):", block, re.M):
        assert f"\n  {name}:\n" in inputs, f"action.yml has no input {name}"


def same_as(path):
    def tries(block, folder):
        assert block == (ROOT / path).read_text(), f"{path} says something else"

    return tries


def lua(block, folder):
    if not shutil.which("nvim"):
        return print("left out: nvim is not installed")
    wait = "vim.wait(20000, function() return #vim.diagnostic.get(0) > 0 end, 50) and 'found' or 'nothing'"
    (folder / "init.lua").write_text(block)
    (folder / "then.lua").write_text(f"io.stdout:write({wait}) vim.cmd('qall!')")
    command = ["nvim", "--headless", "-u", "init.lua", "-c", "filetype on", "content/bad.md", "-S", "then.lua"]
    wants(run(command, folder, timeout=60), [0], "found")


def javascript(block, folder):
    """The extension starts in a stand-in for VS Code: the client gets the program, its argument and the languages."""
    module = folder / "node_modules" / "vscode-languageclient"
    module.mkdir(parents=True)
    (module / "node.js").write_text(
        "exports.LanguageClient = class { constructor(...given) { console.log(JSON.stringify(given)); } start() {} stop() {} };"
    )
    (folder / "a.js").write_text(block)
    done = run(["node", "-e", "const a = require('./a.js'); a.activate(); a.deactivate();"], folder)
    wants(done, [0], '"command":"postlint","args":\\["lsp"\\]', "markdown")


def parallel(block, folder):
    """What several processes answer is what one does, byte for byte."""
    shell(codes=(0,))(block.replace("4M", "2k"), folder)
    done = run(["bash", "-c", "postlint stream < posts.jsonl | cmp - findings.jsonl"], folder)
    wants(done, [0])


def sql(block, folder):
    wants(run(["bash", "-c", "postlint stream < posts.jsonl > findings.jsonl"], folder), [0])
    import duckdb

    os.chdir(folder)
    for query in block.split(";"):
        if query.strip():
            rows = duckdb.sql(query).fetchall()
            assert rows and rows[0][-1] > 0, query


def front_matter(block, folder):
    text = "My mobile is 07700 900123, call me about the flat."
    found = {}
    for name, head in [("with", f"---\n{block}---\n\n"), ("without", "")]:
        (folder / "p.md").write_text(head + text + "\n")
        told = json.loads(run(["postlint", "check", "p.md", "--format", "json"], folder).stdout)
        findings = [f for file in told["files"] for f in file["findings"]]
        found[name] = [f for f in findings if f["rule"] == "confidential/private-mobile" and not f.get("suppressed")]
    assert found["without"] and not found["with"], found


def toml(block, folder):
    assert tomllib.loads(block)


def nothing(block, folder):
    """A picture, no code."""


def by(script):
    """Tried elsewhere, by a script or test that must be there."""

    def tries(block, folder):
        name, *words = script.split()
        assert (ROOT / name).exists() and all(w in (ROOT / name).read_text() for w in words), script

    return tries


# File, beginning of the block, and what tries it.
def options(block, folder):
    """A script that takes minutes: what it is given are options that it has."""
    script, *words = block.replace("\\\n", " ").split()
    told = subprocess.run([sys.executable, ROOT / script, "--help"], check=True, capture_output=True, text=True).stdout
    for word in words:
        if word.startswith("--"):
            assert word in told, f"{script} has no {word}"


TRIED = [
    ("README.md", "$ cargo run --release -- check fixtures/drafts/bins.md", by("tests/it/readme.rs")),
    ("README.md", "opinion/", by("tests/it/readme.rs")),
    ("README.md", "$ cargo install --path .", by(".ci/packages from_cargo")),
    ("README.md", "$ cargo run --release -- check fixtures/drafts ", by(".ci/run fixtures/drafts")),
    ("README.md", "repos:", pre_commit),
    ("README.md", "[[rule]]", pack),
    ("README.md", "benches/compare.py", options),
    ("docs/architecture.md", "", nothing),
    ("docs/desk.md", "$ postlint desk", by("tests/it/desk.rs")),
    ("docs/editors.md", "vim.", lua),
    ("docs/editors.md", "const {", javascript),
    ("docs/editors.md", "[language-server", toml),
    ("docs/formats.md", "postlint-ignore:", front_matter),
    ("docs/integrations.md", "repos:", pre_commit),
    ("docs/integrations.md", "pre-commit:", same_as("integrations/lefthook/lefthook.yml")),
    ("docs/integrations.md", "#!/bin/sh", same_as("integrations/husky/pre-commit")),
    ("docs/integrations.md", "- uses:", workflow),
    ("docs/integrations.md", "$ postlint check", shell("idiots")),
    ("docs/integrations.md", "$ postlint init", shell("Wrote", codes=(0,))),
    ("docs/releasing.md", "$ .ci/packages", by(".ci/packages")),
    ("docs/scale.md", "$ echo", shell("opinion/", codes=(0,))),
    ("docs/scale.md", "$ parallel", parallel),
    ("docs/scale.md", "$ python3 examples/spark_pipe.py", by("tests/integrations/spark.py spark_pipe.py")),
    ("docs/scale.md", "$ python3 examples/stream.py", shell("reputation/", codes=(0,))),
    ("docs/scale.md", "select", sql),
    ("docs/scorer.md", "[scorer]", settings),
    ("docs/scorer.md", "postlint learn returned", shell(codes=(0,))),
    # Minutes of training on all labelled drafts; its figures stand beside it.
    ("docs/scorer.md", "cd fixtures/accuracy", by("src/cli/learn.rs labelled")),
    ("docs/scorer.md", "fixtures/accuracy/leave-one-out.py", options),
    ("docs/scorer.md", "postlint rules score", shell("recall", codes=(0,))),
    ("docs/settings.md", "[organisation]", settings),
    ("docs/writing-rules.md", "[pack]", pack),
    ("docs/writing-rules.md", "[policy]", policy),
    ("docs/writing-rules.md", "$ postlint rules test", shell("passed, 0 failed", codes=(0,))),
    ("docs/writing-rules.md", "$ postlint rules lint", shell("nothing to better", codes=(0,))),
]


def scratch(folder):
    """A content repository with something to find, and what the blocks name."""
    (folder / "content").mkdir()
    (folder / "content" / "bad.md").write_text(BAD + "\n")
    (folder / "queue.csv").write_text("Date,Text\n2027-01-01,fine\n")
    (folder / "my-pack.toml").write_text((ROOT / "src/cli/init/house.toml").read_text())
    posts = [{"id": n, "text": f"{BAD if n % 3 == 0 else 'The library is open.'} ({n})"} for n in range(200)]
    (folder / "posts.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    accuracy = ROOT / "fixtures" / "accuracy"
    (folder / "fixtures").symlink_to(ROOT / "fixtures")
    (folder / "examples").symlink_to(ROOT / "examples")
    lines = (accuracy / "a5.jsonl").read_text().splitlines(keepends=True)
    for name, part in [("returned-2025", 0), ("returned-2026", 1), ("kept-aside", 2)]:
        (folder / f"{name}.jsonl").write_text("".join(lines[part::3]))
    (folder / "published.jsonl").write_text((ROOT / "src/cli/lint/clean.jsonl").read_text())
    (folder / "honest.toml").write_text("[scorer]\nenabled = false\n")
    run(["git", "init", "-q"], folder)
    run(["git", "add", "content"], folder)


def main():
    failed = count = 0
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]:
        name = str(page.relative_to(ROOT))
        for language, block in BLOCK.findall(page.read_text()):
            count += 1
            what = f"{name}: {block.splitlines()[0][:70]}"
            tries = next((t for f, start, t in TRIED if f == name and block.startswith(start)), None)
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                ENVIRONMENT["PRE_COMMIT_HOME"] = str(folder / ".cache")
                ENVIRONMENT["HOME"] = str(folder)
                scratch(folder)
                try:
                    assert tries, "nothing here knows this block: add it to TRIED"
                    tries(block, folder)
                    print("ok  ", what)
                except Exception as error:  # each block is told, whatever goes wrong with it
                    failed += 1
                    print("FAIL", what, "\n", error)
                finally:
                    os.chdir(ROOT)
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
