//! Claims and volumes (`reference/storage.md` §2, §6, §9).

use super::affinity;
use super::picture::NodePicture;
use super::refusal::Reason;
use crate::api::{Kind, Object, Shared};
use crate::controller::Cache;
use crate::value::{Text, Value};

/// The annotation by which the scheduler asks for a volume on a node.
pub(super) const SELECTED_NODE: &str = "volume.kubernetes.io/selected-node";

/// The claims of a pod, sorted by what has to be done about them.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Volumes of the claims that are bound.
    pub volumes: Vec<Shared>,
    /// Claims that are to be bound when a node has been chosen.
    pub delayed: Vec<Shared>,
    /// Names of claims that only one pod may use.
    exclusive: Vec<Text>,
}

/// How an unbound claim could be served on a node.
#[derive(Debug)]
pub(super) enum Offer {
    /// By this volume.
    Volume(Shared),
    /// By its provisioner.
    Provision,
}

/// Whether a claim is completely bound.
pub(super) fn is_bound(claim: &Object) -> bool {
    !claim.tree.at(&["spec", "volumeName"]).str_or_empty().is_empty()
        && claim.annotation("pv.kubernetes.io/bind-completed").is_some()
}

/// Looks the claims of a pod up.
///
/// # Errors
/// Why no node at all can be looked at: the text before any node.
pub(super) fn look_up(pod: &Object, cache: &Cache) -> Result<Claims, String> {
    let mut claims = Claims::default();
    let mut unbound = false;
    let names = pod.as_pod().map(|view| view.claims.clone()).unwrap_or_default();
    for name in names {
        let Some(claim) = cache.get(Kind::PersistentVolumeClaim, &pod.meta.namespace, &name) else {
            return Err(format!("persistentvolumeclaim \"{name}\" not found"));
        };
        if claim.is_terminating() {
            return Err(format!("persistentvolumeclaim \"{name}\" is being deleted"));
        }
        let view = claim.as_claim();
        let volume = view.map(|view| view.volume.clone()).unwrap_or_default();
        if view.is_some_and(|view| view.phase == *"Lost") {
            return Err(format!(
                "persistentvolumeclaim \"{name}\" bound to non-existent persistentvolume \"{volume}\""
            ));
        }
        let modes = claim.tree.at(&["spec", "accessModes"]).items();
        if modes.iter().any(|mode| mode.as_str() == Some("ReadWriteOncePod")) {
            claims.exclusive.push(name.clone());
        }
        if is_bound(claim) {
            if let Some(volume) = cache.get(Kind::PersistentVolume, &Text::default(), &volume) {
                claims.volumes.push(volume.clone());
            }
        } else if volume.is_empty() && is_delayed(claim, cache) {
            claims.delayed.push(claim.clone());
        } else {
            unbound = true;
        }
    }
    if unbound {
        return Err("pod has unbound immediate PersistentVolumeClaims".to_owned());
    }
    Ok(claims)
}

fn class_of<'a>(claim: &Object, cache: &'a Cache) -> Option<&'a Shared> {
    let name = claim.as_claim()?.class.clone()?;
    cache.get(Kind::StorageClass, &Text::default(), &name)
}

/// Whether a claim waits for its first consumer.
fn is_delayed(claim: &Object, cache: &Cache) -> bool {
    class_of(claim, cache)
        .is_some_and(|class| class.tree.at(&["volumeBindingMode"]).as_str() == Some("WaitForFirstConsumer"))
}

impl Claims {
    /// What volumes have against a node.
    pub fn complaints(&self, pod: &Object, node: &Object, all: &[NodePicture<'_>], cache: &Cache) -> Vec<Reason> {
        let held_by = || all.iter().flat_map(|picture| picture.crowd.pods());
        let taken = !self.exclusive.is_empty()
            && held_by().any(|held| {
                held.meta.namespace == pod.meta.namespace
                    && held.as_pod().is_some_and(|view| view.claims.iter().any(|name| self.exclusive.contains(name)))
            });
        if taken {
            return vec![Reason::because_of_pods(
                "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by \
                 another pod",
            )];
        }
        let mut complaints = Vec::new();
        if !self.volumes.iter().all(|volume| reaches(volume, node)) {
            complaints.push(Reason::of_the_node("node(s) didn't match PersistentVolume's node affinity"));
        }
        if self.delayed.iter().any(|claim| offer(claim, node, cache).is_none()) {
            complaints.push(Reason::of_the_node("node(s) didn't find available persistent volumes to bind"));
        }
        complaints
    }
}

/// Whether a volume can be used on a node.
fn reaches(volume: &Object, node: &Object) -> bool {
    let required = volume.tree.at(&["spec", "nodeAffinity", "required"]);
    required.is_null() || affinity::terms_match(required.at(&["nodeSelectorTerms"]), node)
}

/// How a claim could be served on a node; `None` when it cannot.
pub(super) fn offer(claim: &Object, node: &Object, cache: &Cache) -> Option<Offer> {
    let wanted = claim.as_claim()?;
    let class = wanted.class.clone().unwrap_or_default();
    let modes = claim.tree.at(&["spec", "accessModes"]).items();
    let mode = |object: &Object| object.tree.at(&["spec", "volumeMode"]).as_str().unwrap_or("Filesystem").to_owned();
    let size = |text: &Text| super::resources::bytes(text);
    let fits = |volume: &&Shared| {
        volume.as_volume().is_some_and(|view| {
            let free = view.phase == *"Available" && view.claim_name.is_empty();
            let own = view.claim_name == claim.meta.name && view.claim_namespace == claim.meta.namespace;
            (free || own)
                && view.class == class
                && size(&view.capacity) >= size(&wanted.request)
                && mode(volume) == mode(claim)
                && !volume.is_terminating()
                && modes.iter().all(|m| volume.tree.at(&["spec", "accessModes"]).items().contains(m))
                && reaches(volume, node)
        })
    };
    let best = cache
        .list_all(Kind::PersistentVolume)
        .filter(fits)
        .min_by_key(|volume| volume.as_volume().map_or(0, |view| size(&view.capacity)));
    if let Some(volume) = best {
        return Some(Offer::Volume(volume.clone()));
    }
    let class = class_of(claim, cache)?;
    let provisioner = class.tree.at(&["provisioner"]).str_or_empty();
    let topologies = class.tree.at(&["allowedTopologies"]).items();
    let allowed = topologies.is_empty() || topologies.iter().any(|term| topology_matches(term, node));
    (provisioner != "kubernetes.io/no-provisioner" && !provisioner.is_empty() && allowed).then_some(Offer::Provision)
}

fn topology_matches(term: &Value, node: &Object) -> bool {
    term.at(&["matchLabelExpressions"]).items().iter().all(|expression| {
        let value = node.label(expression.at(&["key"]).str_or_empty());
        let values = expression.at(&["values"]).items();
        value.is_some_and(|value| values.iter().any(|v| v.as_str() == Some(value)))
    })
}
