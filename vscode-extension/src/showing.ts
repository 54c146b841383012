/** Documents of the server (a tree, the next lock) are made to be read: they are shown as Markdown looks, not as its source. */

import * as vscode from 'vscode';
import type { ShowDocumentParams, ShowDocumentRequest, ShowDocumentResult } from 'vscode-languageclient/node';

/** Show a document that the server asks for; as text where VS Code has no preview of Markdown. */
export async function showDocument(
    params: ShowDocumentParams,
    token: vscode.CancellationToken,
    next: ShowDocumentRequest.HandlerSignature,
): Promise<ShowDocumentResult> {
    if (!params.external && params.uri.endsWith('.md')) {
        try {
            await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.parse(params.uri));
            return { success: true };
        } catch {
            // the extension that is part of VS Code is switched off
        }
    }
    return next(params, token) as Promise<ShowDocumentResult>;
}
