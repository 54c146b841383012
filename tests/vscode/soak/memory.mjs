// The memory of the server and of the worker inside the user's Poetry, as Linux tells it: what is theirs alone. Files that are
// mapped (the names on an index) are the system's, which keeps as much of them as it likes.

import fs from 'node:fs';

/** Megabytes that a process has for itself; undefined where it is gone. */
function own(pid) {
    try {
        const [, kilobytes] = /^RssAnon:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
        return Number(kilobytes) / 1024;
    } catch {
        return undefined;
    }
}

/** The pid of the child of `pid` that is Poetry's worker. */
function workerOf(pid) {
    try {
        const children = fs.readdirSync(`/proc/${pid}/task`)
            .flatMap((task) => fs.readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
            .filter(Boolean);
        return children.find((child) => fs.readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('worker'));
    } catch {
        return undefined; // a process has ended meanwhile
    }
}

/** Samples of one life of the server. */
export class Memory {
    constructor(log = () => undefined) {
        this.samples = [];
        this.log = log;
    }

    take(serverPid, share) {
        const worker = workerOf(serverPid);
        const sample = { share, server: own(serverPid), worker: worker && own(worker), workerPid: worker };
        this.samples.push(sample);
        const megabytes = (value) => (value === undefined ? '-' : value.toFixed(1));
        this.log(`memory at ${(share * 100).toFixed(0)} %: server ${megabytes(sample.server)} MB, worker ${megabytes(sample.worker)} MB`);
    }

    /**
     * By how much the memory of `who` has grown after the warm-up (a share of the time): the median of the last third of the
     * samples against that of the first third, in percent. A worker that was started anew counts from then on.
     */
    drift(who, warmUp) {
        const last = this.samples.findLast((each) => each[who] !== undefined);
        const values = this.samples
            .filter((each) => each.share >= warmUp && each[who] !== undefined)
            .filter((each) => who !== 'worker' || each.workerPid === last.workerPid)
            .map((each) => each[who]);
        if (values.length < 6) {
            return undefined;
        }
        const third = Math.floor(values.length / 3);
        const [early, late] = [median(values.slice(0, third)), median(values.slice(-third))];
        return { early, late, percent: (late / early - 1) * 100 };
    }
}

function median(values) {
    return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
