/** What somebody who helps needs to know, without secrets. */

import * as os from 'node:os';
import * as vscode from 'vscode';
import type { Server } from './server';
import { forServer } from './settings';
import type { StatusItems } from './status';

const RELEVANT = ['ms-python.python', 'ms-python.vscode-python-envs', 'tamasfe.even-better-toml', 'tombi-toml.tombi'];

/** The text that is copied. */
export function debugInformation(context: vscode.ExtensionContext, server: Server, status: StatusItems): string {
    const { version } = context.extension.packageJSON as { version: string };
    const others = RELEVANT.flatMap((id) => {
        const found = vscode.extensions.getExtension(id);
        return found === undefined ? [] : [`${id} ${String((found.packageJSON as { version?: unknown }).version)}`];
    });
    const folders = vscode.workspace.workspaceFolders?.length ?? 0;
    const lines = [
        `extension: ${version}`,
        `VS Code: ${vscode.version} (${vscode.env.appName}, ${vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop'})`,
        `system: ${os.type()} ${os.release()} ${os.arch()}`,
        `remote: ${vscode.env.remoteName ?? 'no'}`,
        `workspace: ${folders} folders, ${vscode.workspace.isTrusted ? 'trusted' : 'not trusted'}`,
        `server: ${server.version || 'unknown version'}, ${server.state}, ${server.description || 'never started'}`,
        ...(server.problem === '' ? [] : [`problem: ${server.problem}`]),
        `crashes in a row: ${server.crashCount}`,
        ...Object.entries(status.shown).map(([name, value]) => `status, ${name}: ${String(value)}`),
        `other extensions: ${others.join(', ') || 'none of those that matter'}`,
        `settings: ${withoutSecrets(JSON.stringify(forServer(context.extension)))}`,
    ];
    return ['```text', ...lines.map((line) => line.replaceAll(os.homedir(), () => '~')), '```', ''].join('\n');
}

/** The text without user names and passwords in addresses. */
function withoutSecrets(text: string): string {
    return text.replace(/(\w+:\/\/)[^/\s"]*@/g, '$1***@');
}
