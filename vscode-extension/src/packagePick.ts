/** Choosing a package to add: its name, found while it is typed, then a version, then where it belongs. */

import * as vscode from 'vscode';
import {
    type DependencyList,
    type PackageInfo,
    type PackageVersion,
    infoRequest,
    searchRequest,
} from './protocol';
import { projectOf } from './projects';
import type { Server } from './server';

/** What is to be added; the argument of the server's command. */
export interface Addition {
    readonly name: string;
    readonly extras?: readonly string[];
    readonly constraint?: string;
    readonly group?: string;
    readonly extra?: string;
}

/** Milliseconds between a keystroke and the search. */
const PAUSE = 80;

/** How long, and how often, an index that has not answered is asked again. */
const AGAIN = 300;
const ATTEMPTS = 10;

/** How many of the packages found get their summaries at once. */
const WITH_SUMMARY = 6;

const REQUIREMENT = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*?)\s*$/;
const CONSTRAINT = /^(?:[<>=!~^]|\*$|\d)/;

type Step<T> = { readonly value: T } | 'back' | undefined;

/** Where a dependency belongs: a group, an extra, or the dependencies of the project. */
export type Place = Pick<Addition, 'group' | 'extra'>;

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

// The name

interface NameItem extends vscode.QuickPickItem {
    readonly value: string;
    /** Whether `label` is the name of a package. */
    readonly isPackage: boolean;
}

