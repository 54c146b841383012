// What logs of VS Code have of errors that are ours.

import fs from 'node:fs';
import path from 'node:path';

/** Our output channels, and the log of the extension host. */
const LOGS = /(pyproject\.toml.*|exthost)\.log$/;

/** Lines of the extension host that are those of VS Code itself. */
const NOT_OURS = [
    'code-server-ipc.sock', // code-server on its own
];

/** The lines of all logs below `folder` that tell of an error. */
export function errorsIn(folder) {
    return fs.readdirSync(folder, { recursive: true })
        .filter((name) => LOGS.test(name))
        .flatMap((name) => fs.readFileSync(path.join(folder, name), 'utf8').split('\n').map((line) => `${path.basename(name)}: ${line}`))
        .filter((line) => /\[error\]|Traceback/.test(line) && !NOT_OURS.some((each) => line.includes(each)));
}
