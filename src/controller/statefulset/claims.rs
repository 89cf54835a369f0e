//! Claims of a set's pods and who owns them (`reference/statefulset-controller.md` §7).

use super::identity::claim_name;
use crate::api::{Kind, Object, OwnerReference, Shared, StatefulSetView};
use crate::controller::Cache;
use crate::value::{Text, Value};

/// The cached claims of one namespace.
#[derive(Clone, Copy)]
pub struct ClaimLookup<'a> {
    /// The cache.
    pub cache: &'a Cache,
    /// The namespace.
    pub namespace: &'a Text,
}

impl<'a> ClaimLookup<'a> {
    /// The cached claim of this name.
    pub fn get(&self, name: &str) -> Option<&'a Shared> {
        self.cache.get(Kind::PersistentVolumeClaim, self.namespace, name)
    }
}

/// A claim of a missing pod that still belongs to a former pod of the same name (rule R7).
pub fn stale_claim(set: &StatefulSetView, claims: &ClaimLookup<'_>, pod: &Text) -> Option<Text> {
    set.claim_templates.iter().map(|template| claim_name(template, pod)).find(|name| {
        claims
            .get(name)
            .is_some_and(|claim| claim.meta.owners.iter().any(|owner| owner.kind == *"Pod" && owner.name == *pod))
    })
}

/// The owner references a claim should have, when they differ from those it has.
///
/// A reference to an object of the same name but another uid is stale: such a claim is left alone. A claim that
/// somebody else controls gets no reference of ours.
pub fn wanted_owners(
    set: &Object,
    spec: &StatefulSetView,
    claim: &Object,
    pod: Option<&Object>,
    condemned: bool,
) -> Option<Value> {
    let retention = spec.retention;
    let is_set = |o: &OwnerReference| o.kind == *"StatefulSet" && o.name == set.meta.name;
    let is_pod = |o: &OwnerReference| o.kind == *"Pod" && pod.is_some_and(|pod| o.name == pod.meta.name);
    let stale =
        claim.meta.owners.iter().any(|o| {
            (is_set(o) && o.uid != set.meta.uid) || (is_pod(o) && pod.is_some_and(|pod| o.uid != pod.meta.uid))
        });
    if stale {
        return None;
    }
    let foreign = has_foreign_controller(claim, set, pod);
    let by_pod = retention.delete_when_scaled && condemned && !foreign;
    let by_set = retention.delete_when_deleted && !by_pod && !foreign;
    let right = |wanted: bool, found: Option<&OwnerReference>| match found {
        Some(owner) => wanted && owner.controller,
        None => !wanted,
    };
    let set_reference = claim.meta.owners.iter().find(|o| is_set(o));
    let pod_reference = claim.meta.owners.iter().find(|o| is_pod(o));
    if right(by_set, set_reference) && right(by_pod, pod_reference) {
        return None;
    }
    let mut owners: Vec<Value> = claim
        .tree
        .at(&["metadata", "ownerReferences"])
        .items()
        .iter()
        .zip(&claim.meta.owners)
        .filter(|(_, owner)| !is_set(owner) && !is_pod(owner))
        .map(|(tree, _)| tree.clone())
        .collect();
    if by_set {
        owners.push(OwnerReference::to_controller(set));
    }
    if let (true, Some(pod)) = (by_pod, pod) {
        owners.push(OwnerReference::to_controller(pod));
    }
    Some(Value::list_of(owners))
}

/// Whether a claim has a managing controller that is neither the set nor the pod.
pub fn has_foreign_controller(claim: &Object, set: &Object, pod: Option<&Object>) -> bool {
    claim.controller().is_some_and(|owner| owner.uid != set.meta.uid && pod.is_none_or(|pod| owner.uid != pod.meta.uid))
}

/// How many pods may be unavailable at once: a number, or a percentage rounded down; at least one.
pub fn max_unavailable(wanted: Option<&Value>, replicas: i64) -> i64 {
    let count = match wanted {
        Some(Value::Int(count)) => *count,
        Some(Value::Text(text)) => text
            .strip_suffix('%')
            .and_then(|percent| percent.parse::<i64>().ok())
            .map_or(1, |percent| replicas * percent / 100),
        _ => 1,
    };
    count.max(1)
}
