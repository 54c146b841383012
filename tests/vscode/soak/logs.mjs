// What logs of VS Code have of errors that are ours.

import fs from 'node:fs';
import path from 'node:path';

/** Our output channels, and the log of the extension host. */
const LOGS = /(pyproject\.toml.*|exthost)\.log$/;

/** What Poetry says of itself when it cannot go on, for people to read: no errors of ours. */
const TOOLS = '(Resolver).log';

/** Lines of the extension host that are those of VS Code itself. */
const NOT_OURS = [
    'code-server-ipc.sock', // code-server on its own
    'Channel has been closed', // the window went while it was asked
    'vscode.lock', // the extension host before has not let go of the workspace's folder yet
    'provider FAILED', // the next line says why
];

/** What all logs below `folder` have of errors: a line each, with the stack behind it. */
export function errorsIn(folder) {
    return fs.readdirSync(folder, { recursive: true })
        .filter((name) => LOGS.test(name))
        .flatMap((name) => records(fs.readFileSync(path.join(folder, name), 'utf8')).map((record) => `${path.basename(name)}: ${record}`))
        .filter((record) => /\[error\]/.test(record) || (record.includes('Traceback') && !record.includes(TOOLS)))
        .filter((record) => !NOT_OURS.some((each) => record.includes(each)))
        .filter((record) => !isOfAnother(record));
}

/** The lines of a log, each with those behind it that have no time of their own. */
function records(text) {
    return text.split(/\n(?=\d{4}-\d\d-\d\d |$)/);
}

/** Whether a stack has nothing of our extension in it. */
function isOfAnother(record) {
    return /\n\s+at /.test(record) && !record.includes('pyproject-ls');
}