async function pickName(server: Server, uri: vscode.Uri, typed: string): Promise<Step<string>> {
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

/** Leave items in the order that they were given in; VS Code has this, but does not promise it. */
function keepOrder<T extends vscode.QuickPickItem>(pick: vscode.QuickPick<T>): void {
    try {
        Object.assign(pick, { sortByLabel: false });
    } catch {
        // then they come in the order of VS Code
    }
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

/** What is known of a package; undefined if the index does not answer in time. */
async function infoOf(
    server: Server,
    uri: vscode.Uri,
    name: string,
    isWanted: () => boolean,
): Promise<PackageInfo | undefined> {
    for (let attempt = 0; attempt < ATTEMPTS && isWanted(); attempt += 1) {
        const info = await server.ask(infoRequest, { uri: uri.toString(), name }).catch(() => undefined);
        if (info !== null) {
            return info;
        }
        await pause(AGAIN);
    }
    return undefined;
}

// The version

interface VersionItem extends vscode.QuickPickItem {
    readonly value: string;
}

async function pickVersion(server: Server, uri: vscode.Uri, name: string): Promise<Step<string>> {
    const pick = vscode.window.createQuickPick<VersionItem>();
    pick.title = vscode.l10n.t('Add {0}', name);
    pick.step = 2;
    pick.totalSteps = 3;
    keepOrder(pick);
    pick.placeholder = vscode.l10n.t('Version, or a constraint such as >=1.4');
    pick.buttons = [vscode.QuickInputButtons.Back];
    const newest: VersionItem = {
        label: vscode.l10n.t('Newest that fits'),
        value: '',
        iconPath: new vscode.ThemeIcon('sparkle'),
        description: vscode.l10n.t('chosen by your tool'),
    };
    let versions: VersionItem[] = [];
    let isOpen = true;
    const show = (): void => {
        const typed = pick.value.trim();
        const own: VersionItem[] = CONSTRAINT.test(typed)
            ? [{
                  label: typed,
                  value: typed,
                  alwaysShow: true,
                  iconPath: new vscode.ThemeIcon('edit'),
                  description: vscode.l10n.t('as typed'),
              }]
            : [];
        pick.items = [newest, ...versions, ...own];
    };
    const result = await shown<string, VersionItem>(pick, (accept) => [
        pick.onDidChangeValue(show),
        pick.onDidAccept(() => {
            const [chosen] = pick.selectedItems;
            if (chosen !== undefined) {
                accept({ value: chosen.value });
            }
        }),
    ], () => {
        show();
        pick.busy = true;
        void infoOf(server, uri, name, () => isOpen).then((info) => {
            if (isOpen) {
                pick.busy = false;
                pick.title = info?.summary ? `${pick.title ?? ''}: ${info.summary}` : pick.title;
                versions = inOrder(info?.versions ?? []).map(versionItem);
                show();
            }
        });
    });
    isOpen = false;
    return result;
}

/** Final versions first, then pre-releases, then what cannot be had; each part in the order of the index. */
function inOrder(versions: readonly PackageVersion[]): PackageVersion[] {
    const rank = (each: PackageVersion): number => (!each.supported || each.yanked ? 2 : each.prerelease ? 1 : 0);
    return [0, 1, 2].flatMap((part) => versions.filter((each) => rank(each) === part));
}

function versionItem(each: PackageVersion): VersionItem {
    const remarks = [
        each.date?.slice(0, 10) ?? '',
        each.prerelease ? vscode.l10n.t('pre-release') : '',
        each.yanked ? vscode.l10n.t('yanked') : '',
        each.supported ? '' : vscode.l10n.t('for another Python'),
    ].filter((remark) => remark !== '');
    return {
        label: each.version,
        value: `==${each.version}`,
        description: remarks.join(', '),
        iconPath: new vscode.ThemeIcon(each.yanked || !each.supported ? 'warning' : 'tag'),
    };
}

// The place

interface PlaceItem extends vscode.QuickPickItem {
    readonly value: Place | 'new group' | 'new extra';
}

async function pickPlace(server: Server, uri: vscode.Uri, name: string): Promise<Step<Place>> {
    const project = await projectOf(server, uri);
    const lists = project?.lists ?? [];
    const items: PlaceItem[] = [
        {
            label: vscode.l10n.t('Dependencies of the project'),
            value: {},
            iconPath: new vscode.ThemeIcon('package'),
        },
        ...lists.flatMap(placeItem),
        { label: vscode.l10n.t('New group...'), value: 'new group', iconPath: new vscode.ThemeIcon('add') },
        { label: vscode.l10n.t('New extra...'), value: 'new extra', iconPath: new vscode.ThemeIcon('add') },
    ];
    const pick = vscode.window.createQuickPick<PlaceItem>();
    pick.title = vscode.l10n.t('Add {0}', name);
    pick.step = 3;
    pick.totalSteps = 3;
    pick.placeholder = vscode.l10n.t('Where does it belong?');
    pick.buttons = [vscode.QuickInputButtons.Back];
    pick.items = items;
    const chosen = await shown<PlaceItem['value'], PlaceItem>(pick, (accept) => [
        pick.onDidAccept(() => {
            const [item] = pick.selectedItems;
            if (item !== undefined) {
                accept({ value: item.value });
            }
        }),
    ]);
    if (chosen === undefined || chosen === 'back') {
        return chosen;
    }
    if (typeof chosen.value !== 'string') {
        return { value: chosen.value };
    }
    const isGroup = chosen.value === 'new group';
    const named = await vscode.window.showInputBox({
        prompt: isGroup ? vscode.l10n.t('Name of the new group') : vscode.l10n.t('Name of the new extra'),
        validateInput: (value) =>
            /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(value)
                ? undefined
                : vscode.l10n.t('Letters, digits, and - _ . between them'),
    });
    if (named === undefined) {
        return 'back';
    }
    return { value: isGroup ? { group: named } : { extra: named } };
}

function placeItem(list: DependencyList): PlaceItem[] {
    if (list.kind !== 'group' && list.kind !== 'extra') {
        return [];
    }
    const isGroup = list.kind === 'group';
    return [
        {
            label: list.name,
            description: isGroup ? vscode.l10n.t('group') : vscode.l10n.t('extra'),
            value: isGroup ? { group: list.name } : { extra: list.name },
            iconPath: new vscode.ThemeIcon(isGroup ? 'folder' : 'extensions'),
        },
    ];
}

/** Show a pick until something is accepted, the way back is taken, or it is hidden. */
function shown<T, I extends vscode.QuickPickItem>(
    pick: vscode.QuickPick<I>,
    listen: (accept: (step: Step<T>) => void) => vscode.Disposable[],
    begin?: () => void,
): Promise<Step<T>> {
    return new Promise((resolve) => {
        const subscriptions = [
            ...listen((step) => {
                resolve(step);
                pick.hide();
            }),
            pick.onDidTriggerButton((button) => {
                if (button === vscode.QuickInputButtons.Back) {
                    resolve('back');
                    pick.hide();
                }
            }),
            pick.onDidHide(() => {
                resolve(undefined);
                for (const each of subscriptions) {
                    each.dispose();
                }
                pick.dispose();
            }),
        ];
        pick.ignoreFocusOut = true;
        pick.show();
        begin?.();
    });
}

function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
        setTimeout(resolve, milliseconds);
    });
}
