// Waiting for what is to come, apart from editor.mjs so that stories can have it.

/** How long things may take, in milliseconds. */
export const PATIENCE = 60_000;

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The first value of `look` that is something. */
export async function until(what, look, patience = PATIENCE) {
    const end = Date.now() + patience;
    for (;;) {
        const found = await look();
        if (found) {
            return found;
        }
        if (Date.now() > end) {
            throw new Error(`waited ${patience} ms in vain for ${what}`);
        }
        await sleep(50);
    }
}
