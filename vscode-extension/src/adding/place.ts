/** The last step of adding a package: where it belongs. */

import * as vscode from 'vscode';
import { projectOf } from '../projects';
import type { DependencyList } from '../protocol';
import type { Server } from '../server';
import { type Step, shown } from './steps';

/** A group or an extra; neither is the dependencies of the project. */
export interface Place {
    readonly group?: string;
    readonly extra?: string;
}

interface PlaceItem extends vscode.QuickPickItem {
    readonly value: Place | 'new group' | 'new extra';
}

/** Ask for the list that the package `name` is to stand in. */
export async function pickPlace(server: Server, uri: vscode.Uri, name: string): Promise<Step<Place>> {
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
