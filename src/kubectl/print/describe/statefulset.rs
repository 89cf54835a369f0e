//! `kubectl describe statefulset`.

use super::super::cells::scalar;
use super::writer::{Writer, bracketed, moment, selector};
use super::{World, template};
use crate::api::{Kind, Object, Selector};
use crate::value::Value;

/// A StatefulSet, but for its events.
pub fn stateful_set(out: &mut Writer, object: &Object, world: &mut World<'_>) {
    let (spec, status) = (object.tree.at(&["spec"]), object.tree.at(&["status"]));
    out.field(0, "Name", &object.meta.name);
    out.field(0, "Namespace", &object.meta.namespace);
    out.field(0, "CreationTimestamp", &moment(object.tree.at(&["metadata", "creationTimestamp"]), ""));
    out.field(0, "Selector", &selector(spec.at(&["selector"])));
    out.labels("Labels", object.tree.at(&["metadata", "labels"]));
    out.annotations("Annotations", object.tree.at(&["metadata", "annotations"]));
    let number = |value: &Value| value.as_i64().unwrap_or(0);
    let (desired, total) = (number(spec.at(&["replicas"])), number(status.at(&["replicas"])));
    out.field(0, "Replicas", &format!("{desired} desired | {total} total"));
    out.field(0, "Update Strategy", spec.at(&["updateStrategy", "type"]).str_or_empty());
    let rolling = spec.at(&["updateStrategy", "rollingUpdate"]);
    if let Some(partition) = rolling.get("partition") {
        out.field(1, "Partition", &scalar(partition));
        if let Some(most) = rolling.get("maxUnavailable") {
            out.field(1, "MaxUnavailable", &scalar(most));
        }
    }
    out.field(0, "Pods Status", &pods_status(object, world));
    template::pod_template(out, spec.at(&["template"]));
    claims(out, spec.at(&["volumeClaimTemplates"]));
}

/// How many pods of the set are in which phase.
fn pods_status(object: &Object, world: &mut World<'_>) -> String {
    let selector = Selector::from_label_selector(object.tree.at(&["spec", "selector"])).unwrap_or_default();
    let (mut running, mut waiting, mut succeeded, mut failed) = (0, 0, 0, 0);
    for pod in (world.list)(Kind::Pod, &object.meta.namespace) {
        let is_ours = pod.controller().is_some_and(|owner| owner.uid == object.meta.uid);
        if !is_ours || !selector.matches(pod.labels()) {
            continue;
        }
        match pod.tree.at(&["status", "phase"]).str_or_empty() {
            "Running" => running += 1,
            "Pending" => waiting += 1,
            "Succeeded" => succeeded += 1,
            "Failed" => failed += 1,
            _ => {}
        }
    }
    format!("{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed")
}

fn claims(out: &mut Writer, templates: &Value) {
    if templates.items().is_empty() {
        out.field(0, "Volume Claims", "<none>");
        return;
    }
    out.line(0, "Volume Claims:");
    for claim in templates.items() {
        let (metadata, spec) = (claim.at(&["metadata"]), claim.at(&["spec"]));
        out.field(1, "Name", metadata.at(&["name"]).str_or_empty());
        let beta = metadata.at(&["annotations", "volume.beta.kubernetes.io/storage-class"]);
        let class = if beta.is_null() { spec.at(&["storageClassName"]) } else { beta };
        out.field(1, "StorageClass", class.str_or_empty());
        indented_labels(out, "Labels", metadata.at(&["labels"]));
        indented_labels(out, "Annotations", metadata.at(&["annotations"]));
        let capacity = match spec.at(&["resources", "requests", "storage"]) {
            Value::Null => "<default>".to_owned(),
            capacity => scalar(capacity),
        };
        out.field(1, "Capacity", &capacity);
        out.field(1, "Access Modes", &bracketed(spec.at(&["accessModes"])));
    }
}

fn indented_labels(out: &mut Writer, key: &str, labels: &Value) {
    let mut key = format!("{key}:");
    if labels.pairs().next().is_none() {
        out.line(1, &format!("{key}\t<none>"));
    }
    for (name, value) in labels.pairs() {
        out.line(1, &format!("{key}\t{name}={}", value.str_or_empty()));
        key.clear();
    }
}
