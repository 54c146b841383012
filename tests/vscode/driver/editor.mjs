// The real VS Code (code-server) with a headless Chromium before it.
//
// A story is a module with `export default async (editor) => ...`; `editor` is what `openEditor` returns. What it is
// run with comes from tests/vscode/editor.py as JSON.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PATIENCE, sleep, until } from './waiting.mjs';

const CHROMIUM = [
    ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
];

const SETTINGS = {
    'workbench.startupEditor': 'none',
    'workbench.enableExperiments': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'telemetry.telemetryLevel': 'off',
    'extensions.autoCheckUpdates': false,
    'extensions.autoUpdate': false,
    'extensions.ignoreRecommendations': true,
    'chat.disableAIFeatures': true,
    'chat.commandCenter.enabled': false,
    'update.mode': 'none',
    'git.enabled': false,
    'editor.minimap.enabled': false,
    'editor.hover.delay': 100,
    'editor.accessibilitySupport': 'off',
    'files.simpleDialog.enable': true,
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
};

/**
 * Start VS Code. `config`: `state` (a folder of its own), `folder` (the workspace: a folder or .code-workspace),
 * `extensions` (a folder), `settings`, `trust` (false: the workspace is not trusted), `shots` (a folder),
 * `codeServer`, `driver`, `browser`, `node`.
 */
export async function openEditor(config) {
    const { chromium } = createRequire(path.join(config.driver, 'x.js'))('playwright-core');
    const port = await freePort();
    const user = path.join(config.state, 'user');
    const bridge = path.join(config.state, 'bridge');
    fs.mkdirSync(path.join(user, 'User'), { recursive: true });
    fs.mkdirSync(config.shots, { recursive: true });
    fs.rmSync(bridge, { force: true });
    const settings = path.join(user, 'User', 'settings.json');
    const isTrusted = config.trust !== false;
    fs.writeFileSync(settings, JSON.stringify(SETTINGS, null, 1));
    // where the extension host is a remote one, paths of programs are a matter of the machine's settings
    const machine = path.join(user, 'Machine', 'settings.json');
    fs.mkdirSync(path.dirname(machine), { recursive: true });
    fs.writeFileSync(machine, JSON.stringify(config.settings ?? {}, null, 1));
    fs.writeFileSync(path.join(config.state, 'config.yaml'), 'auth: none\ncert: false\n');
    const log = fs.openSync(path.join(config.state, 'code-server.log'), 'a');
    const server = spawn(
        config.node,
        [
            ...[config.codeServer, '--config', path.join(config.state, 'config.yaml'), '--user-data-dir', user],
            ...['--extensions-dir', config.extensions, '--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
            ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
            ...['--ignore-last-opened', ...(isTrusted ? ['--disable-workspace-trust'] : [])],
        ],
        { stdio: ['ignore', log, log], env: { ...process.env, VSCODE_IPC_HOOK_CLI: '', PYPROJECT_LS_BRIDGE: bridge } },
    );
    const address = `http://127.0.0.1:${port}`;
    await until('code-server', () => fetch(`${address}/healthz`).then((answer) => answer.ok, () => false));
    const browser = await chromium.launch({ executablePath: config.browser, headless: true, args: CHROMIUM });
    const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    const opened = Date.now();
    const key = config.folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
    await page.goto(`${address}/?${key}=${encodeURIComponent(config.folder)}`, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('.monaco-workbench', { timeout: PATIENCE });
    await until('the extension host', () => fs.existsSync(bridge));

    const editor = {
        config,
        page,
        opened,
        settingsFile: machine,
        logs: path.join(user, 'logs'),
        codeServerPid: server.pid,

        /** Load the window anew; the extension host of before is gone then. */
        async reload() {
            fs.rmSync(bridge);
            await page.reload({ waitUntil: 'domcontentloaded' });
            await until('the extension host', () => fs.existsSync(bridge));
        },

        /** Call `work` in the extension host, as `work(vscode, t, ...args)`; see bridge/main.js. */
        async host(work, ...args) {
            const answer = await fetch(`http://127.0.0.1:${fs.readFileSync(bridge, 'utf8')}`, {
                method: 'POST',
                body: JSON.stringify({ source: work.toString(), args }),
            });
            const { result, error } = await answer.json();
            if (error !== undefined) {
                throw new Error(error);
            }
            return result;
        },

        /** One step of the story: told with its time, and with a picture if it fails. */
        async step(name, work) {
            const begin = Date.now();
            try {
                const result = await work();
                console.log(`ok   ${name} (${Date.now() - begin} ms)${result === undefined ? '' : `: ${result}`}`);
                return result;
            } catch (error) {
                console.log(`FAIL ${name} (${Date.now() - begin} ms)\n${error.stack ?? error}`);
                await editor.shot(`failure-${name.replaceAll(/\W+/g, '-')}`);
                throw error;
            }
        },

        shot: (name) => page.screenshot({ path: path.join(config.shots, `${name}.png`) }).catch(() => undefined),

        /** Run a command by the name that the palette has for it, as a person does. */
        async palette(title) {
            const row = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title });
            for (let again = 3; ; again -= 1) {
                await page.keyboard.press('F1');
                await page.waitForSelector('.quick-input-widget input', { state: 'visible' });
                await page.keyboard.type(title);
                try {
                    await row.waitFor({ timeout: PATIENCE / 3 });
                    break;
                } catch (error) { // a page that has come up took the keys
                    if (again === 0) {
                        throw error;
                    }
                    await page.keyboard.press('Escape');
                }
            }
            await page.keyboard.press('Enter');
        },

        /** The rows of the open pick, once `has` is among them. */
        async pick(has) {
            const rows = page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
            await rows.filter({ hasText: has }).first().waitFor({ timeout: PATIENCE });
            return rows;
        },

        /** Wait for the pick with a title. */
        titled: (title) =>
            page.locator('.quick-input-widget:visible .quick-input-title', { hasText: title }).first().waitFor(),

        /** What notifications say, once one of them has `text` in it; the toasts themselves do not stay. */
        async notified(text, patience = PATIENCE / 2) {
            const list = page.locator('.notifications-list-container .notification-list-item-message');
            return until(`a notification with ${text}`, async () => {
                await editor.host((vscode) => vscode.commands.executeCommand('notifications.showList'));
                const said = await list.allInnerTexts();
                return said.some((each) => each.includes(text)) && said;
            }, patience);
        },

        /** Forget all notifications. */
        clearNotifications: () => editor.host((vscode) => vscode.commands.executeCommand('notifications.clearAll')),

        async close() {
            await browser.close();
            server.kill('SIGTERM');
            await Promise.race([new Promise((resolve) => server.once('exit', resolve)), sleep(8000)]);
            server.kill('SIGKILL');
        },
    };
    return editor;
}

function freePort() {
    return new Promise((resolve) => {
        const server = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

if (process.argv[1] === import.meta.filename) {
    const config = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
    const story = await import(pathToFileURL(config.story));
    let editor;
    let status = 1;
    try {
        editor = await openEditor(config);
        editor.page.setDefaultTimeout(PATIENCE / 2);
        await story.default(editor);
        status = 0;
    } catch (error) {
        console.log(editor === undefined ? `VS Code did not start: ${error.stack}` : 'the story ended early');
    } finally {
        await editor?.close();
    }
    process.exit(status);
}
