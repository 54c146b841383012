/** Commands about dependencies: add, update, remove, why. */

import * as vscode from 'vscode';
import { type Addition, pickPackage } from '../adding/pick';
import type { Place } from '../adding/place';
import { type Declared, chosenUri, declaredIn, projectOf } from '../projects';
import type { Project } from '../protocol';
import type { Server } from '../server';
import type { DependencyNode, ListNode, ParentNode, ProjectNode } from '../tree/model';
import { run } from './run';

/** What menus, the tree and programs may call these commands with. */
type Given = vscode.Uri | ProjectNode | ListNode | DependencyNode | ParentNode | Record<string, unknown> | undefined;

/** Add a package: what the argument does not say is asked. */
export async function addDependency(server: Server, given: Given): Promise<void> {
    const uri = await chosenUri(server, given);
    if (uri === undefined) {
        return;
    }
    const named = field(given, 'name');
    const kind = field(given, 'kind');
    const addition: Addition | undefined =
        named !== undefined && kind === undefined
            ? { ...(given as unknown as Addition), name: named }
            : await pickPackage(server, uri, placeOf(given));
    if (addition !== undefined) {
        const { name, extras, constraint, group, extra } = addition;
        await run('pyproject-ls.addDependency', { uri: uri.toString(), name, extras, constraint, group, extra });
    }
}

interface UpdateItem extends vscode.QuickPickItem {
    readonly names?: readonly string[];
    readonly raise?: boolean;
}

/** Update one package, some, or all, within the constraints or beyond them. */
export async function updateDependency(server: Server, given: Given): Promise<void> {
    const uri = await chosenUri(server, given);
    if (uri === undefined) {
        return;
    }
    const named = field(given, 'kind') === 'dependency' ? field(given, 'name') : undefined;
    if (named !== undefined) {
        await run('pyproject-ls.update', { uri: uri.toString(), names: [named] });
        return;
    }
    const project = await projectOf(server, uri);
    const items: UpdateItem[] = [
        { label: vscode.l10n.t('All, within their constraints'), iconPath: new vscode.ThemeIcon('arrow-circle-up') },
        {
            label: vscode.l10n.t('All, and raise their constraints'),
            iconPath: new vscode.ThemeIcon('rocket'),
            raise: true,
        },
        { label: '', kind: vscode.QuickPickItemKind.Separator },
        ...byName(project).map((each) => ({ ...described(each), names: [each.dependency.name] })),
    ];
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('What to update?') });
    if (chosen !== undefined) {
        await run('pyproject-ls.update', { uri: uri.toString(), names: chosen.names, raise: chosen.raise });
    }
}

/** Remove a dependency from the list that it stands in. */
export async function removeDependency(server: Server, given: Given): Promise<void> {
    const uri = await chosenUri(server, given);
    if (uri === undefined) {
        return;
    }
    const fromTree = declaredOf(given);
    const chosen = fromTree ?? (await pickDeclared(server, uri, vscode.l10n.t('Which dependency to remove?'), true));
    if (chosen !== undefined) {
        const { dependency, list } = chosen;
        await run('pyproject-ls.removeDependency', {
            uri: uri.toString(),
            name: dependency.name,
            group: list.kind === 'group' ? list.name : undefined,
            extra: list.kind === 'extra' ? list.name : undefined,
        });
    }
}

/** Show why a package is locked. */
export async function why(server: Server, given: Given): Promise<void> {
    const uri = await chosenUri(server, given);
    if (uri === undefined) {
        return;
    }
    let name = field(given, 'name');
    if (name === undefined || field(given, 'kind') === undefined) {
        const declared = await pickDeclared(server, uri, vscode.l10n.t('Which package?'), false);
        name = declared?.dependency.name;
    }
    if (name !== undefined) {
        await run('pyproject-ls.why', { uri: uri.toString(), name });
    }
}

/** Show where a project or dependency is declared. */
export async function openDeclaration(given: Given): Promise<void> {
    const uri = field(given, 'uri');
    if (uri === undefined) {
        return;
    }
    const range = declaredOf(given)?.dependency.range;
    await vscode.window.showTextDocument(vscode.Uri.parse(uri), {
        ...(range === undefined
            ? {}
            : { selection: new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character) }),
    });
}

/** The lists that the server can take a dependency from. */
export function isRemovable(list: { kind: string }): boolean {
    return ['main', 'extra', 'group'].includes(list.kind);
}

async function pickDeclared(
    server: Server,
    uri: vscode.Uri,
    placeHolder: string,
    toRemove: boolean,
): Promise<Declared | undefined> {
    const project = await projectOf(server, uri);
    const all = project === undefined ? [] : declaredIn(project).filter((each) => !toRemove || isRemovable(each.list));
    if (all.length === 0) {
        void vscode.window.showInformationMessage(vscode.l10n.t('The project declares no dependencies.'));
        return undefined;
    }
    const items = all.map((each) => ({ ...described(each), declared: each }));
    return (await vscode.window.showQuickPick(items, { placeHolder }))?.declared;
}

/** Each dependency once, whatever number of lists it stands in. */
function byName(project: Project | undefined): Declared[] {
    const found = new Map<string, Declared>();
    for (const each of project === undefined ? [] : declaredIn(project)) {
        if (each.dependency.locked && !found.has(each.dependency.name)) {
            found.set(each.dependency.name, each);
        }
    }
    return [...found.values()];
}

function described({ dependency, list }: Declared): vscode.QuickPickItem {
    const { name, constraint, locked, newest } = dependency;
    const versions = [locked, newest === locked ? null : newest].filter(Boolean).join(' → ');
    return { label: name, description: [constraint, versions].filter(Boolean).join('  '), detail: list.label };
}

function field(given: Given, name: string): string | undefined {
    if (given === undefined || given instanceof vscode.Uri) {
        return undefined;
    }
    const value = (given as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : undefined;
}

/** The place that a list in the tree stands for. */
function placeOf(given: Given): Place | undefined {
    if (field(given, 'kind') !== 'list') {
        return undefined;
    }
    const { list } = given as ListNode;
    if (list.kind === 'main') {
        return {};
    }
    return list.kind === 'group' ? { group: list.name } : list.kind === 'extra' ? { extra: list.name } : undefined;
}

function declaredOf(given: Given): Declared | undefined {
    return field(given, 'kind') === 'dependency' ? (given as DependencyNode).declared : undefined;
}
