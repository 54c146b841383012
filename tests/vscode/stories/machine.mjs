// Other people's machines: a proxy, settings that make no sense, odd paths, an extension that may not be written to.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';

/** The only host there is behind the proxy; see test_machine.py. */
const HOST = 'packages.example.test';

/** How many settings are wrong at a time: VS Code cuts long notifications. */
const BATCH = 6;

/** A proxy, which is at the same time the index behind it. */
async function openProxy() {
    const asked = [];
    const server = http.createServer((request, response) => {
        asked.push(request.url);
        const name = new RegExp(`^http://${HOST}/simple/([^/]+)/$`).exec(request.url)?.[1];
        const files = ['2.9', '3.1'].map((version) => ({
            filename: `${name}-${version}-py3-none-any.whl`, url: `http://${HOST}/${name}-${version}-py3-none-any.whl`, hashes: {},
        }));
        response.writeHead(name === undefined ? 404 : 200, { 'Content-Type': 'application/vnd.pypi.simple.v1+json' });
        response.end(JSON.stringify({ meta: { 'api-version': '1.1' }, name, versions: ['2.9', '3.1'], files }));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { asked, address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export default async function story({ host, step, shot, notified, clearNotifications, config, settingsFile }) {
    /** Set settings of the machine. */
    const set = (values) => {
        const settings = JSON.parse(fs.readFileSync(settingsFile, 'utf8'));
        fs.writeFileSync(settingsFile, JSON.stringify({ ...settings, ...values }, null, 1));
    };
    /** Set a setting of VS Code itself for the user; undefined takes it away. */
    const setHttp = (name, value) => host(
        (vscode, t, name, value) => vscode.workspace.getConfiguration('http').update(name, value, vscode.ConfigurationTarget.Global),
        name, value,
    );
    const newest = (wanted) => host(async (vscode, t, wanted) => {
        const { tree } = await t.api();
        let found;
        const look = async () => {
            tree.refresh();
            const [project] = await tree.getChildren();
            found = project?.project.lists[0]?.dependencies[0]?.newest ?? 'not there';
            return found === wanted;
        };
        await t.until(() => `lantern's newest version to be ${wanted}; it is ${found}`, look);
    }, wanted);
    const restarted = (old) => host(async (vscode, t, old) => {
        const { server } = await t.api();
        await t.until('another server', () => server.state === 'running' && server.pid !== old);
        return server.pid;
    }, old);

    await step('paths with blanks, quotes and umlauts', async () => {
        await host(async (vscode, t) => {
            await t.open();
            await t.until('diagnostics', () => t.codes().includes('unknown-field'));
        });
        return config.folder;
    });

    await step('a proxy of the settings is taken up at once, for the server', async () => {
        const proxy = await openProxy();
        try {
            await newest(''); // there is no such host
            const old = await host(async (vscode, t) => (await t.api()).server.pid);
            await setHttp('proxy', proxy.address);
            const now = await restarted(old);
            await newest('3.1');
            await setHttp('noProxy', [HOST]);
            await restarted(now);
        } finally {
            proxy.close();
        }
        assert.ok(proxy.asked.includes(`http://${HOST}/simple/lantern/`), proxy.asked.join('\n'));
        return `${proxy.asked.length} requests`;
    });

    await step('settings of a proxy that make no sense do no harm', async () => {
        const old = await host(async (vscode, t) => (await t.api()).server.pid);
        await setHttp('proxy', 'no address at all ::');
        await restarted(old);
        await host(async (vscode, t) => {
            const document = await t.open();
            await t.write(document, document.getText().replace('descripton', 'descriptoon'));
            await t.until('findings', () =>
                vscode.languages.getDiagnostics(t.file()).some((each) => each.message.includes('descriptoon')));
        });
        await setHttp('proxy', undefined);
        await setHttp('noProxy', undefined);
    });

    await step('settings of the wrong type: each is named, and findings go on', async () => {
        await clearNotifications();
        const wrong = await host(async (vscode) => {
            const { packageJSON } = vscode.extensions.getExtension('pyproject-ls.pyproject-ls');
            const own = ['interpreter', 'importStrategy', 'path', 'otherTomlExtensions', 'trace.server'];
            return packageJSON.contributes.configuration
                .flatMap((each) => Object.keys(each.properties))
                .filter((name) => !own.includes(name.replace('pyproject-ls.', '')));
        });
        let said = [];
        for (let from = 0; from < wrong.length; from += BATCH) {
            const some = wrong.slice(from, from + BATCH);
            set(Object.fromEntries(some.map((name) => [name, 5])));
            for (const name of some) {
                said = await notified(`${name}\` is 5`);
            }
        }
        await shot('wrong-settings');
        await host(async (vscode, t) => {
            const document = await t.open();
            await t.write(document, document.getText().replace('descriptoon', 'descriptooon'));
            await t.until('findings', () =>
                vscode.languages.getDiagnostics(t.file()).some((each) => each.message.includes('descriptooon')));
        });
        return `${wrong.length} settings, ${said.length} notifications`;
    });
}
