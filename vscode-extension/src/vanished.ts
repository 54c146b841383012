/** Folders that are deleted or renamed with projects in them: VS Code tells of the folder only, never of the files in it. */

import * as vscode from 'vscode';
import { FileChangeType } from 'vscode-languageclient/node';
import type { Server } from './server';

/** Tell the server which of `projects` (what is known of the workspace) have gone or come with a folder. */
export function watchFolders(server: Server, projects: () => readonly { readonly uri: string }[]): vscode.Disposable {
    const tell = (uris: readonly vscode.Uri[], type: FileChangeType): void => {
        if (uris.length > 0) {
            const changes = uris.map((uri) => ({ uri: uri.toString(), type }));
            void server.tell('workspace/didChangeWatchedFiles', { changes });
        }
    };
    const below = (folder: vscode.Uri): vscode.Uri[] => {
        const beginning = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
        return projects()
            .map((each) => vscode.Uri.parse(each.uri))
            .filter((uri) => uri.path.startsWith(beginning));
    };
    const watcher = vscode.workspace.createFileSystemWatcher('**', true, true, false);
    return vscode.Disposable.from(
        watcher,
        watcher.onDidDelete((uri) => tell(below(uri), FileChangeType.Deleted)),
        vscode.workspace.onDidRenameFiles(({ files }) => {
            for (const { oldUri, newUri } of files) {
                const moved = below(oldUri);
                tell(moved, FileChangeType.Deleted);
                const there = moved.map((uri) => newUri.with({ path: newUri.path + uri.path.slice(oldUri.path.length) }));
                tell(there, FileChangeType.Created);
            }
        }),
    );
}
