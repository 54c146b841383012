/** The extension: it starts the server and puts everything in its place. */

import * as vscode from 'vscode';
import * as beside from './beside';
import { registerCommands } from './commands/register';
import { Output } from './output';
import { isOurs } from './projects';
import { jobFinishedNotification, outputNotification } from './protocol';
import * as pythonExtension from './pythonExtension';
import { Server } from './server';
import { NEED_RESTART, choice } from './settings';
import { StatusItems } from './status';
import { DependencyTree } from './tree/provider';
import { watchTrust } from './trust';
import { watchFolders } from './vanished';

/** What other extensions, and tests, can ask. */
export interface Api {
    readonly server: Server;
    readonly status: StatusItems;
    readonly tree: DependencyTree;
    /** Told of each finished command of the server. */
    readonly onJobFinished: vscode.Event<{ command: string; uri: string; ok: boolean; message: string }>;
}

let running: Server | undefined;

export function activate(context: vscode.ExtensionContext): Api {
    const output = new Output();
    const server = new Server(context, output);
    const finished = new vscode.EventEmitter<{ command: string; uri: string; ok: boolean; message: string }>();
    running = server;
    server.onNotification(outputNotification, ({ uri, line }) => output.addResolverLine(uri, line));
    server.onNotification(jobFinishedNotification, (job) => finished.fire(job));
    const status = new StatusItems(server);
    const tree = new DependencyTree(server);
    context.subscriptions.push(
        output,
        finished,
        status,
        tree,
        watchTrust(server),
        watchFolders(server, () => tree.known),
        beside.watchSetting(server),
        ...registerCommands(context, server, output, status, tree),
        vscode.workspace.onDidChangeConfiguration((event) => {
            if (NEED_RESTART.some((name) => event.affectsConfiguration(name))) {
                void server.restart();
            }
        }),
        vscode.workspace.onDidOpenTextDocument((document) => {
            if (isOurs(document.uri)) {
                void beside.hintOnce(context);
            }
        }),
    );
    void vscode.commands.executeCommand('setContext', 'pyproject-ls.isActive', true);
    void server.restart().then(async () => {
        if (vscode.workspace.textDocuments.some((each) => isOurs(each.uri))) {
            void beside.hintOnce(context);
        }
        await followPythonExtension(context, server);
    });
    return { server, status, tree, onJobFinished: finished.event };
}

export async function deactivate(): Promise<void> {
    await running?.stop();
}

/** Another interpreter matters where the server is that of its environment, or could not start. */
async function followPythonExtension(context: vscode.ExtensionContext, server: Server): Promise<void> {
    const subscription = await pythonExtension.onChange(() => {
        const isOfEnvironment = choice('importStrategy', ['useBundled', 'fromEnvironment']) === 'fromEnvironment';
        if (isOfEnvironment || server.state === 'failed') {
            void server.restart();
        }
    });
    if (subscription !== undefined) {
        context.subscriptions.push(subscription);
    }
}
