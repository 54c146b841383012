/** Completion that waits for the server where it knows that more is to come. */

import type * as vscode from 'vscode';
import type { ProvideCompletionItemsSignature } from 'vscode-languageclient/node';

/** Milliseconds between two questions. */
const AGAIN = 150;

/** How often the same is asked again. */
const ATTEMPTS = 20;

/**
 * The server answers at once with what it knows, which may be nothing while the names of all packages are on their
 * way; VS Code would ask again at the next keystroke only, so that who has typed a whole name sees nothing.
 */
export async function provideCompletionItem(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.CompletionContext,
    token: vscode.CancellationToken,
    next: ProvideCompletionItemsSignature,
): Promise<vscode.CompletionItem[] | vscode.CompletionList | null | undefined> {
    let found = await next(document, position, context, token);
    for (let attempt = 0; attempt < ATTEMPTS && isToCome(found); attempt += 1) {
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
        if (token.isCancellationRequested) {
            break;
        }
        found = await next(document, position, context, token);
    }
    return found;
}

function isToCome(found: vscode.CompletionItem[] | vscode.CompletionList | null | undefined): boolean {
    return found !== null && found !== undefined && !Array.isArray(found) && found.isIncomplete === true && found.items.length === 0;
}
