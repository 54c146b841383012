// Packages: added, locked, looked at, in conflict, mended.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

export async function dependencies(hands, { step, config }) {
    const { page, keyboard } = hands;

    await step('the palette has all commands', async () => {
        await hands.palette('pyproject: ');
        await hands.picture('palette');
        const commands = await hands.texts('picks');
        assert.ok(commands.every((each) => each.startsWith('pyproject: ')), commands.join('|'));
        await keyboard.press('Escape');
        return commands.join(' | ');
    });

    await step('a package is searched for as it is typed', async () => {
        await hands.command('pyproject: Add Dependency');
        await page.locator('.quick-input-widget:visible .quick-input-title', { hasText: 'Add Dependency' }).waitFor();
        await keyboard.type('lante');
        await hands.see('picks', 'A small web framework');
        await hands.picture('add-name');
        const names = await hands.texts('picks');
        assert.deepEqual(names.slice(0, 3).map((each) => each.split(' ')[0]), ['Lantern', 'lantern-admin', 'lantern-login']);
        return names.join(' | ');
    });

    await step('then its version', async () => {
        await keyboard.press('Enter');
        await hands.see('picks', '3.1.0');
        await hands.picture('add-version');
        const versions = await hands.texts('picks');
        assert.match(versions.join(' | '), /^Newest that fits.* 3\.1\.0.* 3\.0\.0.* 2\.0\.0.* 4\.0\.0rc1.*pre-release$/);
        return versions.join(' | ');
    });

    await step('then its group', async () => {
        await keyboard.press('Enter');
        await hands.see('picks', 'New group');
        await hands.picture('add-group');
        const places = await hands.texts('picks');
        assert.match(places.join(' | '), /^Dependencies of the project \| test ?group \| New group/);
        return places.join(' | ');
    });

    await step('it is in the file, and locked with the real Poetry', async () => {
        await keyboard.press('Enter');
        const said = await hands.notified('is added');
        await hands.reads(/^ {4}"Lantern>=3\.1"/m);
        await hands.picture('added');
        assert.match(fs.readFileSync(path.join(config.folder, 'poetry.lock'), 'utf8'), /name = "lantern"\nversion = "3\.1\.0"/);
        return said;
    });

    await step('lenses and hints show how it stands', async () => {
        await hands.see('lenses', 'poetry.lock is up to date');
        await keyboard.press('Control+s');
        await hands.dismiss();
        await hands.place('Lantern>=3.1"3.1.0');
        await hands.picture('lenses-and-hints');
        return (await hands.texts('lenses')).join(' | ');
    });

    await step('the tree in the explorer', async () => {
        await hands.widenSideBar(60);
        await page.locator('.pane-header', { hasText: /^weather/ }).click();
        await page.locator('.pane-header', { hasText: 'Python Dependencies' }).click();
        await hands.rest();
        await hands.see('tree', 'Lantern');
        await (await hands.see('tree', /^test/)).click();
        await hands.see('tree', 'checkit');
        await hands.rest();
        await hands.picture('tree');
        const rows = await hands.texts('tree');
        assert.ok(rows.some((each) => /^courier ?>=2\.28,<2\.32 2\.31\.0 → 2\.32\.3$/.test(each)), rows.join(' | '));
        assert.ok(rows.some((each) => /^weather ?Poetry · Lock is up to date$/.test(each)), rows.join(' | '));
        return rows.join(' | ');
    });

    await step('the tree tells who needs a package, and offers what can be done', async () => {
        const row = await hands.see('tree', 'courier');
        await row.locator('.monaco-tl-twistie').click();
        await hands.see('tree', /docsmith\s*8\.1\.3/);
        await row.hover();
        await hands.picture('tree-row');
        await row.click({ button: 'right' });
        await hands.see('menu', 'Remove Dependency');
        await hands.picture('tree-menu');
        const menu = await hands.texts('menu');
        assert.ok(menu.some((each) => each.startsWith('Update')), menu.join(' | '));
        await keyboard.press('Escape');
        return `${(await hands.texts('tree')).join(' | ')}\n     ${menu.join(' | ')}`;
    });

    await step('a conflict is shown at the dependencies at fault', async () => {
        await hands.click('dependencies = [');
        await keyboard.press('End');
        await keyboard.press('Enter');
        await keyboard.type('"lantern-admin>=1.6",', { delay: 20 });
        await keyboard.press('Escape');
        await hands.reads(/^ {4}"lantern-admin>=1.6",$/m);
        await keyboard.press('Control+s');
        await keyboard.press('Control+Shift+m');
        await hands.see('problems', 'lantern-admin');
        await hands.underlines('error', ['>=1.6', '>=3.1']);
        await hands.picture('conflict');
        return (await hands.texts('problems')).join('\n     ');
    });

    await step('the hover explains it', async () => {
        const hover = await hands.hover('>=1.6', /but this file asks for.*Quick Fix/s);
        await hands.picture('conflict-hover');
        return await hover.innerText();
    });

    await step('a fix that was tried is taken', async () => {
        await hands.click('>=1.6');
        const fixes = await hands.fixes(/then all fits together/);
        assert.match(fixes[0], /then all fits together/);
        await hands.picture('conflict-fixes');
        await keyboard.press('Enter');
        await hands.readsNoMore('lantern-admin');
        await page.locator('.markers-panel', { hasText: 'No problems have been detected' }).waitFor();
        await hands.picture('conflict-fixed');
        await keyboard.press('Control+s');
        await keyboard.press('Control+j');
        return fixes.join(' | ');
    });
}
