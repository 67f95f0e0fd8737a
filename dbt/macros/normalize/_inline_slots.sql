{#- What mode='inline' computes of an artifact: for each feature a slot {name, keyed, other, place, shapes}, and for a set of scalers by key
    the rows of the table q(k, p) with the numbers of each key, p, an array.

    Scalers of a set mostly differ in their numbers alone.  So the JSON of a feature is taken apart into its numbers and its shape, which is
    the rest; in a shape, each number is {column: an element of q.p}, which inline_number() writes.  The element at `place` says which
    shape a key has.  other: the feature of the fallback, with its own numbers; none where another key gives none. -#}
{% macro _inline_slots(artifact) %}
  {% set slots = [] %}
  {% if 'members' not in artifact %}
    {% do normfreeze._assert_inline_artifact(artifact) %}
    {% for feature in normfreeze._artifact_inputs(artifact) %}
      {% do slots.append({'name': feature.name, 'keyed': false, 'shapes': [feature]}) %}
    {% endfor %}
    {% do return({'slots': slots, 'rows': []}) %}
  {% endif %}
  {% set fallback = [] %}
  {% if artifact.unseen == 'fallback' %}
    {% do normfreeze._assert_inline_artifact(artifact.fallback) %}
    {% set fallback = normfreeze._artifact_inputs(artifact.fallback) %}
  {% endif %}
  {% for feature in normfreeze._artifact_inputs(artifact) %}
    {% do slots.append({'name': feature.name, 'keyed': true, 'other': fallback[loop.index0] if fallback else none, 'texts': {}, 'width': 0}) %}
  {% endfor %}
  {#- a string, or a number -#}
  {% set token = '("(?:[^"\\\\]|\\\\.)*")|(-?[0-9][-+.0-9eE]*)' %}
  {% set members = [] %}
  {% for member in artifact.members %}
    {% set found = [] %}
    {% for feature in member.scaler.features if not feature.target %}
      {% set slot = slots[loop.index0] %}
      {#- a number of _exact_json() is a text here, too -#}
      {% set text = modules.re.sub('"\\\\u0000([^"]*)"', '\\1', tojson(feature)) %}
      {% set numbers = modules.re.findall(token, text) | map(attribute=1) | select | list %}
      {% set shape = modules.re.sub(token, '\\1#', text) %}
      {% if shape not in slot.texts %}
        {% do normfreeze._assert_inline_artifact(member.scaler) %}
        {% do slot.texts.update({shape: {'number': slot.texts | length + 1, 'text': text}}) %}
      {% endif %}
      {% if numbers | length > slot.width %}
        {% do slot.update({'width': numbers | length}) %}
      {% endif %}
      {% do found.append([slot.texts[shape].number | string] + numbers) %}
    {% endfor %}
    {% do members.append([member.key, found]) %}
  {% endfor %}
  {% set next = namespace(place=1) %}
  {% for slot in slots %}
    {% set shapes = [] %}
    {% for shape in slot.texts.values() %}
      {% set place = namespace(of=next.place) %}
      {% set parts = [] %}
      {% for part in modules.re.split(token, shape.text) if part %}
        {% if modules.re.fullmatch('-?[0-9][-+.0-9eE]*', part) %}
          {% set place.of = place.of + 1 %}
          {% do parts.append('{"column": "q.p[' ~ place.of ~ ']"}') %}
        {% else %}
          {% do parts.append(part) %}
        {% endif %}
      {% endfor %}
      {% do shapes.append(fromjson(parts | join(''))) %}
    {% endfor %}
    {% do slot.update({'place': next.place, 'shapes': shapes}) %}
    {% set next.place = next.place + slot.width + 1 %}
  {% endfor %}
  {% set rows = [] %}
  {% for key, found in members %}
    {% set numbers = [] %}
    {% for own in found %}
      {% do numbers.extend(own + ['0'] * (slots[loop.index0].width + 1 - own | length)) %}
    {% endfor %}
    {% do rows.append('(' ~ normfreeze._literal(key) ~ ', ' ~ normfreeze._inline_array(numbers) ~ ')') %}
  {% endfor %}
  {% do return({'slots': slots, 'rows': rows}) %}
{% endmacro %}
