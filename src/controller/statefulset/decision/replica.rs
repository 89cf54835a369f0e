//! One pod: a wanted one and its claims (`reference/statefulset-controller.md` §5.1), or one out of range (§5.2).

use std::collections::VecDeque;

use super::rolling::is_unavailable;
use super::{Action, DeleteReason, Progress, View};
use crate::api::{PodPhase, Shared};
use crate::controller::Wait;
use crate::controller::statefulset::{claims, identity, waits};
use crate::value::Text;

/// A pod whose claims failed is not created; one error is told, several stand in brackets.
pub(super) fn refused(view: &View<'_>, progress: &mut Progress, action: &Action) -> Option<Action> {
    let pod = match action {
        Action::CreatePod { ordinal } => identity::pod_name(view.set, *ordinal),
        Action::RefusePod { pod, .. } => pod.clone(),
        _ => return None,
    };
    let of_pod = |(needs, _): &(Text, Text)| *needs == pod;
    let errors: Vec<Text> =
        progress.claim_errors.iter().filter(|error| of_pod(error)).map(|(_, error)| error.clone()).collect();
    progress.claim_errors.retain(|error| !of_pod(error));
    let error: Text = match errors.as_slice() {
        [] => return None,
        [one] => one.clone(),
        many => {
            let texts: Vec<&str> = many.iter().map(Text::as_str).collect();
            format!("[{}]", texts.join(", ")).into()
        }
    };
    progress.script.clear();
    Some(Action::RefusePod { pod, error })
}

pub(super) fn waits_for_stale_claim(view: &View<'_>, pod: &Text) -> bool {
    view.spec.retention.delete_when_scaled && claims::stale_claim(view.spec, &view.claims, pod).is_some()
}

/// One replica, by the table of §5.1. Fills the script; answers a reason to wait.
pub(super) fn process_replica(view: &View<'_>, progress: &mut Progress, slot: usize) -> Option<Wait> {
    let monotonic = !view.spec.parallel;
    let ordinal = view.spec.start + slot as i64;
    let Some(pod) = view.roster.replicas.get(slot)?.as_ref() else {
        return create_replica(view, progress, ordinal);
    };
    let state = pod.as_pod()?;
    if state.is_finished() {
        if !pod.is_terminating() {
            progress.script.push_back(Action::DeletePod { pod: pod.meta.name.clone(), reason: DeleteReason::Finished });
            progress.exit = monotonic;
            return None;
        }
        return monotonic.then(|| waits::for_end(view, slot, pod));
    }
    if state.phase == PodPhase::Pending {
        missing_claims(view, progress, &pod.meta.name);
        if progress.claim_errors.iter().any(|(needs, _)| *needs == pod.meta.name) {
            progress.script.push_back(Action::RefusePod { pod: pod.meta.name.clone(), error: Text::default() });
            progress.exit = monotonic;
            return None;
        }
        progress.script.append(&mut owner_changes(view, pod, false));
        if !progress.script.is_empty() {
            progress.exit = monotonic;
            return None;
        }
    }
    if monotonic {
        if pod.is_terminating() {
            return Some(waits::for_end(view, slot, pod));
        }
        if !state.is_running_and_ready() {
            return Some(waits::for_readiness(view, slot, pod));
        }
        if !state.is_available(view.spec.min_ready_seconds, view.now) {
            return Some(waits::for_availability(view, slot, pod));
        }
    }
    if state.phase != PodPhase::Pending && !pod.is_terminating() {
        repair(view, progress, pod);
    }
    None
}

/// A missing replica: claims first, then the pod; a claim that a former pod of this name still owns blocks silently.
pub(super) fn create_replica(view: &View<'_>, progress: &mut Progress, ordinal: i64) -> Option<Wait> {
    let pod = identity::pod_name(view.set, ordinal);
    let monotonic = !view.spec.parallel;
    if view.spec.retention.delete_when_scaled
        && let Some(claim) = claims::stale_claim(view.spec, &view.claims, &pod)
    {
        return monotonic.then(|| waits::for_stale_claim(view, &pod, &claim));
    }
    missing_claims(view, progress, &pod);
    progress.script.push_back(Action::CreatePod { ordinal });
    for template in &view.spec.claim_templates {
        let retention = view.spec.retention;
        if retention.delete_when_deleted {
            progress.script.push_back(Action::SetClaimOwners {
                claim: identity::claim_name(template, &pod),
                pod: pod.clone(),
                condemned: false,
            });
        }
    }
    progress.exit = monotonic;
    None
}

