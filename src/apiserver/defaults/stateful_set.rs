//! Defaults of StatefulSets.

use super::super::Gates;
use super::{each, fill, fill_zero, omit, omit_null, pod, storage, with};
use crate::map;
use crate::value::Value;

/// Fills in a StatefulSet.
pub(super) fn apply(tree: &mut Value, gates: Gates) {
    fill(tree, "spec", Value::empty_map());
    let spec = tree.at_mut(&["spec"]);
    fill_zero(spec, "podManagementPolicy", "OrderedReady");
    update_strategy(spec, gates);
    fill(spec, "persistentVolumeClaimRetentionPolicy", Value::empty_map());
    let retention = spec.at_mut(&["persistentVolumeClaimRetentionPolicy"]);
    fill_zero(retention, "whenDeleted", "Retain");
    fill_zero(retention, "whenScaled", "Retain");
    fill(spec, "replicas", 1);
    fill(spec, "revisionHistoryLimit", 10);
    fill(spec, "serviceName", "");
    omit(spec, &["minReadySeconds", "volumeClaimTemplates"]);
    omit_null(spec, &["ordinals"]);
    with(spec, "ordinals", |ordinals| fill(ordinals, "start", 0));
    with(spec, "selector", pod::selector);
    fill(spec, "template", Value::empty_map());
    pod::template(spec.at_mut(&["template"]));
    each(spec, "volumeClaimTemplates", claim_template);
}

/// A strategy without a type becomes RollingUpdate with a partition; one with a type keeps what it has.
fn update_strategy(spec: &mut Value, gates: Gates) {
    fill(spec, "updateStrategy", Value::empty_map());
    let strategy = spec.at_mut(&["updateStrategy"]);
    omit_null(strategy, &["rollingUpdate"]);
    if strategy.at(&["type"]).str_or_empty().is_empty() {
        strategy.set(&["type"], "RollingUpdate");
        fill(strategy, "rollingUpdate", Value::empty_map());
    }
    if strategy.at(&["type"]).as_str() == Some("RollingUpdate") {
        with(strategy, "rollingUpdate", |rolling| {
            fill(rolling, "partition", 0);
            if gates.max_unavailable_stateful_set {
                fill(rolling, "maxUnavailable", 1);
            } else {
                omit_null(rolling, &["maxUnavailable"]);
            }
        });
    }
}

/// Claim templates are stored as whole claims, except for their storage class.
fn claim_template(template: &mut Value) {
    template.set(&["apiVersion"], "v1");
    template.set(&["kind"], "PersistentVolumeClaim");
    super::metadata(template);
    storage::claim(template);
    template.set(&["status"], map! { "phase" => "Pending" });
}
