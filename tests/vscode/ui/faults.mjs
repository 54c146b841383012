// A file with faults: seen, explained, mended, and gone on with.

export async function faults(hands, { step }) {
    const { page, keyboard } = hands;

    await step('open the file from the explorer', async () => {
        await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'pyproject.toml' }).last().dblclick();
        await hands.reads('descripton = "The weather, in your terminal"');
    });

    await step('the faults are underlined', async () => {
        await hands.underlines('warning', ['descripton', '{ text = "MIT" }']);
        await hands.underlines('error', []);
        await hands.picture('faults');
    });

    await step('the problems say what is wrong', async () => {
        await keyboard.press('Control+Shift+m');
        await hands.see('problems', 'descripton');
        await hands.picture('problems');
        return (await hands.texts('problems')).join('\n     ');
    });

    await step('the hover explains a fault', async () => {
        const hover = await hands.hover('descripton', 'description');
        await hands.picture('hover');
        return await hover.innerText();
    });

    await step('a fix is taken with the keyboard', async () => {
        await hands.click('descripton');
        const fixes = await hands.fixes('description');
        await hands.picture('fixes');
        await hands.take('description');
        await hands.reads('description = "The weather, in your terminal"');
        await hands.underlines('warning', ['{ text = "MIT" }']);
        await hands.picture('fixed');
        return fixes.join(' | ');
    });

    await step('the rest at once, from the palette', async () => {
        await hands.command('pyproject: Fix All');
        await hands.reads('license = "MIT"');
        await keyboard.press('Control+j');
        await hands.underlines('warning', []);
        await hands.picture('all-fixed');
    });

    await step('a key is completed as it is typed', async () => {
        await hands.click('license');
        await keyboard.press('End');
        await keyboard.press('Enter');
        await keyboard.type('keyw');
        await hands.see('suggestions', 'keywords');
        await hands.picture('completion');
        const suggestions = await hands.texts('suggestions');
        await keyboard.press('Enter');
        await keyboard.type('forecast');
        await hands.reads(/^keywords = \["forecast"\]$/m);
        return suggestions.join(' | ');
    });

    await step('a name of a package is completed from the index, with its constraint', async () => {
        await hands.click('courier');
        await keyboard.press('End');
        await keyboard.press('Enter');
        await keyboard.type('"docsmit', { delay: 100 });
        await hands.suggested('docsmith');
        await keyboard.type('h');
        await hands.suggested('docsmith>=8.1');
        await hands.picture('completion-package');
        const suggestions = await hands.texts('suggestions');
        await keyboard.press('Enter');
        await hands.reads(/^ {4}"docsmith>=8\.1/m);
        await hands.picture('completed-package');
        return suggestions.join(' | ');
    });
}
