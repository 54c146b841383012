// Reports `descripton`, while its schemas are on.

const vscode = require('vscode');

exports.activate = (context) => {
    const found = vscode.languages.createDiagnosticCollection('even-better-toml');
    const look = () => {
        for (const document of vscode.workspace.textDocuments) {
            const offset = document.getText().indexOf('descripton');
            const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + 10));
            const isOn = vscode.workspace.getConfiguration('evenBetterToml').get('schema.enabled');
            const report = isOn && offset >= 0 ? [new vscode.Diagnostic(range, 'Additional properties are not allowed')] : [];
            found.set(document.uri, report.map((each) => Object.assign(each, { source: 'Even Better TOML' })));
        }
    };
    context.subscriptions.push(found, vscode.workspace.onDidOpenTextDocument(look), vscode.workspace.onDidChangeConfiguration(look));
    look();
};
