//! What is read of claims and volumes.

use crate::value::{Text, Value};

/// What is read of a PersistentVolumeClaim.
#[derive(Clone, Debug, Default)]
pub struct ClaimView {
    /// status.phase: Pending, Bound or Lost.
    pub phase: Text,
    /// spec.volumeName.
    pub volume: Text,
    /// spec.storageClassName; `None` where the field is missing, which is not the same as empty.
    pub class: Option<Text>,
    /// spec.resources.requests.storage.
    pub request: Text,
    /// status.capacity.storage.
    pub capacity: Text,
}

/// What is read of a PersistentVolume.
#[derive(Clone, Debug, Default)]
pub struct VolumeView {
    /// status.phase: Pending, Available, Bound, Released or Failed.
    pub phase: Text,
    /// spec.storageClassName.
    pub class: Text,
    /// spec.capacity.storage.
    pub capacity: Text,
    /// spec.claimRef.namespace.
    pub claim_namespace: Text,
    /// spec.claimRef.name; empty without a claimRef.
    pub claim_name: Text,
    /// spec.claimRef.uid.
    pub claim_uid: Text,
    /// spec.persistentVolumeReclaimPolicy.
    pub reclaim_policy: Text,
}

impl ClaimView {
    pub(super) fn of(tree: &Value) -> Self {
        let (spec, status) = (tree.at(&["spec"]), tree.at(&["status"]));
        Self {
            phase: status.at(&["phase"]).text(),
            volume: spec.at(&["volumeName"]).text(),
            class: match spec.at(&["storageClassName"]) {
                Value::Text(class) => Some(class.clone()),
                _ => None,
            },
            request: spec.at(&["resources", "requests", "storage"]).text(),
            capacity: status.at(&["capacity", "storage"]).text(),
        }
    }

    /// Whether the claim is Bound.
    pub fn is_bound(&self) -> bool {
        self.phase == *"Bound"
    }
}

impl VolumeView {
    pub(super) fn of(tree: &Value) -> Self {
        let spec = tree.at(&["spec"]);
        let claim = spec.at(&["claimRef"]);
        Self {
            phase: tree.at(&["status", "phase"]).text(),
            class: spec.at(&["storageClassName"]).text(),
            capacity: spec.at(&["capacity", "storage"]).text(),
            claim_namespace: claim.at(&["namespace"]).text(),
            claim_name: claim.at(&["name"]).text(),
            claim_uid: claim.at(&["uid"]).text(),
            reclaim_policy: spec.at(&["persistentVolumeReclaimPolicy"]).text(),
        }
    }
}
