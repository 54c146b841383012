// What goes wrong on other people's machines: no Python, an old one, one that vanishes, a server that dies at start.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { until } from '../driver/waiting.mjs';

export default async function story({ host, step, shot, notified, clearNotifications, page, config }) {
    const change = (name, value) => host(
        (vscode, t, name, value) =>
            vscode.workspace.getConfiguration('pyproject-ls').update(name, value, vscode.ConfigurationTarget.Workspace),
        name, value,
    );
    const state = (wanted, patience) => host(async (vscode, t, wanted, patience) => {
        const { server } = await t.api();
        await t.until(`the server to be ${wanted}`, () => server.state === wanted, patience);
        return server.description;
    }, wanted, patience ?? 30_000);

    const restart = async (wanted) => {
        await host((vscode) => vscode.commands.executeCommand('pyprojectLs.restart'));
        await state(wanted);
    };

    await step('no Python that is new enough: told once, with a way out', async () => {
        const all = await notified('Python 3.10 or newer is needed');
        const said = all.filter((each) => each.includes('Python')); // VS Code says that it is starting
        assert.equal(said.length, 1, all.join('|'));
        assert.match(said[0], /it is Python 3\.8/);
        const buttons = await page.locator('.notifications-list-container .monaco-button').allInnerTexts();
        assert.ok(buttons.includes('Select Interpreter'), buttons.join('|'));
        await shot('no-python');
        await state('failed');
        return said[0];
    });

    await step('an interpreter that does not exist is named', async () => {
        await clearNotifications();
        await change('interpreter', '/nowhere/bin/python');
        const said = await notified('/nowhere/bin/python');
        assert.match(said.join(), /there is no such file/);
    });

    await step('a program that is no Python is named', async () => {
        await clearNotifications();
        await change('interpreter', '/bin/true');
        await notified('/bin/true');
    });

    await step('a Python in a path with spaces, quotes and umlauts', async () => {
        await clearNotifications();
        await change('interpreter', config.odd);
        const description = await state('running');
        await host(async (vscode, t) => {
            await t.open();
            await t.until('diagnostics', () => t.codes().includes('unknown-field'));
        });
        return description;
    });

    await step('another program at the place of a Python that was remembered', async () => {
        await clearNotifications();
        fs.renameSync(config.odd, `${config.odd}.gone`);
        fs.writeFileSync(config.odd, '#!/bin/sh\nexit 3\n', { mode: 0o755 });
        await restart('failed');
        const said = await notified('does not run as a Python does');
        fs.renameSync(`${config.odd}.gone`, config.odd);
        await restart('running');
        return said.at(-1);
    });

    await step('a Python that was remembered and does not start the server any more is asked again', async () => {
        await clearNotifications();
        const script = fs.readFileSync(config.odd, 'utf8');
        const start = async (text, wanted) => {
            fs.writeFileSync(config.odd, text.padEnd(script.length, '#'));
            fs.utimesSync(config.odd, 1_700_000_000, 1_700_000_000); // nothing tells one from the other
            await restart(wanted);
        };
        await start(script, 'running');
        await start('#!/bin/sh\nexit 3\n', 'failed');
        const said = await notified('does not run as a Python does');
        await start(script, 'running');
        return said.at(-1);
    });

    await step('the one that was remembered is started at once, and left for one that goes before it', async () => {
        const started = path.join(config.state, 'started');
        const python = fs.readFileSync(config.odd, 'utf8').split('\n')[1];
        const environment = (name) => {
            const program = path.join(config.folder, name, 'bin', 'python');
            fs.mkdirSync(path.dirname(program), { recursive: true });
            fs.writeFileSync(program, `#!/bin/sh\necho "${name} $*" >> '${started}'\n${python}\n`, { mode: 0o755 });
        };
        const servers = () =>
            fs.readFileSync(started, 'utf8').split('\n').filter((line) => line.includes('serve.py')).map((line) => line.split(' ')[0]);
        environment('venv');
        await change('interpreter', undefined);
        await until('the server', () => fs.existsSync(started) && servers().length === 1);
        await state('running');
        environment('.venv');
        await restart('running');
        await until('the other one', () => servers().length === 3, 30_000);
        assert.deepEqual(servers(), ['venv', 'venv', '.venv']);
        await state('running');
        for (const name of ['venv', '.venv']) {
            fs.rmSync(path.join(config.folder, name), { recursive: true });
        }
        await change('interpreter', config.odd);
        await restart('running');
    });

    await step('the Python vanishes while it runs: findings go on', async () => {
        fs.renameSync(config.odd, `${config.odd}.gone`);
        await host(async (vscode, t) => {
            const document = await t.open();
            await t.write(document, document.getText().replace('descripton', 'descriptoon'), false);
            await t.until('findings', () =>
                vscode.languages.getDiagnostics(t.file()).some((each) => each.message.includes('descriptoon')),
            );
        });
        await host(async (vscode, t) => process.kill((await t.api()).server.pid, 'SIGKILL'));
        const said = await notified('there is no such file');
        await state('failed');
        fs.renameSync(`${config.odd}.gone`, config.odd);
        await restart('running');
        return said.at(-1);
    });

    await step('a server that dies at start, ten times', async () => {
        await clearNotifications();
        const program = path.join(config.state, 'dies');
        const starts = path.join(config.state, 'starts');
        fs.writeFileSync(program, `#!/bin/sh\necho start >> "${starts}"\necho "no such module" >&2\nexit 3\n`, { mode: 0o755 });
        await change('path', program);
        await state('failed', 60_000);
        const said = await notified('keeps ending');
        assert.equal(said.length, 1, said.join('|'));
        const count = fs.readFileSync(starts, 'utf8').split('\n').length - 1;
        assert.ok(count <= 6, `${count} starts`);
        const buttons = await page.locator('.notifications-list-container .monaco-button').allInnerTexts();
        assert.ok(buttons.includes('Restart Server') && buttons.includes('Show Logs'), buttons.join('|'));
        await shot('dies');
        void host((vscode) => vscode.commands.executeCommand('pyprojectLs.restart'));
        await until('another start', () => fs.readFileSync(starts, 'utf8').split('\n').length - 1 > count);
        return `${count} starts, then the end: ${said[0]}`;
    });

    await step('a program that is silent can be left', async () => {
        await clearNotifications();
        const program = path.join(config.state, 'silent');
        const started = path.join(config.state, 'silent-started');
        fs.writeFileSync(program, `#!/bin/sh\necho > '${started}'\nexec /bin/sleep 1000\n`, { mode: 0o755 });
        await change('path', program);
        await until('its start', () => fs.existsSync(started));
        await state('starting');
        const begin = Date.now();
        await change('path', undefined);
        await state('running');
        return `${Date.now() - begin} ms`;
    });

    await step('what was compiled is kept beside the server, and nowhere else', () => {
        const folder = fs.readdirSync(config.extensions).find((name) => name.startsWith('pyproject-ls.'));
        const found = fs.readdirSync(path.join(config.extensions, folder), { recursive: true });
        const compiled = found.filter((name) => name.endsWith('.pyc'));
        assert.ok(compiled.some((name) => name.includes('lsprotocol')), `${compiled.length} files`);
        assert.deepEqual(compiled.filter((name) => !name.startsWith(path.join('bundled', 'libs'))), []);
    });
}
