// Several folders with nested projects in one window: one server, each project with a state of its own; all of the commands.

import assert from 'node:assert/strict';

export default async function story({ host, step, palette, pick, page, shot, config }) {
    const at = (name) => `${config.folder.replace(/\/[^/]*$/, '')}/${name}`;
    const opened = (name) => host(async (vscode, t, path) => {
        await t.open(vscode.Uri.file(path));
    }, at(name));
    const codes = (name, wanted, isThere = true) => host(async (vscode, t, path, wanted, isThere) => {
        const uri = vscode.Uri.file(path);
        await t.until(
            () => `${wanted} ${isThere ? 'in' : 'to go from'} ${path}, which has ${t.codes(uri)}`,
            () => t.codes(uri).includes(wanted) === isThere,
        );
    }, at(name), wanted, isThere);
    const status = (tool) => host(async (vscode, t, tool) => {
        const { status } = await t.api();
        await t.until(() => `${tool}; it is ${JSON.stringify(status.shown)}`, () => status.shown.tool.startsWith(tool));
        return JSON.stringify(status.shown);
    }, tool);

    await step('findings in all projects, with the settings of their folders', async () => {
        for (const name of ['one', 'one/packages/inner', 'two']) {
            await opened(`${name}/pyproject.toml`);
        }
        await codes('one/pyproject.toml', 'unknown-field');
        await codes('one/packages/inner/pyproject.toml', 'unknown-field');
        await codes('two/pyproject.toml', 'missing-newline-of-nobody', false);
        const found = await host((vscode, t, path) => t.codes(vscode.Uri.file(path)), at('two/pyproject.toml'));
        assert.ok(!found.includes('unknown-field'), `the folder ignores it: ${found}`);
    });

    await step('one server for all', async () => {
        const count = await host(async (vscode, t) => {
            const { server } = await t.api();
            const { readFileSync, readdirSync } = process.getBuiltinModule('node:fs');
            const isChild = (pid) => {
                try {
                    return new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'))
                        && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('serve.py');
                } catch {
                    return false;
                }
            };
            return [server.pid, readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isChild(name)).length];
        });
        assert.equal(count[1], 1);
    });

    await step('each has its own tool in the status', async () => {
        await opened('one/pyproject.toml');
        const one = await status('Poetry');
        await opened('two/pyproject.toml');
        const two = await status('uv');
        return `${one} ${two}`;
    });

    await step('the tree has all of them, those of the first folder first', async () => {
        await host((vscode) => vscode.commands.executeCommand('pyprojectLs.dependencies.focus'));
        const labels = await host(async (vscode, t) => {
            const { tree } = await t.api();
            return t.until('three projects', async () => {
                tree.refresh();
                const all = await tree.getChildren();
                return all.length === 3 && all.map((each) => `${tree.getTreeItem(each).label} ${tree.getTreeItem(each).description}`);
            });
        });
        assert.deepEqual(labels.map((each) => each.split(' ')[0]), ['one', 'inner', 'two']);
        await shot('projects');
        return labels.join(' | ');
    });

    await step('a project that appears, and one that goes', async () => {
        const labels = (wanted) => host(async (vscode, t, wanted) => {
            const { tree } = await t.api();
            const look = async () => (await tree.getChildren()).map((each) => tree.getTreeItem(each).label).join(' ');
            let found;
            await t.until(() => `${wanted} in the tree, by itself; it has ${found}`, async () => (found = await look()) === wanted);
        }, wanted);
        await host((vscode, t, path) =>
            vscode.workspace.fs.writeFile(vscode.Uri.file(path), Buffer.from('[project]\nname = "late"\nversion = "1"\n')), at('two/late/pyproject.toml'));
        await labels('one inner two late');
        await host((vscode, t, path) => vscode.workspace.fs.delete(vscode.Uri.file(path), { recursive: true }), at('two/late'));
        await labels('one inner two');
    });

    await step('a folder that comes into the window brings its projects, and takes them along', async () => {
        return host(async (vscode, t, path) => {
            const { tree } = await t.api();
            const three = vscode.Uri.file(path);
            const file = vscode.Uri.joinPath(three, 'pyproject.toml');
            await vscode.workspace.fs.createDirectory(three);
            await vscode.workspace.fs.writeFile(file, Buffer.from('[project]\nname = "three"\nversion = "1"\n'));
            const labels = async () => (await tree.getChildren()).map((each) => tree.getTreeItem(each).label);
            // no document of it is opened: VS Code keeps those for minutes, and what is open is shown
            vscode.workspace.updateWorkspaceFolders(2, 0, { uri: three });
            await t.until('it to come', async () => (await labels()).includes('three'));
            const all = await labels();
            vscode.workspace.updateWorkspaceFolders(2, 1);
            await t.until('it to go', async () => !(await labels()).includes('three'));
            return `${all.join(' ')}, then ${(await labels()).join(' ')}`;
        }, at('three'));
    });

    await step('a command that is not about an open file asks which project', async () => {
        await host((vscode) => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
        await palette('pyproject: Show Dependency Tree');
        const rows = await pick('one/packages/inner/pyproject.toml');
        const texts = await rows.allInnerTexts();
        assert.equal(texts.length, 3, texts.join('|'));
        await shot('which-project');
        await page.keyboard.press('Escape');
    });

    await step('Select Tool sets the tool of the workspace, and the server takes it up', async () => {
        await opened('one/pyproject.toml');
        await palette('pyproject: Select Tool');
        await pick('Automatic');
        await shot('select-tool');
        await page.keyboard.type('uv');
        await page.keyboard.press('Enter');
        await status('uv');
        await palette('pyproject: Select Tool');
        await pick('Automatic');
        await page.keyboard.type('Automatic');
        await page.keyboard.press('Enter');
        return status('Poetry');
    });

    await step('Show Logs, Show Resolver Output', async () => {
        for (const [title, channel] of [['Show Logs', 'pyproject.toml'], ['Show Resolver Output', 'pyproject.toml (Resolver)']]) {
            await palette(`pyproject: ${title}`);
            // the channel is shown in a select box
            await page.waitForFunction(
                (name) => [...document.querySelectorAll('.part.panel select')].some((each) => each.selectedOptions[0]?.text === name),
                channel,
            );
        }
        await shot('resolver-output');
        await host((vscode) => vscode.commands.executeCommand('workbench.action.closePanel'));
    });

    await step('Select Interpreter offers the settings', async () => {
        await palette('pyproject: Select Interpreter');
        await pick('Choose a File');
        await pick('Open Settings');
        await page.keyboard.press('Escape');
    });

    await step('the walkthrough opens', async () => {
        await host((vscode) => vscode.commands.executeCommand('workbench.action.openWalkthrough', 'pyproject-ls.pyproject-ls#start'));
        await page.locator('.getting-started-step', { hasText: 'dependenc' }).first().waitFor();
        const steps = await page.locator('.getting-started-step .step-title').allInnerTexts();
        assert.equal(steps.length, 4, steps.join('|'));
        await shot('walkthrough');
        return steps.join(' | ');
    });
}
