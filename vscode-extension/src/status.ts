/** The language status of a pyproject.toml: the server, the tool, the lock file, the indexes. */

import * as vscode from 'vscode';
import { SELECTOR } from './client';
import { type LockState, type Status, statusNotification } from './protocol';
import type { Server } from './server';
import { SECTION } from './settings';

/** What is shown, in plain values. */
export interface Shown {
    readonly server: string;
    readonly tool: string;
    readonly lock: string;
    readonly index: string;
}

/** The four items; they follow the active editor. */
export class StatusItems implements vscode.Disposable {
    private readonly server = item('1.server', vscode.l10n.t('pyproject.toml: server'));
    private readonly tool = item('2.tool', vscode.l10n.t('pyproject.toml: tool'));
    private readonly lock = item('3.lock', vscode.l10n.t('pyproject.toml: lock file'));
    private readonly index = item('4.index', vscode.l10n.t('pyproject.toml: package indexes'));
    private readonly told = new Map<string, Status>();
    private readonly subscriptions: vscode.Disposable[];

    constructor(private readonly from: Server) {
        from.onNotification(statusNotification, (status) => {
            this.told.set(vscode.Uri.parse(status.uri).toString(), status);
            this.show();
        });
        this.subscriptions = [
            from.onDidChangeState((state) => {
                if (state !== 'running') {
                    this.told.clear();
                }
                this.show();
            }),
            vscode.window.onDidChangeActiveTextEditor(() => this.show()),
            vscode.workspace.onDidCloseTextDocument((document) => this.told.delete(document.uri.toString())),
            vscode.workspace.onDidGrantWorkspaceTrust(() => this.show()),
        ];
        this.show();
    }

    /** What the server has told of a document. */
    statusOf(uri: vscode.Uri): Status | undefined {
        return this.told.get(uri.toString());
    }

    /** What is shown at the moment. */
    get shown(): Shown {
        const of = (each: vscode.LanguageStatusItem): string =>
            !each.detail ? each.text : `${each.text} (${each.detail})`;
        return { server: of(this.server), tool: of(this.tool), lock: of(this.lock), index: of(this.index) };
    }

    dispose(): void {
        for (const each of [this.server, this.tool, this.lock, this.index, ...this.subscriptions]) {
            each.dispose();
        }
    }

    private show(): void {
        const uri = vscode.window.activeTextEditor?.document.uri;
        const status = uri === undefined ? undefined : this.statusOf(uri);
        this.showServer();
        this.showTool(status);
        this.showLock(status);
        this.showIndex(status);
    }

    private showServer(): void {
        const { state, version, description, problem } = this.from;
        this.server.busy = state === 'starting';
        const { Error, Information, Warning } = vscode.LanguageStatusSeverity;
        this.server.severity =
            state === 'failed' ? Error : vscode.workspace.isTrusted ? Information : Warning;
        this.server.text = {
            starting: vscode.l10n.t('pyproject-ls is starting'),
            running: `pyproject-ls ${version}`,
            stopped: vscode.l10n.t('pyproject-ls is stopped'),
            failed: vscode.l10n.t('pyproject-ls does not run'),
        }[state];
        const restricted = vscode.l10n.t('restricted: the workspace is not trusted');
        assignDetail(this.server, state === 'failed' ? problem : vscode.workspace.isTrusted ? description : restricted);
        this.server.command =
            state === 'running' && !vscode.workspace.isTrusted
                ? { title: vscode.l10n.t('Manage Trust'), command: 'workbench.trust.manage' }
                : state === 'failed'
                  ? { title: vscode.l10n.t('Restart'), command: 'pyprojectLs.restart' }
                  : { title: vscode.l10n.t('Show Logs'), command: 'pyprojectLs.showLogs' };
    }

    private showTool(status: Status | undefined): void {
        this.tool.text = status?.tool || vscode.l10n.t('No tool');
        this.tool.busy = Boolean(status?.activity);
        this.tool.severity = vscode.LanguageStatusSeverity.Information;
        assignDetail(this.tool, status?.activity || status?.obstacle || '');
        this.tool.command = { title: vscode.l10n.t('Select Tool'), command: 'pyprojectLs.selectTool' };
    }

    private showLock(status: Status | undefined): void {
        const state = status?.lock.state ?? 'unknown';
        this.lock.text = lockText(state);
        this.lock.severity =
            state === 'conflict' || state === 'unreadable'
                ? vscode.LanguageStatusSeverity.Error
                : state === 'stale'
                  ? vscode.LanguageStatusSeverity.Warning
                  : vscode.LanguageStatusSeverity.Information;
        assignDetail(this.lock, status?.lock.path ? vscode.workspace.asRelativePath(status.lock.path) : '');
        this.lock.command = { title: vscode.l10n.t('Lock'), command: 'pyprojectLs.lock' };
    }

    private showIndex(status: Status | undefined): void {
        switch (status?.index) {
            case 'offline':
                this.index.text = vscode.l10n.t('Package indexes: offline');
                assignDetail(this.index, vscode.l10n.t('only what was fetched earlier is known'));
                break;
            case 'online':
                this.index.text = vscode.l10n.t('Package indexes: online');
                assignDetail(this.index, vscode.l10n.t('package indexes are asked'));
                break;
            default:
                this.index.text = vscode.l10n.t('Package indexes');
                assignDetail(this.index, '');
        }
        this.index.command = {
            title: vscode.l10n.t('Settings'),
            command: 'workbench.action.openSettings',
            arguments: [`${SECTION}.offline`],
        };
    }
}

/** How a lock file is, in words. */
export function lockText(state: LockState): string {
    switch (state) {
        case 'fresh':
            return vscode.l10n.t('Lock is up to date');
        case 'stale':
            return vscode.l10n.t('Lock is out of date');
        case 'missing':
            return vscode.l10n.t('Not locked');
        case 'unreadable':
            return vscode.l10n.t('Lock cannot be read');
        case 'conflict':
            return vscode.l10n.t('Dependencies conflict');
        default:
            return vscode.l10n.t('Lock unknown');
    }
}

function item(id: string, name: string): vscode.LanguageStatusItem {
    const made = vscode.languages.createLanguageStatusItem(`${SECTION}.${id}`, SELECTOR);
    made.name = name;
    return made;
}

function assignDetail(to: vscode.LanguageStatusItem, detail: string): void {
    to.detail = detail; // an empty one shows nothing; VS Code's property must not be deleted
}
