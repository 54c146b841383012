/** Running a command of the server. */

import * as vscode from 'vscode';

/**
 * Have the server do `command` (VS Code knows it while the server runs); values that are undefined are left out.
 * How it ends is told by the server.
 */
export async function run(command: string, argument: Record<string, unknown>): Promise<void> {
    const given = Object.fromEntries(Object.entries(argument).filter(([, value]) => value !== undefined));
    try {
        await vscode.commands.executeCommand(command, given);
    } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        void vscode.window.showErrorMessage(message);
    }
}
