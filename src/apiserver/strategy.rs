//! What each kind does to an object before it is stored: which fields a request may not set, and generations.

use super::{Gates, Subresource};
use crate::api::{Kind, Object};
use crate::time::Time;
use crate::value::{Text, Value};
use crate::{list, map};

/// Fields of metadata that only the server writes.
const SYSTEM_FIELDS: [&str; 6] =
    ["uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"];

/// Clears what a creation may not set and writes the status an object begins with.
pub(super) fn prepare_for_create(kind: Kind, tree: &mut Value, gates: Gates) {
    for field in SYSTEM_FIELDS {
        tree.take(&["metadata", field]);
    }
    tree.take(&["metadata", "managedFields"]);
    tree.set(&["apiVersion"], kind.api_version());
    tree.set(&["kind"], kind.name());
    match kind {
        Kind::StatefulSet => {
            tree.set(&["status"], map! { "replicas" => 0, "availableReplicas" => 0 });
            drop_gated_fields(tree, None, gates);
        }
        Kind::Pod => tree.set(&["status"], map! { "phase" => "Pending", "qosClass" => quality_of_service(tree) }),
        Kind::Namespace => {
            tree.set(&["spec", "finalizers"], Value::texts(["kubernetes"]));
            tree.set(&["status"], map! { "phase" => "Active" });
        }
        Kind::PersistentVolumeClaim | Kind::PersistentVolume => tree.set(&["status"], map! { "phase" => "Pending" }),
        Kind::Service => {
            tree.set(&["status"], map! { "loadBalancer" => Value::empty_map() });
            let ip = tree.at(&["spec", "clusterIP"]).clone();
            if !ip.str_or_empty().is_empty() && tree.at(&["spec", "clusterIPs"]).items().is_empty() {
                tree.set(&["spec", "clusterIPs"], list![ip]);
            }
        }
        Kind::PodDisruptionBudget => tree.set(
            &["status"],
            map! { "currentHealthy" => 0, "desiredHealthy" => 0, "disruptionsAllowed" => 0, "expectedPods" => 0 },
        ),
        _ => {}
    }
}

/// Keeps what an update may not change: system metadata, and the half of the object that is not addressed.
pub(super) fn prepare_for_update(kind: Kind, tree: &mut Value, old: &Object, subresource: Subresource, gates: Gates) {
    let keep = |tree: &mut Value, path: &[&'static str]| match old.tree.at(path) {
        Value::Null => {
            tree.take(path);
        }
        held => tree.set(path, held.clone()),
    };
    let status = subresource == Subresource::Status;
    if status {
        // A status write brings nothing but the status.
        let new_status = tree.at(&["status"]).clone();
        *tree = old.tree.clone();
        tree.set(&["status"], new_status);
        return;
    }
    if subresource == Subresource::Finalize {
        let finalizers = tree.at(&["spec", "finalizers"]).clone();
        *tree = old.tree.clone();
        tree.set(&["spec", "finalizers"], finalizers);
        return;
    }
    tree.set(&["apiVersion"], kind.api_version());
    tree.set(&["kind"], kind.name());
    for field in SYSTEM_FIELDS {
        keep(tree, &["metadata", field]);
    }
    tree.take(&["metadata", "managedFields"]);
    if !old.meta.namespace.is_empty() {
        tree.set(&["metadata", "namespace"], &old.meta.namespace);
    }
    if has_status(kind) {
        keep(tree, &["status"]);
    }
    if kind == Kind::StatefulSet {
        drop_gated_fields(tree, Some(old), gates);
    }
    match kind {
        Kind::Namespace => keep(tree, &["spec", "finalizers"]),
        Kind::Service => super::admission::carry_over(tree, &old.tree),
        _ => {}
    }
}

/// Notes when a volume came into its phase.
pub(super) fn note_phase(kind: Kind, tree: &mut Value, old: Option<&Object>, now: Time) {
    const SINCE: [&str; 2] = ["status", "lastPhaseTransitionTime"];
    if kind != Kind::PersistentVolume {
        return;
    }
    let phase = tree.at(&["status", "phase"]);
    if old.is_none_or(|old| old.tree.at(&["status", "phase"]) != phase) {
        tree.set(&SINCE, now.rfc3339());
    } else if let Some(since) = old.map(|old| old.tree.at(&SINCE)).filter(|since| !since.is_null()) {
        tree.set(&SINCE, since.clone());
    }
}

/// Whether a kind's status is written only through /status.
fn has_status(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Event
            | Kind::EndpointSlice
            | Kind::ControllerRevision
            | Kind::ConfigMap
            | Kind::Secret
            | Kind::ServiceAccount
            | Kind::StorageClass
    )
}

/// metadata.generation counts changes of everything that is not metadata or status.
pub(super) fn count_generation(kind: Kind, tree: &mut Value, old: &Object, subresource: Subresource) {
    if !kind.info().has_generation || subresource == Subresource::Status {
        return;
    }
    let changed = if kind == Kind::EndpointSlice {
        ["endpoints", "ports", "addressType"].iter().any(|key| tree.at(&[key]) != old.tree.at(&[key]))
            || tree.at(&["metadata", "labels"]) != old.tree.at(&["metadata", "labels"])
    } else {
        tree.at(&["spec"]) != old.tree.at(&["spec"])
    };
    if changed {
        tree.set(&["metadata", "generation"], old.meta.generation + 1);
    }
}

/// rollingUpdate.maxUnavailable vanishes silently while its gate is off, unless the stored object had it.
fn drop_gated_fields(tree: &mut Value, old: Option<&Object>, gates: Gates) {
    const PATH: [&str; 4] = ["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"];
    let had = old.is_some_and(|old| !old.tree.at(&PATH).is_null());
    if !gates.max_unavailable_stateful_set && !had {
        tree.take(&PATH);
    }
}

/// status.qosClass: by the cpu and memory requests and limits of all containers.
fn quality_of_service(tree: &Value) -> Text {
    let spec = tree.at(&["spec"]);
    let containers = || spec.at(&["initContainers"]).items().iter().chain(spec.at(&["containers"]).items());
    let mentions = |part: &str| {
        containers()
            .any(|c| c.at(&["resources", part]).pairs().any(|(name, _)| matches!(name.as_str(), "cpu" | "memory")))
    };
    if !mentions("requests") && !mentions("limits") {
        return "BestEffort".into();
    }
    let guaranteed = containers().all(|c| {
        ["cpu", "memory"].iter().all(|resource| {
            let limit = c.at(&["resources", "limits", resource]);
            let request = c.at(&["resources", "requests", resource]);
            !limit.is_null() && (request.is_null() || request == limit)
        })
    });
    if guaranteed { "Guaranteed".into() } else { "Burstable".into() }
}
