/** How the nodes of the tree look. */

import * as vscode from 'vscode';
import { isRemovable } from '../commands/dependencies';
import type { DependencyState, LockState } from '../protocol';
import { lockText } from '../status';
import type { DependencyNode, ListNode, Node, ParentNode, ProjectNode } from './model';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** The item of a node. */
export function itemOf(node: Node): vscode.TreeItem {
    switch (node.kind) {
        case 'project':
            return projectItem(node);
        case 'list':
            return listItem(node);
        case 'dependency':
            return dependencyItem(node);
        case 'parent':
            return parentItem(node);
        case 'direct':
            return withIcon(new vscode.TreeItem(vscode.l10n.t('in {0}', node.list), None), 'file');
    }
}

function projectItem({ uri, project }: ProjectNode): vscode.TreeItem {
    const file = vscode.Uri.parse(uri);
    const item = new vscode.TreeItem(project.name || vscode.workspace.asRelativePath(project.folder), Expanded);
    item.id = uri;
    item.contextValue = 'project';
    const tool = { poetry: 'Poetry', uv: 'uv' }[project.tool ?? 'poetry'];
    const lock = lockText(project.lock.state);
    item.description = project.tool === null ? '' : `${tool} · ${lock}`;
    item.tooltip = [vscode.workspace.asRelativePath(file), item.description].filter(Boolean).join('\n');
    item.iconPath = project.tool === null ? new vscode.ThemeIcon('project') : lockIcon(project.lock.state);
    return item;
}

function lockIcon(state: LockState): vscode.ThemeIcon {
    switch (state) {
        case 'fresh':
            return icon('lock', 'testing.iconPassed');
        case 'conflict':
        case 'unreadable':
            return icon('error', 'list.errorForeground');
        case 'stale':
            return icon('warning', 'list.warningForeground');
        case 'missing':
            return icon('unlock');
        default:
            return icon('project');
    }
}

function listItem({ uri, list }: ListNode): vscode.TreeItem {
    const isMain = list.kind === 'main';
    const item = new vscode.TreeItem(list.label, isMain ? Expanded : Collapsed);
    item.id = `${uri}#${list.kind}:${list.name}:${list.label}`;
    item.contextValue = isRemovable(list) ? `list.${list.kind}` : `fixed.${list.kind}`;
    item.description = String(list.dependencies.length);
    const icons: Record<string, string> = { main: 'package', extra: 'extensions', build: 'tools', plugin: 'plug' };
    return withIcon(item, icons[list.kind] ?? 'folder');
}

function dependencyItem(node: DependencyNode): vscode.TreeItem {
    const { name, constraint, locked, newest, state, message, range } = node.declared.dependency;
    const { list } = node.declared;
    const item = new vscode.TreeItem(name, locked ? Collapsed : None);
    item.id = `${node.uri}#${list.kind}:${list.name}:${list.label}/${name}@${range.start.line}:${range.start.character}`;
    item.contextValue = [
        `dependency.${state}`,
        ...(locked ? ['locked'] : []),
        ...(isRemovable(list) ? ['removable'] : []),
    ].join('.');
    const versions = newest && newest !== locked ? `${locked ?? ''} → ${newest}` : locked;
    item.description = [constraint, locked ? versions : ''].filter(Boolean).join('  ');
    item.tooltip = new vscode.MarkdownString(
        [
            `**${escaped(name)}**`,
            ...(message ? [escaped(message)] : []),
            vscode.l10n.t('declared: {0}', code(constraint || '*')),
            vscode.l10n.t('locked: {0}', locked ? code(locked) : '–'),
            vscode.l10n.t('newest: {0}', newest ? code(newest) : '–'),
        ].join('\n\n'),
    );
    item.iconPath = stateIcon(state);
    item.command = {
        title: vscode.l10n.t('Go to Declaration'),
        command: 'pyprojectLs.openDeclaration',
        arguments: [node],
    };
    return item;
}

function stateIcon(state: DependencyState): vscode.ThemeIcon {
    switch (state) {
        case 'ok':
            return icon('pass', 'testing.iconPassed');
        case 'outdated':
            return icon('arrow-circle-up', 'list.warningForeground');
        case 'conflict':
            return icon('error', 'list.errorForeground');
        case 'problem':
            return icon('warning', 'list.warningForeground');
        default:
            return icon('circle-outline');
    }
}

function parentItem({ name, version, constraint, path }: ParentNode): vscode.TreeItem {
    const isCircle = path.includes(name);
    const item = new vscode.TreeItem(name, isCircle ? None : Collapsed);
    item.contextValue = 'parent';
    const asks = constraint === '' ? '' : vscode.l10n.t('needs {0}', constraint);
    item.description = [version, asks, isCircle ? '↺' : ''].filter(Boolean).join('  ');
    item.tooltip = vscode.l10n.t('{0} {1} needs {2}', name, version, `${path.at(-1) ?? ''} ${constraint}`);
    return withIcon(item, 'references');
}

function icon(name: string, color?: string): vscode.ThemeIcon {
    return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
}

function withIcon(item: vscode.TreeItem, name: string): vscode.TreeItem {
    item.iconPath = icon(name);
    return item;
}

function escaped(value: string): string {
    return value.replace(/[\\`*_{}[\]()#+\-.!<>|~]/g, '\\$&');
}

function code(value: string): string {
    return `\`${value.replaceAll('`', "'")}\``;
}
