// What is around: the next lock, the tree of all packages, an old project, the status, the walkthrough, themes.

import assert from 'node:assert/strict';
import { until } from '../driver/waiting.mjs';
import { plain } from './hands.mjs';

export async function surroundings(hands, { step }) {
    const { page, keyboard } = hands;

    await step('an update is taken with its lens', async () => {
        await hands.clickLens('Update courier to 2.32.3');
        await hands.readsNoMore('<2.32"');
        await keyboard.press('Control+s');
        await hands.see('lenses', 'poetry.lock is out of date');
        await hands.picture('updated');
        return (await hands.shown()).split('\n').find((line) => line.includes('courier'));
    });

    await step('the next lock, beforehand', async () => {
        await hands.command('pyproject: Preview Lock');
        await page.locator('.tab.active', { hasText: 'lock-preview.md' }).waitFor();
        await hands.rest();
        await hands.pageReads('courier 2.31.0 → 2.32.3');
        await hands.picture('preview-lock');
    });

    await step('lock, with the lens', async () => {
        await page.locator('.tab', { hasText: 'pyproject.toml' }).click();
        await keyboard.press('Control+Home');
        await hands.clickLens(/^Lock$/);
        await hands.see('lenses', 'poetry.lock is up to date');
        const said = await hands.notified('poetry.lock');
        await hands.picture('locked');
        return said;
    });

    await step('the tree of all packages', async () => {
        await hands.command('pyproject: Show Dependency Tree');
        await page.locator('.tab.active', { hasText: /tree/ }).waitFor();
        await hands.dismiss();
        await hands.rest();
        await hands.pageReads('└── parcel 2.2.3');
        await hands.picture('dependency-tree');
    });

    await step('an old project becomes a new one', async () => {
        await hands.openFile('old/pyproject.toml', '[tool.poetry.dependencies]');
        await hands.reads('name = "old-weather"');
        await hands.picture('old');
        await hands.command('pyproject: Migrate to [project]');
        await hands.reads(/^\[project\]$/m);
        await hands.reads('"clapper>=8.1,<9.0",  # the command line');
        await hands.picture('migrated');
    });

    await step('the status', async () => {
        await page.locator('.statusbar-item[id="status.languageStatus"]').click();
        const status = page.locator('.hover-language-status:visible').first();
        await status.waitFor();
        await hands.picture('status');
        const items = (await page.locator('.hover-language-status:visible').allInnerTexts()).map(plain).join(' | ');
        for (const part of [/pyproject-ls \d/, /Poetry 2/, /Not locked/, /Online/i]) {
            assert.match(items, part);
        }
        return items;
    });

    await step('the menu of the editor', async () => {
        await keyboard.press('Escape');
        const { x, y } = await hands.place('old-weather');
        await page.mouse.click(x, y, { button: 'right' });
        await (await hands.see('menu', /^pyproject/)).hover();
        await hands.see('menu', 'Bump Version');
        await hands.picture('menu');
        const menu = await hands.texts('menu');
        await keyboard.press('Escape');
        await keyboard.press('Escape');
        return menu.join(' | ');
    });

    await step('the walkthrough', async () => {
        await keyboard.press('Control+b');
        await hands.command('Welcome: Open Walkthrough');
        await hands.see('picks', 'Get to know your pyproject.toml');
        await keyboard.insertText('Get to know your pyproject');
        await keyboard.press('Enter');
        await page.locator('.gettingStartedContainer', { hasText: 'See what is wrong, and have it mended' }).waitFor();
        const isExplained = (frame) => frame.getByText('Hover a finding').isVisible().catch(() => false);
        await until('the page of its first step', async () => {
            const frames = await Promise.all(page.frames().map(isExplained));
            return frames.includes(true);
        }, 10_000);
        await hands.picture('walkthrough');
        await keyboard.press('Control+b');
    });

    await step('the settings', async () => {
        await hands.command('Preferences: Open Settings (UI)');
        await page.locator('.settings-editor').waitFor();
        await keyboard.type('@ext:pyproject-ls.pyproject-ls');
        await page.locator('.settings-editor .setting-item', { hasText: 'Which findings there are' }).first().waitFor();
        await hands.picture('settings');
    });

    await step('the dark theme', async () => {
        await keyboard.press('Escape');
        await page.locator('.settings-editor:visible').first().waitFor({ state: 'detached' });
        await keyboard.press('Control+k');
        await keyboard.press('Control+t');
        await hands.see('picks', 'Dark Modern');
        await keyboard.insertText('Dark Modern');
        await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Dark Modern' }).waitFor();
        await keyboard.press('Enter');
        await page.locator('.monaco-workbench.vs-dark').waitFor();
        await page.locator('.tab', { hasText: 'pyproject.toml' }).first().click();
        await hands.reads('name = "weather"');
        await hands.rest();
        await hands.picture('dark');
    });
}
