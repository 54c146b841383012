/** Which project, and which of its dependencies, a command is about. */

import * as vscode from 'vscode';
import { type Dependency, type DependencyList, type Project, projectsRequest } from './protocol';
import type { Server } from './server';

const FILE = /(^|\/)pyproject\.toml$/;

/** Whether a document is one of ours. */
export function isOurs(uri: vscode.Uri): boolean {
    return uri.scheme === 'file' && FILE.test(uri.path);
}

/** All projects of the workspace as the server knows them. */
export async function allProjects(server: Server): Promise<readonly Project[]> {
    return (await server.ask(projectsRequest, {}))?.projects ?? [];
}

/** The project of the document `uri`, if the server knows it. */
export async function projectOf(server: Server, uri: vscode.Uri): Promise<Project | undefined> {
    const wanted = uri.toString();
    return (await allProjects(server)).find((each) => vscode.Uri.parse(each.uri).toString() === wanted);
}

/**
 * The pyproject.toml that a command is meant for: the one that it was called with, the one in the active editor, the
 * only one, or the one that a person chooses. Undefined if there is none, or nothing is chosen.
 */
export async function chosenUri(server: Server, given: unknown): Promise<vscode.Uri | undefined> {
    const named = uriIn(given);
    if (named !== undefined) {
        return named;
    }
    const active = vscode.window.activeTextEditor?.document.uri;
    if (active !== undefined && isOurs(active)) {
        return active;
    }
    const projects = await allProjects(server);
    const [only] = projects;
    if (only === undefined) {
        void vscode.window.showInformationMessage(vscode.l10n.t('There is no pyproject.toml in this workspace.'));
        return undefined;
    }
    if (projects.length === 1) {
        return vscode.Uri.parse(only.uri);
    }
    const items = projects.map((each) => ({
        label: each.name || vscode.workspace.asRelativePath(each.folder),
        description: vscode.workspace.asRelativePath(vscode.Uri.parse(each.uri)),
        uri: vscode.Uri.parse(each.uri),
    }));
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which project?') });
    return chosen?.uri;
}

/** The pyproject.toml in what a menu, a tree or a program calls a command with. */
function uriIn(given: unknown): vscode.Uri | undefined {
    const uri = typeof given === 'object' && given !== null && 'uri' in given ? given.uri : given;
    if (uri instanceof vscode.Uri) {
        return isOurs(uri) ? uri : undefined;
    }
    if (typeof uri === 'string') {
        const parsed = vscode.Uri.parse(uri);
        return isOurs(parsed) ? parsed : undefined;
    }
    return undefined;
}

/** A dependency and the list that it stands in. */
export interface Declared {
    readonly dependency: Dependency;
    readonly list: DependencyList;
}

/** All dependencies of a project, with those at the cursor first. */
export function declaredIn(project: Project): Declared[] {
    const all = project.lists.flatMap((list) => list.dependencies.map((dependency) => ({ dependency, list })));
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.toString() !== vscode.Uri.parse(project.uri).toString()) {
        return all;
    }
    const line = editor.selection.active.line;
    const isAtCursor = ({ dependency: { range } }: Declared): boolean =>
        range.start.line <= line && line <= range.end.line;
    return [...all.filter(isAtCursor), ...all.filter((each) => !isAtCursor(each))];
}
