/** What the server speaks beside LSP: docs/protocol.md of the repository. */

import { LSPErrorCodes, NotificationType, Range, RequestType, ResponseError, ErrorCodes } from 'vscode-languageclient/node';

export type LockState = 'fresh' | 'stale' | 'missing' | 'unreadable' | 'conflict' | 'unknown';

export interface Lock {
    readonly path: string;
    readonly state: LockState;
}

export type DependencyState = 'ok' | 'outdated' | 'conflict' | 'problem' | 'unknown';

export interface Dependency {
    readonly name: string;
    readonly constraint: string;
    /** Versions; empty or null for none. */
    readonly locked: string | null;
    readonly newest: string | null;
    readonly state: DependencyState;
    readonly message?: string;
    readonly range: Range;
}

export type ListKind = 'main' | 'extra' | 'group' | 'build' | 'plugin' | 'constraint';

export interface DependencyList {
    readonly kind: ListKind;
    readonly name: string;
    readonly label: string;
    readonly dependencies: readonly Dependency[];
}

export interface Project {
    readonly uri: string;
    readonly name: string;
    readonly folder: string;
    readonly tool: 'poetry' | 'uv' | null;
    readonly lock: Lock;
    readonly lists: readonly DependencyList[];
}

export interface FoundPackage {
    readonly name: string;
    readonly popular: boolean;
}

export interface PackageVersion {
    readonly version: string;
    readonly date: string | null;
    readonly yanked: boolean;
    readonly prerelease: boolean;
    readonly supported: boolean;
}

export interface PackageInfo {
    readonly name: string;
    readonly summary: string | null;
    readonly versions: readonly PackageVersion[];
    readonly extras: readonly string[];
}

export interface ReverseTree {
    readonly parents: readonly { readonly name: string; readonly version: string; readonly constraint: string }[];
    readonly direct: readonly string[];
}

export interface Status {
    readonly uri: string;
    readonly tool: string;
    readonly lock: Lock;
    readonly activity: string;
    readonly obstacle: string;
    readonly index: 'online' | 'offline';
}

export interface JobFinished {
    readonly command: string;
    readonly uri: string;
    readonly ok: boolean;
    readonly message: string;
    readonly changed: boolean;
}

export const projectsRequest = new RequestType<object, { projects: Project[] }, void>('pyproject-ls/projects');
export const searchRequest = new RequestType<
    { uri: string; query: string },
    { items: FoundPackage[]; complete: boolean },
    void
>('pyproject-ls/searchPackages');
export const infoRequest = new RequestType<{ uri: string; name: string }, PackageInfo | null, void>(
    'pyproject-ls/packageInfo',
);
export const reverseTreeRequest = new RequestType<{ uri: string; name: string }, ReverseTree, void>(
    'pyproject-ls/reverseTree',
);

export const statusNotification = new NotificationType<Status>('pyproject-ls/status');
export const projectsChangedNotification = new NotificationType<object>('pyproject-ls/projectsChanged');
export const outputNotification = new NotificationType<{ uri: string; line: string }>('pyproject-ls/output');
export const jobFinishedNotification = new NotificationType<JobFinished>('pyproject-ls/jobFinished');

/** Whether an error says that nothing is wrong: the server is an older one, it ends, or the request was cancelled. */
export function isHarmless(error: unknown): boolean {
    if (!(error instanceof ResponseError)) {
        return false;
    }
    const codes: number[] = [
        ErrorCodes.MethodNotFound,
        ErrorCodes.PendingResponseRejected,
        ErrorCodes.ConnectionInactive,
        LSPErrorCodes.RequestCancelled,
        LSPErrorCodes.ServerCancelled,
        LSPErrorCodes.ContentModified,
    ];
    return codes.includes(error.code);
}
