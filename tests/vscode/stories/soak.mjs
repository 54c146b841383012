// Random edits, looks, commands and changes of trust over three projects in one VS Code: nothing may grow, nothing may fail.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { sleep, until } from '../driver/waiting.mjs';
import { Chance } from '../soak/chance.mjs';
import { ALL, RESTRICTED } from '../soak/deeds.mjs';
import { errorsIn } from '../soak/logs.mjs';
import { Memory } from '../soak/memory.mjs';

/** The share of the time in one life of a trusted server; the rest is for changes of trust. */
const MAIN = 0.8;

/** The share of a life in which memory may grow, because caches fill. */
const WARM_UP = 0.4;

/** Between two samples, as a share of a life. */
const SAMPLE = 1 / 24;

/** How much memory may grow after the warm-up, in percent. */
const DRIFT = 5;

export default async function story({ host, step, page, config, logs, clearNotifications }) {
    const chance = new Chance(config.seed);
    const whole = config.seconds * 1000;
    const projects = await host((vscode, t, names) => names.map((name) => t.file(`${name}/pyproject.toml`).toString()), config.projects);
    const good = Object.fromEntries(projects.map((uri) => [uri, fs.readFileSync(new URL(uri), 'utf8')]));
    let deeds = 0;

    const say = (line) => console.log(`     ${line}`);
    const begin = async () => {
        for (const uri of projects) {
            await host(async (vscode, t, uri) => t.open(vscode.Uri.parse(uri)).then(() => undefined), uri);
        }
    };

    const doOne = async (choices) => {
        const [deed, uri, number] = [chance.weighed(choices), chance.of(projects), chance.below(1_000_000)];
        const source = `async (vscode, t, uri, number, good) => (${deed})(vscode, t, vscode.Uri.parse(uri), number, good)`;
        deeds += 1;
        await host({ toString: () => source }, uri, number, good[uri]).catch((error) => {
            if (error.message.includes('Canceled: Canceled')) {
                return; // VS Code has taken a question back: the text or the trust has changed meanwhile
            }
            throw new Error(`${deed.name} with ${number} in ${uri}: ${error.message}`);
        });
    };

    /** All files as they began, and the server with nothing to do: memory can be compared then. */
    const rest = async () => {
        await host(async (vscode, t, good) => {
            for (const [uri, text] of Object.entries(good)) {
                await t.write(await vscode.workspace.openTextDocument(vscode.Uri.parse(uri)), text);
            }
            const { server, status } = await t.api();
            await t.until('a server', () => server.state === 'running');
            const isIdle = () => Object.keys(good).every((uri) => !status.statusOf(vscode.Uri.parse(uri))?.activity);
            await t.until('the server to be idle', isIdle, 60_000);
        }, good);
        await clearNotifications();
        await sleep(700);
    };

    const live = async (milliseconds, choices, memory) => {
        const start = Date.now();
        let sampled = 0;
        for (;;) {
            const share = (Date.now() - start) / milliseconds;
            if (share >= 1) {
                return;
            }
            if (share - sampled >= SAMPLE) {
                sampled = share;
                await rest();
                memory?.take(await host(async (vscode, t) => (await t.api()).server.pid), share);
            }
            await doOne(choices);
        }
    };

    const trust = async (isGranted) => {
        const old = await host(async (vscode) => {
            await vscode.commands.executeCommand('workbench.action.files.saveAll');
            await vscode.commands.executeCommand('workbench.trust.manage');
            return process.pid;
        });
        const editor = page.locator('.workspace-trust-editor');
        if (isGranted) {
            await editor.locator('.monaco-button', { hasText: /^Trust$/ }).first().click();
        } else {
            const path = editor.locator('.monaco-list-row', { hasText: new URL(config.folder, 'file:///').pathname.split('/').pop() }).first();
            await path.hover();
            await path.locator('[aria-label^="Delete"]').click();
        }
        await until(`trust to be ${isGranted}`, () =>
            host((vscode) => [vscode.workspace.isTrusted, process.pid]).then(
                ([isTrusted, pid]) => isTrusted === isGranted && (isGranted || pid !== old),
                () => false, // the extension host starts anew
            ),
        );
    };

    await step('restricted at first', async () => {
        await begin();
        await live(whole * 0.03, RESTRICTED);
        await trust(true);
    });

    const memory = new Memory(say);
    await step(`one life of the server, seed ${config.seed}`, async () => {
        const pid = await host(async (vscode, t) => (await t.api()).server.pid);
        await begin();
        await live(whole * MAIN, ALL, memory);
        assert.equal(await host(async (vscode, t) => (await t.api()).server.pid), pid, 'the server has died on the way');
        const jobs = await host((vscode, t) => t.shared.jobs);
        return `${deeds} deeds; ${Object.entries(jobs).map(([name, count]) => `${name}: ${count}`).sort().join(', ')}`;
    });

    await step('trust is taken and given', async () => {
        const end = Date.now() + whole * (1 - MAIN - 0.03);
        let changes = 0;
        do {
            await rest();
            await trust(false);
            await begin();
            await live(whole * 0.03, RESTRICTED);
            await trust(true);
            await begin();
            await live(whole * 0.05, ALL);
            changes += 2;
        } while (Date.now() < end);
        await rest();
        return `${changes} changes, ${deeds} deeds in all`;
    });

    await step('no error is in any log', () => {
        const found = errorsIn(logs);
        assert.deepEqual(found, []);
    });

    await step('memory is flat', () => {
        const drifts = ['server', 'worker'].map((who) => [who, memory.drift(who, WARM_UP)]);
        for (const [who, drift] of drifts) {
            assert.ok(drift, `there are too few samples of the ${who}`);
            assert.ok(drift.percent < DRIFT, `the ${who} has grown by ${drift.percent.toFixed(1)} %: ${JSON.stringify(drift)}`);
        }
        return drifts.map(([who, { early, late, percent }]) =>
            `${who} ${early.toFixed(1)} → ${late.toFixed(1)} MB (${percent.toFixed(1)} %)`).join(', ');
    });
}
