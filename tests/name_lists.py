"""Made-up names of projects, many and lifelike: for the lists of `pyproject_ls.index.names`.

Always the same ones. Nothing comes from an index: names are put together from words that people
use for software and from invented syllables, so that some beginnings are crowded and others bare.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence

_SUBJECTS_TEXT = """
    aio air agent airflow algo ansible api app arduino async audio auth auto aws azure backup
    bank batch bio block blog book bot browser build cache calendar camera cat chain chart chat
    chem clock cloud code color config crypto csv cube data date db deep deploy diff disk django
    dns doc docker dog drone dust easy edge email env event excel fake fast feed file fin fire
    fish flask flow font form fuzzy game geo git google gpu graph green grid hash health home
    html http hub image iot job json jupyter key kafka kube lang ldap light link linux lint list
    llm local log magic mail map markdown math maya media mem meta micro mini mock model mongo
    monitor mqtt music net neo news night nlp note num oauth object odoo open opera page pandas
    paper parse pay pdf pet phone photo pi pip plot poetry port post proxy py pytest python
    quant queue quick radio red redis regex remote report rest robot rock rss rust safe scan
    search secret serial sharp shell shop signal simple site slack smart sms snake snow social
    soft solar sound space spark speech sphinx sport sql star stat stock stream sun super sync
    table tag task telegram tensor term test text theme time tiny token tool torch trade train
    tree type ultra unit url user vault video view vision voice wave weather web wiki wind word
    work xml yaml zen zero zip
"""
_SUBJECTS = _SUBJECTS_TEXT.split()
_ROLES_TEXT = """
    adapter addon admin analyzer base bench bridge builder cli client common connector console
    converter core crawler dashboard debug decoder dev driver dsl editor encoder engine explorer
    export ext filter finder forge framework gateway generator grabber gui guard handler helper
    hook info kit lab lib linter lite loader logger manager mapper middleware model next ng node
    parser pipeline platform plugin plus pool printer pro process provider proxy reader recorder
    runner scheduler schema scraper sdk server service session shell stack storage store studio
    suite template toolkit tools tracker ui utils validator viewer watcher wrapper writer x
"""
_ROLES = _ROLES_TEXT.split()
_ONSETS_TEXT = "b bl br c ch d dr f fl g gr h j k kl l m n p pr qu r s sh st t tr v w y z"
_ONSETS = _ONSETS_TEXT.split()
_VOWELS_TEXT = "a e i o u ai ea io oo"
_VOWELS = _VOWELS_TEXT.split()
_CODAS = ["", "", "", "n", "r", "s", "l", "x", "m", "t"]

_SEPARATORS = re.compile(r"[-_.]+")


def made_up(count: int, seed: int = 4) -> list[str]:
    """`count` names as an index might spell them, no two of which are the same to PEP 503.

    They are in no order. Some differ from their normalised form.
    """
    chance = random.Random(seed)
    found: dict[str, str] = {}
    while len(found) < count:
        name = _name(chance)
        if len(name) <= 60:
            found.setdefault(normal(name), name)
    return list(found.values())


def normal(name: str) -> str:
    """`name` as PEP 503 compares names."""
    return _SEPARATORS.sub("-", name).lower()


def root_json(names: Sequence[str]) -> bytes:
    """The root document of an index that has `names` (PEP 691), as compact as they are sent."""
    projects = [{"_last-serial": 20_000_000 + i, "name": name} for i, name in enumerate(names)]
    document = {"meta": {"_last-serial": 30_000_000, "api-version": "1.4"}, "projects": projects}
    return json.dumps(document, separators=(",", ":")).encode()


def root_html(names: Sequence[str]) -> bytes:
    """The same as HTML (PEP 503)."""
    links = "".join(f'    <a href="/simple/{normal(each)}/">{each}</a>\n' for each in names)
    head = '<head><meta name="pypi:repository-version" content="1.4"><title>Simple index</title>'
    return f"<!DOCTYPE html>\n<html>\n  {head}</head>\n<body>\n{links}</body>\n</html>".encode()


def ranking(names: Sequence[str]) -> bytes:
    """A ranking with `names` in this order, in the form in which rankings are published."""
    rows = [{"download_count": 9_000_000 - i, "project": each} for i, each in enumerate(names)]
    return json.dumps({"last_update": "2025-01-01 00:00:00", "rows": rows}).encode()


def _name(chance: random.Random) -> str:
    size = chance.choices((1, 2, 3, 4), (18, 47, 26, 9))[0]
    separator = chance.choices(("-", "_", ".", ""), (70, 7, 3, 20))[0]
    name = separator.join(_words(chance, size))
    if chance.random() < 0.05:
        name += str(chance.randrange(2, 100))
    return name.title() if chance.random() < 0.07 else name


def _words(chance: random.Random, size: int) -> Iterator[str]:
    for place in range(size):
        drawn = chance.random()
        if drawn < 0.4:
            yield _invented(chance)
        elif drawn < 0.6 and place:
            yield chance.choice(_ROLES)
        else:
            yield chance.choice(_SUBJECTS)


def _invented(chance: random.Random) -> str:
    return "".join(
        chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS)
        for _ in range(chance.choice((1, 2, 2, 3, 3, 4)))
    )
