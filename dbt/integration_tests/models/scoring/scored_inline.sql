{{ config(materialized='table') }}

{{ normfreeze.normalize(ref('live_customers'), ref('churn_scaler'), mode='inline') }}
