#!/usr/bin/env python3
"""update_script.py [--draft]: does the update script give what a new installation has?

On a throwaway server it creates the extension as it is now, and as it was released last and then updated, and compares
everything that the catalogs say of the two.  Prints a line for each difference, and ends with exit code 1 if there is one.

With --draft it prints the statements that the update script lacks, instead: what the install script has and neither the
released one nor the update script, and, from the catalogs, what a table or an enum gained and what is gone.  Read them
before you insert them above what stays last; which statements to leave out, src/upgrade/README.md says.
"""

import argparse
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "test" / "lib")]

from extension_catalog import differences, read_catalog             # noqa: E402
from release import as_numbers, present_version                     # noqa: E402
from server import Installation, Server                             # noqa: E402
from sql_statements import statements                               # noqa: E402

RELEASED = ROOT / "src" / "upgrade" / "released"


def released_versions():
    """The versions whose install scripts are kept, the oldest first."""
    names = [re.fullmatch(r"normfreeze--(.+)\.sql", path.name)[1] for path in RELEASED.glob("normfreeze--*.sql")]
    return sorted(names, key=as_numbers)


def install_script(version):
    released = RELEASED / f"normfreeze--{version}.sql"
    return released if released.exists() else ROOT / "sql" / f"normfreeze--{version}.sql"


def update_script(before, version):
    return ROOT / "src" / "upgrade" / f"normfreeze--{before}--{version}.sql"


def catalogs(server, before, names):
    """The catalogs of databases of these names: "released", as it was; "updated", from there; "fresh", made anew."""
    made = {"released": f"CREATE EXTENSION normfreeze VERSION '{before}'",
            "updated": f"CREATE EXTENSION normfreeze VERSION '{before}'; ALTER EXTENSION normfreeze UPDATE",
            "fresh": "CREATE EXTENSION normfreeze"}
    found = []
    for name in names:
        server.new_database(name)
        server.query(made[name], name)
        found.append(read_catalog(lambda query, name=name: server.query(query, name)))
    return found


# ---- the draft ----

def draft_of_table(name, released, fresh):
    """What makes the table as it was released the new one."""
    lines = []
    for (kind, identity), new in fresh.items():
        if kind == "column" and identity.startswith(f"{name}.") and (kind, identity) not in released:
            lines.append(f"ALTER TABLE {name} ADD COLUMN {identity[len(name) + 1:]} {new['type']}"
                         + (f" COLLATE {new['collation']}" if new["collation"] not in ("-", '"default"') else "")
                         + (f" DEFAULT {new['default']}" if new["default"] else "")
                         + (" NOT NULL" if new["not null"] == "true" else "") + ";")
    for (kind, identity), old in released.items():
        if kind == "column" and identity.startswith(f"{name}.") and (kind, identity) not in fresh:
            lines.append(f"ALTER TABLE {name} DROP COLUMN {identity[len(name) + 1:]};")
        if kind == "table constraint" and identity.endswith(f" on {name}") and old.get("definition") != fresh.get((kind, identity), {}).get("definition"):
            lines.append(f"ALTER TABLE {name} DROP CONSTRAINT {identity.split(' on ')[0]};")
    for (kind, identity), new in fresh.items():
        if kind == "table constraint" and identity.endswith(f" on {name}") and new.get("definition") != released.get((kind, identity), {}).get("definition"):
            lines.append(f"ALTER TABLE {name} ADD CONSTRAINT {identity.split(' on ')[0]} {new['definition']};")
    return lines


def draft_of_enum(name, released, fresh):
    old, new = (catalog["type", name]["labels"].split(", ") for catalog in (released, fresh))
    lines = []
    for place, label in enumerate(new):
        if label not in old:
            lines.append(f"ALTER TYPE {name} ADD VALUE '{label}'" + (f" AFTER '{new[place - 1]}'" if place else f" BEFORE '{old[0]}'") + ";")
    return lines


def draft(before, version, released, fresh):
    """The statements that the update script lacks."""
    def key(statement):
        granted = re.fullmatch(r"SELECT normfreeze.grant_to_owner\('(.*)'\);", statement.key)
        return f"GRANT {granted[1]} TO @extowner@ WITH GRANT OPTION;" if granted else statement.key.replace("CREATE OR REPLACE ", "CREATE ", 1)

    old = statements(install_script(before).read_text())
    there = {key(statement) for statement in old}
    if update_script(before, version).exists():
        there |= {key(statement) for statement in statements(update_script(before, version).read_text())}
    made = {statement.made()[:2] for statement in old if statement.made()}
    lines = []
    for statement in statements(install_script(version).read_text()):
        if key(statement) in there:
            continue
        kind, name, _ = statement.made() or (None, None, None)
        if kind == "TABLE" and (kind, name) in made:
            lines += draft_of_table(name, released, fresh)
        elif kind == "TYPE" and (kind, name) in made and " AS ENUM " in statement.key:
            lines += draft_of_enum(name, released, fresh)
        elif kind in ("FUNCTION", "AGGREGATE", "VIEW", "TRIGGER") and (kind, name) in made:
            lines.append(statement.comment + re.sub(r"^CREATE (OR REPLACE )?", "CREATE OR REPLACE ", statement.text))
        elif statement.key.startswith("GRANT ") and " TO @extowner@ WITH GRANT OPTION;" in statement.key:
            privileges = re.sub(r"\s+", " ", statement.text[len("GRANT "):statement.text.rindex("TO @extowner@")]).strip()
            lines.append(f"{statement.comment}SELECT normfreeze.grant_to_owner('{privileges}');")
        else:
            lines.append(statement.comment + statement.text)
    for (kind, identity), attributes in released.items():
        if attributes.get("member") == "true" and (kind, identity) not in fresh:
            lines.append(f"DROP {kind.upper()} {identity};")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], epilog="PG_CONFIG=... in the environment names another server")
    parser.add_argument("--draft", action="store_true", help="print the statements that the update script lacks")
    arguments = parser.parse_args()
    before, version = released_versions()[-1], present_version()
    with tempfile.TemporaryDirectory(prefix="normfreeze-upgrade-") as folder:
        with Server(Installation(folder), "upgrade") as server:
            released, updated, fresh = catalogs(server, before, ("released", "updated", "fresh"))
    if arguments.draft:
        print("\n\n".join(draft(before, version, released, fresh)))
        return
    found = differences(fresh, updated)
    for line in found:
        print(line)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
