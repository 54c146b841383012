"""The text of a new license file."""

from __future__ import annotations

from pyproject_ls.project.manifest import Manifest, as_array, as_string, as_table, text_of

_MIT = """MIT License

Copyright (c) {holders}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def license_text(manifest: Manifest) -> str:
    """The license that the project declares, as far as its text is known here.

    Other texts than that of the MIT license have to be put in by hand; a line says which.
    """
    node = manifest.document.get("project", "license")
    table = as_table(node)
    name = text_of(table.values.get("text")) if table is not None else text_of(node)
    name = name or text_of(manifest.document.get("tool", "poetry", "license"))
    if name == "MIT":
        return _MIT.format(holders=_holders(manifest))
    if name and len(name) <= 200:
        return f"SPDX-License-Identifier: {' '.join(name.split())}\n\nPut the license text here.\n"
    return "Put the license text here.\n"


def _holders(manifest: Manifest) -> str:
    names: list[str] = []
    for path in (("project", "authors"), ("tool", "poetry", "authors")):
        array = as_array(manifest.document.get(*path))
        for item in array.items if array is not None else ():
            person = as_table(item)
            name = as_string(item) if person is None else as_string(person.values.get("name"))
            if name is not None and not names.count(name.value):
                names.append(" ".join(name.value.partition("<")[0].split()))
    return ", ".join(filter(None, names)) or "the authors"
