// What VS Code shows of the team of ../../teams.py, as JSON in the file that the test names.

import fs from 'node:fs';

export default async function story({ host, step, shot, config }) {
    const shown = {};
    for (const name of config.projects) {
        await step(`findings of ${name}`, async () => {
            shown[name] = await host(async (vscode, t, name) => {
                const uri = t.file(`${name}/pyproject.toml`);
                await t.open(uri);
                await t.until('findings', () => t.codes(uri).length > 0);
                const range = ({ start, end }) => ({
                    start: { line: start.line, character: start.character },
                    end: { line: end.line, character: end.character },
                });
                return vscode.languages.getDiagnostics(uri).map((each) => ({
                    code: each.code.value,
                    severity: each.severity + 1, // VS Code counts from 0
                    message: each.message,
                    range: range(each.range),
                    relatedInformation: (each.relatedInformation ?? []).map((other) => ({
                        message: other.message,
                        location: { range: range(other.location.range) },
                    })),
                }));
            }, name);
            return `${shown[name].length}`;
        });
    }
    await shot('teams');
    fs.writeFileSync(config.shown, JSON.stringify(shown));
}
