{#- On a scaler model: its row is whole, its scaler is the frozen one, and normfreeze.verify() finds nothing. -#}
{% test verified(model) %}
{%- do normfreeze._require_extension('verified', 'the test probes_agree, on the seed of artifacts') -%}
with present as (
    select * from {{ model }}
),
content as (
    select
        p.name, p.version, p.scaler_id,
        p.scaler is not null
            and p.scaler_id = normfreeze.id_of(p.scaler)
            and p.fingerprint = normfreeze.fingerprint(p.scaler)
            and p.artifact = p.scaler::text
            and p.feature_names = to_json(normfreeze.feature_names(p.scaler))::text as whole,
        exists (select from normfreeze.versions as v
                where v.name = p.name and v.version = p.version and v.scaler_id = p.scaler_id) as frozen
    from present as p
)
select name, version, scaler_id, 'row' as "check", 'scaler, id, fingerprint, artifact and names do not agree' as detail
from content where whole is not true
union all
select name, version, scaler_id, 'frozen', 'the registry has no such version of this name'
from content where not frozen
union all
select c.name, c.version, c.scaler_id, v."check", v.detail
from content as c cross join lateral normfreeze.verify(c.scaler_id) as v
where c.frozen and not v.ok
{%- if not normfreeze._is_empty_run() %}
union all
select null, null, null, 'row', 'there are ' || count(*) || ' rows instead of one' from present having count(*) <> 1
{%- endif %}
{% endtest %}
