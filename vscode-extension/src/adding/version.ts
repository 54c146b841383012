/** The second step of adding a package: its version. */

import * as vscode from 'vscode';
import type { PackageVersion } from '../protocol';
import type { Server } from '../server';
import { type Step, infoOf, keepOrder, shown } from './steps';

const CONSTRAINT = /^(?:[<>=!~^]|\*$|\d)/;

interface VersionItem extends vscode.QuickPickItem {
    readonly value: string;
}

/** Ask for a constraint; an empty one leaves it to the tool. */
export async function pickVersion(server: Server, uri: vscode.Uri, name: string): Promise<Step<string>> {
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
