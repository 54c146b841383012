/** The Python that runs the server: found where people keep it, and asked for its version. */

import { execFile } from 'node:child_process';
import { constants, statSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import * as pythonExtension from './pythonExtension';
import { expanded, text } from './settings';

/** The oldest Python that the server runs on. */
export const OLDEST = [3, 10] as const;

/** Milliseconds that an interpreter gets to tell its version. */
const PATIENCE = 15_000;

/** Prints version, path and whether the server is installed, in words that every Python understands. */
const QUESTION = [
    'import json, sys',
    'try:',
    '    import importlib.util as util',
    '    has_server = util.find_spec("pyproject_ls") is not None',
    'except Exception:',
    '    has_server = False',
    'print(json.dumps([list(sys.version_info[:3]), sys.executable, has_server]))',
].join('\n');

/** A Python that can run the server. */
export interface Interpreter {
    readonly command: string;
    /** What comes before all other arguments (`-3` of the launcher on Windows). */
    readonly args: readonly string[];
    readonly version: string;
    /** Where it was found, in words for the log. */
    readonly origin: string;
    /** Whether `pyproject_ls` is installed in its environment. */
    readonly hasServer: boolean;
}

interface Candidate {
    readonly command: string;
    readonly args: readonly string[];
    readonly origin: string;
}

/** Where is kept what an interpreter said of itself: asking takes a third of a start. */
export type Memory = Pick<vscode.Memento, 'get' | 'update'>;

/** The interpreter that was found last, what tells its program from another one, and what it was searched by. */
interface Remembered {
    readonly stamp: string;
    readonly circumstances: string;
    readonly interpreter: Interpreter;
}

const LAST = 'lastInterpreter';

/** There is no Python that could run the server; the message is for the user. */
export class NoInterpreter extends Error {}

/**
 * The first Python that can run the server: that of the setting and no other, if it is set, else that of the Python
 * extension, of the workspace's environment, on the path. In a workspace that is not trusted, none of its own is
 * run. What the one in `memory` said of itself last time is believed. Throws NoInterpreter, WrongSetting.
 */
export async function findInterpreter(log: (line: string) => void, memory?: Memory): Promise<Interpreter> {
    const fixed = fromSettings();
    const found = fixed === '' ? await search(log, memory) : await theOne(fixed, memory);
    log(`Python ${found.version}, ${found.command} (${found.origin})`);
    const stamp = stampOf(found.command);
    if (stamp !== undefined) {
        const remembered: Remembered = { stamp, circumstances: circumstances(), interpreter: found };
        // not waited for: it takes half a second in a window that loads; a window that closes forgets it
        memory?.update(LAST, remembered).then(undefined, () => undefined);
    }
    return found;
}

/**
 * The interpreter that was found last, if its program is still the same and the search would be: it can be started at
 * once. The search may find another one all the same.
 */
export function lastInterpreter(memory: Memory): Interpreter | undefined {
    const last = memory.get<Remembered>(LAST);
    const isSame = last?.circumstances === circumstances() && last.stamp === stampOf(last.interpreter.command);
    return isSame ? last.interpreter : undefined;
}

/** What decides where is searched. */
function circumstances(): string {
    const folders = (vscode.workspace.workspaceFolders ?? []).map((each) => each.uri.toString());
    return JSON.stringify([fromSettings(), vscode.workspace.isTrusted, folders]);
}

function fromSettings(): string {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    return expanded(text('interpreter', folder), os.homedir(), folder?.fsPath);
}

async function search(log: (line: string) => void, memory: Memory | undefined): Promise<Interpreter> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const refused: string[] = [];
    for await (const candidate of candidates(folder)) {
        const found = await askOrRemember(candidate, memory);
        if (typeof found !== 'string') {
            return found;
        }
        const line = `${candidate.command} (${candidate.origin}): ${found}`;
        log(`not used: ${line}`);
        refused.push(line);
    }
    throw new NoInterpreter(
        refused.length === 0
            ? vscode.l10n.t('Python {0} or newer is needed to check pyproject.toml, and no Python was found.', OLDEST.join('.'))
            : vscode.l10n.t(
                  'Python {0} or newer is needed to check pyproject.toml, but there is only: {1}.',
                  OLDEST.join('.'),
                  refused.slice(0, 3).join('; '),
              ),
    );
}

