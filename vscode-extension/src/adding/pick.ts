/** Choosing a package to add: its name, then a version, then where it belongs. */

import type * as vscode from 'vscode';
import type { Server } from '../server';
import { REQUIREMENT, pickName } from './name';
import { type Place, pickPlace } from './place';
import type { Step } from './steps';
import { pickVersion } from './version';

/** What is to be added; the argument of the server's command. */
export interface Addition extends Place {
    readonly name: string;
    readonly extras?: readonly string[];
    readonly constraint?: string;
}

/**
 * Ask a person for all of it, but for the place if that is known; undefined if they have thought better of it.
 */
export async function pickPackage(server: Server, uri: vscode.Uri, place?: Place): Promise<Addition | undefined> {
    let typed = '';
    for (;;) {
        const named = await pickName(server, uri, typed);
        if (named === undefined || named === 'back') {
            return undefined;
        }
        typed = named.value;
        const [, name = typed, extras = '', constraint = ''] = REQUIREMENT.exec(typed) ?? [];
        const addition: Addition = {
            name,
            ...(extras.trim() === '' ? {} : { extras: extras.split(',').map((each) => each.trim()) }),
        };
        const found = await pickRest(server, uri, addition, constraint, place);
        if (found !== 'back') {
            return found?.value;
        }
    }
}

async function pickRest(
    server: Server,
    uri: vscode.Uri,
    named: Addition,
    typed: string,
    given: Place | undefined,
): Promise<Step<Addition>> {
    for (;;) {
        const constraint: Step<string> =
            typed === '' ? await pickVersion(server, uri, named.name) : { value: typed };
        if (constraint === undefined || constraint === 'back') {
            return constraint;
        }
        const place: Step<Place> = given === undefined ? await pickPlace(server, uri, named.name) : { value: given };
        if (place === undefined) {
            return undefined;
        }
        if (place !== 'back') {
            const addition = { ...named, ...place.value };
            return { value: constraint.value === '' ? addition : { ...addition, constraint: constraint.value } };
        }
        if (typed !== '') {
            return 'back';
        }
    }
}
