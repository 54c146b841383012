// A dependency's life with the real Poetry: searched for, added, locked, seen in the tree, in conflict, fixed, removed.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

export default async function story({ host, step, palette, titled, pick, page, shot, notified, clearNotifications, config, logs }) {
    const file = path.join(config.folder, 'pyproject.toml');
    const lock = path.join(config.folder, 'poetry.lock');

    /** Wait until the document `name` of the server is shown as Markdown looks, with `text` in it. */
    const shows = async (name, text) => {
        await page.locator('.tab.active', { hasText: `Preview ${name}` }).waitFor();
        const documents = path.join(config.cache, 'documents');
        const [file] = fs.readdirSync(documents, { recursive: true }).filter((each) => each.endsWith(name));
        assert.ok(fs.readFileSync(path.join(documents, file), 'utf8').includes(text), `${file} has no ${text}`);
        await page.frameLocator('iframe.webview.ready').frameLocator('#active-frame').getByText(text).first().waitFor();
    };

    await step('the tool is known', async () => {
        return host(async (vscode, t) => {
            const { status } = await t.api();
            await t.open();
            await t.until('Poetry', () => status.shown.tool.startsWith('Poetry 2'));
            await t.until('the state of the lock', () => status.shown.lock.startsWith('Not locked'));
            return JSON.stringify(status.shown);
        });
    });

    await step('search a name as it is typed, with its summary', async () => {
        await palette('pyproject: Add Dependency');
        await titled('Add Dependency');
        await page.keyboard.type('lante');
        const rows = await pick('Lantern');
        await rows.filter({ hasText: 'A small web framework' }).first().waitFor();
        await shot('add-name');
        const texts = await rows.allInnerTexts();
        assert.ok(texts.some((each) => /lantern-login/.test(each)), texts.join('|'));
        return texts.join(' | ');
    });

    await step('then a version', async () => {
        await page.keyboard.press('Enter');
        const rows = await pick('3.1.0');
        await shot('add-version');
        const texts = await rows.allInnerTexts();
        assert.match(texts[0], /^Newest that fits/);
        assert.ok(texts.some((each) => /4\.0\.0rc1\s*.*pre-release/s.test(each)), texts.join('|'));
        assert.ok(texts.some((each) => /^2\.0\.0\s*2022-01-02/.test(each)), texts.join('|'));
        return texts.join(' | ');
    });

    await step('then a group, and it is added and locked', async () => {
        await page.keyboard.press('Enter');
        await pick('New group');
        await shot('add-group');
        const ended = host((vscode, t) => t.job());
        await page.keyboard.press('Enter');
        const job = await ended;
        assert.ok(job.ok, job.message);
        await notified('is added');
        const text = await host(async (vscode, t) => (await t.open()).getText());
        assert.match(text, /"Lantern>=3\.1"/);
        assert.match(fs.readFileSync(lock, 'utf8'), /name = "lantern"\nversion = "3\.1\.0"/);
        await host(async (vscode, t) => (await t.open()).save());
        await clearNotifications();
        return job.message;
    });

    await step('it is added into a new group, typed with a constraint', async () => {
        await palette('pyproject: Add Dependency');
        await titled('Add Dependency');
        await page.keyboard.type('checkit>=8');
        await pick(/^checkit\s*>=8/);
        await page.keyboard.press('Enter');
        await pick('New group');
        await page.keyboard.type('New group');
        await page.keyboard.press('Enter');
        await page.locator('.quick-input-widget:visible .quick-input-message', { hasText: 'Name of the new group' }).waitFor();
        await page.keyboard.type('test');
        const ended = host((vscode, t) => t.job());
        await page.keyboard.press('Enter');
        const job = await ended;
        assert.ok(job.ok, job.message);
        const text = await host(async (vscode, t) => (await t.open()).getText());
        assert.match(text, /\[dependency-groups\]\ntest = \[\s*"checkit ?\(?>=8\)?",?\s*\]/);
        await host(async (vscode, t) => (await t.open()).save());
        await clearNotifications();
    });

    await step('the tree shows what is declared, locked and newest', async () => {
        await host((vscode) => vscode.commands.executeCommand('pyprojectLs.dependencies.focus'));
        const found = await host(async (vscode, t) => {
            const { tree } = await t.api();
            const look = async (node) => {
                const item = node && tree.getTreeItem(node);
                const label = item && `${item.label} ${item.description ?? ''}`.trim();
                const below = node?.kind === 'dependency' || node?.kind === 'parent' ? [] : await tree.getChildren(node);
                return { label, state: item?.contextValue, below: await Promise.all(below.map(look)) };
            };
            return t.until('the newest versions', async () => {
                tree.refresh();
                const all = await look(undefined);
                const names = JSON.stringify(all);
                return names.includes('3.1.0') && names.includes('up to date') && all;
            });
        });
        const [project] = found.below;
        assert.match(project.label, /^demo Poetry · Lock is up to date$/);
        const labels = project.below.map((each) => each.label);
        assert.ok(labels.length >= 2, labels.join('|'));
        const main = project.below[0].below.map((each) => `${each.label} [${each.state}]`);
        assert.ok(main.some((each) => /^lantern .*3\.1\.0/i.test(each)), main.join('|'));
        await page.locator('.pane:has-text("Python Dependencies") .monaco-list-row', { hasText: 'antern' }).first().waitFor();
        await shot('tree');
        return `${labels.join(' | ')} :: ${main.join(' | ')}`;
    });

    await step('the reverse tree', async () => {
        const found = await host(async (vscode, t) => {
            const { tree } = await t.api();
            const node = { kind: 'parent', uri: t.file().toString(), name: 'wick', version: '', constraint: '', path: [] };
            const below = await tree.getChildren(node);
            const direct = await tree.getChildren({ ...node, name: 'lantern' });
            return [...below, ...direct].map((each) => each.name ?? each.list);
        });
        assert.ok(found.includes('lantern'), found.join('|'));
        assert.ok(found.includes('project.dependencies'), found.join('|'));
        return found.join(' | ');
    });

    await step('a conflict is shown', async () => {
        await host(async (vscode, t) => {
            const document = await t.open();
            const text = document.getText();
            const edit = new vscode.WorkspaceEdit();
            const place = t.after(document, 'dependencies = [');
            edit.insert(document.uri, place, '\n    "lantern-admin>=1.6",');
            await vscode.workspace.applyEdit(edit);
            await document.save();
            await t.until('the conflict', () => t.codes().includes('resolution-conflict'), 60_000);
            const { status } = await t.api();
            await t.until('the status', () => status.shown.lock.startsWith('Dependencies conflict'));
        });
        await shot('conflict');
    });

    await step('and fixed', async () => {
        const title = await host(async (vscode, t) => {
            const document = await t.open();
            return t.until('a fix that was tried', async () => {
                const found = vscode.languages.getDiagnostics(t.file()).find((each) => String(each.code?.value ?? each.code) === 'resolution-conflict');
                if (found === undefined) {
                    return undefined;
                }
                const actions = await vscode.commands.executeCommand(
                    'vscode.executeCodeActionProvider', t.file(), found.range, vscode.CodeActionKind.QuickFix.value, 20,
                );
                const fix = actions.find((each) => each.edit !== undefined);
                if (fix === undefined) {
                    return undefined;
                }
                await vscode.workspace.applyEdit(fix.edit);
                await document.save();
                await t.until('the conflict to go', () => !t.codes().includes('resolution-conflict'), 60_000);
                return fix.title;
            }, 90_000);
        });
        const ended = host((vscode, t) => t.job());
        await palette('pyproject: Lock Dependencies');
        const job = await ended;
        assert.ok(job.ok, job.message);
        await host(async (vscode, t) => {
            const { status } = await t.api();
            await t.until(
                () => `a lock that is up to date; it is shown as ${JSON.stringify(status.shown)}`,
                () => status.shown.lock.startsWith('Lock is up to date'),
            );
        });
        return title;
    });

    await step('a preview of the lock', async () => {
        const ended = host((vscode, t) => t.job());
        await palette('pyproject: Preview Lock');
        assert.ok((await ended).ok);
        await shows('lock-preview.md', 'Nothing: the lock file is up to date.');
        await shot('preview-lock');
    });

    await step('all are updated, from the palette', async () => {
        await palette('pyproject: Update Dependencies');
        const rows = await pick('All, within their constraints');
        const texts = await rows.allInnerTexts();
        assert.ok(texts.some((each) => /^lantern/i.test(each)), texts.join('|'));
        await shot('update');
        const ended = host((vscode, t) => t.job());
        await page.keyboard.press('Enter');
        const job = await ended;
        assert.ok(job.ok, job.message);
        return job.message;
    });

    await step('they are installed, with progress; what Poetry prints is in its channel', async () => {
        const ended = host((vscode, t) => t.job());
        await palette('pyproject: Install Dependencies');
        const job = await ended;
        assert.ok(job.ok, job.message);
        const environments = path.join(config.tools, 'environments');
        const found = fs.readdirSync(environments, { recursive: true });
        assert.ok(found.some((each) => /site-packages\/lantern-3\.1\.0\.dist-info$/.test(each)), 'lantern is not installed');
        const log = fs.readdirSync(logs, { recursive: true }).find((each) => each.endsWith('pyproject.toml (Resolver).log'));
        assert.match(fs.readFileSync(path.join(logs, log), 'utf8'), /Installing lantern \(3\.1\.0\)/);
        return job.message;
    });

    await step('the tree of all packages, and why one of them is locked', async () => {
        await palette('pyproject: Show Dependency Tree');
        await shows('dependency-tree.md', 'wick');
        await palette('pyproject: Show Why a Package Is Locked');
        await pick('checkit');
        await page.keyboard.type('checkit');
        await page.keyboard.press('Enter');
        await shows('why.md', 'checkit');
    });

    await step('from the tree to the declaration', async () => {
        const line = await host(async (vscode, t) => {
            const { tree } = await t.api();
            const [project] = await tree.getChildren();
            const [main] = await tree.getChildren(project);
            const [node] = await tree.getChildren(main);
            const { command, arguments: given } = tree.getTreeItem(node).command;
            await vscode.commands.executeCommand(command, ...given);
            const { document, selection } = vscode.window.activeTextEditor;
            return document.lineAt(selection.start.line).text;
        });
        assert.match(line, /Lantern/);
    });

    await step('removed from the tree', async () => {
        await host(async (vscode, t) => {
            await t.open();
            const { tree } = await t.api();
            tree.refresh();
            const [project] = await tree.getChildren();
            const lists = await tree.getChildren(project);
            const nodes = (await Promise.all(lists.map((each) => tree.getChildren(each)))).flat();
            const node = nodes.find((each) => each.name === 'checkit');
            const ended = t.job();
            await vscode.commands.executeCommand('pyprojectLs.removeDependency', node);
            const job = await ended;
            if (!job.ok) {
                throw new Error(job.message);
            }
        });
        const text = await host(async (vscode, t) => (await t.open()).getText());
        assert.doesNotMatch(text, /checkit/);
        assert.doesNotMatch(fs.readFileSync(lock, 'utf8'), /name = "checkit"/);
    });

    await step('nothing is in the logs that should not be', () => {
        const text = fs.readdirSync(config.state, { recursive: true })
            .filter((name) => /pyproject\.toml\.log$/.test(name))
            .map((name) => fs.readFileSync(path.join(config.state, name), 'utf8'))
            .join('');
        assert.doesNotMatch(text, /\[error\]|Traceback/);
    });
}
