/** The language client: what it is told of the extension, and what it leaves to others. */

import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import {
    CloseAction,
    ErrorAction,
    LanguageClient,
    type LanguageClientOptions,
    RevealOutputChannelOn,
} from 'vscode-languageclient/node';
import { middleware } from './beside';
import { provideCompletionItem } from './completing';
import type { Output } from './output';
import { SECTION, forServer } from './settings';
import { showDocument } from './showing';

/** Which documents the server gets, whatever their language is called. */
export const SELECTOR = [{ scheme: 'file', pattern: '**/pyproject.toml' }];

/** Puts what goes wrong into the log: what a person is told of it, and how often, is decided here. */
class QuietClient extends LanguageClient {
    override error(message: string, data?: unknown): void {
        super.error(message, data, false);
    }
}

/** A client for the server that runs as `child`; `ended` is called when the connection is lost. */
export function makeClient(
    extension: vscode.Extension<unknown>,
    output: Output,
    child: ChildProcess,
    ended: () => void,
): LanguageClient {
    const options: LanguageClientOptions = {
        documentSelector: SELECTOR,
        outputChannel: output.log,
        traceOutputChannel: output.trace,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        initializationOptions: { ...forServer(extension), toolOutput: true },
        initializationFailedHandler: () => false,
        progressOnInitialization: false,
        middleware: {
            ...middleware,
            provideCompletionItem,
            window: { showDocument },
            workspace: {
                configuration: (params) =>
                    params.items.map((item) =>
                        item.section === SECTION
                            ? forServer(
                                  extension,
                                  item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri),
                              )
                            : null,
                    ),
            },
        },
        errorHandler: {
            error: () => ({ action: ErrorAction.Continue, handled: true }),
            closed: () => {
                ended();
                return { action: CloseAction.DoNotRestart, handled: true };
            },
        },
    };
    const client = new QuietClient(SECTION, 'pyproject.toml', () => Promise.resolve(child), options);
    client.registerFeature({
        fillClientCapabilities: (capabilities) => {
            // what the server may have VS Code do behind a completion
            capabilities.experimental = { commands: { commands: ['editor.action.triggerSuggest'] } };
        },
        initialize: () => undefined,
        getState: () => ({ kind: 'static' }),
        clear: () => undefined,
    });
    return client;
}
