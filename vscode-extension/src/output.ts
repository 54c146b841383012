/** The output channels: what the server logs, the messages of LSP, and what Poetry and uv print. */

import * as vscode from 'vscode';

/** The channels of the extension; dispose of them with it. */
export class Output implements vscode.Disposable {
    readonly log = vscode.window.createOutputChannel('pyproject.toml', { log: true });
    readonly resolver = vscode.window.createOutputChannel('pyproject.toml (Resolver)', { log: true });
    private traces: vscode.LogOutputChannel | undefined;
    private lastUri = '';

    /** The channel of the messages, which is made when it is first asked for. */
    get trace(): vscode.LogOutputChannel {
        this.traces ??= vscode.window.createOutputChannel('pyproject.toml (Trace)', { log: true });
        return this.traces;
    }

    /** Take a line of a tool that works for the project `uri`. */
    addResolverLine(uri: string, line: string): void {
        if (uri !== this.lastUri) {
            this.lastUri = uri;
            this.resolver.info(`# ${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))}`);
        }
        this.resolver.info(line);
    }

    dispose(): void {
        this.log.dispose();
        this.resolver.dispose();
        this.traces?.dispose();
    }
}
