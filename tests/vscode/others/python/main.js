// The part of the Python extension's API that says which interpreter is selected; tests select with `select`.

const vscode = require('vscode');

exports.activate = () => {
    const changed = new vscode.EventEmitter();
    let selected = process.env.PYPROJECT_LS_TEST_PYTHON;
    return {
        environments: {
            getActiveEnvironmentPath: () => ({ path: selected }),
            resolveEnvironment: async ({ path }) => ({ executable: { uri: vscode.Uri.file(path) } }),
            onDidChangeActiveEnvironmentPath: changed.event,
        },
        select(path) {
            selected = path;
            changed.fire({ path });
        },
    };
};
