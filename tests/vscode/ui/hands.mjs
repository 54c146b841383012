// What a person does in VS Code and what a person sees of it: mouse, keyboard and the page, and nothing of its API.

import assert from 'node:assert/strict';
import { until } from '../driver/waiting.mjs';

/** A small window: pictures of it can be read in the README. */
export const WINDOW = { width: 1100, height: 680 };

const WIDGETS = {
    hover: '.monaco-hover:visible, .monaco-editor-hover:visible',
    fixes: '.action-widget:visible .monaco-list-row.action',
    suggestions: '.suggest-widget.visible .monaco-list-row',
    picks: '.quick-input-widget:visible .quick-input-list .monaco-list-row',
    problems: '.markers-panel .monaco-list-row',
    lenses: '.editor-instance .codelens-decoration',
    menu: '.context-view .monaco-menu .action-item:visible',
    tree: '.pane:has(.pane-header:has-text("Python Dependencies")) .monaco-list-row',
};

/** The hands and eyes of a person before the page of `editor`; `shot` numbers the pictures. */
export function handsOf({ page, shot }) {
    const { keyboard, mouse } = page;
    let taken = 0;

    const look = (widget) => page.locator(WIDGETS[widget]);
    const named = (widget, text) => look(widget).filter({ hasText: text }).first();

    const hands = {
        page,
        keyboard,

        /** The parts of a widget that has many (see WIDGETS). */
        look,

        /** Wait until a part of `widget` shows `text`. */
        async see(widget, text) {
            const part = named(widget, text);
            await part.waitFor();
            return part;
        },

        /** What all parts of a widget say, in their order. */
        async texts(widget) {
            const said = await look(widget).evaluateAll((parts) =>
                parts.map((part) => [part.getBoundingClientRect().top, part.innerText]),
            );
            return said.sort(([one], [other]) => one - other).map(([, text]) => plain(text));
        },

        /** Keep a picture of the page as it is now. */
        async picture(name) {
            await settled(page);
            taken += 1;
            await shot(`${String(taken).padStart(2, '0')}-${name}`);
        },

        /** The text of the editor as far as it is on the screen, without hints and lenses. */
        shown: () => page.evaluate(shownText),

        /** Wait until the editor shows `text`, a string or a regular expression. */
        async reads(text) {
            const isThere = (all) => (typeof text === 'string' ? all.includes(text) : text.test(all));
            await until(`the editor to show ${text}`, async () => isThere(await hands.shown()), 30_000).catch(
                async (error) => assert.fail(`${error.message}; it shows:\n${await hands.shown()}`),
            );
        },

        /** Wait until the editor does not show `text`. */
        readsNoMore: (text) =>
            until(`the editor not to show ${text}`, async () => !(await hands.shown()).includes(text), 30_000),

        /** Wait until a page (a preview of Markdown) shows `text`. */
        pageReads: (text) =>
            until(`a page to show ${text}`, async () => {
                const read = (frame) => frame.locator('body').innerText({ timeout: 1_000 }).catch(() => '');
                const all = await Promise.all(page.frames().map(read));
                return all.some((each) => plain(each).includes(text));
            }, 30_000),

        /** Wait until the squiggles of a severity (error, warning, info) are under `texts`, from above. */
        async underlines(severity, texts) {
            let found;
            await until(`squiggles under ${texts.join(', ')}`, async () => {
                found = await page.evaluate(underlined, severity);
                return JSON.stringify(found) === JSON.stringify(texts);
            }, 30_000).catch((error) => assert.fail(`${error.message}; they are under ${found.join(', ')}`));
        },

        /** Take the mouse off everything, so that no hover is in the way. */
        rest: () => mouse.move(WINDOW.width / 2, WINDOW.height - 12),

        /** Drag the border of the side bar to the right. */
        async widenSideBar(by) {
            const bar = await page.locator('.part.sidebar').boundingBox();
            const [x, y] = [bar.x + bar.width, bar.y + bar.height / 3];
            await mouse.move(x, y);
            await mouse.down();
            await mouse.move(x + by, y, { steps: 4 });
            await mouse.up();
        },

        /** Where `text` stands on the screen. */
        place: (text) => until(`${text} on the screen`, () => page.evaluate(placeOf, text), 30_000),

        /** Put the caret into `text`, and take the mouse away. */
        async click(text) {
            const { x, y } = await hands.place(text);
            await mouse.click(x, y);
            await hands.rest();
        },

        /** Rest the mouse on `text` until the hover says `what`; the hover. */
        async hover(text, what) {
            const hover = named('hover', what);
            // a hover goes when the text below it changes, as it does when findings come in
            await until(`a hover on ${text} with ${what}`, async () => {
                const { x, y } = await hands.place(text);
                await mouse.move(x, y + 60);
                await mouse.move(x, y, { steps: 4 });
                return hover.waitFor({ timeout: 3000 }).then(() => true, () => false);
            });
            return hover;
        },

        /** Click the lens with the words `title`, once it is there. */
        async clickLens(title) {
            await look('lenses').locator('a').filter({ hasText: title }).first().click();
            await hands.rest();
        },

        /** The quick fixes at the caret, once one of them is `title`. */
        async fixes(title) {
            await until(`the fix ${title}`, async () => {
                await keyboard.press('Escape');
                await keyboard.press('Control+.');
                return named('fixes', title).waitFor({ timeout: 3000 }).then(() => true, () => false);
            });
            return hands.texts('fixes');
        },

        /** Go down in an open menu of fixes to `title`, and take it. */
        async take(title) {
            const focused = page.locator('.action-widget:visible .monaco-list-row.focused', { hasText: title });
            await until(`the focus on ${title}`, async () => {
                if (await focused.count()) {
                    return true;
                }
                await keyboard.press('ArrowDown');
                return false;
            }, 5000);
            await keyboard.press('Enter');
        },

        /** Wait for a suggestion; who sees none asks for it, as the index may have answered meanwhile. */
        suggested: (text) =>
            until(`the suggestion ${text}`, async () => {
                const isThere = await named('suggestions', text).waitFor({ timeout: 2000 }).then(() => true, () => false);
                if (!isThere) {
                    await keyboard.press('Escape'); // what is shown already would not be asked for again
                    await keyboard.press('Control+Space');
                }
                return isThere;
            }, 30_000),

        /** Open the palette and type a part of a command's name. */
        async palette(title) {
            await keyboard.press('F1');
            await page.locator('.quick-input-widget:visible input').first().waitFor();
            await keyboard.insertText(title);
            await hands.see('picks', title);
        },

        /** Run the command that has this name in the palette. */
        async command(title) {
            await hands.palette(title);
            await page.locator(`${WIDGETS.picks}.focused`, { hasText: title }).waitFor();
            await keyboard.press('Enter');
        },

        /** Open a file of the workspace by a part of its path. */
        async openFile(path, text) {
            await keyboard.press('Control+p');
            await page.locator('.quick-input-widget:visible input').first().waitFor();
            await keyboard.insertText(path);
            await page.locator(`${WIDGETS.picks}.focused[aria-label*="${path.split('/').join('"][aria-label*="')}"]`).waitFor();
            await keyboard.press('Enter');
            await hands.reads(text);
        },

        /** Wait for a notification, as it pops up or in the list of them. */
        async notified(text) {
            const toast = page.locator('.notification-list-item-message:visible', { hasText: text }).first();
            await toast.waitFor();
            return plain(await toast.innerText());
        },

        /** Put all notifications away. */
        async dismiss() {
            await hands.command('Notifications: Clear All Notifications');
            await page.locator('.notification-toast:visible').first().waitFor({ state: 'detached' });
        },
    };
    return hands;
}

