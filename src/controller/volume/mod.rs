//! Storage: what binds claims to volumes, makes and removes volumes, protects and enlarges them
//! (`reference/storage.md`).

mod binder;
mod bookkeeping;
mod matching;
mod protection;
mod provisioner;
mod resizer;
mod size;
#[cfg(test)]
mod tests;

pub use binder::{BinderAlarm, VolumeBinder};
pub use protection::{Protection, ProtectionAlarm};
pub use provisioner::{Provisioner, ProvisionerAlarm};
pub use resizer::{Resizer, ResizerAlarm};

use crate::api::Object;
use crate::value::{Text, Value};

/// The namespace of kinds that have none.
const CLUSTER: &Text = &Text::Static("");

/// Annotation of a claim that is bound for good.
pub(crate) const BIND_COMPLETED: &str = "pv.kubernetes.io/bind-completed";
/// Annotation of a claim or volume whose partner the controller chose, not a user.
pub(crate) const BOUND_BY_CONTROLLER: &str = "pv.kubernetes.io/bound-by-controller";
/// Annotation of a volume: the provisioner that made it.
pub(crate) const PROVISIONED_BY: &str = "pv.kubernetes.io/provisioned-by";
/// Annotation of a claim: the provisioner that shall make its volume.
pub(crate) const STORAGE_PROVISIONER: &str = "volume.kubernetes.io/storage-provisioner";
/// The older name of the same annotation, still written beside it.
pub(crate) const STORAGE_PROVISIONER_BETA: &str = "volume.beta.kubernetes.io/storage-provisioner";
/// Annotation of a claim: the node that the scheduler chose for its first pod.
pub(crate) const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";
/// Finalizer of a claim that pods may use.
pub(crate) const CLAIM_PROTECTION: &str = "kubernetes.io/pvc-protection";
/// Finalizer of a volume that a claim may be bound to.
pub(crate) const VOLUME_PROTECTION: &str = "kubernetes.io/pv-protection";
/// Finalizer of a volume whose storage its provisioner has to remove.
pub(crate) const PROVISIONER_FINALIZER: &str = "external-provisioner.volume.kubernetes.io/finalizer";

/// The class of a claim or volume; empty for none.
fn class_of(object: &Object) -> Text {
    let annotation = object.annotation("volume.beta.kubernetes.io/storage-class");
    match annotation {
        Some(class) => Text::copy(class),
        None => object.tree.at(&["spec", "storageClassName"]).text(),
    }
}

/// A tree with one finalizer less.
fn without_finalizer(object: &Object, finalizer: &str) -> Value {
    let mut tree = object.tree.clone();
    let left: Vec<Value> = tree
        .at(&["metadata", "finalizers"])
        .items()
        .iter()
        .filter(|held| held.as_str() != Some(finalizer))
        .cloned()
        .collect();
    if left.is_empty() {
        tree.take(&["metadata", "finalizers"]);
    } else {
        tree.set(&["metadata", "finalizers"], left);
    }
    tree
}

/// Whether an object carries a finalizer.
fn has_finalizer(object: &Object, finalizer: &str) -> bool {
    object.meta.finalizers.iter().any(|held| *held == *finalizer)
}
