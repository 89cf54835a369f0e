//! Defaults: what Kubernetes writes into an object where its author wrote nothing, and what it leaves out again
//! (`reference/api-defaults-validation.md` §1). Applying them twice changes nothing.

mod others;
mod pod;
mod service;
mod stateful_set;
mod storage;
mod volumes;

use super::Gates;
use crate::api::Kind;
use crate::api::quantity::Quantity;
use crate::value::{Text, Value, float};

/// Fills in what Kubernetes fills in.
pub(super) fn apply(kind: Kind, tree: &mut Value, gates: Gates) {
    metadata(tree);
    match kind {
        Kind::StatefulSet => stateful_set::apply(tree, gates),
        Kind::Pod => pod::pod(tree),
        Kind::Service => service::apply(tree),
        Kind::PersistentVolumeClaim => storage::claim(tree),
        Kind::PersistentVolume => storage::volume(tree),
        Kind::StorageClass => storage::class(tree),
        Kind::Namespace => others::namespace(tree),
        Kind::Secret => others::secret(tree),
        Kind::ConfigMap => omit(tree, &["data", "binaryData"]),
        Kind::ServiceAccount => omit(tree, &["secrets", "imagePullSecrets"]),
        Kind::PodDisruptionBudget => others::budget(tree),
        Kind::EndpointSlice => others::endpoint_slice(tree),
        Kind::Node => others::node(tree),
        Kind::Event | Kind::ControllerRevision | Kind::Endpoints => {}
    }
}

/// Leaves out of an object's metadata what is empty.
fn metadata(tree: &mut Value) {
    if tree.get("metadata").is_none_or(Value::is_null) {
        tree.set(&["metadata"], Value::empty_map());
    }
    let meta = tree.at(&["metadata"]);
    if EMPTY_METADATA.iter().any(|key| is_zero(meta.get(key))) {
        omit(tree.at_mut(&["metadata"]), &EMPTY_METADATA);
    }
}

/// Fields of metadata that are not written when they are empty.
const EMPTY_METADATA: [&str; 11] = [
    "annotations",
    "labels",
    "finalizers",
    "ownerReferences",
    "generateName",
    "namespace",
    "creationTimestamp",
    "deletionTimestamp",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Whether a present field holds its type's zero: such fields are not written.
fn is_zero(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Null) => true,
        Some(Value::Bool(b)) => !b,
        Some(Value::Int(n)) => *n == 0,
        None | Some(Value::Float(_)) => false,
        Some(Value::Text(text)) => text.is_empty(),
        Some(Value::List(items)) => items.is_empty(),
        Some(Value::Map(map)) => map.is_empty(),
    }
}

/// Takes out those of these fields that hold their type's zero.
fn omit(node: &mut Value, keys: &[&str]) {
    for key in keys {
        if is_zero(node.get(key)) {
            node.take(&[key]);
        }
    }
}

/// Takes out those of these fields that hold a null: pointers, whose zeros are written.
fn omit_null(node: &mut Value, keys: &[&str]) {
    for key in keys {
        if node.get(key).is_some_and(Value::is_null) {
            node.take(&[key]);
        }
    }
}

/// Sets a field that is missing or null.
fn fill(node: &mut Value, key: &'static str, default: impl Into<Value>) {
    if node.get(key).is_none_or(Value::is_null) {
        node.set(&[key], default);
    }
}

/// Sets a field that is missing or holds its type's zero.
fn fill_zero(node: &mut Value, key: &'static str, default: impl Into<Value>) {
    if node.get(key).is_none() || is_zero(node.get(key)) {
        node.set(&[key], default);
    }
}

/// Does something to a field that is there.
fn with(node: &mut Value, key: &'static str, change: impl FnOnce(&mut Value)) {
    if node.get(key).is_some_and(|value| !value.is_null()) {
        change(node.at_mut(&[key]));
    }
}

/// Does something to each item of a list.
fn each(node: &mut Value, key: &'static str, change: impl FnMut(&mut Value)) {
    if !node.at(&[key]).items().is_empty() {
        node.at_mut(&[key]).items_mut().iter_mut().for_each(change);
    }
}

/// A map of quantities as the API writes them: every amount in its shortest form.
fn quantities(node: &mut Value, key: &'static str) {
    omit(node, &[key]);
    with(node, key, |amounts| {
        let changed: Vec<(Text, Value)> =
            amounts.pairs().filter_map(|(name, amount)| Some((name.clone(), canonical(amount)?))).collect();
        for (name, amount) in changed {
            amounts.map_mut().insert(name, amount);
        }
    });
}

/// The shortest form of a quantity in thousandths, where that is not how it is written.
fn canonical(amount: &Value) -> Option<Value> {
    let written = match amount {
        Value::Text(text) => text.clone(),
        Value::Int(n) => n.to_string().into(),
        Value::Float(n) => float::plain(*n).into(),
        _ => return None,
    };
    let shortest = Quantity::parse(&written).ok()?.rounded_to_milli().to_string();
    (amount.as_str() != Some(&shortest)).then(|| Value::from(shortest))
}

#[cfg(test)]
mod tests;
