{#- A set of scalers needs the column of the key, with its members in the artifact; one scaler has no use for it. -#}
{% macro _assert_by_key(artifact, by_key) %}
  {% set is_set = 'unseen' in artifact %}
  {% if is_set and not by_key %}
    {% do normfreeze._fail('the artifact is of a set of scalers by key: say which column has the key, as in by_key="country"') %}
  {% elif is_set and 'members' not in artifact %}
    {% do normfreeze._fail('the artifact of the set of scalers has no members: export it by normfreeze.export') %}
  {% elif by_key and not is_set %}
    {% do normfreeze._fail('by_key="' ~ by_key ~ '" is for a set of scalers by key, and the artifact is of one scaler') %}
  {% endif %}
{% endmacro %}
