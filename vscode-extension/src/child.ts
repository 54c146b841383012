/** The process of the server: started, and watched until it has answered. */

import { type ChildProcess, spawn } from 'node:child_process';
import * as vscode from 'vscode';

/** Milliseconds that a server gets to answer the first request. */
const GREETING = 60_000;

/** The process, once it runs. Throws an Error that names the program if it cannot be run. */
export function spawned(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    cwd: string,
): Promise<ChildProcess> {
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { env, cwd, windowsHide: true });
        child.once('spawn', () => resolve(child));
        child.once('error', (error: NodeJS.ErrnoException) => {
            const why = error.code === 'ENOENT' ? vscode.l10n.t('there is no such file') : error.message;
            reject(new Error(vscode.l10n.t('The server for pyproject.toml cannot be started: {0}: {1}.', command, why)));
        });
        child.on('error', () => undefined); // later ones: the connection tells of them
        child.stdin.on('error', () => undefined);
    });
}

/** Why a start came to nothing: the handshake failed, or the process ended or was silent; undefined if it worked. */
export async function firstFailure(start: Promise<void>, child: ChildProcess): Promise<string | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const died = new Promise<string>((resolve) => {
        const tell = (): void => resolve(`it ended with ${child.signalCode ?? String(child.exitCode)}`);
        if (child.exitCode !== null || child.signalCode !== null) {
            tell();
        } else {
            child.once('exit', tell);
        }
        timer = setTimeout(() => resolve('it does not answer'), GREETING);
    });
    const started = start.then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    const failure = await Promise.race([started, died]);
    clearTimeout(timer);
    return failure;
}
