/** Which program is the server, and what it is started with. */

import { readdir, rm } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { findInterpreter } from './interpreter';
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
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const common = { env: environment(), cwd: os.homedir() };
    const program = expanded(text('path', folder), os.homedir(), folder?.fsPath);
    if (program !== '') {
        return { ...common, command: program, args: ['serve'], description: program };
    }
    const isOfEnvironment = choice('importStrategy', ['useBundled', 'fromEnvironment']) === 'fromEnvironment';
    // what is installed in an environment changes without its interpreter
    const interpreter = await findInterpreter(log, isOfEnvironment ? undefined : context.workspaceState);
    const python = `Python ${interpreter.version}`;
    if (isOfEnvironment) {
        if (interpreter.hasServer) {
            return {
                ...common,
                command: interpreter.command,
                args: [...interpreter.args, '-I', '-m', 'pyproject_ls', 'serve'],
                description: vscode.l10n.t('server of the environment, {0}', python),
            };
        }
        log(`no pyproject-ls is installed for ${interpreter.command}; the bundled one is used`);
    }
    const script = path.join(context.extensionPath, 'bundled', 'serve.py');
    // the folder of the extension may be read-only, and is better left as it was installed
    const cache = await cacheFolder(context);
    return {
        ...common,
        command: interpreter.command,
        args: [...interpreter.args, '-I', '-X', `pycache_prefix=${cache}`, script],
        description: vscode.l10n.t('bundled server, {0}', python),
    };
}

/** Where Python keeps compiled files of this version of the extension; those of older versions go. */
async function cacheFolder(context: vscode.ExtensionContext): Promise<string> {
    const all = path.join(context.globalStorageUri.fsPath, 'pycache');
    const { version } = context.extension.packageJSON as { version: string };
    try {
        for (const name of await readdir(all)) {
            if (name !== version) {
                await rm(path.join(all, name), { recursive: true, force: true });
            }
        }
    } catch {
        // there is none yet, or somebody else's server uses it
    }
    return path.join(all, version);
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
