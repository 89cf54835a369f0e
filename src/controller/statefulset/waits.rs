//! The reasons a set's controller waits, in plain words, each with its rule
//! (`reference/statefulset-controller.md` §8).

use super::decision::{Action, View};
use super::identity;
use crate::api::{Key, Kind, Object, PodPhase, Shared, UpdateStrategy};
use crate::controller::{Rule, Wait};
use crate::value::{Text, Value};

/// What cannot go on because of a replica: the next missing pod, the scale-down, the update, or nothing but it.
fn held_up(view: &View<'_>, slot: usize) -> (Key, Rule) {
    let namespace = &view.set.meta.namespace;
    let pod_key = |name: Text| Key::new(Kind::Pod, namespace.clone(), name);
    let missing = view.roster.replicas.iter().enumerate().skip(slot + 1).find(|(_, replica)| replica.is_none());
    if let Some((missing, _)) = missing {
        let name = identity::pod_name(view.set, view.spec.start + missing as i64);
        return (pod_key(name), Rule(2));
    }
    if let Some(condemned) = view.roster.condemned.first() {
        return (condemned.key(), Rule(9));
    }
    // A reverted template makes the current revision the update revision again; a pod that was made in between is outdated
    // all the same.
    let UpdateStrategy::RollingUpdate { partition, .. } = &view.spec.strategy else {
        return (view.set.key(), Rule(2));
    };
    let lowest = usize::try_from(partition.unwrap_or(0)).unwrap_or(0);
    let replicas = view.roster.replicas.get(lowest..).unwrap_or_default();
    let is_old = |pod: &Shared| pod.as_pod().is_some_and(|state| state.revision != view.update.name);
    if let Some(outdated) = replicas.iter().rev().flatten().find(|pod| is_old(pod)) {
        // A pod on its way up is an ordinary rollout, be it updated or still of the current revision; one of a revision that
        // was left again, or one that something ails, holds up its own repair.
        let pod = view.roster.replicas.get(slot).and_then(Option::as_ref).filter(|pod| is_old(pod));
        let left = |pod: &Shared| pod.as_pod().is_some_and(|state| state.revision != view.current.name);
        let stuck = pod.is_some_and(|pod| left(pod) || ails(pod));
        return (outdated.key(), Rule(if stuck { 12 } else { 13 }));
    }
    (view.set.key(), Rule(2))
}

fn wait(held: (Key, Rule), on: &Object, why: String) -> Wait {
    Wait { subject: held.0, rule: held.1, on: on.key(), why: why.into() }
}

/// Whether something ails a pod that waiting may not cure: it was restarted, it cannot start, it has no place.
pub fn ails(pod: &Object) -> bool {
    let status = pod.tree.at(&["status"]);
    let is_ill = |container: &Value| {
        let waits = container.at(&["state", "waiting", "reason"]).str_or_empty();
        container.at(&["restartCount"]).as_i64() > Some(0)
            || !matches!(waits, "" | "ContainerCreating" | "PodInitializing")
    };
    let has_no_place = |condition: &Value| {
        condition.at(&["type"]).as_str() == Some("PodScheduled") && condition.at(&["status"]).as_str() == Some("False")
    };
    let containers = ["initContainerStatuses", "containerStatuses"];
    pod.as_pod().is_some_and(|state| state.is_finished())
        || containers.iter().any(|name| status.at(&[*name]).items().iter().any(is_ill))
        || status.at(&["conditions"]).items().iter().any(has_no_place)
}

/// A replica is terminating (R3): its successor comes only when the object is gone.
pub fn for_end(view: &View<'_>, slot: usize, pod: &Shared) -> Wait {
    let (subject, _) = held_up(view, slot);
    wait((subject, Rule(3)), pod, format!("{} is Terminating and has not gone yet", pod.meta.name))
}

/// A replica is not Running and Ready (R2, R9, R12, R13).
pub fn for_readiness(view: &View<'_>, slot: usize, pod: &Shared) -> Wait {
    wait(held_up(view, slot), pod, not_ready(pod))
}

/// What keeps a pod from being Running and Ready, as one clause.
fn not_ready(pod: &Object) -> String {
    let name = &pod.meta.name;
    match pod.as_pod().map(|state| state.phase) {
        Some(PodPhase::Running) => format!("{name} is Running but not Ready"),
        Some(PodPhase::Pending) => format!("{name} is Pending"),
        Some(PodPhase::Failed) => format!("{name} has Failed"),
        Some(PodPhase::Succeeded) => format!("{name} has ended"),
        _ => format!("{name} has no phase yet"),
    }
}

