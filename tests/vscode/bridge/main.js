// Runs inside the extension host of the real VS Code: functions that the driver sends are called there
// with the `vscode` API, and what they return goes back as JSON. It listens on loopback, at a port that it
// writes to the file $PYPROJECT_LS_BRIDGE.

const fs = require('node:fs');
const http = require('node:http');
const vscode = require('vscode');

/** When what happened first, in milliseconds: the extension was active, its first findings were there. */
const times = {};

function watch() {
    const isOurs = (each) => each.source === 'pyproject-ls';
    const timer = setInterval(() => {
        if (vscode.extensions.getExtension('pyproject-ls.pyproject-ls')?.isActive) {
            times.active ??= Date.now();
        }
        if (vscode.languages.getDiagnostics().some(([, all]) => all.some(isOurs))) {
            times.diagnostics = Date.now();
            clearInterval(timer);
        }
    }, 5);
    return { dispose: () => clearInterval(timer) };
}

/** What functions get as `t`. */
const t = {
    /** The extension's API, once it is active. */
    async api() {
        const extension = vscode.extensions.getExtension('pyproject-ls.pyproject-ls');
        return t.until('the extension', () => extension.isActive && extension.exports);
    },
    /** The first value of `look` that is something; throws after `patience` milliseconds. */
    async until(what, look, patience = 30_000) {
        const end = Date.now() + patience;
        for (;;) {
            const found = await look();
            if (found) {
                return found;
            }
            if (Date.now() > end) {
                throw new Error(`waited ${patience} ms in vain for ${typeof what === 'function' ? what() : what}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 40));
        }
    },
    /** A file of the first folder of the workspace. */
    file(name = 'pyproject.toml') {
        return vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, name);
    },
    async open(uri = t.file()) {
        const document = await vscode.workspace.openTextDocument(uri);
        await vscode.window.showTextDocument(document, { preview: false });
        return document;
    },
    /** Replace the whole text of a document, and save it if that is wanted. */
    async write(document, text, save = true) {
        const edit = new vscode.WorkspaceEdit();
        edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
        await vscode.workspace.applyEdit(edit);
        if (save) {
            await document.save();
        }
    },
    /** The codes of our findings. */
    codes(uri = t.file()) {
        return vscode.languages
            .getDiagnostics(uri)
            .filter((each) => each.source === 'pyproject-ls')
            .map((each) => (typeof each.code === 'object' ? String(each.code.value) : String(each.code)));
    },
    /** The place behind the first `text`. */
    after(document, text) {
        const offset = document.getText().indexOf(text);
        if (offset < 0) {
            throw new Error(`there is no ${text} in ${document.getText()}`);
        }
        return document.positionAt(offset + text.length);
    },
    /** How the next job of the server ends. */
    async job() {
        const api = await t.api();
        return new Promise((resolve) => {
            const subscription = api.onJobFinished((job) => {
                subscription.dispose();
                resolve(job);
            });
        });
    },
    times,
    shared: {},
};

exports.activate = (context) => {
    context.subscriptions.push(watch());
    const server = http.createServer((request, response) => {
        const parts = [];
        request.on('data', (part) => parts.push(part));
        request.on('end', async () => {
            let answer;
            try {
                const { source, args } = JSON.parse(Buffer.concat(parts).toString());
                const result = await (0, eval)(`(${source})`)(vscode, t, ...args);
                answer = { result: result === undefined ? null : result };
            } catch (error) {
                answer = { error: error && error.stack ? error.stack : String(error) };
            }
            response.end(JSON.stringify(answer));
        });
    });
    server.listen(0, '127.0.0.1', () => {
        const file = process.env.PYPROJECT_LS_BRIDGE;
        fs.writeFileSync(`${file}.part`, String(server.address().port));
        fs.renameSync(`${file}.part`, file);
    });
    context.subscriptions.push({ dispose: () => server.close() });
};
