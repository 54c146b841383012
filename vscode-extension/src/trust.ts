/** Workspace trust: when it is granted, the server is told, and need not start again. */

import * as vscode from 'vscode';
import type { Server } from './server';

/** Tell the server of trust that is granted later; one that could not start may find a Python now. */
export function watchTrust(server: Server): vscode.Disposable {
    return vscode.workspace.onDidGrantWorkspaceTrust(() => {
        if (server.state === 'failed') {
            void server.restart();
        } else {
            // without settings: the server asks for them, and `trusted` is among the answers
            void server.tell('workspace/didChangeConfiguration', { settings: null });
        }
    });
}
