/** Settings: those of the extension itself, and what the server is told. */

import * as vscode from 'vscode';

export const SECTION = 'pyproject-ls';

/** The settings whose change needs another server process: a proxy is part of its environment. */
export const NEED_RESTART = [
    ...['interpreter', 'importStrategy', 'path'].map((name) => `${SECTION}.${name}`),
    ...['http.proxy', 'http.noProxy'],
];

/** Settings of the extension, which the server has no use for. */
const OWN = new Set(['interpreter', 'importStrategy', 'path', 'otherTomlExtensions', 'trace.server']);

export type ImportStrategy = 'useBundled' | 'fromEnvironment';
export type OtherTomlExtensions = 'ask' | 'both' | 'hideOurs';

/** A setting that cannot be used; the message names it, and says what would do. */
export class WrongSetting extends Error {}

/** A text setting, trimmed. Throws WrongSetting. */
export function text(name: string, scope?: vscode.ConfigurationScope): string {
    const value: unknown = vscode.workspace.getConfiguration(SECTION, scope).get(name);
    if (value === undefined || value === null) {
        return '';
    }
    if (typeof value !== 'string') {
        throw new WrongSetting(
            vscode.l10n.t('The setting `{0}` is {1}; use a text.', `${SECTION}.${name}`, JSON.stringify(value)),
        );
    }
    return value.trim();
}

/** A setting that is one of `values`; the first one where it is none of them. */
export function choice<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    const value: unknown = vscode.workspace.getConfiguration(SECTION).get(name);
    return values.find((each) => each === value) ?? values[0];
}

/** A path of the settings with `~` and `${workspaceFolder}` replaced. */
export function expanded(path: string, home: string, folder: string | undefined): string {
    const atHome = path.replace(/^~(?=$|[\\/])/, () => home);
    return folder === undefined ? atHome : atHome.replaceAll('${workspaceFolder}', () => folder);
}

/**
 * What the server is told for a folder or file: what somebody has set, in the shape of the README, and whether
 * the workspace is trusted. What nobody has set is left out: its default is the server's own business, or comes
 * from the environment.
 */
export function forServer(
    extension: vscode.Extension<unknown>,
    scope?: vscode.ConfigurationScope,
): Record<string, unknown> {
    const configuration = vscode.workspace.getConfiguration(SECTION, scope);
    const found: Record<string, unknown> = {};
    for (const name of contributed(extension)) {
        if (!OWN.has(name) && isSet(configuration, name)) {
            put(found, name.split('.'), configuration.get(name));
        }
    }
    found['trusted'] = vscode.workspace.isTrusted;
    return found;
}

/** The names of all settings without the section. */
function contributed(extension: vscode.Extension<unknown>): string[] {
    const manifest = extension.packageJSON as {
        contributes: { configuration: { properties: Record<string, unknown> }[] };
    };
    return manifest.contributes.configuration
        .flatMap((each) => Object.keys(each.properties))
        .map((name) => name.slice(SECTION.length + 1));
}

function isSet(configuration: vscode.WorkspaceConfiguration, name: string): boolean {
    const all = configuration.inspect(name);
    return [
        all?.globalValue,
        all?.workspaceValue,
        all?.workspaceFolderValue,
        all?.globalLanguageValue,
        all?.workspaceLanguageValue,
        all?.workspaceFolderLanguageValue,
    ].some((value) => value !== undefined);
}

function put(into: Record<string, unknown>, path: string[], value: unknown): void {
    const [first = '', ...rest] = path;
    if (rest.length === 0) {
        into[first] = value;
        return;
    }
    const inner = into[first];
    const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
    into[first] = next;
    put(next, rest, value);
}
