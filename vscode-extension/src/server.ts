/** The life of the server: started, watched, started again after a crash, stopped. */

import type { ChildProcess } from 'node:child_process';
import * as vscode from 'vscode';
import {
    DocumentDiagnosticRequest,
    type LanguageClient,
    type NotificationType,
    type RequestType,
    State,
} from 'vscode-languageclient/node';
import { type Button, buttons, logsButton, restartButton, settingsButton } from './buttons';
import { firstFailure, spawned } from './child';
import { makeClient } from './client';
import { Crashes } from './crashes';
import { NoInterpreter, forgetInterpreter } from './interpreter';
import { type Launch, findLaunch, lastLaunch } from './launch';
import type { Output } from './output';
import { isHarmless } from './protocol';
import { WrongSetting } from './settings';

/** Milliseconds that a server gets to end in good order. */
const GOODBYE = 3000;

/** Milliseconds after a start from memory until it is seen whether a search finds the same. */
const SECOND_LOOK = 3000;

export type ServerState = 'stopped' | 'starting' | 'running' | 'failed';

/** The one server of this window. */
export class Server implements vscode.Disposable {
    private client: LanguageClient | undefined;
    private process: ChildProcess | undefined;
    private readonly crashes = new Crashes();
    private readonly changed = new vscode.EventEmitter<ServerState>();
    private readonly prepared: ((client: LanguageClient) => void)[] = [];
    private current: ServerState = 'stopped';
    private what = '';
    private trouble = '';
    private told = '';
    /** One start or stop at a time, in the order in which they are asked for. */
    private queue: Promise<void> = Promise.resolve();
    private timer: NodeJS.Timeout | undefined;
    private isDisposed = false;

    readonly onDidChangeState = this.changed.event;

    constructor(
        private readonly context: vscode.ExtensionContext,
        private readonly output: Output,
    ) {}

    get state(): ServerState {
        return this.current;
    }

    /** What runs, or ran last: `bundled server, Python 3.12.4`. */
    get description(): string {
        return this.what;
    }

    /** Why the server does not run; empty if it does. */
    get problem(): string {
        return this.trouble;
    }

    get pid(): number | undefined {
        return this.process?.pid;
    }

    get version(): string {
        return this.client?.initializeResult?.serverInfo?.version ?? '';
    }

    get crashCount(): number {
        return this.crashes.inARow;
    }

    /** Call `listener` for each notification of this type, of this server and of all that follow it. */
    onNotification<P>(type: NotificationType<P>, listener: (params: P) => void): void {
        this.prepared.push((client) => void client.onNotification(type, listener));
    }

    /**
     * The answer of the server; undefined if it does not run, does not know this request, or something else came
     * first. What is wrong beyond that is thrown.
     */
    async ask<P, R>(type: RequestType<P, R, void>, params: P): Promise<R | undefined> {
        const client = this.client;
        if (!isUp(client)) {
            return undefined;
        }
        try {
            return await client.sendRequest<R>(type.method, params);
        } catch (error) {
            if (isHarmless(error) || !isUp(client)) {
                return undefined;
            }
            throw error;
        }
    }

    /** Tell the server something, if it runs. */
    async tell(method: string, params: unknown): Promise<void> {
        if (isUp(this.client)) {
            await this.client.sendNotification(method, params);
        }
    }

    /** Ask the server again for the findings of all documents. */
    pullDiagnostics(): void {
        const feature = this.client?.getFeature(DocumentDiagnosticRequest.method);
        for (const document of vscode.workspace.textDocuments) {
            feature?.getProvider(document)?.onDidChangeDiagnosticsEmitter.fire();
        }
    }

    /** Start the server, or start it anew because a person or a new setting wants it. */
    restart(): Promise<void> {
        this.crashes.forget();
        this.told = '';
        if (this.current === 'starting') {
            this.process?.kill(); // one that is silent would keep everybody waiting
        }
        return this.renew();
    }

    /** Stop the server for good. */
    async stop(): Promise<void> {
        this.isDisposed = true;
        clearTimeout(this.timer);
        await this.enqueue(() => this.end());
    }

    dispose(): void {
        void this.stop();
        this.changed.dispose();
    }

    private renew(): Promise<void> {
        clearTimeout(this.timer);
        return this.enqueue(async () => {
            clearTimeout(this.timer); // of a start that has failed meanwhile
            await this.end();
            if (!this.isDisposed) {
                await this.start();
            }
        });
    }

    private enqueue(work: () => Promise<void>): Promise<void> {
        this.queue = this.queue.then(work).catch((error: unknown) => this.output.log.error(String(error)));
        return this.queue;
    }