/// A replica is Ready, but not for minReadySeconds yet (R17).
pub fn for_availability(view: &View<'_>, slot: usize, pod: &Shared) -> Wait {
    let (subject, _) = held_up(view, slot);
    wait(
        (subject, Rule(17)),
        pod,
        format!("{} is Ready, but not yet for minReadySeconds ({} s)", pod.meta.name, view.spec.min_ready_seconds),
    )
}

/// A claim of a former pod of this name has not gone yet (R7).
pub fn for_stale_claim(view: &View<'_>, pod: &Text, claim: &Text) -> Wait {
    let namespace = &view.set.meta.namespace;
    Wait {
        subject: Key::new(Kind::Pod, namespace.clone(), pod.clone()),
        rule: Rule(7),
        on: Key::new(Kind::PersistentVolumeClaim, namespace.clone(), claim.clone()),
        why: format!("{claim} still belongs to a former {pod} and is about to be deleted").into(),
    }
}

/// A condemned pod is terminating: the next one waits for it (R9).
pub fn for_condemned_end(view: &View<'_>, pod: &Shared) -> Wait {
    let next = view.roster.condemned.iter().find(|other| !other.is_terminating());
    let subject = next.map_or_else(|| view.set.key(), |next| next.key());
    wait((subject, Rule(9)), pod, format!("{} is Terminating and has not gone yet", pod.meta.name))
}

/// A condemned pod is unhealthy and not the lowest unavailable one (R10).
pub fn for_condemned_health(view: &View<'_>, pod: &Shared) -> Wait {
    let _ = view;
    wait((pod.key(), Rule(10)), pod, not_ready(pod))
}

/// The rolling update waits for a pod that was just replaced (R13).
pub fn for_update(view: &View<'_>, slot: usize, pod: &Shared) -> Option<Wait> {
    let outdated = view
        .roster
        .replicas
        .iter()
        .take(slot)
        .rev()
        .flatten()
        .find(|lower| lower.as_pod().is_some_and(|state| state.revision != view.update.name))?;
    let why = if pod.is_terminating() {
        format!("{} is Terminating and has not gone yet", pod.meta.name)
    } else {
        not_ready(pod)
    };
    Some(wait((outdated.key(), Rule(13)), pod, why))
}

/// Something could not be done: a claim that is going holds its pod (R6), a name is taken (R8), the API server refuses
/// (R23). It is tried again after longer and longer pauses.
pub fn for_error(view: &View<'_>, action: &Action, error: &Text) -> Wait {
    let namespace = &view.set.meta.namespace;
    let key = |kind: Kind, name: &Text| Key::new(kind, namespace.clone(), name.clone());
    let of_pod = |pod: &Text| key(Kind::Pod, pod);
    let (subject, rule, on, why) = match action {
        Action::RefusePod { pod, .. } => {
            let mut claims = view.spec.claim_templates.iter().map(|template| identity::claim_name(template, pod));
            let going = claims.find(|claim| view.claims.get(claim).is_some_and(|claim| claim.is_terminating()));
            let on = going.map_or_else(|| view.set.key(), |claim| key(Kind::PersistentVolumeClaim, &claim));
            (of_pod(pod), 6, on, format!("{pod} cannot be created: {error}"))
        }
        Action::CreatePod { ordinal } => {
            let pod = identity::pod_name(view.set, *ordinal);
            let taken = error.ends_with("already exists");
            let why = if taken {
                format!("the name {pod} is taken by a pod that is not {}'s", view.set.meta.name)
            } else {
                format!("{pod} cannot be created: {error}")
            };
            (of_pod(&pod), if taken { 8 } else { 23 }, if taken { of_pod(&pod) } else { view.set.key() }, why)
        }
        Action::CreateClaim { pod, .. } => (of_pod(pod), 23, view.set.key(), format!("{pod} has no claim: {error}")),
        Action::SetClaimOwners { pod, claim, .. } => (
            of_pod(pod),
            23,
            key(Kind::PersistentVolumeClaim, claim),
            format!("claim {claim} cannot be changed: {error}"),
        ),
        Action::UpdatePod { pod } => (of_pod(pod), 23, of_pod(pod), format!("{pod} cannot be changed: {error}")),
        Action::DeletePod { pod, .. } => (of_pod(pod), 23, of_pod(pod), format!("{pod} cannot be deleted: {error}")),
    };
    Wait { subject, rule: Rule(rule), on, why: why.into() }
}
