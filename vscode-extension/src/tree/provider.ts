/** The tree "Python Dependencies": what the server says of all projects, asked for again when that has changed. */

import * as vscode from 'vscode';
import { allProjects } from '../projects';
import { type DependencyList, type ListKind, type Project, projectsChangedNotification, reverseTreeRequest } from '../protocol';
import type { Server } from '../server';
import { itemOf } from './items';
import type { DependencyNode, ListNode, Node, ParentNode, ProjectNode } from './model';

/** Milliseconds in which news are gathered. */
const CALM = 200;

/** The lists that people look for first come first. */
const ORDER: readonly ListKind[] = ['main', 'extra', 'group', 'build', 'plugin', 'constraint'];

/** A view with its data; it asks nothing while it is not seen. */
export class DependencyTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
    private readonly changed = new vscode.EventEmitter<undefined>();
    private readonly view: vscode.TreeView<Node>;
    private readonly subscriptions: vscode.Disposable[];
    private projects: Promise<readonly Project[]> | undefined;
    private timer: NodeJS.Timeout | undefined;
    private last: readonly Project[] = [];
    private isStale = false;

    readonly onDidChangeTreeData = this.changed.event;

    constructor(private readonly server: Server) {
        this.view = vscode.window.createTreeView('pyprojectLs.dependencies', {
            treeDataProvider: this,
            showCollapseAll: true,
        });
        server.onNotification(projectsChangedNotification, () => this.refreshSoon());
        this.subscriptions = [
            server.onDidChangeState(() => this.refreshSoon()),
            vscode.workspace.onDidChangeWorkspaceFolders(() => this.refreshSoon()),
            this.view.onDidChangeVisibility(({ visible }) => {
                if (visible && this.isStale) {
                    this.refresh();
                }
            }),
        ];
    }

    /** The projects that were shown last. */
    get known(): readonly Project[] {
        return this.last;
    }

    /** Ask the server again. */
    refresh(): void {
        clearTimeout(this.timer);
        this.timer = undefined;
        this.isStale = false;
        this.projects = undefined;
        this.changed.fire(undefined);
    }

    getTreeItem(node: Node): vscode.TreeItem {
        return itemOf(node);
    }

    async getChildren(node?: Node): Promise<Node[]> {
        switch (node?.kind) {
            case undefined:
                return this.roots();
            case 'project':
                return inOrder(node.project.lists).map((list): ListNode => ({ kind: 'list', uri: node.uri, list }));
            case 'list':
                return node.list.dependencies.map(
                    (dependency): DependencyNode => ({
                        kind: 'dependency',
                        uri: node.uri,
                        name: dependency.name,
                        declared: { dependency, list: node.list },
                    }),
                );
            case 'dependency':
                return this.parents(node, []);
            case 'parent':
                return node.path.includes(node.name) ? [] : this.parents(node, node.path);
            case 'direct':
                return [];
        }
    }

    dispose(): void {
        clearTimeout(this.timer);
        for (const each of [this.view, this.changed, ...this.subscriptions]) {
            each.dispose();
        }
    }

    private async roots(): Promise<ProjectNode[]> {
        this.projects ??= allProjects(this.server);
        const asked = this.projects;
        try {
            const projects = await asked;
            this.last = projects;
            const isRunning = this.server.state === 'running';
            this.count(projects);
            void vscode.commands.executeCommand(
                'setContext',
                'pyproject-ls.hasNoProject',
                isRunning && projects.length === 0,
            );
            return ordered(projects).map((project): ProjectNode => ({ kind: 'project', uri: project.uri, project }));
        } catch {
            this.projects = undefined; // the log of the server says why
            return [];
        }
    }

    /** Who needs the package of a node: packages one step up, and lists of the project. */
    private async parents(node: DependencyNode | ParentNode, above: readonly string[]): Promise<Node[]> {
        const found = await this.server.ask(reverseTreeRequest, { uri: node.uri, name: node.name });
        const path = [...above, node.name];
        const parents = (found?.parents ?? []).map(
            (each): ParentNode => ({ kind: 'parent', uri: node.uri, path, ...each }),
        );
        const direct = (found?.direct ?? []).map((list): Node => ({ kind: 'direct', uri: node.uri, list }));
        return [...direct, ...parents];
    }

    /** Show how many dependencies are outdated or at fault. */
    private count(projects: readonly Project[]): void {
        const states = projects.flatMap((each) => each.lists).flatMap((each) => each.dependencies.map((one) => one.state));
        const conflicts = states.filter((state) => state === 'conflict' || state === 'problem').length;
        const outdated = states.filter((state) => state === 'outdated').length;
        const parts = [
            ...(conflicts > 0 ? [vscode.l10n.t('{0} at fault', conflicts)] : []),
            ...(outdated > 0 ? [vscode.l10n.t('{0} outdated', outdated)] : []),
        ];
        // the side bar is narrow: the worst is said, and the badge tells how many
        this.view.description = parts[0] ?? '';
        this.view.badge = conflicts > 0 ? { value: conflicts, tooltip: parts.join(', ') } : undefined;
    }

    private refreshSoon(): void {
        this.isStale = true;
        if (this.view.visible) {
            this.timer ??= setTimeout(() => this.refresh(), CALM);
        }
    }
}

/** The projects of the first folder first, outer ones before those in them. */
function ordered(projects: readonly Project[]): Project[] {
    const place = ({ uri }: Project): [number, number, string] => {
        const file = vscode.Uri.parse(uri);
        return [vscode.workspace.getWorkspaceFolder(file)?.index ?? Infinity, file.path.split('/').length, file.path];
    };
    return projects
        .map((project) => ({ project, place: place(project) }))
        .sort(({ place: a }, { place: b }) => a[0] - b[0] || a[1] - b[1] || a[2].localeCompare(b[2]))
        .map(({ project }) => project);
}

function inOrder(lists: readonly DependencyList[]): DependencyList[] {
    return ORDER.flatMap((kind) => lists.filter((each) => each.kind === kind));
}
