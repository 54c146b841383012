/** What the steps of adding a package have in common. */

import * as vscode from 'vscode';
import { type PackageInfo, infoRequest } from '../protocol';
import type { Server } from '../server';

/** How long, and how often, an index that has not answered is asked again. */
export const AGAIN = 300;
export const ATTEMPTS = 10;

/** What a step leads to: a value, the step before it, or nothing, because a person has thought better of it. */
export type Step<T> = { readonly value: T } | 'back' | undefined;

/** Leave items in the order that they were given in; VS Code has this, but does not promise it. */
export function keepOrder<T extends vscode.QuickPickItem>(pick: vscode.QuickPick<T>): void {
    try {
        Object.assign(pick, { sortByLabel: false });
    } catch {
        // then they come in the order of VS Code
    }
}

/** What is known of a package; undefined if the index does not answer in time. */
export async function infoOf(
    server: Server,
    uri: vscode.Uri,
    name: string,
    isWanted: () => boolean,
): Promise<PackageInfo | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS && isWanted(); attempt += 1) {
        const info = await server.ask(infoRequest, { uri: uri.toString(), name }).catch(() => undefined);
        if (info !== null) {
            return info;
        }
        await pause(AGAIN);
    }
    return undefined;
}

/** Show a pick until something is accepted, the way back is taken, or it is hidden. */
export function shown<T, I extends vscode.QuickPickItem>(
    pick: vscode.QuickPick<I>,
    listen: (accept: (step: Step<T>) => void) => vscode.Disposable[],
    begin?: () => void,
): Promise<Step<T>> {
    return new Promise((resolve) => {
        const subscriptions = [
            ...listen((step) => {
                resolve(step);
                pick.hide();
            }),
            pick.onDidTriggerButton((button) => {
                if (button === vscode.QuickInputButtons.Back) {
                    resolve('back');
                    pick.hide();
                }
            }),
            pick.onDidHide(() => {
                resolve(undefined);
                for (const each of subscriptions) {
                    each.dispose();
                }
                pick.dispose();
            }),
        ];
        pick.ignoreFocusOut = true;
        pick.show();
        begin?.();
    });
}

export function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
        setTimeout(resolve, milliseconds);
    });
}
