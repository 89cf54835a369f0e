//! The kinds of the cluster itself with few rules: nodes, events, endpoint slices.

use super::blocks::{IMMUTABLE, Path, Report, quote};
use super::{labels, names};
use crate::api::Object;
use crate::value::Value;

/// The effects of a taint.
const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// The taints of a node. Kubernetes calls their path `metadata.taints`.
pub(super) fn node(tree: &Value, report: &mut Report) {
    let metadata = Path::root("metadata");
    let path = metadata.field("taints");
    let taints = tree.at(&["spec", "taints"]).items();
    for (at, taint) in taints.iter().enumerate() {
        let path = path.index(at);
        let text = |field: &'static str| taint.at(&[field]).str_or_empty();
        labels::label_name(text("key"), &path.field("key"), report);
        let complaints = names::label_value(text("value"));
        if !complaints.is_empty() {
            report.invalid_text(&path.field("value"), text("value"), &complaints.join(";"));
        }
        report.one_of(&path.field("effect"), text("effect"), &EFFECTS);
        let same = |other: &&Value| ["key", "effect"].iter().all(|field| other.at(&[field]) == taint.at(&[field]));
        if taints.iter().take(at).any(|other| same(&other)) {
            let written = format!(
                "{{\"Key\":{},\"Value\":{},\"Effect\":{},\"TimeAdded\":null}}",
                quote(text("key")),
                quote(text("value")),
                quote(text("effect"))
            );
            report.duplicate_because(&path, &written, "taints must be unique by key and effect pair");
        }
    }
}

/// An event lives where its object does; one of an object without a namespace in `default`.
pub(super) fn event(tree: &Value, report: &mut Report) {
    let namespace = tree.at(&["metadata", "namespace"]).str_or_empty();
    let of = tree.at(&["involvedObject", "namespace"]).str_or_empty();
    let agree = if of.is_empty() { matches!(namespace, "" | "default") } else { of == namespace };
    if !agree {
        let path = Path::root("involvedObject");
        report.invalid_text(&path.field("namespace"), of, "does not match event.namespace");
    }
}

/// The type of a slice's addresses, which stays what it is.
pub(super) fn endpoint_slice(tree: &Value, old: Option<&Object>, report: &mut Report) {
    let path = Path::root("addressType");
    let kind = tree.at(&["addressType"]);
    if old.is_some_and(|old| old.tree.at(&["addressType"]) != kind) {
        report.invalid(&path, kind, IMMUTABLE);
    }
    report.one_of(&path, kind.str_or_empty(), &["FQDN", "IPv4", "IPv6"]);
}
