//! `kubectl describe` of namespaces, budgets, and what only holds data.

use super::super::cells::scalar;
use super::writer::{Writer, moment, selector};
use crate::api::Object;
use crate::value::Value;

/// Name, namespace, labels and annotations, with which most descriptions begin.
pub fn head(out: &mut Writer, object: &Object) {
    out.field(0, "Name", &object.meta.name);
    if object.kind.is_namespaced() {
        out.field(0, "Namespace", &object.meta.namespace);
    }
    out.labels("Labels", object.tree.at(&["metadata", "labels"]));
    out.annotations("Annotations", object.tree.at(&["metadata", "annotations"]));
}

/// A namespace.
pub fn namespace(out: &mut Writer, object: &Object) {
    head(out, object);
    let status = object.tree.at(&["status"]);
    out.field(0, "Status", status.at(&["phase"]).str_or_empty());
    let conditions = status.at(&["conditions"]).items();
    if !conditions.is_empty() {
        out.line(0, "Conditions:");
        out.line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
        out.line(1, "----\t------\t------------------\t------\t-------");
    }
    for condition in conditions {
        let text = |key: &str| condition.at(&[key]).str_or_empty();
        let changed = moment(condition.at(&["lastTransitionTime"]), super::container::NEVER);
        out.line(1, &[text("type"), text("status"), &changed, text("reason"), text("message")].join("\t"));
    }
    out.push("\nNo resource quota.\n\nNo LimitRange resource.\n");
}

/// A disruption budget, but for its events.
pub fn disruption_budget(out: &mut Writer, object: &Object) {
    let (spec, status) = (object.tree.at(&["spec"]), object.tree.at(&["status"]));
    out.field(0, "Name", &object.meta.name);
    out.field(0, "Namespace", &object.meta.namespace);
    if let Some(least) = spec.get("minAvailable") {
        out.field(0, "Min available", &scalar(least));
    } else if let Some(most) = spec.get("maxUnavailable") {
        out.field(0, "Max unavailable", &scalar(most));
    }
    let labels = spec.at(&["selector"]);
    out.field(0, "Selector", &if labels.is_null() { "<unset>".to_owned() } else { selector(labels) });
    out.line(0, "Status:");
    for (title, key) in [
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ] {
        out.field(2, title, &status.at(&[key]).as_i64().unwrap_or(0).to_string());
    }
}

/// A config map, but for its events.
pub fn config_map(out: &mut Writer, object: &Object) {
    head(out, object);
    out.push("\nData\n====\n");
    for (key, value) in object.tree.at(&["data"]).pairs() {
        out.push(&format!("{key}:\n----\n{}\n\n", value.str_or_empty()));
    }
    out.push("\nBinaryData\n====\n");
    for (key, value) in object.tree.at(&["binaryData"]).pairs() {
        out.push(&format!("{key}: {} bytes\n", decoded_length(value)));
    }
    out.push("\n");
}

/// A secret.
pub fn secret(out: &mut Writer, object: &Object) {
    head(out, object);
    out.push(&format!("\nType:\t{}\n\nData\n====\n", object.tree.at(&["type"]).str_or_empty()));
    for (key, value) in object.tree.at(&["data"]).pairs() {
        out.field(0, key, &format!("{} bytes", decoded_length(value)));
    }
}

/// How many bytes a text in base 64 stands for.
fn decoded_length(value: &Value) -> usize {
    let text = value.str_or_empty().trim_end_matches('=');
    text.len() * 3 / 4
}

/// A service account, but for its events.
pub fn service_account(out: &mut Writer, object: &Object) {
    head(out, object);
    let secrets = object.tree.at(&["imagePullSecrets"]).items();
    let names: Vec<String> = secrets.iter().map(|secret| scalar(secret.at(&["name"]))).collect();
    out.many("Image pull secrets", &names);
}
