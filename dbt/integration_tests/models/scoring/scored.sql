{{ config(materialized='table', contract={'enforced': true}) }}

{{ normfreeze.normalize(ref('live_customers'), ref('churn_scaler')) }}
