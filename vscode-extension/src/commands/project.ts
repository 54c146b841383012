/** Commands about a whole project: lock, install, migrate, fix, bump. */

import * as vscode from 'vscode';
import { chosenUri } from '../projects';
import type { Server } from '../server';
import { SECTION } from '../settings';
import { run } from './run';

/** Commands of the server that need the project only. */
export async function plain(server: Server, command: string, given: unknown): Promise<void> {
    const uri = await chosenUri(server, given);
    if (uri !== undefined) {
        await run(command, { uri: uri.toString() });
    }
}

const PARTS = ['patch', 'minor', 'major', 'prerelease'] as const;

/** Raise the version of the project by a part that a person chooses. */
export async function bumpVersion(server: Server, given: unknown): Promise<void> {
    const uri = await chosenUri(server, given);
    if (uri === undefined) {
        return;
    }
    const descriptions: Record<(typeof PARTS)[number], string> = {
        patch: '1.2.3 → 1.2.4',
        minor: '1.2.3 → 1.3.0',
        major: '1.2.3 → 2.0.0',
        prerelease: '1.2.3 → 1.2.4a0',
    };
    const items = PARTS.map((label) => ({ label, description: descriptions[label] }));
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which part to raise?') });
    if (chosen !== undefined) {
        await run('pyproject-ls.bumpVersion', { uri: uri.toString(), part: chosen.label });
    }
}

/** Do all that can be mended safely. */
export async function fixAll(server: Server, given: unknown): Promise<void> {
    const kind = vscode.CodeActionKind.SourceFixAll.append(SECTION);
    await applyAction(server, given, kind, () => true, vscode.l10n.t('There is nothing to fix.'));
}

/** Move what Poetry 2 deprecates to the standard tables. */
export async function migrate(server: Server, given: unknown): Promise<void> {
    await applyAction(
        server,
        given,
        vscode.CodeActionKind.RefactorRewrite,
        (action) => action.title.startsWith('Migrate this file'),
        vscode.l10n.t('There is nothing to migrate: the file has no Poetry tables that [project] stands for.'),
    );
}

/** Make the edit of the code action of a kind that `isMeant`, on the whole document. */
async function applyAction(
    server: Server,
    given: unknown,
    kind: vscode.CodeActionKind,
    isMeant: (action: vscode.CodeAction) => boolean,
    nothing: string,
): Promise<void> {
    const uri = await chosenUri(server, given);
    if (uri === undefined) {
        return;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        whole,
        kind.value,
        50,
    );
    const action = actions.find((each) => each.edit !== undefined && isMeant(each));
    if (action?.edit === undefined) {
        void vscode.window.showInformationMessage(nothing);
        return;
    }
    await vscode.workspace.applyEdit(action.edit, { isRefactoring: true });
}