/// Scripts the claims of a pod that are missing; a claim being deleted is an error.
pub(super) fn missing_claims(view: &View<'_>, progress: &mut Progress, pod: &Text) {
    let templates = &view.spec.claim_templates;
    for (template, name) in templates.iter().enumerate() {
        // Of two templates of one name the last counts.
        if templates.iter().skip(template + 1).any(|later| later == name) {
            continue;
        }
        let claim = identity::claim_name(name, pod);
        match view.claims.get(&claim) {
            None if progress.claims_asked.contains(&claim) => {}
            None => {
                progress.claims_asked.push(claim);
                progress.script.push_back(Action::CreateClaim { pod: pod.clone(), template });
            }
            Some(found) if found.is_terminating() => {
                progress.claim_errors.push((pod.clone(), format!("pvc {claim} is being deleted").into()));
            }
            Some(_) => {}
        }
    }
}

/// Scripts the claims of a pod whose owners do not match the retention policy.
pub(super) fn owner_changes(view: &View<'_>, pod: &Shared, condemned: bool) -> VecDeque<Action> {
    view.spec
        .claim_templates
        .iter()
        .map(|template| identity::claim_name(template, &pod.meta.name))
        .filter(|claim| {
            view.claims
                .get(claim)
                .is_some_and(|found| claims::wanted_owners(view.set, view.spec, found, Some(pod), condemned).is_some())
        })
        .map(|claim| Action::SetClaimOwners { pod: pod.meta.name.clone(), claim, condemned })
        .collect()
}

/// Row 8: identity, storage and the owners of claims of a healthy replica.
pub(super) fn repair(view: &View<'_>, progress: &mut Progress, pod: &Shared) {
    let owners = owner_changes(view, pod, false);
    let matches = identity::identity_matches(pod) && identity::storage_matches(view.spec, pod);
    if owners.is_empty() && matches {
        return;
    }
    if !identity::storage_matches(view.spec, pod) {
        missing_claims(view, progress, &pod.meta.name);
        progress.claim_errors.retain(|(needs, _)| *needs != pod.meta.name);
    }
    progress.script.extend(owners);
    progress.script.push_back(Action::UpdatePod { pod: pod.meta.name.clone() });
}

/// One pod out of range, by the table of §5.2.
pub(super) fn process_condemned(view: &View<'_>, progress: &mut Progress, pod: &Shared) -> Option<Wait> {
    let monotonic = !view.spec.parallel;
    if pod.is_terminating() {
        return monotonic.then(|| waits::for_condemned_end(view, pod));
    }
    if monotonic {
        let state = pod.as_pod()?;
        let healthy = state.is_available(view.spec.min_ready_seconds, view.now);
        if !healthy && first_unavailable(view).is_some_and(|first| first != pod.meta.name) {
            return Some(waits::for_condemned_health(view, pod));
        }
    }
    progress.script.push_back(Action::DeletePod { pod: pod.meta.name.clone(), reason: DeleteReason::Condemned });
    progress.exit = monotonic;
    None
}

/// The name of the lowest unavailable replica, or else of the lowest unavailable condemned pod.
pub(super) fn first_unavailable(view: &View<'_>) -> Option<Text> {
    for (slot, replica) in view.roster.replicas.iter().enumerate() {
        match replica {
            None => return Some(identity::pod_name(view.set, view.spec.start + slot as i64)),
            Some(pod) if is_unavailable(view, pod) => return Some(pod.meta.name.clone()),
            Some(_) => {}
        }
    }
    view.roster.condemned.iter().rev().find(|pod| is_unavailable(view, pod)).map(|pod| pod.meta.name.clone())
}
