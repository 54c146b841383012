// A workspace that is not trusted at first, and then is: what is held back, and what begins without a reload.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

export default async function story({ host, step, page, shot, config }) {
    const ran = path.join(config.folder, 'ran');

    await step('restricted: the file is checked, nothing of the workspace is run', async () => {
        const shown = await host(async (vscode, t) => {
            if (vscode.workspace.isTrusted) {
                throw new Error('the workspace is trusted');
            }
            const { server, status } = await t.api();
            await t.open();
            await t.until('diagnostics', () => t.codes().includes('unknown-field'));
            await t.until('the status', () => status.shown.tool !== 'No tool' || status.shown.index !== 'Package indexes');
            return { ...status.shown, pid: server.pid };
        });
        assert.match(shown.server, /restricted/);
        assert.doesNotMatch(shown.tool, /Poetry 2/);
        assert.ok(!fs.existsSync(ran), 'the interpreter of the workspace was run');
        await shot('restricted');
        return JSON.stringify(shown);
    });

    await step('restricted: settings of the workspace that name programs are not used', async () => {
        const used = await host((vscode) => vscode.workspace.getConfiguration('pyproject-ls').get('uv.path'));
        assert.equal(used, '');
    });

    await step('restricted: commands that run the tool are off', async () => {
        await page.keyboard.press('F1');
        await page.keyboard.type('pyproject: ');
        await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Show Logs' }).first().waitFor();
        const rows = await page.locator('.quick-input-list .monaco-list-row').allInnerTexts();
        assert.ok(!rows.some((each) => each.includes('Lock Dependencies')), rows.join('|'));
        await page.keyboard.press('Escape');
    });

    await step('trust is granted', async () => {
        const pid = await host(async (vscode, t) => (await t.api()).server.pid);
        await host((vscode) => vscode.commands.executeCommand('workbench.trust.manage'));
        await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).first().click();
        const shown = await host(async (vscode, t, old) => {
            await t.until('trust', () => vscode.workspace.isTrusted);
            const { server, status } = await t.api();
            await t.open();
            await t.until(
                () => `Poetry; it is shown as ${JSON.stringify(status.shown)}`,
                () => status.shown.tool.startsWith('Poetry 2'),
            );
            if (server.pid !== old) {
                throw new Error('the server was started again');
            }
            return status.shown;
        }, pid);
        const used = await host((vscode) => vscode.workspace.getConfiguration('pyproject-ls').get('uv.path'));
        assert.equal(used, '/bin/false');
        await shot('trusted');
        return JSON.stringify(shown);
    });
}
