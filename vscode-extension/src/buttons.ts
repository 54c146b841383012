/** Messages with buttons that are a way out. */

import * as vscode from 'vscode';
import { SECTION } from './settings';

/** A button that runs a command. */
export interface Button {
    readonly title: string;
    readonly command: string;
    readonly argument?: string;
}

export const restartButton = (): Button => ({ title: vscode.l10n.t('Restart Server'), command: 'pyprojectLs.restart' });
export const logsButton = (): Button => ({ title: vscode.l10n.t('Show Logs'), command: 'pyprojectLs.showLogs' });
/** The settings by the name of one, or all of ours. */
export const settingsButton = (name: string): Button => ({
    title: vscode.l10n.t('Open Settings'),
    command: 'workbench.action.openSettings',
    argument: name === '' ? `@ext:${SECTION}.${SECTION}` : name,
});

/** Show a message, and run the command of the button that is chosen. */
export async function buttons(
    show: (message: string, ...items: Button[]) => Thenable<Button | undefined>,
    message: string,
    choices: Button[],
): Promise<void> {
    const chosen = await show(message, ...choices);
    if (chosen !== undefined) {
        await vscode.commands.executeCommand(chosen.command, chosen.argument);
    }
}
