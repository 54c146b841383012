// Builds pyproject-ls.vsix, always with the same bytes from the same sources (and the same Node.js, which compresses them):
//
//     node build.mjs            everything
//     node build.mjs --bundle   only what is packaged: dist/extension.js, bundled/libs, the notices, the icon
//
// The server is taken from ../server and ../fixtures/checks, its dependencies (requirements.txt) from pip.
// Python is the one of $PYTHON, ../.venv, or the path.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { npmNotices, pythonNotices } from './build/notices.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.dirname(here);
const libs = path.join(here, 'bundled', 'libs');
const vsix = path.join(here, 'pyproject-ls.vsix');

/** The date of all files in the package, in seconds; zip knows none before 1980. */
const DATE = String(Math.max(Number(process.env.SOURCE_DATE_EPOCH || 1735689600), 315532800));

/** Megabytes. */
const MAX_SIZE = 5;

process.chdir(here);
checkVersion();
bundleServer();
const metafile = await bundleClient();
fs.writeFileSync('THIRD_PARTY_NOTICES', pythonNotices(libs) + npmNotices(metafile, here));
stripMetadata();
if (!process.argv.includes('--bundle')) {
    packageIt();
}

/** The extension has the version of the server that it holds, which pyproject.toml tells. */
function checkVersion() {
    const places = {
        'pyproject.toml': /^version = "(.+)"$/m,
        'server/pyproject_ls/__init__.py': /^__version__ = "(.+)"$/m,
        'vscode-extension/package.json': /^ {2}"version": "(.+)"/m,
    };
    const versions = Object.entries(places).map(([file, version]) => {
        return version.exec(fs.readFileSync(path.join(repository, file), 'utf8'))?.[1];
    });
    if (new Set(versions).size > 1) {
        throw new Error(`the versions differ: ${versions.join(', ')} in ${Object.keys(places).join(', ')}`);
    }
}

function bundleServer() {
    fs.rmSync(libs, { recursive: true, force: true });
    run(python(), [
        ...['-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '--no-deps', '--no-compile'],
        // wheels for every platform and every Python that is supported
        ...['--only-binary', ':all:', '--platform', 'any', '--implementation', 'py', '--abi', 'none'],
        ...['--python-version', '3.10', '--require-hashes', '--target', libs, '--requirement', 'requirements.txt'],
    ]);
    const isSource = (from) => !from.split(path.sep).includes('__pycache__') && !from.endsWith('.pyc');
    const copy = (from, to) => fs.cpSync(path.join(repository, from), path.join(libs, to), { recursive: true, filter: isSource });
    copy('server/pyproject_ls', 'pyproject_ls');
    copy('fixtures/checks', 'pyproject_ls/pages/checks');
    for (const superfluous of ['bin', 'certifi/tests']) {
        fs.rmSync(path.join(libs, superfluous), { recursive: true, force: true });
    }
    for (const file of files(libs)) {
        if (/\.(so|pyd|dylib|dll|exe)$/.test(file)) {
            throw new Error(`${file} is for one platform only`);
        }
        if (/\.(pyi|pyc)$|(^|\/)py\.typed$/.test(file)) {
            fs.rmSync(file);
        }
    }
}

/** Keep of each .dist-info what is read at run time, and the licence. */
function stripMetadata() {
    for (const file of files(libs)) {
        const [folder, ...rest] = path.relative(libs, file).split(path.sep);
        const isKept = /^METADATA$|^licen[cs]es?\b|^LICEN[CS]E|^COPYING|^NOTICE|^AUTHORS/i.test(rest.join('/'));
        if (folder.endsWith('.dist-info') && !isKept) {
            fs.rmSync(file);
        }
    }
}

async function bundleClient() {
    const { metafile } = await esbuild.build({
        entryPoints: ['src/extension.ts'],
        outfile: 'dist/extension.js',
        bundle: true,
        minify: true,
        metafile: true,
        legalComments: 'none', // they are in THIRD_PARTY_NOTICES
        external: ['vscode'],
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        logLevel: 'warning',
    });
    return metafile;
}

function packageIt() {
    setPermissions();
    const vsce = path.join(here, 'node_modules', '@vscode', 'vsce', 'vsce');
    run(process.execPath, [vsce, 'package', '--no-dependencies', '--out', vsix], {
        ...process.env,
        SOURCE_DATE_EPOCH: DATE,
        TZ: 'UTC', // zip has local times
        LC_ALL: 'C', // the order of the files is that of the locale
    });
    const megabytes = fs.statSync(vsix).size / 1e6;
    if (megabytes > MAX_SIZE) {
        throw new Error(`${vsix} has ${megabytes.toFixed(1)} MB, more than ${MAX_SIZE}`);
    }
    console.log(`${path.relative(process.cwd(), vsix)}: ${megabytes.toFixed(2)} MB`);
}

/** The permissions that files have in the package are those of the disk: make them the same everywhere. */
function setPermissions() {
    for (const folder of ['bundled', 'dist', 'syntaxes', 'walkthrough', 'l10n']) {
        for (const file of files(path.join(here, folder))) {
            fs.chmodSync(file, 0o644);
        }
    }
    for (const name of fs.readdirSync(here)) {
        if (fs.statSync(name).isFile()) {
            fs.chmodSync(name, 0o644);
        }
    }
}

function python() {
    const candidates = [process.env.PYTHON, path.join(repository, '.venv', 'bin', 'python')];
    return candidates.find((each) => each && fs.existsSync(each)) ?? (os.platform() === 'win32' ? 'python' : 'python3');
}

function files(folder) {
    const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name)).sort();
}

function run(command, args, env = process.env) {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}
