#!/bin/sh
# Feast 0.67.0 (pandas 2.3.3, pyarrow 26.0.1), file source and SQLite online store: a feature whose declared type is not that of its column.
#
# Expected: the declared type holds in both stores, or materializing refuses values that it does not hold.
# Seen: training data come as they lie in the file, whatever was declared; the online store has the declared type, without an error or a warning.
# So a Float32 over doubles is trained on 0.1 and served as 0.10000000149011612, and an Int64 is trained on 3.5 and served as 3.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check feast==0.67.0 pandas==2.3.3 pyarrow==26.0.1 numpy==2.4.6
cat >"$folder/stores.py" <<'PYTHON'
import datetime

import feast
import pandas
from feast.types import Float32, Float64, Int64

now = datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)
day = datetime.timedelta(days=1)
pandas.DataFrame({"customer": [1, 2], "at": [now, now], "single": [0.1, 0.7], "double": [0.1, 0.7], "whole": [3.5, 4.0]}).to_parquet("customers.parquet")
customer = feast.Entity(name="customer", join_keys=["customer"], value_type=feast.ValueType.INT64)
types = {"single": Float32, "double": Float64, "whole": Int64}
view = feast.FeatureView(name="customers", entities=[customer], ttl=day * 9999, source=feast.FileSource(path="customers.parquet", timestamp_field="at"),
                         schema=[feast.Field(name=name, dtype=kind) for name, kind in types.items()])
store = feast.FeatureStore(config=feast.RepoConfig(project="project", registry="registry.db", provider="local", entity_key_serialization_version=3,
                                                   online_store={"type": "sqlite", "path": "online.db"}))
store.apply([customer, view])
names = [f"customers:{name}" for name in types]
offline = store.get_historical_features(entity_df=pandas.DataFrame({"customer": [1], "event_timestamp": [now]}), features=names).to_df()
store.materialize(now - day, now + day)
online = store.get_online_features(features=names, entity_rows=[{"customer": 1}]).to_dict()
seen = {name: (offline[name].tolist()[0], online[name][0]) for name in types}
print("feast", feast.__version__)
for name, (trained, served) in seen.items():
    print(f"{name}, declared {types[name]}: trained on {trained}, served {served}")
assert seen == {"single": (0.1, 0.10000000149011612), "double": (0.1, 0.1), "whole": (3.5, 3)}
PYTHON
cd "$folder"
FEAST_USAGE=False venv/bin/python -W ignore stores.py 2>errors >output || { cat output errors; exit 1; }
grep -E "^feast|declared" output