async function theOne(command: string, memory: Memory | undefined): Promise<Interpreter> {
    const found = await askOrRemember({ command, args: [], origin: vscode.l10n.t('from the settings') }, memory);
    if (typeof found === 'string') {
        throw new NoInterpreter(
            vscode.l10n.t('The setting `pyproject-ls.interpreter` is {0}, which cannot run the server: {1}.', command, found),
        );
    }
    return found;
}

async function* candidates(folder: vscode.Uri | undefined): AsyncGenerator<Candidate> {
    if (vscode.workspace.isTrusted) {
        const selected = await pythonExtension.selectedInterpreter(folder);
        if (selected !== undefined) {
            yield { command: selected, args: [], origin: vscode.l10n.t('selected in the Python extension') };
        }
        for (const each of vscode.workspace.workspaceFolders ?? []) {
            yield* environmentsIn(each.uri.fsPath);
        }
    }
    yield* onPath();
}

async function* environmentsIn(folder: string): AsyncGenerator<Candidate> {
    const program = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
    for (const name of ['.venv', 'venv']) {
        const command = path.join(folder, name, ...program);
        if (await isProgram(command)) {
            yield { command, args: [], origin: vscode.l10n.t("the workspace's environment") };
        }
    }
}

async function* onPath(): AsyncGenerator<Candidate> {
    const origin = vscode.l10n.t('on the path');
    const isWindows = process.platform === 'win32';
    const names = isWindows ? ['py.exe', 'python3.exe', 'python.exe'] : ['python3', 'python'];
    // relative folders are left out: they would be those of the workspace
    const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((each) => path.isAbsolute(each));
    for (const name of names) {
        for (const folder of new Set(folders)) {
            const command = path.join(folder, name);
            if (await isProgram(command)) {
                yield { command, args: name === 'py.exe' ? ['-3'] : [], origin };
            }
        }
    }
}

async function isProgram(file: string): Promise<boolean> {
    try {
        await access(file, process.platform === 'win32' ? constants.F_OK : constants.X_OK);
        return (await stat(file)).isFile();
    } catch {
        return false;
    }
}

/** What a candidate says of itself, or said last time, or why it cannot be used. */
async function askOrRemember(candidate: Candidate, memory: Memory | undefined): Promise<Interpreter | string> {
    if (memory === undefined || candidate.args.length > 0) {
        return ask(candidate); // a launcher starts now this Python, now that one
    }
    const last = memory.get<Remembered>(LAST);
    if (last?.interpreter.command === candidate.command && last.stamp === stampOf(candidate.command)) {
        return { ...last.interpreter, origin: candidate.origin };
    }
    return ask(candidate);
}

/** The next search asks every interpreter: the one that was remembered has not started the server. */
export async function forgetInterpreter(memory: Memory): Promise<void> {
    await memory.update(LAST, undefined);
}

/** What tells the program at a path from another one that takes its place; undefined if there is none. */
function stampOf(file: string): string | undefined {
    try {
        const { mtimeMs, size, ino } = statSync(file);
        return [mtimeMs, size, ino].join();
    } catch {
        return undefined;
    }
}

/** What a candidate says of itself, or why it cannot be used. */
async function ask(candidate: Candidate): Promise<Interpreter | string> {
    let answer: [number[], string, boolean];
    try {
        const said = await output(candidate.command, [...candidate.args, '-I', '-c', QUESTION]);
        answer = JSON.parse(said) as typeof answer;
    } catch (error) {
        return reason(error);
    }
    const [numbers, executable, hasServer] = answer;
    const [major = 0, minor = 0] = numbers;
    const version = numbers.join('.');
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
        return vscode.l10n.t('it is Python {0}', version);
    }
    const isLauncher = candidate.args.length > 0 && executable !== '';
    return {
        command: isLauncher ? executable : candidate.command,
        args: [],
        version,
        origin: candidate.origin,
        hasServer,
    };
}

function output(command: string, args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
        const options = { timeout: PATIENCE, cwd: os.homedir(), windowsHide: true, encoding: 'utf8' } as const;
        execFile(command, args, options, (error, stdout) => {
            if (error === null) {
                resolve(stdout);
            } else {
                reject(Object.assign(new Error(error.message), { code: error.code, killed: error.killed }));
            }
        });
    });
}

function reason(error: unknown): string {
    const { code, killed } = error as { code?: string | number; killed?: boolean };
    if (code === 'ENOENT') {
        return vscode.l10n.t('there is no such file');
    }
    if (code === 'EACCES') {
        return vscode.l10n.t('it may not be run');
    }
    if (killed === true) {
        return vscode.l10n.t('it does not answer');
    }
    return vscode.l10n.t('it does not run as a Python does');
}
