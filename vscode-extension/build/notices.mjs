// The licences of all that is bundled, for THIRD_PARTY_NOTICES.

import fs from 'node:fs';
import path from 'node:path';

const LICENCE = /^(licen[cs]e|copying|notice|authors|third-?party)/i;
const LINE = '-'.repeat(80);

/** Those of the Python packages in a folder that pip has filled, with what they have vendored. */
export function pythonNotices(libs) {
    const infos = fs.readdirSync(libs).filter((name) => name.endsWith('.dist-info')).sort();
    const own = infos.map((info) => {
        const folder = path.join(libs, info);
        const metadata = fs.readFileSync(path.join(folder, 'METADATA'), 'utf8').split('\n\n')[0];
        return notice(
            `${field(metadata, 'Name')} ${field(metadata, 'Version')}`,
            field(metadata, 'License-Expression') ?? field(metadata, 'License') ?? classified(metadata),
            licences(folder),
        );
    });
    const vendored = fs
        .readdirSync(libs, { recursive: true, withFileTypes: true })
        .filter((each) => each.isDirectory() && each.name === '_vendor')
        .flatMap((each) => {
            const vendor = path.join(each.parentPath, each.name);
            return licences(vendor).map((file) =>
                notice(`${path.relative(libs, vendor)}: ${path.relative(vendor, file)}`, '', [file]),
            );
        });
    return ['Python packages in bundled/libs\n', ...own, ...vendored.sort()].join('\n');
}

/** Those of the npm packages that went into what `metafile` of esbuild describes. */
export function npmNotices(metafile, root) {
    const folders = new Set();
    for (const input of Object.keys(metafile.inputs)) {
        const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
        if (found) {
            folders.add(found[1]);
        }
    }
    const notices = [...folders].sort().map((folder) => {
        const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
        return notice(`${name} ${version}`, license, licences(path.join(root, folder), false));
    });
    return ['\n', 'npm packages in dist/extension.js\n', ...notices].join('\n');
}

function notice(title, licence, files) {
    if (files.length === 0) {
        throw new Error(`${title} comes without the text of its licence`);
    }
    const texts = files.map((file) => fs.readFileSync(file, 'utf8').replaceAll('\r\n', '\n').trim());
    return [LINE, title + (licence ? ` (${licence})` : ''), LINE, '', ...texts.flatMap((text) => [text, ''])].join('\n');
}

function licences(folder, deep = true) {
    return fs
        .readdirSync(folder, { recursive: deep, withFileTypes: true })
        .filter((each) => each.isFile() && LICENCE.test(each.name) && !/\.(py|js|ts|json)$/.test(each.name))
        .map((each) => path.join(each.parentPath, each.name))
        .sort();
}

/** The licence that older metadata have as a classifier only. */
function classified(metadata) {
    return /^Classifier: License :: (?:.* :: )?(.*)$/m.exec(metadata)?.[1] ?? '';
}

function field(metadata, name) {
    return new RegExp(`^${name}: (.*)$`, 'm').exec(metadata)?.[1];
}
