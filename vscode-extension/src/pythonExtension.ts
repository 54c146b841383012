/** The Python extension, where it is installed: which interpreter it has selected. Nothing depends on it. */

import * as vscode from 'vscode';

const ID = 'ms-python.python';

/** Milliseconds that it gets to start, and to answer. */
const PATIENCE = 3000;

interface Environments {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
    onDidChangeActiveEnvironmentPath?: vscode.Event<unknown>;
}

/** Whether it can be asked. */
export function isThere(): boolean {
    return vscode.extensions.getExtension(ID) !== undefined;
}

/** The path of the interpreter that it has selected for `resource`; undefined if it does not tell one in time. */
export async function selectedInterpreter(resource?: vscode.Uri): Promise<string | undefined> {
    return withPatience(async () => {
        const environments = await environmentsOf();
        if (environments === undefined) {
            return undefined;
        }
        const environment = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(resource));
        return environment?.executable.uri?.fsPath;
    });
}

/** Call `listener` whenever another interpreter is selected. */
export async function onChange(listener: () => void): Promise<vscode.Disposable | undefined> {
    return withPatience(async () => (await environmentsOf())?.onDidChangeActiveEnvironmentPath?.(listener));
}

async function environmentsOf(): Promise<Environments | undefined> {
    const extension = vscode.extensions.getExtension<{ environments?: Environments } | undefined>(ID);
    if (extension === undefined) {
        return undefined;
    }
    const api = extension.isActive ? extension.exports : await extension.activate();
    return api?.environments;
}

async function withPatience<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), PATIENCE);
    });
    try {
        return await Promise.race([work(), late]);
    } catch {
        return undefined; // another extension's trouble
    } finally {
        clearTimeout(timer);
    }
}