/** A text of the page on one line, without the private letters that icons are made of. */
export function plain(text) {
    return text.replaceAll(/[\uE000-\uF8FF\u200B]/g, '').replaceAll(/\s+/g, ' ').trim();
}

/** Wait until two frames have been drawn without a progress bar or a fading picture. */
async function settled(page) {
    await page.evaluate(async () => {
        const fading = () => document.getAnimations().some((each) => each.effect?.getTiming().iterations !== Infinity);
        for (let frames = 0; frames < 60 && (frames < 2 || fading()); frames += 1) {
            await new Promise((resolve) => requestAnimationFrame(resolve));
        }
    });
}

// These run in the page.

function shownText() {
    const lines = [...document.querySelectorAll('.editor-instance .view-lines .view-line')];
    const top = (line) => Number.parseFloat(line.style.top);
    return lines
        .sort((one, other) => top(one) - top(other))
        .map((line) => [...line.querySelectorAll(':scope > span > span')]
            .filter((part) => !/dyn-rule|ced-|inlay/.test(part.className))
            .map((part) => part.textContent).join(''))
        .join('\n')
        .replaceAll('\u00A0', ' ');
}

function placeOf(text) {
    const wanted = text.replaceAll(' ', '\u00A0');
    for (const line of document.querySelectorAll('.editor-instance .view-lines .view-line')) {
        const at = line.textContent.indexOf(wanted);
        if (at < 0) {
            continue;
        }
        const range = document.createRange();
        let before = 0;
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        const middle = at + Math.floor(wanted.length / 2);
        while (walker.nextNode()) {
            const { length } = walker.currentNode;
            if (middle < before + length) {
                range.setStart(walker.currentNode, middle - before);
                range.setEnd(walker.currentNode, middle - before + 1);
                const box = range.getBoundingClientRect();
                return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
            }
            before += length;
        }
    }
    return null;
}

function underlined(severity) {
    const lines = [...document.querySelectorAll('.editor-instance .view-lines .view-line')];
    const marks = [...document.querySelectorAll(`.editor-instance .view-overlays .squiggly-${severity}`)];
    const found = marks.map((mark) => {
        const box = mark.getBoundingClientRect();
        const line = lines.find((each) => Math.abs(each.getBoundingClientRect().top - mark.parentElement.getBoundingClientRect().top) < 4);
        const walker = document.createTreeWalker(line ?? mark, NodeFilter.SHOW_TEXT);
        let text = '';
        while (walker.nextNode()) {
            for (let at = 0; at < walker.currentNode.length; at += 1) {
                const range = document.createRange();
                range.setStart(walker.currentNode, at);
                range.setEnd(walker.currentNode, at + 1);
                const letter = range.getBoundingClientRect();
                const middle = letter.x + letter.width / 2;
                text += middle > box.left && middle < box.right ? walker.currentNode.data[at] : '';
            }
        }
        return [box.top, text.replaceAll('\u00A0', ' ')];
    });
    return found.sort(([one], [other]) => one - other).map(([, text]) => text);
}
