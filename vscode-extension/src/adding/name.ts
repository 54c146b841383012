/** The first step of adding a package: its name, found while it is typed. */

import * as vscode from 'vscode';
import { searchRequest } from '../protocol';
import type { Server } from '../server';
import { AGAIN, ATTEMPTS, type Step, infoOf, keepOrder, pause, shown } from './steps';

/** Milliseconds between a keystroke and the search. */
const PAUSE = 80;

/** How many of the packages found get their summaries at once. */
const WITH_SUMMARY = 6;

/** A name, extras and a constraint. */
export const REQUIREMENT = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*?)\s*$/;

interface NameItem extends vscode.QuickPickItem {
    readonly value: string;
    /** Whether `label` is the name of a package. */
    readonly isPackage: boolean;
}

/** Ask for the name of a package, beginning with what was `typed` before; what is typed behind it goes along. */
export async function pickName(server: Server, uri: vscode.Uri, typed: string): Promise<Step<string>> {
    const pick = vscode.window.createQuickPick<NameItem>();
    pick.title = vscode.l10n.t('Add Dependency');
    pick.step = 1;
    pick.totalSteps = 3;
    pick.placeholder = vscode.l10n.t('Name of a package; `name[extra] >=1.0` is understood too');
    keepOrder(pick);
    pick.matchOnDescription = false;
    pick.matchOnDetail = false;
    pick.value = typed;

    const summaries = new Map<string, string>();
    let round = 0;
    let timer: NodeJS.Timeout | undefined;

    const show = (items: NameItem[]): void => {
        const active = pick.activeItems[0]?.value;
        pick.items = items;
        const kept = items.find((each) => each.value === active);
        if (kept !== undefined) {
            pick.activeItems = [kept];
        }
    };
    const search = async (): Promise<void> => {
        const mine = (round += 1);
        const isCurrent = (): boolean => mine === round;
        const value = pick.value.trim();
        const query = REQUIREMENT.exec(value)?.[1] ?? '';
        if (query === '') {
            pick.items = [];
            pick.busy = false;
            return;
        }
        pick.busy = true;
        for (let attempt = 0; isCurrent() && attempt < ATTEMPTS; attempt += 1) {
            const found = await server.ask(searchRequest, { uri: uri.toString(), query });
            if (!isCurrent()) {
                return;
            }
            const names = found?.items ?? [];
            const items = names.map((each) => nameItem(each.name, each.popular, value, query, summaries));
            if (!names.some((each) => each.name.toLowerCase() === query.toLowerCase())) {
                items.push(typedItem(value));
            }
            show(items);
            if (found === undefined || found.complete || names.length > 0) {
                break;
            }
            await pause(AGAIN); // the list of all names is on its way
        }
        pick.busy = false;
        await addSummaries(server, uri, pick, summaries, isCurrent);
    };
    const found = await shown<string, NameItem>(pick, (accept) => [
        pick.onDidChangeValue(() => {
            clearTimeout(timer);
            timer = setTimeout(() => void search(), PAUSE);
        }),
        pick.onDidAccept(() => {
            const value = pick.selectedItems[0]?.value ?? pick.value.trim();
            if (REQUIREMENT.test(value)) {
                accept({ value });
            }
        }),
    ], () => void search());
    round += 1;
    clearTimeout(timer);
    return found;
}

function nameItem(
    name: string,
    isPopular: boolean,
    typed: string,
    query: string,
    summaries: ReadonlyMap<string, string>,
): NameItem {
    const summary = summaries.get(name);
    // what was typed behind the name (extras, a constraint) goes along
    const behind = typed.slice(typed.indexOf(query) + query.length).trim();
    return {
        label: name,
        isPackage: true,
        value: name + behind,
        alwaysShow: true,
        iconPath: new vscode.ThemeIcon(isPopular ? 'star-full' : 'package'),
        ...(behind === '' ? {} : { description: behind }),
        ...(summary === undefined ? {} : { detail: summary }),
    };
}

function typedItem(value: string): NameItem {
    return {
        label: vscode.l10n.t('As typed'),
        isPackage: false,
        value,
        alwaysShow: true,
        iconPath: new vscode.ThemeIcon('edit'),
        description: value,
    };
}

async function addSummaries(
    server: Server,
    uri: vscode.Uri,
    pick: vscode.QuickPick<NameItem>,
    summaries: Map<string, string>,
    isCurrent: () => boolean,
): Promise<void> {
    const wanted = pick.items
        .filter((each) => each.isPackage)
        .slice(0, WITH_SUMMARY)
        .map((each) => each.label)
        .filter((name) => !summaries.has(name));
    await Promise.all(
        wanted.map(async (name) => {
            const info = await infoOf(server, uri, name, isCurrent);
            if (info?.summary && isCurrent()) {
                summaries.set(name, info.summary);
                showSummaries(pick, summaries);
            }
        }),
    );
}

function showSummaries(pick: vscode.QuickPick<NameItem>, summaries: ReadonlyMap<string, string>): void {
    const active = pick.activeItems[0]?.value;
    pick.items = pick.items.map((each) => {
        const summary = each.isPackage ? summaries.get(each.label) : undefined;
        return summary === undefined ? each : { ...each, detail: summary };
    });
    pick.activeItems = pick.items.filter((each) => each.value === active);
}
