// How long a keystroke in a draft of 100 kB waits for its answer, with the library under VS Code's own client; a release
// build, please. The answer must be there within a frame (16 ms), and what is shown once the typing stops must be what a
// check of the whole text finds.
const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-languageserver-protocol/node');
const p = require('vscode-languageserver-protocol');
const { spawn } = require('child_process');
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');

const FRAME = 16;
const KEYS = 40;
const posts = fs.readFileSync(process.env.POSTS, 'utf8').trim().split('\n').map((line) => JSON.parse(line).text);
posts.splice(10, 0, 'Honestly, the contractor is useless.', 'We promise to mend it by Friday.');
let text = '';
for (let n = 0; Buffer.byteLength(text) < 100_000; n++) text += posts[n % posts.length] + '\n\n';

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];

async function start(pull) {
  const child = spawn(process.env.POSTLINT, ['lsp', '--no-config'], { cwd: process.env.FOLDER, stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const pushed = [];
  let refreshed = 0;
  connection.onNotification(p.PublishDiagnosticsNotification.type, (params) => pushed.push({ at: performance.now(), ...params }));
  connection.onRequest(p.DiagnosticRefreshRequest.type, () => { refreshed = performance.now(); });
  connection.listen();
  const capabilities = pull ? { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } } : { textDocument: {} };
  await connection.sendRequest(p.InitializeRequest.type, { processId: process.pid, rootUri: null, capabilities });
  await connection.sendNotification(p.InitializedNotification.type, {});
  return { child, connection, pushed, refreshed: () => refreshed };
}

async function session(pull) {
  const { child, connection, pushed, refreshed } = await start(pull);
  const uri = pathToFileURL(path.join(process.env.FOLDER, 'long.md')).href;
  const ask = async () => (await connection.sendRequest(p.DocumentDiagnosticRequest.type, { textDocument: { uri } })).items;
  const until = async (holds) => { while (!holds()) await sleep(2); };
  await connection.sendNotification(p.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: 'markdown', version: 1, text } });
  if (pull) await ask(); else await until(() => pushed.length > 0);
  const waits = [];
  let now = text;
  let last;
  for (let key = 0; key < KEYS; key++) {
    const at = now.indexOf('\n\n', (now.length * key) / KEYS);
    now = now.slice(0, at) + 'x' + now.slice(at);
    last = performance.now();
    await connection.sendNotification(p.DidChangeTextDocumentNotification.type, { textDocument: { uri, version: key + 2 }, contentChanges: [{ text: now }] });
    if (pull) {
      await ask();
      waits.push(performance.now() - last);
    } else {
      await until(() => pushed.some((d) => d.version === key + 2));
      waits.push(pushed.find((d) => d.version === key + 2).at - last);
    }
    await sleep(40);
  }
  // Then the check of the last text.
  if (pull) await until(() => refreshed() > last); else await until(() => pushed.filter((d) => d.version === KEYS + 1).length === 2);
  const settled = pull ? refreshed() - last : pushed.at(-1).at - last;
  const shown = pull ? await ask() : pushed.at(-1).diagnostics;
  const again = pathToFileURL(path.join(process.env.FOLDER, 'again.md')).href;
  await connection.sendNotification(p.DidOpenTextDocumentNotification.type, { textDocument: { uri: again, languageId: 'markdown', version: 1, text: now } });
  if (!pull) await until(() => pushed.at(-1).uri === again);
  const whole = pull
    ? (await connection.sendRequest(p.DocumentDiagnosticRequest.type, { textDocument: { uri: again } })).items
    : pushed.at(-1).diagnostics;
  assert.ok(whole.length > 50);
  assert.deepEqual(JSON.parse(JSON.stringify(shown).replaceAll('/long.md', '/again.md')), JSON.parse(JSON.stringify(whole)));
  console.log(`${pull ? 'pull' : 'push'}: a keystroke is answered in ${median(waits).toFixed(1)} ms (median; at most ${Math.max(...waits).toFixed(1)}), `
    + `the check is done ${settled.toFixed(0)} ms after the last one; ${whole.length} findings in ${Buffer.byteLength(now)} bytes`);
  assert.ok(median(waits) < FRAME, `more than ${FRAME} ms`);
  await connection.sendRequest(p.ShutdownRequest.type);
  await connection.sendNotification(p.ExitNotification.type);
  assert.equal(await new Promise((done) => child.on('exit', done)), 0);
}

(async () => {
  await session(false);
  await session(true);
  console.log('ok   a keystroke in 100 kB is answered within a frame');
})().catch((error) => { console.error(error); process.exit(1); });
