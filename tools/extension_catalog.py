"""Everything that the catalogs say of the extension in a database, so that two installations can be compared.

An object is (kind, identity); what is known of it are its attributes, as text.  OIDs become names, since they differ
between any two databases.  Whatever a later server adds to a catalog is compared, too: a row is taken whole, and only
the columns named here are left out or translated.
"""

import json
import pathlib

SQL = pathlib.Path(__file__).with_suffix(".sql").read_text()


def read_catalog(query):
    """{(kind, identity): {attribute: value}}; query(sql) gives what psql prints, for the database in question."""
    catalog = {}
    for kind, identity, attribute, value in json.loads(query(SQL)):
        if kind == "not compared":
            raise LookupError(f"tools/extension_catalog.sql does not say what to compare of {identity}")
        catalog.setdefault((kind, identity), {})[attribute] = value
    return catalog


def shown(value, other):
    """A value, or of a long one what is around its first difference from the other."""
    if value is None or len(value) < 200:
        return repr(value)
    same = next((place for place, pair in enumerate(zip(value, other or "")) if pair[0] != pair[1]), min(len(value), len(other or "")))
    return repr(f"... {value[max(0, same - 80):same + 80]} ...")


def differences(expected, got):
    """A line for each object that only one of them has, and for each attribute that differs."""
    lines = []
    for key in sorted(expected.keys() | got.keys()):
        name = " ".join(key)
        if key not in got:
            lines.append(f"{name}: missing")
        elif key not in expected:
            lines.append(f"{name}: should not be there")
        else:
            old, new = expected[key], got[key]
            lines += [f"{name}: {what} is {shown(new.get(what), old.get(what))} instead of {shown(old.get(what), new.get(what))}"
                      for what in sorted(old.keys() | new.keys()) if old.get(what) != new.get(what)]
    return lines
