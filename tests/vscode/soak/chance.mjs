// Chance that can be had again: the same seed, the same story.

/** A generator of numbers (mulberry32) with what is chosen with them. */
export class Chance {
    constructor(seed) {
        this.state = seed >>> 0;
    }

    /** A number from 0 up to 1. */
    next() {
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let mixed = this.state;
        mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    }

    /** A whole number below `limit`. */
    below(limit) {
        return Math.floor(this.next() * limit);
    }

    /** One of `choices`. */
    of(choices) {
        return choices[this.below(choices.length)];
    }

    /** One of `weighted`, a list of [weight, choice]. */
    weighed(weighted) {
        let left = this.next() * weighted.reduce((sum, [weight]) => sum + weight, 0);
        for (const [weight, choice] of weighted) {
            left -= weight;
            if (left < 0) {
                return choice;
            }
        }
        return weighted.at(-1)[1];
    }
}
