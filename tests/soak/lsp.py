"""`postlint lsp` for EDITS edits: of a short draft and a long one, opened and closed now and then; each is checked, and the
same text has the same diagnostics every time."""

import json
import subprocess
import threading
import time

import soak

# Edits that are on their way at once.
WINDOW = 40
# Texts that a draft goes through, again and again.
TEXTS = 25
# Edits after which a draft is closed and opened again.
AGAIN = 1000


class Editor:
    """A client of a few lines."""

    def __init__(self):
        self.program = subprocess.Popen(
            [soak.PROGRAM, "lsp", "--no-config"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1 << 16
        )
        self.asked = 0

    def send(self, method, params, asks=False):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if asks:
            self.asked += 1
            message["id"] = self.asked
        body = json.dumps(message).encode()
        self.program.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def answer(self):
        """The next answer to a request."""
        self.program.stdin.flush()
        while True:
            length = None
            while line := self.program.stdout.readline().strip():
                length = int(line.split(b":")[1])
            message = json.loads(self.program.stdout.read(length))
            if "id" in message and "method" not in message:
                return message


def main():
    edits = soak.number("EDITS", 10_000)
    texts = [json.loads(line)["text"] for line in soak.posts()[:900]]
    short = ["\n\n".join(texts[n * 3 : n * 3 + 3]) for n in range(TEXTS)]
    # Over the length from which a check runs beside.
    long = ["\n\n".join(texts[n : n + 40]) for n in range(TEXTS)]
    editor, start = Editor(), time.monotonic()
    watch = soak.Watch(editor.program.pid)
    editor.send("initialize", {"capabilities": {"textDocument": {"diagnostic": {}}}}, asks=True)
    editor.answer()
    editor.send("initialized", {})
    wrong, seen, waiting, found = [], {}, [], 0

    def settle():
        nonlocal found
        for key in waiting:
            items = editor.answer()["result"]["items"]
            found += len(items)
            if seen.setdefault(key, items) != items:
                wrong.append(f"text {key} has other diagnostics than the first time")
        waiting.clear()

    for edit in range(edits):
        # One edit of ten is of the long draft.
        name, all_texts = ("long.md", long) if edit % 10 == 9 else ("short.md", short)
        uri, turn = f"file:///drafts/{name}", edit // 10 % TEXTS if name == "long.md" else edit % TEXTS
        text = all_texts[turn]
        if edit % AGAIN < 10 and (edit % AGAIN in (0, 9)):
            if edit >= AGAIN:
                editor.send("textDocument/didClose", {"textDocument": {"uri": uri}})
            document = {"uri": uri, "languageId": "markdown", "version": edit, "text": text}
            editor.send("textDocument/didOpen", {"textDocument": document})
        else:
            document, change = {"uri": uri, "version": edit}, [{"text": text}]
            editor.send("textDocument/didChange", {"textDocument": document, "contentChanges": change})
        editor.send("textDocument/diagnostic", {"textDocument": {"uri": uri}}, asks=True)
        waiting.append((name, turn))
        if len(waiting) == WINDOW:
            settle()
    settle()
    editor.send("shutdown", None, asks=True)
    editor.answer()
    memory, told = watch.end()
    editor.send("exit", None)
    editor.program.stdin.close()
    threading.Timer(10, editor.program.kill).start()
    if editor.program.wait() != 0:
        wrong.append(f"exit code {editor.program.returncode}")
    if found < edits / 10:
        wrong.append(f"only {found} diagnostics in {edits} answers")
    took = time.monotonic() - start
    told = f"{edits:,} edits in {took:.0f} s, {found:,} diagnostics, {len(seen)} texts each found alike every time; {told}"
    soak.finish("lsp", wrong[:5] + memory, told)


main()
