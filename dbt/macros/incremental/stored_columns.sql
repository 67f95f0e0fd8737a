{#- What an incremental model's statement gives, held against the table that it goes to.  dbt puts a double precision into an
    integer column, which rounds it, and leaves out columns that the table lacks: so a result would be wrong without a word. -#}


{#- The pre-hook of every model that calls normalize(): acts on the marks in its statement.  The random invocation_id is what
    no name in the data can hold. -#}
{% macro prepare_incremental() %}
  {% set commands = [] %}
  {% if execute and is_incremental() %}
    {% set marks = modules.re.findall('/\\* normfreeze: incremental ' ~ invocation_id ~ ' (\\{.*?\\}) \\*/', model.compiled_code or '') %}
    {% set given = normfreeze.columns_of_statement(model.compiled_code) if marks else {} %}
    {% set there = normfreeze.columns_in_catalog(this) if marks else {} %}
    {% for text in marks %}
      {% set mark = fromjson(text) %}
      {% set ours = normfreeze.columns_of_results(mark, given) %}
      {% if mark.rebuild %}
        {% do commands.append(normfreeze.rebuild_commands(mark, ours, given, there)) %}
      {% else %}
        {% do normfreeze.fail_on_types(ours, given, there) %}
        {% do normfreeze.fail_on_missing_columns(mark, ours, given, there) %}
        {% do normfreeze.fail_on_lost_columns(mark, given, there) %}
        {% do normfreeze.fail_on_mixed_columns(mark, given, there) %}
        {% do normfreeze.fail_on_partial_updates(mark, ours) %}
      {% endif %}
    {% endfor %}
  {% endif %}
  {% do return(commands | join(';\n')) %}
{% endmacro %}


{#- Names and types of a statement's columns, in order.  The statement is not run, and what its header does is undone, since
    dbt runs that again. -#}
{% macro columns_of_statement(sql) %}
  {% do normfreeze.command('savepoint normfreeze_statement') %}
  {% do normfreeze.command((config.get('sql_header') or '') ~ '\ncreate temporary view normfreeze_statement as (\n' ~ sql ~ '\n)') %}
  {% set found = normfreeze.columns_in_catalog('pg_temp.normfreeze_statement') %}
  {% do normfreeze.command('rollback to savepoint normfreeze_statement; release savepoint normfreeze_statement') %}
  {% do return(found) %}
{% endmacro %}


{% macro columns_in_catalog(relation) %}
  {% set rows = normfreeze.query('select a.attname::text as name, pg_catalog.format_type(a.atttypid, a.atttypmod) as type '
       ~ 'from pg_catalog.pg_attribute as a where a.attrelid = ' ~ normfreeze.literal(relation)
       ~ '::pg_catalog.regclass and a.attnum > 0 and not a.attisdropped order by a.attnum') %}
  {% set found = {} %}
  {% for row in rows %}
    {% do found.update({row.name: row.type}) %}
  {% endfor %}
  {% do return(found) %}
{% endmacro %}


{#- The columns of a statement that hold normalized values.  Where the model's own SELECT gives them other names, every double
    precision may be one. -#}
{% macro columns_of_results(mark, given) %}
  {% set named = mark.outputs | select('in', given) | list %}
  {% if named | length == mark.outputs | length %}
    {% do return(named) %}
  {% endif %}
  {% set ours = [] %}
  {% for name, type in given.items() if name in named or type == 'double precision' %}
    {% do ours.append(name) %}
  {% endfor %}
  {% do return(ours) %}
{% endmacro %}


{% macro fail_on_column(name, type, why) %}
  {% do normfreeze.fail('column "' ~ name ~ '" of ' ~ this ~ ' is of type ' ~ type ~ ', ' ~ why ~ ': run this model with --full-refresh') %}
{% endmacro %}


{% macro fail_on_types(ours, given, there) %}
  {% for name in ours if name in there and there[name] != given[name] %}
    {% do normfreeze.fail_on_column(name, there[name], 'and normalized values are ' ~ given[name] ~ ', which it would round or convert') %}
  {% endfor %}
{% endmacro %}


{#- Columns that dbt adds are NULL in the rows that are there: right only for rows of other scalers, which have no such feature. -#}
{% macro fail_on_missing_columns(mark, ours, given, there) %}
  {% set adds = config.get('on_schema_change') in ['append_new_columns', 'sync_all_columns'] %}
  {% for name in ours if name not in there %}
    {% set incomplete = namespace(of=none) %}
    {% for id, outputs in mark.others.items() if outputs is not none and name in outputs %}
      {% set incomplete.of = id %}
    {% endfor %}
    {% set column = normfreeze.identifier(mark.scaler_id_column) %}
    {% set present = normfreeze.query('select exists (select from ' ~ this ~ (' where ' ~ column ~ ' = ' ~ mark.now if mark.now is not none else '')
                                      ~ ')::text as found')[0].found == 'true' if adds else true %}
    {% if present or incomplete.of is not none %}
      {% do normfreeze.fail(this ~ ' has no column "' ~ name ~ '" (' ~ given[name] ~ ') for a feature of the scaler, '
           ~ ('and on_schema_change "' ~ (config.get('on_schema_change') or 'ignore') ~ '" does not add it' if not adds
              else 'and rows that are there, of ' ~ ('scaler ' ~ incomplete.of if incomplete.of is not none else 'the same scaler')
                   ~ ', which has the feature, would get NULL')
           ~ ': run this model with --full-refresh'
           ~ ('; or set on_schema_change to append_new_columns' if not adds and mark.others else '')) %}
    {% endif %}
  {% endfor %}
{% endmacro %}


{#- Columns that the statement no longer has: dbt fails, or gives new rows NULL, or drops them with what they hold. -#}
{% macro fail_on_lost_columns(mark, given, there) %}
  {% set policy = config.get('on_schema_change') or 'ignore' %}
  {% set unknown = mark.others.values() | select('none') | list | length > 0 %}
  {% set known = mark.others.values() | reject('none') | sum(start=[]) %}
  {% for name, type in there.items() if name not in given %}
    {% set of_others = name in known or (unknown and type == 'double precision' and normfreeze.has_affixes(name, mark.affixes)) %}
    {% if policy not in ['append_new_columns', 'sync_all_columns'] %}
      {% do normfreeze.fail_on_column(name, type, 'and the result has no such column') %}
    {% elif name in mark.all_outputs %}
      {% do normfreeze.fail_on_column(name, type, 'and holds a feature of the scaler that the result leaves out') %}
    {% elif policy == 'sync_all_columns' and of_others %}
      {% do normfreeze.fail_on_column(name, type, 'and holds a feature of rows of another scaler, which on_schema_change "sync_all_columns" would drop') %}
    {% endif %}
  {% endfor %}
{% endmacro %}


{#- A column is normalized by the scaler now and raw in rows of another one, or the other way round. -#}
{% macro fail_on_mixed_columns(mark, given, there) %}
  {% set pairs = [] %}
  {% for id, outputs in mark.others.items() %}
    {% for name in given if name in there and name != mark.scaler_id_column %}
      {% set uncertain = outputs is none and there[name] == 'double precision'
           and (name in mark.uncertain if mark.uncertain is not none else name not in mark.outputs and normfreeze.has_affixes(name, mark.affixes)) %}
      {% if uncertain or (outputs is not none and (name in mark.outputs) != (name in outputs)) %}
        {% do pairs.append({'id': id, 'name': name, 'known': outputs is not none}) %}
      {% endif %}
    {% endfor %}
  {% endfor %}
  {% for pair in pairs %}
    {% set found = normfreeze.query('select exists (select from ' ~ this ~ ' where ' ~ normfreeze.identifier(mark.scaler_id_column) ~ ' = ' ~ pair.id
         ~ ' and ' ~ normfreeze.identifier(pair.name) ~ ' is not null)::text as found')[0].found == 'true' %}
    {% if found %}
      {% set now = 'normalized' if pair.name in mark.outputs else 'raw' %}
      {% do normfreeze.fail('column "' ~ pair.name ~ '" of ' ~ this ~ ', of type ' ~ there[pair.name] ~ ', would hold '
           ~ (('raw values in rows of scaler ' ~ pair.id ~ ' and normalized ones in rows of ' ~ mark.now if now == 'normalized'
               else 'normalized values in rows of scaler ' ~ pair.id ~ ' and raw ones in rows of ' ~ mark.now) if pair.known
              else now ~ ' values in rows of ' ~ mark.now ~ ' and perhaps others in rows of scaler ' ~ pair.id ~ ', whose features cannot be looked up')
           ~ ': run this model with --full-refresh; a prefix keeps raw and normalized columns apart'
           ~ ('; or grant SELECT on normfreeze.scalers' if not pair.known else '')) %}
    {% endif %}
  {% endfor %}
{% endmacro %}


{#- A row that is merged must get all of a scaler's results, with its id, or none. -#}
{% macro fail_on_partial_updates(mark, ours) %}
  {% set only = normfreeze.as_list(config.get('merge_update_columns')) | map('lower') | list %}
  {% set never = normfreeze.as_list(config.get('merge_exclude_columns')) | map('lower') | list %}
  {% if config.get('incremental_strategy') != 'merge' or not mark.others or not (only or never) %}
    {% do return(none) %}
  {% endif %}
  {% set updated = [] %}
  {% set left = [] %}
  {% for name in ours + [mark.scaler_id_column] %}
    {% do (updated if (name | lower in only if only else name | lower not in never) else left).append(name) %}
  {% endfor %}
  {% if updated and left %}
    {% do normfreeze.fail('merge_update_columns or merge_exclude_columns would give rows of another scaler "' ~ (updated | join('", "'))
         ~ '" by the scaler now, and leave "' ~ (left | join('", "')) ~ '" as they are: name all of these columns or none') %}
  {% endif %}
{% endmacro %}


{#- All rows go, and the table gets the columns that a full refresh would give it, as far as they are normalized or were. -#}
{% macro rebuild_commands(mark, ours, given, there) %}
  {% set policy = config.get('on_schema_change') or 'ignore' %}
  {% set changes = [] %}
  {% set reasons = [] %}
  {% for name, type in given.items() %}
    {% set column = normfreeze.identifier(name) %}
    {% if name in there and there[name] != type and (name in ours or there[name] == 'double precision') %}
      {% do changes.append('alter column ' ~ column ~ ' type ' ~ type ~ ' using null') %}
      {% do reasons.append('column "' ~ name ~ '" of type ' ~ there[name] ~ ' becomes ' ~ type) %}
    {% elif name not in there and name in ours %}
      {% do changes.append('add column ' ~ column ~ ' ' ~ type) %}
      {% do reasons.append('column "' ~ name ~ '" of type ' ~ type ~ ' is new') %}
    {% endif %}
  {% endfor %}
  {% for name, type in there.items() if name not in given and type == 'double precision' and policy != 'append_new_columns' %}
    {% do changes.append('drop column ' ~ normfreeze.identifier(name)) %}
    {% do reasons.append('column "' ~ name ~ '" of type ' ~ type ~ ' goes') %}
  {% endfor %}
  {% if changes and policy == 'fail' %}
    {% do normfreeze.fail('the new scaler has other features than ' ~ this ~ ' has columns (' ~ (reasons | join(', '))
         ~ '), and on_schema_change is "fail": run this model with --full-refresh') %}
  {% elif changes %}
    {% do log(this ~ ': ' ~ (reasons | join(', ')), info=true) %}
  {% endif %}
  {% do return('delete from ' ~ this ~ (';\nalter table ' ~ this ~ ' ' ~ (changes | join(', ')) if changes else '')) %}
{% endmacro %}
