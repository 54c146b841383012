/** Peace with other extensions that check TOML: what both report need not be shown twice. */

import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { SECTION, choice } from './settings';

/** Extensions that check pyproject.toml too, and the setting that makes them leave off, where there is one. */
const OTHERS = [
    { id: 'tamasfe.even-better-toml', name: 'Even Better TOML', setting: 'evenBetterToml.schema.enabled' },
    { id: 'tombi-toml.tombi', name: 'Tombi', setting: '' },
] as const;

/** The findings of ours that such extensions have as well. */
const COMMON = new Set([
    ...['toml-syntax', 'control-character', 'duplicate-key', 'conflicting-keys'],
    ...['unknown-key', 'unknown-field', 'missing-key', 'invalid-value'],
]);

const ASKED = 'beside.asked';

/** Which documents show what others report as well, or do not. */
const hiding = new WeakMap<object, boolean>();

/** Leaves out what another extension reports, where the setting says so. */
export const middleware: Middleware = {
    handleDiagnostics: (uri, diagnostics, next) => next(uri, kept(diagnostics)),
    provideDiagnostics: async (document, previousResultId, token, next) => {
        const hides = hidesOurs();
        const isSame = hiding.get(document) === hides;
        const report = await next(document, isSame ? previousResultId : undefined, token);
        if (!report || !('items' in report)) {
            return report;
        }
        hiding.set(document, hides);
        return { ...report, items: kept(report.items) };
    },
};

/** Have the findings of all documents asked for again when the setting changes. */
export function watchSetting(server: { pullDiagnostics(): void }): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.otherTomlExtensions`)) {
            server.pullDiagnostics();
        }
    });
}

function hidesOurs(): boolean {
    return choice('otherTomlExtensions', ['ask', 'both', 'hideOurs']) === 'hideOurs' && present().length > 0;
}

function kept(diagnostics: vscode.Diagnostic[]): vscode.Diagnostic[] {
    return hidesOurs() ? diagnostics.filter((each) => !COMMON.has(codeOf(each))) : diagnostics;
}

function codeOf(diagnostic: vscode.Diagnostic): string {
    const { code } = diagnostic;
    return String(typeof code === 'object' ? code.value : (code ?? ''));
}

function present(): (typeof OTHERS)[number][] {
    return OTHERS.filter((each) => vscode.extensions.getExtension(each.id) !== undefined);
}

/** Ask, once in each workspace, who is to report what both would. */
export async function hintOnce(context: vscode.ExtensionContext): Promise<void> {
    const [other] = present();
    if (
        other === undefined ||
        choice('otherTomlExtensions', ['ask', 'both', 'hideOurs']) !== 'ask' ||
        context.workspaceState.get(ASKED) === true
    ) {
        return;
    }
    await context.workspaceState.update(ASKED, true);
    const ours = vscode.l10n.t('Hide Ours');
    const theirs = vscode.l10n.t('Turn Off Its Schemas');
    const both = vscode.l10n.t('Keep Both');
    const chosen = await vscode.window.showInformationMessage(
        vscode.l10n.t('{0} checks pyproject.toml as well, so some faults are reported twice.', other.name),
        ...(other.setting === '' ? [ours, both] : [theirs, ours, both]),
    );
    const target = vscode.ConfigurationTarget.Workspace;
    if (chosen === theirs) {
        await vscode.workspace.getConfiguration().update(other.setting, false, target);
    } else if (chosen !== undefined) {
        const value = chosen === ours ? 'hideOurs' : 'both';
        await vscode.workspace.getConfiguration(SECTION).update('otherTomlExtensions', value, target);
    }
}
