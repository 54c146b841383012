// What the server knows of a file: findings, completion, hover, fixes, migration, settings.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

const WRONG = `[project]
name = "demo"
descripton = "A demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = []
license = { text = "MIT" }

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
`;

const POETRY_1 = `[tool.poetry]
name = "old"
version = "1.2.3"
description = "An old project"
authors = ["Ann Author <ann@example.org>"]

[tool.poetry.dependencies]
python = "^3.10"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
`;

export default async function story({ host, step, palette, page, shot, notified, reload, config }) {
    await step('activation to first diagnostics', async () => {
        const measured = () => host(async (vscode, t) => {
            await t.open();
            await t.until('diagnostics', () => t.times.diagnostics !== undefined);
            return t.times.diagnostics - t.times.active;
        });
        const [first] = [await measured(), await reload()];
        return `${first} ms after the install, ${await measured()} ms from then on`;
    });

    await step('started again by hand', async () => {
        const milliseconds = await host(async (vscode, t) => {
            const begin = Date.now();
            await vscode.commands.executeCommand('pyprojectLs.restart');
            await t.until('diagnostics', () => t.codes().includes('unknown-field'));
            return Date.now() - begin;
        });
        return `${milliseconds} ms`;
    });

    await step('diagnostics', async () => {
        const found = await host((vscode, t) =>
            vscode.languages.getDiagnostics(t.file()).map((each) => ({
                code: String(each.code.value ?? each.code),
                line: each.range.start.line,
                severity: each.severity,
                message: each.message,
            })),
        );
        const unknown = found.find((each) => each.code === 'unknown-field');
        assert.equal(unknown.line, 2);
        assert.match(unknown.message, /descripton/);
        await page.waitForSelector('.editor-instance .squiggly-error, .editor-instance .squiggly-warning', { state: 'attached' });
    });

    await step('the language is TOML, with colours and comments', async () => {
        const language = await host((vscode, t) => vscode.window.activeTextEditor.document.languageId);
        assert.equal(language, 'toml');
        const line = await host(async (vscode, t) => {
            const editor = vscode.window.activeTextEditor;
            editor.selection = new vscode.Selection(2, 0, 2, 0);
            await vscode.commands.executeCommand('editor.action.commentLine');
            const text = editor.document.lineAt(2).text;
            await vscode.commands.executeCommand('undo');
            return text;
        });
        assert.equal(line, '# descripton = "A demo"');
    });

    await step('a quick fix', async () => {
        const text = await host(async (vscode, t) => {
            const document = await t.open();
            await t.until('the finding', () => t.codes().includes('unknown-field'));
            const [found] = vscode.languages.getDiagnostics(t.file()).filter((each) => each.message.includes('descripton'));
            const actions = await vscode.commands.executeCommand(
                'vscode.executeCodeActionProvider', t.file(), found.range, vscode.CodeActionKind.QuickFix.value, 20,
            );
            const fix = actions.find((each) => each.edit !== undefined && /description/.test(each.title));
            if (fix === undefined) {
                throw new Error(JSON.stringify(actions.map((each) => each.title)));
            }
            await vscode.workspace.applyEdit(fix.edit);
            await t.until('the finding to go', () => !t.codes().includes('unknown-field'));
            return document.getText();
        });
        assert.match(text, /^description = "A demo"$/m);
    });

    await step('fix all, from the palette', async () => {
        await palette('pyproject: Fix All');
        const text = await host(async (vscode, t) => {
            const document = await t.open();
            await t.until('the licence to be fixed', () => /license = "MIT"/.test(document.getText()));
            return document.getText();
        });
        assert.match(text, /^license = "MIT"$/m);
    });

    await step('a completion, inserted as typed', async () => {
        await host(async (vscode, t) => {
            const document = await t.open();
            const editor = vscode.window.activeTextEditor;
            const place = t.after(document, 'license = "MIT"');
            await editor.edit((edit) => edit.insert(place, '\n'));
            const line = new vscode.Position(place.line + 1, 0);
            editor.selection = new vscode.Selection(line, line);
        });
        await page.locator('.editor-instance .view-lines').first().click({ trial: true });
        await host((vscode) => vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup'));
        await page.keyboard.type('keyw');
        await page.locator('.suggest-widget .monaco-list-row', { hasText: 'keywords' }).first().waitFor();
        await shot('completion');
        await page.keyboard.press('Enter');
        await page.keyboard.type('Said');
        const text = await host(async (vscode, t) => {
            const document = await t.open();
            await t.until('the completion', () => document.getText().includes('Said'));
            return document.getText();
        });
        assert.match(text, /^keywords = \["Said"\]$/m);
    });

    await step('a hover', async () => {
        const texts = await host(async (vscode, t) => {
            const document = await t.open();
            const hovers = await vscode.commands.executeCommand(
                'vscode.executeHoverProvider', t.file(), t.after(document, 'requires-py'),
            );
            return hovers.flatMap((each) => each.contents.map((content) => content.value ?? content));
        });
        assert.match(texts.join('\n'), /Python/);
    });

    await step('migration to [project]', async () => {
        const text = await host(
            async (vscode, t, old) => {
                const document = await t.open();
                await t.write(document, old);
                await t.until('findings', () => t.codes().some((code) => code.startsWith('deprecated')));
                await vscode.commands.executeCommand('pyprojectLs.migrate');
                await t.until('the migration', () => document.getText().includes('[project]'));
                return document.getText();
            },
            POETRY_1,
        );
        assert.match(text, /^requires-python = ">=3.10,<4.0"$/m);
        assert.match(text, /^name = "old"$/m);
        assert.doesNotMatch(text, /tool.poetry.dependencies/);
    });

    await step('bump the version', async () => {
        const bumping = host(async (vscode, t) => {
            const document = await t.open();
            await document.save();
            void vscode.commands.executeCommand('pyprojectLs.bumpVersion');
            return t.until('the new version', () => document.getText().includes('version = "1.3.0"'));
        });
        await page.locator('.quick-input-list .monaco-list-row', { hasText: 'minor' }).waitFor();
        await page.keyboard.type('minor');
        await page.keyboard.press('Enter');
        await bumping;
    });

    await step('settings are taken up', async () => {
        await host(
            async (vscode, t, wrong) => {
                const document = await t.open();
                await t.write(document, wrong);
                await t.until('the finding', () => t.codes().includes('unknown-field'));
                const configuration = vscode.workspace.getConfiguration('pyproject-ls');
                await configuration.update('ignore', ['unknown-field'], vscode.ConfigurationTarget.Workspace);
                await t.until('the finding to be ignored', () => !t.codes().includes('unknown-field'));
                await configuration.update('ignore', undefined, vscode.ConfigurationTarget.Workspace);
                await t.until('the finding to come back', () => t.codes().includes('unknown-field'));
            },
            WRONG,
        );
    });

    await step('a setting of the wrong type is named, and does no harm', async () => {
        const folder = path.join(config.folder, '.vscode');
        const settings = path.join(folder, 'settings.json');
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(settings, JSON.stringify({ 'pyproject-ls.ignore': 5 }));
        await notified('pyproject-ls.ignore` is 5');
        assert.ok((await host((vscode, t) => t.codes())).includes('unknown-field'));
        fs.writeFileSync(settings, JSON.stringify({ 'pyproject-ls.path': 5 }));
        await notified('pyproject-ls.path` is 5');
        await shot('wrong-setting');
        fs.writeFileSync(settings, '{}');
        await host(async (vscode, t) => {
            const { server } = await t.api();
            await t.until('the server', () => server.state === 'running');
        });
    });

    await step('the status item', async () => {
        const shown = await host(async (vscode, t) => {
            const { status } = await t.api();
            await t.open();
            await t.until('the status', () => status.shown.index.startsWith('Package indexes: offline'));
            return status.shown;
        });
        assert.match(shown.server, /^pyproject-ls \d+\.\d+.*bundled server, Python 3\.\d+/);
        assert.equal(shown.index, 'Package indexes: offline (only what was fetched earlier is known)');
    });

    await step('killed, it starts again, and tells it once', async () => {
        await host(async (vscode, t) => {
            const { server } = await t.api();
            const old = server.pid;
            process.kill(old, 'SIGKILL');
            await t.until('another server', () => server.state === 'running' && server.pid !== old);
            const document = await t.open();
            await t.write(document, document.getText().replace('descripton', 'descripzion'), false);
            await t.until('new findings', () =>
                vscode.languages.getDiagnostics(t.file()).some((each) => each.message.includes('descripzion')),
            );
        });
        const said = await notified('has ended unexpectedly');
        assert.equal(said.filter((each) => each.includes('unexpectedly')).length, 1);
        await shot('restarted');
    });

    await step('debug information', async () => {
        const text = await host(async (vscode, t) => {
            await vscode.commands.executeCommand('pyprojectLs.copyDebugInformation');
            return vscode.env.clipboard.readText();
        });
        assert.match(text, /server: \d.*, running, bundled server/);
    });

    await step('all commands are there', async () => {
        const missing = await host(async (vscode) => {
            const { packageJSON } = vscode.extensions.getExtension('pyproject-ls.pyproject-ls');
            const known = new Set(await vscode.commands.getCommands(true));
            return packageJSON.contributes.commands.map((each) => each.command).filter((each) => !known.has(each));
        });
        assert.deepEqual(missing, []);
    });
}
