//! Rows of namespaces, nodes, events, and what only holds data.

use super::{age, name, or_none, since};
use crate::api::Object;
use crate::time::Time;
use crate::value::Value;

/// The cells of a Namespace.
pub fn namespace(object: &Object, now: Time) -> Vec<String> {
    let phase = object.tree.at(&["status", "phase"]).str_or_empty();
    vec![name(object), phase.to_owned(), age(object, now)]
}

/// The cells of a Node.
pub fn node(object: &Object, now: Time) -> Vec<String> {
    let tree = &object.tree;
    let info = |key: &str| tree.at(&["status", "nodeInfo", key]);
    let address = |of: &str| {
        let addresses = tree.at(&["status", "addresses"]).items();
        let found = addresses.iter().find(|a| a.at(&["type"]).str_or_empty() == of);
        found.map_or("<none>".to_owned(), |a| or_none(a.at(&["address"])))
    };
    let or_unknown = |text: &str| {
        if text.is_empty() { "<unknown>".to_owned() } else { text.to_owned() }
    };
    let architecture = info("architecture").str_or_empty();
    let mut kernel = or_unknown(info("kernelVersion").str_or_empty());
    if !architecture.is_empty() {
        kernel = format!("{kernel} ({architecture})");
    }
    vec![
        name(object),
        node_status(tree),
        node_roles(object),
        age(object, now),
        info("kubeletVersion").str_or_empty().to_owned(),
        address("InternalIP"),
        address("ExternalIP"),
        or_unknown(info("osImage").str_or_empty()),
        kernel,
        or_unknown(info("containerRuntimeVersion").str_or_empty()),
    ]
}

fn node_status(tree: &Value) -> String {
    let conditions = tree.at(&["status", "conditions"]).items();
    let ready = conditions.iter().find(|c| c.at(&["type"]).str_or_empty() == "Ready");
    let mut status = match ready.map(|c| c.at(&["status"]).str_or_empty()) {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    }
    .to_owned();
    if tree.at(&["spec", "unschedulable"]).as_bool() == Some(true) {
        status.push_str(",SchedulingDisabled");
    }
    status
}

/// A node's roles, sorted and joined, or `<none>`.
pub fn node_roles(object: &Object) -> String {
    let mut roles: Vec<&str> = Vec::new();
    for (key, value) in object.labels().iter() {
        if let Some(role) = key.strip_prefix("node-role.kubernetes.io/") {
            roles.push(role);
        } else if *key == "kubernetes.io/role" {
            roles.push(value.str_or_empty());
        }
    }
    roles.retain(|role| !role.is_empty());
    crate::sorted::sort(&mut roles);
    roles.dedup();
    if roles.is_empty() { "<none>".to_owned() } else { roles.join(",") }
}

/// The cells of an Event.
pub fn event(object: &Object, now: Time) -> Vec<String> {
    let tree = &object.tree;
    let text = |key: &str| tree.at(&[key]).str_or_empty();
    let involved = tree.at(&["involvedObject"]);
    let kind = involved.at(&["kind"]).str_or_empty().to_ascii_lowercase();
    let subject = match involved.at(&["name"]).str_or_empty() {
        "" => kind,
        name => format!("{kind}/{name}"),
    };
    let series = tree.get("series").filter(|series| !series.is_null());
    let count = match series {
        Some(series) => series.at(&["count"]).as_i64().unwrap_or(0),
        None => tree.at(&["count"]).as_i64().filter(|&count| count != 0).unwrap_or(1),
    };
    vec![
        since(last_seen(tree), now),
        text("type").to_owned(),
        text("reason").to_owned(),
        subject,
        involved.at(&["fieldPath"]).str_or_empty().to_owned(),
        event_source(tree),
        text("message").trim().to_owned(),
        since(first_seen(tree), now),
        count.to_string(),
        name(object),
    ]
}

/// When an event happened first.
pub fn first_seen(tree: &Value) -> &Value {
    let first = tree.at(&["firstTimestamp"]);
    if first.is_null() { tree.at(&["eventTime"]) } else { first }
}

/// When an event happened last: its series knows best.
fn last_seen(tree: &Value) -> &Value {
    let series = tree.at(&["series", "lastObservedTime"]);
    let last = tree.at(&["lastTimestamp"]);
    if !series.is_null() {
        series
    } else if !last.is_null() {
        last
    } else {
        first_seen(tree)
    }
}

fn event_source(tree: &Value) -> String {
    let or = |value: &Value, other: &str| match value.str_or_empty() {
        "" => tree.at(&[other]).str_or_empty().to_owned(),
        text => text.to_owned(),
    };
    let component = or(tree.at(&["source", "component"]), "reportingComponent");
    let host = or(tree.at(&["source", "host"]), "reportingInstance");
    if host.is_empty() { component } else { format!("{component}, {host}") }
}

/// The cells of a ConfigMap.
pub fn config_map(object: &Object, now: Time) -> Vec<String> {
    let data = object.tree.at(&["data"]).pairs().count() + object.tree.at(&["binaryData"]).pairs().count();
    vec![name(object), data.to_string(), age(object, now)]
}

/// The cells of a Secret.
pub fn secret(object: &Object, now: Time) -> Vec<String> {
    let kind = object.tree.at(&["type"]).str_or_empty().to_owned();
    let data = object.tree.at(&["data"]).pairs().count();
    vec![name(object), kind, data.to_string(), age(object, now)]
}
