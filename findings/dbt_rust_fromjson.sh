#!/bin/sh
# The engine of dbt 2.0 in Rust (wheel dbt-core-experimental-parser 2.0.0a4): fromjson of Jinja.
#
# Expected: the double nearest to the digits, as dbt 1 (Python's json) gives, and as the engine itself gives for the same number in the template.
# Seen: about one double in ten is read as a neighbour: 0.47093099282166595 becomes 0.4709309928216659.  What prints such numbers into SQL,
# coefficients of a model for instance, computes something else than under dbt 1, without a word.  A number kept as a JSON string is left alone.
#
# Seen on 2026-11-29; the script prints what it sees.  Exits with 0 if that is still so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check dbt-core-experimental-parser==2.0.0a4
mkdir -p "$folder/project/models" "$folder/project/macros"
cd "$folder/project"
export HOME="$folder" DBT_SEND_ANONYMOUS_USAGE_STATS=false DBT_ALLOW_EXPERIMENTAL_ADAPTERS=true
cat >dbt_project.yml <<'YAML'
name: numbers
version: '1.0'
profile: numbers
YAML
# nothing is connected to while a project is parsed
cat >profiles.yml <<'YAML'
numbers:
  target: dev
  outputs:
    dev: {type: postgres, host: localhost, port: 1, user: nobody, password: none, dbname: none, schema: none, threads: 1}
YAML
python3 - <<'PYTHON'
import random
random.seed(1)
digits = [repr(random.uniform(0.1, 1) * 10 ** random.randint(0, 5)) for _ in range(2000)]
texts = ", ".join(f"'{text}'" for text in digits)
open("macros/count.sql", "w").write("""{% macro count() %}
{% do print('in JSON 0.47093099282166595 is ' ~ fromjson('0.47093099282166595') ~ ', in the template ' ~ 0.47093099282166595) %}
{% set other = [] %}
{% for text in [TEXTS] if fromjson(text) | string != text %}{% do other.append(text) %}{% endfor %}
{% do print(other | length ~ ' of 2000 doubles are read as another one') %}
{% endmacro %}""".replace("TEXTS", texts))
open("models/one.sql", "w").write("{% do count() %} select 1 as one")
PYTHON
"$folder/venv/bin/dbt-core-experimental-parser" --version
"$folder/venv/bin/dbt-core-experimental-parser" parse | tee seen
grep -q 'in JSON 0.47093099282166595 is 0.4709309928216659, in the template 0.47093099282166595' seen
