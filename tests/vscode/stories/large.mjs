// Three hundred projects in one workspace, one of them of 10 MB: all of it stays usable.

import assert from 'node:assert/strict';

export default async function story({ host, step, page, shot, reload }) {
    const first = 'p000/pyproject.toml';

    await step('from the activation to the first findings', async () => {
        const measured = () => host(async (vscode, t, name) => {
            await t.open(t.file(name));
            await t.until('diagnostics', () => t.times.diagnostics !== undefined);
            return t.times.diagnostics - t.times.active;
        }, first);
        const [cold] = [await measured(), await reload()];
        return `${cold} ms after the install, ${await measured()} ms from then on`;
    });

    await step('the tree', async () => {
        await host((vscode) => vscode.commands.executeCommand('pyprojectLs.dependencies.focus'));
        const [count, milliseconds] = await host(async (vscode, t) => {
            const { tree } = await t.api();
            const begin = Date.now();
            const all = await t.until('all projects', async () => {
                const found = await tree.getChildren();
                return found.length >= 299 && found;
            });
            return [all.length, Date.now() - begin];
        });
        assert.equal(count, 299); // all but the one that is too large;
        await page.locator('.pane:has-text("Python Dependencies") .monaco-list-row', { hasText: 'project-000' }).first().waitFor();
        await shot('tree');
        const again = await host(async (vscode, t) => {
            const { tree } = await t.api();
            const begin = Date.now();
            tree.refresh();
            const [project] = await tree.getChildren();
            await tree.getChildren(project);
            return Date.now() - begin;
        });
        return `${count} projects, ${milliseconds} ms; when refreshed ${again} ms`;
    });

    await step('a keystroke', async () => {
        const milliseconds = await host(async (vscode, t, name) => {
            const document = await t.open(t.file(name));
            const times = [];
            for (let round = 0; round < 5; round += 1) {
                const begin = Date.now();
                const key = `descriptio${'x'.repeat(round + 1)}`;
                await t.write(document, document.getText().replace(/^descript\w+/m, key), false);
                await t.until('findings', () => vscode.languages.getDiagnostics(document.uri).some((each) => each.message.includes(`${key}\``)));
                times.push(Date.now() - begin);
            }
            return times;
        }, first);
        return `edit to findings: ${milliseconds.join(', ')} ms`;
    });

    await step('a file of 10 MB is named as too large, and nothing stands still', async () => {
        const [message, milliseconds] = await host(async (vscode, t, name) => {
            const uri = t.file('p299/pyproject.toml');
            await t.open(uri);
            const found = await t.until('the finding', () =>
                vscode.languages.getDiagnostics(uri).find((each) => String(each.code?.value ?? each.code) === 'too-large'), 60_000);
            const document = await t.open(t.file(name));
            const begin = Date.now();
            await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, t.after(document, 'requires-py'));
            return [found.message, Date.now() - begin];
        }, first);
        await shot('too-large');
        return `${message} A hover elsewhere: ${milliseconds} ms`;
    });

    await step('it can be edited', async () => {
        const milliseconds = await host(async (vscode, t) => {
            const uri = t.file('p299/pyproject.toml');
            const document = await t.open(uri);
            const begin = Date.now();
            for (let round = 0; round < 10; round += 1) {
                const edit = new vscode.WorkspaceEdit();
                edit.insert(uri, new vscode.Position(0, 0), '# ');
                await vscode.workspace.applyEdit(edit);
            }
            await vscode.commands.executeCommand('vscode.executeHoverProvider', uri, new vscode.Position(2, 3));
            const { server } = await t.api();
            if (server.state !== 'running' || !document.getText().startsWith('# # #')) {
                throw new Error(`the server is ${server.state}`);
            }
            return Date.now() - begin;
        });
        return `ten edits and a hover: ${milliseconds} ms`;
    });
}
