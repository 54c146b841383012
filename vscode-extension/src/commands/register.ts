/** All commands, by the names that package.json has for them. */

import * as vscode from 'vscode';
import { debugInformation } from '../debugInfo';
import type { Output } from '../output';
import type { Server } from '../server';
import type { StatusItems } from '../status';
import type { DependencyTree } from '../tree/provider';
import * as dependencies from './dependencies';
import * as project from './project';
import * as tool from './tool';

type Command = (given?: never) => unknown;

export function registerCommands(
    context: vscode.ExtensionContext,
    server: Server,
    output: Output,
    status: StatusItems,
    tree: DependencyTree,
): vscode.Disposable[] {
    const commands: Record<string, Command> = {
        addDependency: (given) => dependencies.addDependency(server, given),
        updateDependency: (given) => dependencies.updateDependency(server, given),
        removeDependency: (given) => dependencies.removeDependency(server, given),
        why: (given) => dependencies.why(server, given),
        openDeclaration: (given) => dependencies.openDeclaration(given),
        lock: (given) => project.plain(server, 'pyproject-ls.lock', given),
        previewLock: (given) => project.plain(server, 'pyproject-ls.previewLock', given),
        install: (given) => project.plain(server, 'pyproject-ls.install', given),
        dependencyTree: (given) => project.plain(server, 'pyproject-ls.dependencyTree', given),
        migrate: (given) => project.migrate(server, given),
        fixAll: (given) => project.fixAll(server, given),
        bumpVersion: (given) => project.bumpVersion(server, given),
        selectTool: () => tool.selectTool(),
        selectInterpreter: () => tool.selectInterpreter(),
        restart: () => server.restart(),
        showLogs: () => output.log.show(),
        showResolverOutput: () => output.resolver.show(),
        refreshTree: () => tree.refresh(),
        copyDebugInformation: async () => {
            await vscode.env.clipboard.writeText(debugInformation(context, server, status));
            void vscode.window.showInformationMessage(vscode.l10n.t('The debug information is in the clipboard.'));
        },
    };
    return Object.entries(commands).map(([name, command]) =>
        vscode.commands.registerCommand(`pyprojectLs.${name}`, command),
    );
}
