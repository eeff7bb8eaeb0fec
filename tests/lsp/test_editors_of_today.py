"""What editors really say when they connect: their capabilities, settings and order of messages, abridged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from lsp.client import Client, place

TALK = 'talk "T" { }\nscene a "A" {\n  say "Hi {now} there." { at now: show title("😀 x") }\n}\n'
WRONG = TALK.replace("title(", "tilte(")

VSCODE: dict[str, Any] = {
    "processId": os.getpid(),
    "clientInfo": {"name": "Visual Studio Code", "version": "1.106.0"},
    "locale": "en",
    "trace": "off",
    "initializationOptions": {"thumbnail": True, "lens": True, "layout": True},
    "capabilities": {
        "workspace": {
            "applyEdit": True,
            "workspaceEdit": {
                "documentChanges": True,
                "resourceOperations": ["create", "rename", "delete"],
                "failureHandling": "textOnlyTransactional",
                "normalizesLineEndings": True,
                "changeAnnotationSupport": {"groupsOnLabel": True},
                "metadataSupport": True,
                "snippetEditSupport": True,
            },
            "configuration": True,
            "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
            "symbol": {"dynamicRegistration": True, "resolveSupport": {"properties": ["location.range"]}},
            "codeLens": {"refreshSupport": True},
            "semanticTokens": {"refreshSupport": True},
            "inlayHint": {"refreshSupport": True},
            "diagnostics": {"refreshSupport": True},
            "foldingRange": {"refreshSupport": True},
            "textDocumentContent": {"dynamicRegistration": True},
            "workspaceFolders": True,
            "fileOperations": {"dynamicRegistration": True, "didRename": True, "willRename": True},
        },
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": True, "versionSupport": False, "codeDescriptionSupport": True},
            "synchronization": {"dynamicRegistration": True, "willSave": True, "didSave": True},
            "completion": {
                "dynamicRegistration": True,
                "contextSupport": True,
                "completionItem": {"snippetSupport": True, "insertReplaceSupport": True, "labelDetailsSupport": True},
                "insertTextMode": 2,
                "completionList": {"itemDefaults": ["commitCharacters", "editRange"], "applyKindSupport": True},
            },
            "hover": {"dynamicRegistration": True, "contentFormat": ["markdown", "plaintext"]},
            "rename": {"dynamicRegistration": True, "prepareSupport": True, "honorsChangeAnnotations": True},
            "semanticTokens": {
                "dynamicRegistration": True,
                "tokenTypes": ["namespace", "type"],
                "tokenModifiers": ["declaration"],
                "formats": ["relative"],
                "requests": {"range": True, "full": {"delta": True}},
                "augmentsSyntaxTokens": True,
            },
            "diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": False, "markupMessageSupport": True},
            "inlineCompletion": {"dynamicRegistration": True},
            "rangeFormatting": {"dynamicRegistration": True, "rangesSupport": True},
        },
        "window": {
            "showMessage": {"messageActionItem": {"additionalPropertiesSupport": True}},
            "workDoneProgress": True,
        },
        "general": {
            "staleRequestSupport": {"cancel": True, "retryOnContentModified": ["textDocument/semanticTokens/full"]},
            "regularExpressions": {"engine": "ECMAScript", "version": "ES2020"},
            "markdown": {"parser": "marked", "version": "1.1.0"},
            "positionEncodings": ["utf-16"],
        },
        "notebookDocument": {"synchronization": {"dynamicRegistration": True, "executionSummarySupport": True}},
    },
}
NEOVIM: dict[str, Any] = {
    "processId": os.getpid(),
    "clientInfo": {"name": "Neovim", "version": "0.11.4"},
    "trace": "off",
    "workDoneToken": "1",
    "initializationOptions": {"lens": True},
    "capabilities": {
        "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
        "workspace": {
            "applyEdit": True,
            "configuration": True,
            "didChangeConfiguration": {"dynamicRegistration": False},
            "didChangeWatchedFiles": {"dynamicRegistration": False, "relativePatternSupport": True},
            "inlayHint": {"refreshSupport": True},
            "semanticTokens": {"refreshSupport": True},
            "workspaceFolders": True,
        },
        "textDocument": {
            "diagnostic": {"dynamicRegistration": False, "tagSupport": {"valueSet": [1, 2]}},
            "hover": {"contentFormat": ["markdown", "plaintext"], "dynamicRegistration": True},
            "semanticTokens": {
                "formats": ["relative"],
                "requests": {"full": {"delta": True}, "range": False},
                "tokenModifiers": [],
                "tokenTypes": [],
            },
        },
    },
}
HELIX: dict[str, Any] = {
    "processId": os.getpid(),
    "clientInfo": {"name": "helix", "version": "25.07"},
    "capabilities": {
        "general": {"positionEncodings": ["utf-8", "utf-32", "utf-16"]},
        "workspace": {"configuration": True, "didChangeWatchedFiles": {"dynamicRegistration": True}},
        "textDocument": {
            "publishDiagnostics": {"versionSupport": True, "tagSupport": {"valueSet": [1, 2]}},
            "completion": {"completionItem": {"snippetSupport": True, "resolveSupport": {"properties": ["detail"]}}},
            "hover": {"contentFormat": ["markdown"]},
        },
        "window": {"workDoneProgress": True},
    },
}
EGLOT: dict[str, Any] = {
    "processId": os.getpid(),
    "clientInfo": {"name": "Eglot", "version": "1.18"},
    "initializationOptions": {},
    "capabilities": {
        "workspace": {"applyEdit": True, "didChangeWatchedFiles": {"dynamicRegistration": True}, "configuration": True},
        "textDocument": {"hover": {"contentFormat": ["plaintext"]}, "publishDiagnostics": {"versionSupport": True}},
        "general": {"positionEncodings": ["utf-32", "utf-8", "utf-16"]},
        "experimental": {},
    },
}
ALONE: dict[str, Any] = {"processId": None, "rootUri": None, "workspaceFolders": None, "capabilities": {}}
"""A file without a folder, and a client that says nothing of itself."""
EDITORS = {"vscode": VSCODE, "neovim": NEOVIM, "helix": HELIX, "eglot": EGLOT, "alone": ALONE}
UNITS = {"utf-8": 4, "utf-16": 2, "utf-32": 1}


@pytest.mark.parametrize("name", EDITORS)
def test_a_session(name: str, tmp_path: Path) -> None:
    said = dict(EDITORS[name])
    if name != "alone":
        said["rootUri"] = tmp_path.as_uri()
        said["rootPath"] = str(tmp_path)
        said["workspaceFolders"] = [{"uri": tmp_path.as_uri(), "name": "talks"}]
    client = Client(tmp_path, start=False)
    try:
        capabilities = client.ask("initialize", said)["capabilities"]
        offered = said["capabilities"].get("general", {}).get("positionEncodings", ["utf-16"])
        encoding = capabilities["positionEncoding"]
        assert encoding in offered
        client.tell("initialized", {})
        client.tell("$/setTrace", {"value": "off"})
        client.tell("workspace/didChangeConfiguration", {"settings": {}})
        uri = client.open("talk.vid", WRONG)
        document = {"textDocument": {"uri": uri}}
        for method in ("documentSymbol", "semanticTokens/full", "codeLens", "documentLink", "foldingRange"):
            assert client.ask(f"textDocument/{method}", document) is not None
        assert ("diagnosticProvider" in capabilities) is (name == "vscode")  # Neovim cannot be told to ask again
        if "diagnosticProvider" in capabilities:
            found = client.ask("textDocument/diagnostic", {**document, "identifier": "pvc"})["items"]
        else:
            found = client.diagnostics(uri)
        assert [each["code"] for each in found] == ["PVC0208"]
        (fix,) = client.ask(
            "textDocument/codeAction",
            {**document, "range": found[0]["range"], "context": {"diagnostics": found, "triggerKind": 1}},
        )
        assert [edit["newText"] for edit in fix["edit"]["changes"][uri]] == ["title"]
        client.edit(uri, {"text": TALK})
        line, _ = place(TALK, "😀")
        before = TALK.split("\n")[line].split("😀")[0]
        at = client.at(uri, line, len(before) + UNITS[encoding])
        pointed = {**client.at(uri, *place(TALK, "title")), "workDoneToken": 3}
        told = client.ask("textDocument/hover", pointed)["contents"]
        assert (told["kind"], "```" in told["value"]) == (
            ("plaintext", False) if name == "eglot" else ("markdown", True)
        )
        assert client.ask("textDocument/completion", {**at, "context": {"triggerKind": 1}})["items"] == []
        anchor = client.at(uri, *place(TALK, "now:"))
        changes = client.ask("textDocument/rename", {**anchor, "newName": "then"})["changes"]
        assert len(changes[uri]) == 2
        client.tell("$/cancelRequest", {"id": 12345})
        client.tell("window/workDoneProgress/cancel", {"token": 3})
        folders = {"added": [{"uri": tmp_path.as_uri(), "name": "again"}], "removed": []}
        client.tell("workspace/didChangeWorkspaceFolders", {"event": folders})
        assert "error" in client.answer("workspace/executeCommand", {"command": "nothing"})
        assert client.stop() == 0
        assert b"Traceback" not in b"".join(client.log), b"".join(client.log).decode()
    finally:
        client.kill()
