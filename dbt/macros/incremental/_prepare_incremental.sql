{#- What an incremental model's statement gives, held against the table that it goes to.  dbt puts a double precision into an
    integer column, which rounds it, and leaves out columns that the table lacks: so a result would be wrong without a word. -#}


{#- The pre-hook of every model that calls normalize(): acts on the marks in its statement.  The random invocation_id is what
    no name in the data can hold. -#}
{% macro _prepare_incremental() %}
  {% set commands = [] %}
  {% if execute and is_incremental() %}
    {% set marks = modules.re.findall('/\\* normfreeze: incremental ' ~ invocation_id ~ ' (\\{.*?\\}) \\*/', model.compiled_code or '') %}
    {% set in_transaction = normfreeze._is_in_transaction() if marks else true %}
    {% set given = normfreeze._columns_of_statement(model.compiled_code, in_transaction) if marks else {} %}
    {% set there = normfreeze._columns_in_catalog(this) if marks else {} %}
    {% for text in marks %}
      {% set mark = fromjson(text) %}
      {% set ours = normfreeze._columns_of_results(mark, given) %}
      {% if mark.rebuild and not in_transaction %}
        {% do normfreeze._fail('on_scaler_change: full_refresh replaces the rows in one transaction, and this dbt, ' ~ dbt_version
             ~ ', runs each statement in one of its own: run model ' ~ model.name ~ ' with --full-refresh') %}
      {% elif mark.rebuild %}
        {% do commands.append(normfreeze._rebuild_commands(mark, ours, given, there)) %}
      {% else %}
        {% do normfreeze._fail_on_types(ours, given, there) %}
        {% do normfreeze._fail_on_missing_columns(mark, ours, given, there) %}
        {% do normfreeze._fail_on_lost_columns(mark, given, there) %}
        {% do normfreeze._fail_on_mixed_columns(mark, given, there) %}
        {% do normfreeze._fail_on_partial_updates(mark, ours) %}
      {% endif %}
    {% endfor %}
  {% endif %}
  {% do return(commands | join(';\n')) %}
{% endmacro %}
