/** Which program is the server, and what it is started with. */

import { accessSync, constants, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { type Interpreter, findInterpreter, lastInterpreter } from './interpreter';
import { choice, expanded, text } from './settings';

/** How to start the server. */
export interface Launch {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: NodeJS.ProcessEnv;
    readonly cwd: string;
    /** What it is, for the log and the status: `bundled server, Python 3.12.4`. */
    readonly description: string;
}

/**
 * The server that the settings ask for: a program (`path`), the one in the environment of the interpreter, or the
 * bundled one. Throws NoInterpreter, WrongSetting.
 */
export async function findLaunch(context: vscode.ExtensionContext, log: (line: string) => void): Promise<Launch> {
    const program = ownProgram();
    if (program !== '') {
        return { ...surroundings(), command: program, args: ['serve'], description: program };
    }
    void removeOldCaches(context);
    if (isBundled()) {
        return bundled(context, await findInterpreter(log, context.workspaceState));
    }
    // what is installed in an environment changes without its interpreter
    const interpreter = await findInterpreter(log);
    if (!interpreter.hasServer) {
        log(`no pyproject-ls is installed for ${interpreter.command}; the bundled one is used`);
        return bundled(context, interpreter);
    }
    return {
        ...surroundings(),
        command: interpreter.command,
        args: [...interpreter.args, '-I', '-m', 'pyproject_ls', 'serve'],
        description: vscode.l10n.t('server of the environment, {0}', `Python ${interpreter.version}`),
    };
}

/**
 * What `findLaunch` will find if nothing has changed since the last time, without looking for it; undefined where that
 * cannot be told. A window that loads has so much to do that each look takes a while.
 */
export function lastLaunch(context: vscode.ExtensionContext): Launch | undefined {
    const interpreter = ownProgram() === '' && isBundled() ? lastInterpreter(context.workspaceState) : undefined;
    return interpreter && bundled(context, interpreter);
}

function ownProgram(): string {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    return expanded(text('path', folder), os.homedir(), folder?.fsPath);
}

function isBundled(): boolean {
    return choice('importStrategy', ['useBundled', 'fromEnvironment']) === 'useBundled';
}

/** The bundled server under `interpreter`. */
function bundled(context: vscode.ExtensionContext, interpreter: Interpreter): Launch {
    const bundle = path.join(context.extensionPath, 'bundled');
    const cache = path.join(caches(context), versionOf(context));
    // with a folder of their own Python compiles its own modules again, too: that takes as long as all others
    const elsewhere = isWritable(path.join(bundle, 'libs')) ? [] : ['-X', `pycache_prefix=${cache}`];
    return {
        ...surroundings(),
        command: interpreter.command,
        args: [...interpreter.args, '-I', ...elsewhere, path.join(bundle, 'serve.py')],
        description: vscode.l10n.t('bundled server, {0}', `Python ${interpreter.version}`),
    };
}

function surroundings(): Pick<Launch, 'env' | 'cwd'> {
    return { env: environment(), cwd: os.homedir() };
}

/** Whether something may be written into a folder, and nobody has marked it: root may write everywhere. */
function isWritable(folder: string): boolean {
    try {
        accessSync(folder, constants.W_OK);
        return (statSync(folder).mode & constants.S_IWUSR) !== 0;
    } catch {
        return false;
    }
}

/** Where Python keeps compiled files if the extension's folder is read-only; each version of it has its own. */
function caches(context: vscode.ExtensionContext): string {
    return path.join(context.globalStorageUri.fsPath, 'pycache');
}

function versionOf(context: vscode.ExtensionContext): string {
    return (context.extension.packageJSON as { version: string }).version;
}

/** Remove what was compiled for other versions of the extension. */
async function removeOldCaches(context: vscode.ExtensionContext): Promise<void> {
    const all = caches(context);
    try {
        for (const name of await readdir(all)) {
            if (name !== versionOf(context)) {
                await rm(path.join(all, name), { recursive: true, force: true });
            }
        }
    } catch {
        // there is none yet, or somebody else's server uses it
    }
}

/** The environment of VS Code, with the proxy of its settings where it has none of its own. */
function environment(): NodeJS.ProcessEnv {
    const env = { ...process.env };
    delete env['ELECTRON_RUN_AS_NODE'];
    const http = vscode.workspace.getConfiguration('http');
    const proxy: unknown = http.get('proxy');
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
    if (typeof proxy === 'string' && proxy !== '' && !names.some((name) => env[name])) {
        env['HTTP_PROXY'] = env['HTTPS_PROXY'] = proxy;
        const exceptions: unknown = http.get('noProxy');
        if (Array.isArray(exceptions) && !env['NO_PROXY'] && !env['no_proxy']) {
            env['NO_PROXY'] = ['localhost', '127.0.0.1', ...exceptions.map(String)].join(',');
        }
    }
    return env;
}
