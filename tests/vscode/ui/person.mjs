// A person opens a project with faults, mends it, adds a package, looks around, and goes on to an old project.

import { WINDOW, handsOf } from './hands.mjs';
import { dependencies } from './dependencies.mjs';
import { faults } from './faults.mjs';
import { surroundings } from './surroundings.mjs';

export default async function story(editor) {
    await editor.page.setViewportSize(WINDOW);
    const hands = handsOf(editor);
    await faults(hands, editor);
    await dependencies(hands, editor);
    await surroundings(hands, editor);
}
