"""The language server with pytest-lsp, which checks every message against the protocol."""

import os
import pathlib

import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

FOLDER = pathlib.Path(os.environ["FOLDER"])
FILE = FOLDER / "draft one.md"


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[os.environ["POSTLINT"], "lsp"]))
async def client(lsp_client: LanguageClient):
    params = types.InitializeParams(capabilities=client_capabilities("visual-studio-code"), root_uri=FOLDER.as_uri())
    lsp_client.feature("client/registerCapability")(lambda params: None)
    await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()


def opened(client, text):
    item = types.TextDocumentItem(uri=FILE.as_uri(), language_id="markdown", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))


def at(line, character):
    return types.Position(line=line, character=character)


async def test_diagnostics_actions_hover_completion(client: LanguageClient):
    opened(client, FILE.read_text() + "\n<!-- postlint-ignore te\n")
    document = types.TextDocumentIdentifier(uri=FILE.as_uri())
    report = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(text_document=document))
    assert [d.code for d in report.items] == ["test/filler", "test/insult", "postlint/faulty-suppression"]
    everywhere = types.Range(start=at(0, 0), end=at(99, 99))
    context = types.CodeActionContext(diagnostics=report.items)
    asked = types.CodeActionParams(text_document=document, range=everywhere, context=context)
    actions = await client.text_document_code_action_async(asked)
    assert {a.kind for a in actions} == {"quickfix", "source.fixAll.postlint"}
    hover = await client.text_document_hover_async(types.HoverParams(text_document=document, position=at(2, 5)))
    assert "Insult" in hover.contents.value
    asked = types.CompletionParams(text_document=document, position=at(4, 23))
    items = await client.text_document_completion_async(asked)
    assert [i.label for i in items] == ["test/insult", "test/filler"]
