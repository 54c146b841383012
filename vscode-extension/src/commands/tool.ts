/** Choosing what does the work: the tool of the project, the interpreter of the server. */

import * as vscode from 'vscode';
import * as pythonExtension from '../pythonExtension';
import { SECTION } from '../settings';

/** Choose between Poetry and uv, for this workspace. */
export async function selectTool(): Promise<void> {
    const configuration = vscode.workspace.getConfiguration(SECTION);
    const current: unknown = configuration.get('tool');
    const items = [
        { label: 'Poetry', value: 'poetry', description: '' },
        { label: 'uv', value: 'uv', description: '' },
        {
            label: vscode.l10n.t('Automatic'),
            value: 'auto',
            description: vscode.l10n.t('the one that the project uses'),
        },
        {
            label: vscode.l10n.t('Paths...'),
            value: undefined,
            description: vscode.l10n.t('where Poetry and uv are'),
        },
    ].map((each) => ({
        ...each,
        ...(each.value === current ? { iconPath: new vscode.ThemeIcon('check') } : {}),
    }));
    const chosen = await vscode.window.showQuickPick(items, {
        placeHolder: vscode.l10n.t('Which tool locks, adds, updates and installs?'),
    });
    if (chosen === undefined) {
        return;
    }
    if (chosen.value === undefined) {
        await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:pyproject-ls.pyproject-ls path');
        return;
    }
    const target =
        vscode.workspace.workspaceFolders === undefined
            ? vscode.ConfigurationTarget.Global
            : vscode.ConfigurationTarget.Workspace;
    await configuration.update('tool', chosen.value, target);
}

/** Choose the Python that runs the server: in the Python extension, or a file. */
export async function selectInterpreter(): Promise<void> {
    const file = vscode.l10n.t('Choose a File...');
    const items = [
        ...(pythonExtension.isThere() ? [vscode.l10n.t('Select in the Python Extension...')] : []),
        file,
        vscode.l10n.t('Open Settings'),
    ];
    const chosen = await vscode.window.showQuickPick(items, {
        placeHolder: vscode.l10n.t('Python 3.10 or newer runs the server for pyproject.toml'),
    });
    if (chosen === undefined) {
        return;
    }
    if (chosen === items.at(-1)) {
        await vscode.commands.executeCommand('workbench.action.openSettings', `${SECTION}.interpreter`);
    } else if (chosen === file) {
        const [found] =
            (await vscode.window.showOpenDialog({ canSelectMany: false, openLabel: vscode.l10n.t('Select Python') })) ??
            [];
        if (found !== undefined) {
            const target = vscode.ConfigurationTarget.Global;
            await vscode.workspace.getConfiguration(SECTION).update('interpreter', found.fsPath, target);
        }
    } else {
        await vscode.commands.executeCommand('python.setInterpreter');
    }
}
