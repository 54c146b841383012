"""What the client says it can do."""

from __future__ import annotations

from typing import Any

# What VS Code can do, without dynamic registration: the reply to `initialize` then says it all.
CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True, "showMessage": {}},
    "workspace": {
        "configuration": True,
        "workspaceFolders": True,
        "applyEdit": True,
        "workspaceEdit": {"documentChanges": True},
        "diagnostics": {"refreshSupport": True},
        "inlayHint": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
    },
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {
            "relatedInformation": True,
            "versionSupport": True,
            "codeDescriptionSupport": True,
            "dataSupport": True,
            "tagSupport": {"valueSet": [1, 2]},
        },
        "diagnostic": {"relatedDocumentSupport": True},
        "completion": {
            "contextSupport": True,
            "completionList": {
                "itemDefaults": [
                    *("commitCharacters", "editRange"),
                    *("insertTextFormat", "insertTextMode", "data"),
                ]
            },
            "completionItem": {
                "snippetSupport": True,
                "documentationFormat": ["markdown", "plaintext"],
                "labelDetailsSupport": True,
                "insertReplaceSupport": True,
                "resolveSupport": {"properties": ["documentation", "detail"]},
            },
        },
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "inlayHint": {},
        "codeLens": {},
    },
}
