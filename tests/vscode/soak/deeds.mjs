// What is done at random: each deed is a function that runs in the extension host as `deed(vscode, t, uri, number, good)`.
// `number` is a whole number by chance, `good` the text that the file began with. A deed may come to nothing, as with people.

/** Edit a file: [weight, deed]. */
const EDITS = [
    [6, async function typeSomething(vscode, t, uri, number) {
        const bits = ['"', '[', ']', '=', '\n', 'a', ' ', '#', '{', '.', '\\', 'ö', '🐍', '>=1.0', '"lantern>=2",\n', '[tool.x]\n'];
        const document = await vscode.workspace.openTextDocument(uri);
        const edit = new vscode.WorkspaceEdit();
        edit.insert(uri, document.positionAt(number % (document.getText().length + 1)), bits[number % bits.length]);
        await vscode.workspace.applyEdit(edit);
    }],
    [4, async function deleteSomething(vscode, t, uri, number) {
        const document = await vscode.workspace.openTextDocument(uri);
        const offset = number % (document.getText().length + 1);
        const edit = new vscode.WorkspaceEdit();
        edit.delete(uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + (number % 20))));
        await vscode.workspace.applyEdit(edit);
    }],
    [3, async function doubleALine(vscode, t, uri, number) {
        const document = await vscode.workspace.openTextDocument(uri);
        const line = document.lineAt(number % document.lineCount);
        const edit = new vscode.WorkspaceEdit();
        edit.insert(uri, line.range.end, `\n${line.text}`);
        await vscode.workspace.applyEdit(edit);
    }],
    [2, async function undo(vscode, t, uri) {
        await t.open(uri);
        await vscode.commands.executeCommand('undo');
    }],
    [3, async function beginAgain(vscode, t, uri, number, good) {
        await t.write(await vscode.workspace.openTextDocument(uri), good, number % 2 === 0);
    }],
    [2, async function save(vscode, t, uri) {
        await (await vscode.workspace.openTextDocument(uri)).save();
    }],
    [1, async function closeAndOpen(vscode, t, uri) {
        await t.open(uri);
        await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
        await t.open(uri);
    }],
];

/** Look at a file. */
const LOOKS = [
    [6, async function lookAtAPlace(vscode, t, uri, number) {
        const document = await vscode.workspace.openTextDocument(uri);
        const place = document.positionAt(number % (document.getText().length + 1));
        const providers = ['Hover', 'CompletionItem', 'Definition', 'Reference'];
        await vscode.commands.executeCommand(`vscode.execute${providers[number % providers.length]}Provider`, uri, place);
    }],
    [4, async function lookAtTheFile(vscode, t, uri, number) {
        const document = await vscode.workspace.openTextDocument(uri);
        const whole = new vscode.Range(0, 0, document.lineCount, 0);
        const looks = [
            ['vscode.executeCodeActionProvider', uri, whole], ['vscode.executeInlayHintProvider', uri, whole],
            ['vscode.executeCodeLensProvider', uri], ['vscode.executeDocumentSymbolProvider', uri],
            ['vscode.executeFoldingRangeProvider', uri], ['vscode.executeLinkProvider', uri],
        ];
        await vscode.commands.executeCommand(...looks[number % looks.length]);
    }],
    [1, async function lookAtTheTree(vscode, t) {
        const { tree } = await t.api();
        tree.refresh();
        const look = async (node, depth) => {
            for (const each of depth === 0 ? [] : await tree.getChildren(node)) {
                tree.getTreeItem(each);
                await look(each, depth - 1);
            }
        };
        await look(undefined, 4);
    }],
    [1, async function copyDebugInformation(vscode) {
        await vscode.commands.executeCommand('pyprojectLs.copyDebugInformation');
    }],
];

/** Have the server, and the tool, do something; `t.shared.jobs` counts what has come of it. */
const COMMANDS = [
    [3, async function fixAll(vscode, t, uri) {
        await vscode.commands.executeCommand('pyprojectLs.fixAll', uri);
    }],
    [1, async function migrate(vscode, t, uri) {
        await vscode.commands.executeCommand('pyprojectLs.migrate', uri);
    }],
    [6, async function haveTheToolWork(vscode, t, uri, number) {
        const names = ['lantern', 'checkit', 'clapper', 'no-such-package'];
        const node = { uri: uri.toString(), name: names[number % names.length] };
        const commands = [
            ['lock', uri], ['previewLock', uri], ['dependencyTree', uri],
            ['addDependency', node], ['why', { kind: 'parent', ...node }],
            ['updateDependency', { kind: 'dependency', ...node }],
            ['removeDependency', { kind: 'dependency', ...node, declared: { dependency: node, list: { kind: 'main', name: '' } } }],
        ];
        const [name, argument] = commands[number % commands.length];
        const ended = t.job();
        void vscode.commands.executeCommand(`pyprojectLs.${name}`, argument);
        const job = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20_000))]);
        const key = `${name} ${job === undefined ? 'has not ended' : job.ok ? 'worked' : 'could not be done'}`;
        t.shared.jobs ??= {};
        t.shared.jobs[key] = (t.shared.jobs[key] ?? 0) + 1;
    }],
    [1, async function changeASetting(vscode, t, uri, number) {
        const settings = [
            ['ignore', ['unknown-field']], ['ignore', undefined], ['profile', 'poetry'], ['profile', undefined],
            ['inlayHints.constraintRange', true], ['inlayHints.constraintRange', undefined],
            ['resolve', 'type'], ['resolve', undefined],
        ];
        const [name, value] = settings[number % settings.length];
        await vscode.workspace.getConfiguration('pyproject-ls').update(name, value, vscode.ConfigurationTarget.Workspace);
    }],
];

/** All deeds, and those of a workspace that is not trusted. */
export const ALL = [...EDITS, ...LOOKS, ...COMMANDS];
export const RESTRICTED = [...EDITS, ...LOOKS];
