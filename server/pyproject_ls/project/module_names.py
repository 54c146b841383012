"""Which modules a package has, as far as that can be known without its files."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent

SHARED = frozenset(
    {
        *("airflow", "azure", "backports", "collective", "databricks", "flufl", "google"),
        *(
            "jaraco",
            "keyrings",
            "llama_index",
            "logilab",
            "mpl_toolkits",
            "nvidia",
            "opentelemetry",
        ),
        *("paste", "plone", "ruamel", "snowflake", "sphinxcontrib", "tencentcloud", "zope", "zc"),
    }
)
"""Top-level names that many packages share: only the names below tell whose a module is."""

_GONE = frozenset(
    {
        *("aifc", "asynchat", "asyncore", "audioop", "binhex", "cgi", "cgitb", "chunk", "crypt"),
        *("distutils", "formatter", "imghdr", "imp", "lib2to3", "macpath", "mailcap", "msilib"),
        *("nis", "nntplib", "ossaudiodev", "parser", "pipes", "smtpd", "sndhdr", "spwd", "sunau"),
        *("symbol", "telnetlib", "uu", "xdrlib", "dummy_threading", "_dummy_thread"),
        *("annotationlib", "compression", "tomllib"),  # newer than the oldest Python that runs this
        *("__builtin__", "BaseHTTPServer", "ConfigParser", "Cookie", "HTMLParser", "Queue"),
        *("SimpleHTTPServer", "SocketServer", "StringIO", "Tkinter", "UserDict", "UserList"),
        *("_winreg", "cPickle", "cStringIO", "commands", "cookielib", "copy_reg", "dummy_thread"),
        *("exceptions", "htmlentitydefs", "httplib", "md5", "robotparser", "sets", "sha", "thread"),
        *("tkMessageBox", "tkFileDialog", "urllib2", "urlparse", "xmlrpclib", "__main__"),
    }
)
"""Modules of the standard library of other versions than the one that runs this."""

_EMBEDDED = frozenset(
    {
        *("bpy", "bmesh", "gdb", "lldb", "maya", "pymel", "hou", "nuke", "gimpfu", "idaapi", "idc"),
        *("sublime", "sublime_plugin", "uno", "unohelper", "js", "pyodide", "pyodide_js", "c4d"),
        *("unreal", "FreeCAD", "FreeCADGui", "Part", "machine", "micropython", "utime", "xbmc"),
        *("xbmcgui", "xbmcaddon", "xbmcplugin", "weechat", "vim", "java", "javax", "org", "com"),
        *("clr", "System", "qgis", "arcpy", "pcbnew", "adsk", "talon", "dbutils", "rpm", "apt"),
        *("libc", "libcpp", "cpython"),  # Cython's
        *("apt_pkg", "dnf", "libvirt", "systemd", "selinux", "_typeshed"),
    }
)
"""Modules of programs that run Python, and of systems: no package of an index declares them."""


def is_standard(module: str) -> bool:
    """Whether `module`, a top-level name, is of Python itself, in any version of it."""
    return module in sys.stdlib_module_names or module in _GONE


def is_embedded(module: str) -> bool:
    """Whether `module`, a top-level name, comes with a program or a system, never by a name."""
    return module in _EMBEDDED


@cache
def _table() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _lines("module_names.txt"):
        name, *modules = line.split()
        found[name] = tuple(modules) or (name.replace("-", "_"),)
    return found


@cache
def _by_module() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, modules in _table().items():
        for module in modules:
            found[module] = (*found.get(module, ()), name)
    return found


@cache
def _unimported() -> re.Pattern[str]:
    names = (re.escape(each).replace(r"\*", ".*") for each in _lines("unimported.txt"))
    return re.compile("|".join(names))


def _lines(name: str) -> Iterator[str]:
    for line in (_FOLDER / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def known_modules(name: str) -> tuple[str, ...]:
    """The modules of the package with the normalised `name`; empty where that is not known."""
    return _table().get(name, ())


def packages_with(module: str) -> tuple[str, ...]:
    """The well-known packages that have `module`, or what it is a part of."""
    return _by_module().get(known_part(module), ())


def known_part(module: str) -> str:
    """The part of `module` that a well-known package has, ``zope.interface``; "" for none."""
    while module and module not in _by_module():
        module = module.rpartition(".")[0]
    return module


def likely_modules(name: str) -> Iterator[str]:
    """The modules that the package with the normalised `name` may have, by custom."""
    plain = name.replace("-", "_")
    yield plain
    if plain.partition("_")[0] in SHARED:
        yield name.replace("-", ".")
    for start in ("python_", "py_", "py", "django_", "flask_", "apache_", "lib"):
        if plain.startswith(start):
            yield plain.removeprefix(start)
    for end in ("_python", "_py", "py", "_sdk", "_client", "_binary", "_headless", "_lib", "lib"):
        if plain.endswith(end):
            yield plain.removesuffix(end)


def is_stub(name: str) -> bool:
    """Whether the package with the normalised `name` has types for another one, and no code."""
    return name.startswith("types-") or name.endswith(("-stubs", "-types"))


def works_unimported(name: str) -> bool:
    """Whether the package with the normalised `name` does its work without being imported."""
    return is_stub(name) or _unimported().fullmatch(name) is not None


def word_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """What finds each of `words` that stands for itself, in any case; its first group is the word.

    A name is not found in a longer one: ``flask`` neither in ``flask-login`` nor in ``flasks``.
    """
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    either = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<![\w-])({either})(?![\w-])", re.IGNORECASE)