    private async start(): Promise<void> {
        this.become('starting');
        let last: Launch | undefined;
        try {
            last = lastLaunch(this.context);
            const launch = last ?? (await this.find());
            this.what = launch.description;
            this.output.log.info(`starting: ${[launch.command, ...launch.args].join(' ')}`);
            const { command, args, env, cwd } = launch;
            this.process = await spawned(command, args, env, cwd);
        } catch (error) {
            await forgetInterpreter(this.context.workspaceState);
            if (last === undefined) {
                this.fail(error);
                return;
            }
            return this.start();
        }
        const child = this.process;
        const client = this.makeClient(child);
        this.client = client;
        const failure = await firstFailure(client.start(), child);
        if (failure !== undefined) {
            await this.drop(client, child);
            await forgetInterpreter(this.context.workspaceState);
            this.output.log.error(`the server did not start: ${failure}`);
            this.crashed(false);
            return;
        }
        this.trouble = '';
        this.become('running');
        if (last !== undefined) {
            this.timer = setTimeout(() => void this.lookAgain(last), SECOND_LOOK);
        }
    }

    private find(): Promise<Launch> {
        return findLaunch(this.context, (line) => this.output.log.info(line));
    }

    /** Start anew if what runs, which was started from memory, is not what a search finds now. */
    private async lookAgain(running: Launch): Promise<void> {
        const found = await this.find().catch(() => undefined);
        if (found === undefined) {
            await forgetInterpreter(this.context.workspaceState);
        }
        if (found?.command !== running.command && this.what === running.description && !this.isDisposed) {
            await this.renew();
        }
    }

    private makeClient(child: ChildProcess): LanguageClient {
        const client = makeClient(this.context.extension, this.output, child, () => {
            if (this.client === client && client.state === State.Running) {
                this.output.log.error('the server has ended unexpectedly');
                this.client = undefined;
                setTimeout(() => void client.dispose().catch(() => undefined));
                this.crashed(true);
            }
        });
        for (const prepare of this.prepared) {
            prepare(client);
        }
        return client;
    }

    private async end(): Promise<void> {
        const { client, process: child } = this;
        if (client !== undefined && child !== undefined) {
            this.client = undefined; // so that its end is none of a crash
            await this.drop(client, child);
        }
        this.become('stopped');
    }

    /** Have `client` end in good order if it can, and its process in any case. */
    private async drop(client: LanguageClient, child: ChildProcess): Promise<void> {
        if (this.client === client) {
            this.client = undefined;
        }
        this.process = undefined;
        try {
            await client.dispose(GOODBYE);
        } catch (error) {
            this.output.log.debug(`while stopping: ${String(error)}`);
        }
        if (child.exitCode === null && child.signalCode === null) {
            child.kill();
        }
    }

    private crashed(hasRun: boolean): void {
        this.process = undefined;
        clearTimeout(this.timer); // of a second look
        const pause = this.crashes.pauseAfter(Date.now());
        if (pause === undefined) {
            this.trouble = vscode.l10n.t('The server for pyproject.toml keeps ending, and is not started any more.');
            this.become('failed');
            this.tellOnce(this.trouble, [restartButton(), logsButton()]);
            return;
        }
        this.become('starting');
        if (hasRun && this.crashes.inARow === 1) {
            const message = vscode.l10n.t('The server for pyproject.toml has ended unexpectedly, and is started again.');
            void buttons(vscode.window.showWarningMessage, message, [logsButton()]);
        }
        if (!this.isDisposed) {
            this.timer = setTimeout(() => void this.renew(), pause);
        }
    }

    private fail(error: unknown): void {
        this.trouble = error instanceof Error ? error.message : String(error);
        this.output.log.error(this.trouble);
        this.become('failed');
        const choices = [logsButton()];
        if (error instanceof NoInterpreter) {
            choices.unshift({ title: vscode.l10n.t('Select Interpreter'), command: 'pyprojectLs.selectInterpreter' });
        } else {
            choices.unshift(settingsButton(error instanceof WrongSetting ? '' : 'pyproject-ls.path'));
        }
        this.tellOnce(this.trouble, choices);
    }

    private tellOnce(message: string, choices: Button[]): void {
        if (message !== this.told) {
            this.told = message;
            void buttons(vscode.window.showErrorMessage, message, choices);
        }
    }

    private become(state: ServerState): void {
        if (state !== this.current) {
            this.current = state;
            void vscode.commands.executeCommand('setContext', 'pyproject-ls.isRunning', state === 'running');
            void vscode.commands.executeCommand('setContext', 'pyproject-ls.hasFailed', state === 'failed');
            this.changed.fire(state);
        }
    }
}

function isUp(client: LanguageClient | undefined): client is LanguageClient {
    return client?.state === State.Running;
}
