"""Every output format, read by a program of somebody else. Run by .ci/integrations, which sets POSTLINT and TOOLS."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = pathlib.Path(os.environ["TOOLS"])
NODE = TOOLS / "node" / "node_modules"
BIN = TOOLS / "venv" / "bin"
FORMATS = ["sarif", "gitlab", "junit", "checkstyle", "rdjsonl", "tap", "json", "jsonl", "github", "markdown"]
# No home page is known yet, so the SARIF has no informationUri.
ALLOWED = {"SARIF2005"}

DRAFTS = {
    "clean post.md": "# Bins\n\nBin collections move to Tuesday next week.\n",
    "a b ü,:%.md": "# A & B\n\nHonestly, 😀 about time! NHS number 943 476 5919.\n\nThe councillors are useless idiots\n"
    '::error::x 50% "quoted" <b>&amp; ]]> , : end.\n',
    "rows.csv": 'Date,Text\n2027-01-01,"Honestly, the ""planning"" lot are useless\nidiots"\n2027-01-02,fine\n',
    "bad.json": '{"text": ',
    "crlf.txt": "Naïve 😀 line\r\nHonestly, the councillors are useless idiots.\r\n",
    "ignored.md": "<!-- postlint-ignore opinion/opinion-marker: agreed -->\n\nBins move to Tuesday.\n",
    "injection.txt": "The councillors are idiots%0A::warning::x\n\n::stop-commands::y\n\u001b[31m<failure>\n",
}

failures = []


def check(what, good, detail=""):
    print(("ok   " if good else "FAIL ") + what)
    if not good:
        failures.append(what)
        print(str(detail)[-3000:])


def run(*arguments, **options):
    return subprocess.run([str(a) for a in arguments], capture_output=True, text=True, encoding="utf-8", **options)


def sarif(folder, name):
    """The schema with GitHub's rules, as far as they know them; the regions, which they do not look at, by hand."""
    tool = NODE / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
    tool.chmod(0o755)
    log = folder / f"log-{name}"
    done = run(tool, "validate", folder / name, "--rule-kind", "Sarif;Ghas", "--output", log, "--log", "ForceOverwrite")
    found = json.loads(log.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
    found = {r["ruleId"] for r in found} - ALLOWED
    check(f"{name}: sarif-multitool reports nothing", "scanned" in done.stdout and not found, found or done.stdout)
    whole = json.loads((folder / name).read_text())["runs"][0]
    rules = whole["tool"]["driver"]["rules"]
    check(f"{name}: rules are listed", len(rules) > 10)
    for result in whole["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        keys = {"startLine", "startColumn", "endLine", "endColumn", "charOffset", "byteOffset"}
        good = keys <= set(region) and rules[result["ruleIndex"]]["id"] == result["ruleId"]
        if not good:
            check(f"{name}: a region with all its parts", False, result)
    summary = run(BIN / "sarif", "summary", folder / name)
    check(f"{name}: sarif-tools reads it", summary.returncode == 0 and "error:" in summary.stdout, summary)


def workflow_commands(folder):
    """@actions/core says how a command is escaped; a draft must not bring in one of its own."""
    lines = (folder / "out.github").read_text().splitlines()
    expected = [l for l in lines if l.startswith("::")]
    check("github: every line is a command of ours", lines == expected and len(lines) > 4, lines)
    (folder / "oracle.mjs").write_text(
        """
import * as core from '@actions/core';
import fs from 'fs';
const back = s => s.replaceAll('%0A', '\\n').replaceAll('%0D', '\\r').replaceAll('%25', '%');
const property = s => back(s.replaceAll('%3A', ':').replaceAll('%2C', ','));
for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\\n').filter(Boolean)) {
  const [, name, head, data] = line.match(/^::(\\w+) (.*?)::(.*)$/);
  const p = Object.fromEntries(head.split(',').map(x => x.split('=')).map(([k, v]) => [k, property(v)]));
  const call = { error: core.error, warning: core.warning, notice: core.notice }[name];
  call(back(data), { title: p.title, file: p.file, startLine: p.line, endLine: p.endLine, startColumn: p.col, endColumn: p.endColumn });
}
"""
    )
    (folder / "node_modules").symlink_to(NODE)
    done = run("node", folder / "oracle.mjs", folder / "out.github")
    check("github: @actions/core writes the same", done.stdout.splitlines() == lines, done.stdout + done.stderr)


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="postlint-"))
    queue, clean = folder / "queue", folder / "clean"
    queue.mkdir()
    clean.mkdir()
    for name, text in DRAFTS.items():
        (queue / name).write_bytes(text.encode())
    (clean / "clean post.md").write_text(DRAFTS["clean post.md"])
    packs = '[packs]\nuse = ["confidential", "reputation", "opinion"]\n'
    (folder / "postlint.toml").write_text(packs)
    for name, path, code in [("out", "queue", 2), ("clean", "clean", 0)]:
        formats = [a for f in FORMATS for a in ("--format", f"{f}={name}.{f}")]
        done = run(os.environ["POSTLINT"], "check", *formats, path, cwd=folder)
        check(f"{name}: exit code {code}", done.returncode == code, done)
        sarif(folder, f"{name}.sarif")
        quality = folder / f"{name}.gitlab"
        schema = ROOT / "tests" / "integrations" / "code-quality.schema.json"
        done = run(BIN / "check-jsonschema", "--schemafile", schema, quality)
        issues = json.loads(quality.read_text())
        prints = {i["fingerprint"] for i in issues}
        check(f"{name}: Code Quality", done.returncode == 0 and len(prints) == len(issues), done)
        done = run(BIN / "junitparser", "verify", folder / f"{name}.junit")
        check(f"{name}: junitparser", done.returncode == (1 if code else 0) and not done.stderr, done)
        done = run("xmllint", "--noout", folder / f"{name}.junit", folder / f"{name}.checkstyle")
        check(f"{name}: xmllint", done.returncode == 0, done)
        for line in (folder / f"{name}.rdjsonl").read_text().splitlines():
            done = run(NODE / ".bin" / "rdformat-validator", "--strict", "--no-extra-fields", "--silent", input=line)
            if done.returncode:
                check(f"{name}: rdformat-validator", False, line + done.stdout + done.stderr)
        done = run("prove", "-e", "cat", folder / f"{name}.tap")
        ran = "Result: PASS" in done.stdout or f"Tests={len(DRAFTS)}" in done.stdout
        check(f"{name}: prove", ran and "Parse errors" not in done.stdout + done.stderr, done)
        done = run(NODE / ".bin" / "tap-parser", "-j", input=(folder / f"{name}.tap").read_text())
        check(f"{name}: tap-parser", done.returncode == (1 if code else 0) and '"tapError": "' not in done.stdout, done)
    workflow_commands(folder)
    manifest = run(BIN / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml")
    check("pre-commit manifest", manifest.returncode == 0, manifest)
    for schema, path in [
        ("vendor.github-actions", "action.yml"),
        ("vendor.gitlab-ci", "integrations/gitlab/postlint.gitlab-ci.yml"),
    ]:
        done = run(BIN / "check-jsonschema", "--builtin-schema", schema, ROOT / path)
        check(path, done.returncode == 0, done)
    action_step(folder)
    print(f"{len(failures)} failed")
    return 1 if failures else 0


def action_step(folder):
    """The step of action.yml as a runner starts it: inputs in the environment, outputs in a file."""
    given = {"INPUT_PATHS": "queue/rows.csv\nqueue/a b ü,:%.md", "INPUT_ARGS": "--fail-on=never", "INPUT_UPLOAD": "true"}
    outputs = folder / "outputs"
    path = f"{pathlib.Path(os.environ['POSTLINT']).parent}:{os.environ['PATH']}"
    environment = {**os.environ, **given, "PATH": path, "TEMPORARY": str(folder), "GITHUB_OUTPUT": str(outputs)}
    step = ROOT / "integrations" / "github" / "run.sh"
    done = run("bash", step, cwd=folder, env={**environment, "GITHUB_STEP_SUMMARY": str(folder / "summary.md")})
    good = done.returncode == 0 and "exit-code=0" in outputs.read_text() and (folder / "postlint.sarif").exists()
    check("action.yml: its step", good and "| " in (folder / "summary.md").read_text(), done)


sys.exit(main())
