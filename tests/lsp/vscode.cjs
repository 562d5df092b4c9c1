// The library under VS Code's own client: push, pull, both units of columns, actions, hover, an orderly end.
const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-languageserver-protocol/node');
const p = require('vscode-languageserver-protocol');
const { spawn } = require('child_process');
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');

const file = path.join(process.env.FOLDER, 'draft one.md');
const uri = pathToFileURL(file).href;
const text = fs.readFileSync(file, 'utf8');

async function session(encodings, pull, unit) {
  const child = spawn(process.env.POSTLINT, ['lsp'], { cwd: process.env.FOLDER, stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const pushed = new Promise((done) => connection.onNotification(p.PublishDiagnosticsNotification.type, done));
  const registered = new Promise((done) => connection.onRequest(p.RegistrationRequest.type, (r) => done(r)));
  connection.listen();
  const textDocument = pull ? { diagnostic: {} } : {};
  const workspace = { didChangeWatchedFiles: { dynamicRegistration: true }, workspaceEdit: { documentChanges: true } };
  const capabilities = { general: { positionEncodings: encodings }, textDocument, workspace };
  const greeting = await connection.sendRequest(p.InitializeRequest.type, { processId: process.pid, rootUri: null, capabilities });
  assert.equal(greeting.capabilities.positionEncoding, unit);
  await connection.sendNotification(p.InitializedNotification.type, {});
  assert.equal((await registered).registrations[0].method, 'workspace/didChangeWatchedFiles');
  await connection.sendNotification(p.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: 'markdown', version: 1, text } });
  const found = pull
    ? (await connection.sendRequest(p.DocumentDiagnosticRequest.type, { textDocument: { uri } })).items
    : (await pushed).diagnostics;
  assert.deepEqual(found.map((d) => d.code), ['test/filler', 'test/insult']);
  const column = unit === 'utf-8' ? 13 : 10;
  assert.equal(found[0].range.start.character, column);
  const range = found[0].range;
  const actions = await connection.sendRequest(p.CodeActionRequest.type, { textDocument: { uri }, range, context: { diagnostics: [found[0]] } });
  assert.deepEqual(new Set(actions.map((a) => a.kind)), new Set(['quickfix', 'source.fixAll.postlint']));
  const change = actions[0].edit.documentChanges[0];
  assert.equal(change.textDocument.version, 1);
  assert.equal(change.edits[0].newText, '');
  assert.equal(actions[0].diagnostics[0].code, 'test/filler');
  const hover = await connection.sendRequest(p.HoverRequest.type, { textDocument: { uri }, position: { line: 2, character: 5 } });
  assert.match(hover.contents.value, /It hurts/);
  await connection.sendRequest(p.ShutdownRequest.type);
  await connection.sendNotification(p.ExitNotification.type);
  assert.equal(await new Promise((done) => child.on('exit', done)), 0);
}

(async () => {
  await session(['utf-16'], false, 'utf-16');
  await session(['utf-8', 'utf-16'], true, 'utf-8');
  console.log('ok   vscode-languageserver-protocol');
})().catch((error) => { console.error(error); process.exit(1); });
