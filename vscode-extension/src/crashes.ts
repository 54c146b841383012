/** When a server that has died is started again. */

/** How often, in a row, a server may die. */
export const MAX_CRASHES = 5;

/** Milliseconds after which a server that runs is a good one, and older crashes are forgotten. */
export const CALM = 180_000;

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/** Counts crashes; time is in milliseconds, from any start. */
export class Crashes {
    private count = 0;
    private last = 0;

    /** How many there were in a row. */
    get inARow(): number {
        return this.count;
    }

    /** Note a crash at the time `now`: the pause in milliseconds before the next start, or undefined for no more. */
    pauseAfter(now: number): number | undefined {
        if (now - this.last > CALM) {
            this.count = 0;
        }
        this.last = now;
        this.count += 1;
        if (this.count > MAX_CRASHES) {
            return undefined;
        }
        return Math.min(FIRST_PAUSE * 2 ** (this.count - 1), LONGEST_PAUSE);
    }

    /** Begin anew: a person wants it to be tried again. */
    forget(): void {
        this.count = 0;
    }
}
