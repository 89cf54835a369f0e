//! Validation: what is wrong with an object, in the order and the words of Kubernetes
//! (`reference/api-defaults-validation.md` §2–5).

mod blocks;
mod claim;
mod cluster;
mod containers;
mod difference;
mod environment;
mod inner;
mod labels;
mod metadata;
mod names;
mod others;
mod pod;
mod pod_spec;
mod probes;
mod resources;
mod scheduling;
mod security;
mod service;
mod stateful_set;
mod volumes;
mod warnings;

pub(crate) use difference::unified;
pub(crate) use names::{config_key, label_key, label_value};

use super::{Gates, Subresource};
use crate::api::{Cause, Kind, Object, Selector};
use crate::value::Value;
use blocks::Report;

/// What is wrong with a new object.
pub(super) fn create(kind: Kind, tree: &Value, gates: Gates) -> Vec<Cause> {
    let mut report = Report::default();
    if kind == Kind::Event {
        cluster::event(tree, &mut report);
        return report.into_causes();
    }
    metadata::create(kind, tree, &mut report);
    match kind {
        Kind::StatefulSet => stateful_set::create(tree, gates, &mut report),
        Kind::Pod => pod::create(tree, &mut report),
        Kind::PersistentVolumeClaim => {
            claim::spec(tree.at(&["spec"]), &blocks::Path::root("spec"), &mut report);
        }
        Kind::PersistentVolume => claim::volume(tree, &mut report),
        Kind::StorageClass => claim::class(tree, &mut report),
        Kind::Service => service::check(tree, &mut report),
        Kind::PodDisruptionBudget => others::budget(tree, &mut report),
        Kind::ConfigMap => others::config_map(tree, &mut report),
        Kind::Secret => others::secret(tree, &mut report),
        Kind::ControllerRevision => others::revision(tree, &mut report),
        Kind::Node => cluster::node(tree, &mut report),
        Kind::EndpointSlice => cluster::endpoint_slice(tree, None, &mut report),
        Kind::Event | Kind::Namespace | Kind::ServiceAccount | Kind::Endpoints => {}
    }
    report.into_causes()
}

/// What is wrong with a changed object. Status writes, the most frequent ones, are looked at only where Kubernetes
/// has something to say about them.
pub(super) fn update(kind: Kind, tree: &Value, old: &Object, subresource: Subresource, gates: Gates) -> Vec<Cause> {
    let mut report = Report::default();
    if subresource != Subresource::None {
        if subresource == Subresource::Status && kind == Kind::StatefulSet {
            stateful_set::status(tree, old, &mut report);
        }
        return report.into_causes();
    }
    if kind == Kind::Event {
        cluster::event(tree, &mut report);
        return report.into_causes();
    }
    if tree.at(&["metadata"]) != old.tree.at(&["metadata"]) {
        metadata::update(tree, old, &mut report);
    }
    match kind {
        Kind::StatefulSet => stateful_set::update(tree, old, gates, &mut report),
        Kind::Pod => pod::update(tree, old, &mut report),
        Kind::PersistentVolumeClaim => claim::update(tree, old, &mut report),
        Kind::PersistentVolume => claim::volume_update(tree, old, &mut report),
        Kind::StorageClass => claim::class_update(tree, old, &mut report),
        Kind::Service => service::update(tree, old, &mut report),
        Kind::PodDisruptionBudget => others::budget(tree, &mut report),
        Kind::ConfigMap => {
            others::frozen(tree, old, &mut report);
            others::config_map(tree, &mut report);
        }
        Kind::Secret => others::secret_update(tree, old, &mut report),
        Kind::ControllerRevision => others::revision_update(tree, old, &mut report),
        Kind::Node => cluster::node(tree, &mut report),
        Kind::EndpointSlice => cluster::endpoint_slice(tree, Some(old), &mut report),
        Kind::Event | Kind::Namespace | Kind::ServiceAccount | Kind::Endpoints => {}
    }
    report.into_causes()
}

/// Warnings about a new or changed object, without the word `Warning: `.
pub(super) fn warnings(kind: Kind, tree: &Value, old: Option<&Object>) -> Vec<String> {
    warnings::of(kind, tree, old)
}

/// Reads the label selector of a request (the text after `-l`), its keys and values checked.
///
/// # Errors
/// The text with which Kubernetes refuses it (`reference/api-defaults-validation.md` §6).
pub fn parse_selector(text: &str) -> Result<Selector, String> {
    Selector::parse_checked(text, &names::label_key, &names::label_value)
}

#[cfg(test)]
mod tests;
