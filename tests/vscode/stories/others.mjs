// Beside another extension for TOML, and with the Python extension (both are stand-ins, see others/).

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

export default async function story({ host, step, page, shot, notified, clearNotifications, config, logs }) {
    const findings = () => host((vscode, t) =>
        vscode.languages.getDiagnostics(t.file()).map((each) => `${each.source}: ${each.code?.value ?? each.code ?? each.message}`));
    const double = (sources) => host(async (vscode, t, sources) => {
        const look = () => vscode.languages.getDiagnostics(t.file())
            .filter((each) => each.range.start.line === 2).map((each) => each.source).sort().join();
        await t.until(() => `findings at the misspelt key from ${sources}; they are from ${look()}`, () => look() === sources);
    }, sources);
    const answer = async (title) => {
        await notified('checks pyproject.toml as well');
        await page.locator('.notifications-list-container .monaco-button', { hasText: title }).first().click();
    };
    const setting = (name) => host((vscode, t, name) => vscode.workspace.getConfiguration().get(name), name);
    const OURS = 'pyproject-ls';
    const THEIRS = 'Even Better TOML';

    await step('the interpreter of the Python extension runs the server', async () => {
        const said = await host(async (vscode, t) => {
            const { server } = await t.api();
            await t.open();
            await t.until('the server', () => server.state === 'running');
            return server.description;
        });
        const [name] = fs.readdirSync(logs, { recursive: true }).filter((each) => /pyproject\.toml\.log$/.test(each));
        const log = fs.readFileSync(path.join(logs, name), 'utf8');
        assert.ok(log.includes(`${config.python} (selected in the Python extension)`), log);
        return said;
    });

    await step('both report: told once, with what can be done', async () => {
        await double([THEIRS, OURS].join());
        const said = await notified('checks pyproject.toml as well');
        assert.equal(said.filter((each) => each.includes('as well')).length, 1);
        const buttons = await page.locator('.notifications-list-container .monaco-button').allInnerTexts();
        for (const title of ['Turn Off Its Schemas', 'Hide Ours', 'Keep Both']) {
            assert.ok(buttons.includes(title), buttons.join('|'));
        }
        await shot('hint');
        return said.join();
    });

    await step('Hide Ours: what only we find stays', async () => {
        await answer('Hide Ours');
        await double(THEIRS);
        assert.equal(await setting('pyproject-ls.otherTomlExtensions'), 'hideOurs');
        const left = await findings();
        assert.ok(left.some((each) => each.startsWith(OURS)), left.join('|'));
        return left.join(' | ');
    });

    await step('and back, by the setting', async () => {
        await host((vscode) => vscode.workspace.getConfiguration('pyproject-ls')
            .update('otherTomlExtensions', undefined, vscode.ConfigurationTarget.Workspace));
        await double([THEIRS, OURS].join());
    });

    await step('a setting that is none of its values is as if it were not set', async () => {
        await host((vscode) => vscode.workspace.getConfiguration('pyproject-ls')
            .update('otherTomlExtensions', 5, vscode.ConfigurationTarget.Workspace));
        await double([THEIRS, OURS].join());
        await host((vscode) => vscode.workspace.getConfiguration('pyproject-ls')
            .update('otherTomlExtensions', undefined, vscode.ConfigurationTarget.Workspace));
    });

    await step('another interpreter is followed where the server comes from its environment', async () => {
        await clearNotifications();
        const described = (wanted) => host(async (vscode, t, wanted) => {
            const { server } = await t.api();
            await t.until(
                () => `${wanted}; it is ${server.state} as ${server.description}`,
                () => server.state === 'running' && server.description.includes(wanted),
            );
        }, wanted);
        await host((vscode) => vscode.workspace.getConfiguration('pyproject-ls')
            .update('importStrategy', 'fromEnvironment', vscode.ConfigurationTarget.Workspace));
        await described('server of the environment');
        await host((vscode, t, python) =>
            vscode.extensions.getExtension('ms-python.python').exports.select(python), config.bare);
        await described('bundled server'); // none is installed there
        await double([THEIRS, OURS].join());
    });
}
