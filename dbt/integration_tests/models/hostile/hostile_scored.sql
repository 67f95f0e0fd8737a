{{ config(materialized='table') }}

{{ normfreeze.normalize(ref('hostile_rows'), ref('hostile_scaler')) }}
