{#- A column is normalized by the scaler now and raw in rows of another one, or the other way round. -#}
{% macro _fail_on_mixed_columns(mark, given, there) %}
  {% set pairs = [] %}
  {% for id, outputs in mark.others.items() %}
    {% for name in given if name in there and name != mark.scaler_id_column %}
      {% set uncertain = outputs is none and there[name] == 'double precision'
           and (name in mark.uncertain if mark.uncertain is not none else name not in mark.outputs and normfreeze._has_affixes(name, mark.affixes)) %}
      {% if uncertain or (outputs is not none and (name in mark.outputs) != (name in outputs)) %}
        {% do pairs.append({'id': id, 'name': name, 'known': outputs is not none}) %}
      {% endif %}
    {% endfor %}
  {% endfor %}
  {% for pair in pairs %}
    {% set found = normfreeze._query('select exists (select from ' ~ this ~ ' where ' ~ normfreeze._identifier(mark.scaler_id_column) ~ ' = ' ~ pair.id
         ~ ' and ' ~ normfreeze._identifier(pair.name) ~ ' is not null)::text as found')[0].found == 'true' %}
    {% if found %}
      {% set now = 'normalized' if pair.name in mark.outputs else 'raw' %}
      {% do normfreeze._fail('column "' ~ pair.name ~ '" of ' ~ this ~ ', of type ' ~ there[pair.name] ~ ', would hold '
           ~ (('raw values in rows of scaler ' ~ pair.id ~ ' and normalized ones in rows of ' ~ mark.now if now == 'normalized'
               else 'normalized values in rows of scaler ' ~ pair.id ~ ' and raw ones in rows of ' ~ mark.now) if pair.known
              else now ~ ' values in rows of ' ~ mark.now ~ ' and perhaps others in rows of scaler ' ~ pair.id ~ ', whose features cannot be looked up')
           ~ ': run this model with --full-refresh; a prefix keeps raw and normalized columns apart'
           ~ ('; or grant SELECT on normfreeze.scalers' if not pair.known else '')) %}
    {% endif %}
  {% endfor %}
{% endmacro %}
