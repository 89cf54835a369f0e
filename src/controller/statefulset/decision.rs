//! The decision: what a set's controller does next (`reference/statefulset-controller.md` §5).
//!
//! `next` is a plain function of what the controller sees and of how far this sync has come. It is called until it
//! waits or is done. What it returns is carried out and, word for word, what is explained.

use std::collections::VecDeque;

use super::claims::{self, ClaimLookup};
use super::identity;
use super::roster::Roster;
use super::waits;
use crate::api::{Object, PodPhase, Shared, StatefulSetView, UpdateStrategy};
use crate::controller::Wait;
use crate::time::Time;
use crate::value::{Text, Value};

/// A revision as pods are built from it.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Revision {
    pub name: Text,
    pub template: Value,
}

/// What the controller sees of one set at the start of a sync.
pub struct View<'a> {
    /// The set.
    pub set: &'a Object,
    /// The set, typed.
    pub spec: &'a StatefulSetView,
    /// Now.
    pub now: Time,
    /// Its pods.
    pub roster: Roster,
    /// The cached claims.
    pub claims: ClaimLookup<'a>,
    /// The revision the set comes from.
    pub current: Revision,
    /// The revision the set goes to.
    pub update: Revision,
    /// Feature gate MaxUnavailableStatefulSet.
    pub max_unavailable_gate: bool,
    /// Chance: which of the workers of a batch comes first.
    pub luck: u64,
}

/// Why a pod is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeleteReason {
    /// Its phase is Failed or Succeeded.
    Finished,
    /// Its ordinal is out of range.
    Condemned,
    /// It is not of the update revision.
    Outdated,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Action {
    /// Create a claim of a pod from this claim template.
    CreateClaim { pod: Text, template: usize },
    /// Create the pod of this ordinal.
    CreatePod { ordinal: i64 },
    /// Report that the pod cannot be created (or kept) because of its claims.
    RefusePod { pod: Text, error: Text },
    /// Write the owners of a claim that the retention policy asks for.
    SetClaimOwners { pod: Text, claim: Text, condemned: bool },
    /// Repair a pod's identity and storage.
    UpdatePod { pod: Text },
    /// Delete a pod.
    DeletePod { pod: Text, reason: DeleteReason },
}

/// What comes next.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Do this and ask again.
    Do(Action),
    /// Nothing can be done until something else happens.
    Wait(Wait),
    /// Nothing is left to be done in this sync.
    Done,
}

/// How far a sync has come.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    stage: Stage,
    /// What is left to do for the pod in hand.
    script: VecDeque<Action>,
    /// The sync ends once the script is empty.
    exit: bool,
    /// Errors of claims, each with the pod that needs it.
    claim_errors: Vec<(Text, Text)>,
    /// Claims that the batch in hand has asked for.
    claims_asked: Vec<Text>,
    /// Errors so far.
    pub errors: Vec<Text>,
    /// Where the batch in hand ends (Parallel: 1, 2, 4, … pods).
    batch_end: usize,
    batch_size: usize,
    /// How many pods the update step has deleted.
    pub outdated_deleted: i64,
    /// Slots that need nothing.
    settled: Vec<usize>,
    /// The slot from which on every pod is of the update revision and available, where the update step came so far.
    pub updated_from: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stage {
    Replicas(usize),
    CondemnedClaims(usize),
    Condemned(usize),
    Update,
    End,
}

impl Default for Stage {
    fn default() -> Self {
        Self::Replicas(0)
    }
}

impl Progress {
    /// Takes in that an action failed with this error.
    pub fn failed(&mut self, action: &Action, error: Text) {
        match action {
            Action::CreateClaim { pod, .. } => self.claim_errors.push((pod.clone(), error)),
            _ => {
                self.script.clear();
                self.errors.push(error);
            }
        }
    }

    /// The slots that were looked at and need nothing; none where a claim was asked for or failed, as its pod then
    /// needs another look.
    pub fn settled(&self) -> &[usize] {
        if self.errors.is_empty() && self.claims_asked.is_empty() { &self.settled } else { &[] }
    }
}

/// What comes next.
pub fn next(view: &View<'_>, progress: &mut Progress) -> Next {
    loop {
        if let Some(action) = progress.script.pop_front() {
            if let Some(refusal) = refused(view, progress, &action) {
                return Next::Do(refusal);
            }
            if matches!(action, Action::DeletePod { reason: DeleteReason::Outdated, .. }) {
                progress.outdated_deleted += 1;
            }
            return Next::Do(action);
        }
        let monotonic = !view.spec.parallel;
        if progress.exit || (monotonic && !progress.errors.is_empty()) {
            progress.stage = Stage::End;
        }
        match progress.stage {
            Stage::Replicas(slot) => {
                if view.set.is_terminating() {
                    return Next::Done;
                }
                if slot >= view.roster.replicas.len() || (slot >= progress.batch_end && !progress.errors.is_empty()) {
                    progress.stage = if progress.errors.is_empty() { Stage::CondemnedClaims(0) } else { Stage::End };
                    progress.batch_end = 0;
                    progress.batch_size = 0;
                    continue;
                }
                if next_batch(progress, slot) {
                    if view.roster.are_settled(slot, progress.batch_end) {
                        progress.stage = Stage::Replicas(progress.batch_end);
                        continue;
                    }
                    if !monotonic && claims_of_batch(view, progress, slot) {
                        continue;
                    }
                }
                progress.stage = Stage::Replicas(slot + 1);
                let turned = !monotonic && turn_of_batch(view, progress) != Turn::Forwards;
                let slot = if turned { in_batch(progress, view.roster.replicas.len(), slot) } else { slot };
                if view.roster.is_settled(slot) {
                    continue;
                }
                if let Some(wait) = process_replica(view, progress, slot) {
                    return Next::Wait(wait);
                }
                if progress.script.is_empty() {
                    progress.settled.push(slot);
                }
            }
            Stage::CondemnedClaims(at) => match view.roster.condemned.get(at) {
                Some(pod) => {
                    progress.stage = Stage::CondemnedClaims(at + 1);
                    progress.script = owner_changes(view, pod, true);
                }
                None => progress.stage = Stage::Condemned(0),
            },
            Stage::Condemned(at) => {
                if at >= view.roster.condemned.len() {
                    progress.stage = if progress.errors.is_empty() { Stage::Update } else { Stage::End };
                    continue;
                }
                if at >= progress.batch_end && !progress.errors.is_empty() {
                    progress.stage = Stage::End;
                    continue;
                }
                next_batch(progress, at);
                progress.stage = Stage::Condemned(at + 1);
                let turned = !monotonic && turn_of_batch(view, progress) == Turn::Backwards;
                let at = if turned { in_batch(progress, view.roster.condemned.len(), at) } else { at };
                let Some(pod) = view.roster.condemned.get(at) else { continue };
                if let Some(wait) = process_condemned(view, progress, pod) {
                    return Next::Wait(wait);
                }
            }
            Stage::Update => {
                progress.stage = Stage::End;
                if let Some(wait) = update_step(view, progress) {
                    return Next::Wait(wait);
                }
            }
            Stage::End => return Next::Done,
        }
    }
}

/// A pod whose claims failed is not created; one error is told, several stand in brackets.
fn refused(view: &View<'_>, progress: &mut Progress, action: &Action) -> Option<Action> {
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

/// Parallel sets work in batches of 1, 2, 4, … up to 500: an error stops the batches after its own. True when one
/// begins.
fn next_batch(progress: &mut Progress, at: usize) -> bool {
    let begins = at >= progress.batch_end;
    if begins {
        progress.batch_size = (progress.batch_size * 2).clamp(1, 500);
        progress.batch_end = at + progress.batch_size;
    }
    begins
}

/// Scripts the claims that the missing replicas of a batch need: its workers ask for them side by side. False when there
/// is nothing to be asked for.
fn claims_of_batch(view: &View<'_>, progress: &mut Progress, from: usize) -> bool {
    let end = progress.batch_end.min(view.roster.replicas.len());
    for at in from..end {
        let backwards = turn_of_batch(view, progress) == Turn::Backwards;
        let slot = if backwards { from + end - 1 - at } else { at };
        if view.roster.replicas.get(slot).is_some_and(Option::is_none) {
            let pod = identity::pod_name(view.set, view.spec.start + slot as i64);
            if !waits_for_stale_claim(view, &pod) {
                missing_claims(view, progress, &pod);
            }
        }
    }
    // A claim that is going is found again when its pod has its turn.
    progress.claim_errors.clear();
    !progress.script.is_empty()
}

fn waits_for_stale_claim(view: &View<'_>, pod: &Text) -> bool {
    view.spec.retention.delete_when_scaled && claims::stale_claim(view.spec, &view.claims, pod).is_some()
}

/// In which order the workers of a batch come to the API server: each of these in a third of the recordings.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    /// As their pods are numbered, each time.
    Forwards,
    /// The worker begun last comes first, each time.
    Backwards,
    /// Forwards for the claims; for the pods the worker begun last comes first.
    Around,
}

fn turn_of_batch(view: &View<'_>, progress: &Progress) -> Turn {
    match (view.luck >> progress.batch_size.trailing_zeros().min(8)) % 3 {
        0 => Turn::Forwards,
        1 => Turn::Backwards,
        _ => Turn::Around,
    }
}

/// The workers of a batch begin together: which of `count` pods has its turn when the last comes first.
fn in_batch(progress: &Progress, count: usize, slot: usize) -> usize {
    let end = progress.batch_end.min(count);
    let start = progress.batch_end.saturating_sub(progress.batch_size);
    (start + end).saturating_sub(slot + 1)
}

/// One replica, by the table of §5.1. Fills the script; answers a reason to wait.
fn process_replica(view: &View<'_>, progress: &mut Progress, slot: usize) -> Option<Wait> {
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
fn create_replica(view: &View<'_>, progress: &mut Progress, ordinal: i64) -> Option<Wait> {
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
fn missing_claims(view: &View<'_>, progress: &mut Progress, pod: &Text) {
    for (template, name) in view.spec.claim_templates.iter().enumerate() {
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
fn owner_changes(view: &View<'_>, pod: &Shared, condemned: bool) -> VecDeque<Action> {
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
fn repair(view: &View<'_>, progress: &mut Progress, pod: &Shared) {
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
fn process_condemned(view: &View<'_>, progress: &mut Progress, pod: &Shared) -> Option<Wait> {
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

/// Whether a pod counts as unavailable: not Ready, not Ready for long enough, or terminating.
pub fn is_unavailable(view: &View<'_>, pod: &Object) -> bool {
    pod.is_terminating() || pod.as_pod().is_none_or(|state| !state.is_available(view.spec.min_ready_seconds, view.now))
}

/// The name of the lowest unavailable replica, or else of the lowest unavailable condemned pod.
fn first_unavailable(view: &View<'_>) -> Option<Text> {
    for (slot, replica) in view.roster.replicas.iter().enumerate() {
        match replica {
            None => return Some(identity::pod_name(view.set, view.spec.start + slot as i64)),
            Some(pod) if is_unavailable(view, pod) => return Some(pod.meta.name.clone()),
            Some(_) => {}
        }
    }
    view.roster.condemned.iter().rev().find(|pod| is_unavailable(view, pod)).map(|pod| pod.meta.name.clone())
}

/// The rolling update: from the highest ordinal down to the partition (§5.3).
fn update_step(view: &View<'_>, progress: &mut Progress) -> Option<Wait> {
    let UpdateStrategy::RollingUpdate { partition, max_unavailable } = &view.spec.strategy else {
        return None;
    };
    let lowest = partition.unwrap_or(0).max(0) as usize;
    if view.max_unavailable_gate {
        let allowed = claims::max_unavailable(max_unavailable.as_ref(), view.spec.replicas);
        update_window(view, progress, lowest, allowed);
        return None;
    }
    let tally = &view.roster.tally;
    if tally.of_revision(&view.update.name) == tally.pods {
        return None;
    }
    // Who becomes available by the clock alone has to be asked again.
    let timeless = view.spec.min_ready_seconds == 0;
    let from = if timeless { view.roster.updated_from(&view.update.name) } else { view.roster.replicas.len() };
    for slot in (lowest..from).rev() {
        progress.updated_from = timeless.then_some(slot + 1);
        let Some(pod) = view.roster.replicas.get(slot)? else {
            return None;
        };
        let outdated = pod.as_pod()?.revision != view.update.name;
        if outdated && !pod.is_terminating() {
            progress.script.push_back(Action::DeletePod { pod: pod.meta.name.clone(), reason: DeleteReason::Outdated });
            return None;
        }
        if is_unavailable(view, pod) {
            return waits::for_update(view, slot, pod);
        }
    }
    None
}

/// The rolling update with maxUnavailable: as many outdated pods at once as the window leaves room for.
fn update_window(view: &View<'_>, progress: &mut Progress, lowest: usize, allowed: i64) {
    let unavailable = view
        .roster
        .replicas
        .iter()
        .filter(|replica| replica.as_ref().is_none_or(|pod| is_unavailable(view, pod)))
        .count() as i64;
    let mut room = allowed - unavailable;
    for pod in view.roster.replicas.iter().skip(lowest).rev().flatten() {
        if room <= 0 {
            break;
        }
        let outdated = pod.as_pod().is_some_and(|state| state.revision != view.update.name);
        if outdated && !pod.is_terminating() {
            progress.script.push_back(Action::DeletePod { pod: pod.meta.name.clone(), reason: DeleteReason::Outdated });
            room -= 1;
        }
    }
}

/// The revision that a new pod of this ordinal is built from.
pub fn revision_for<'v>(view: &'v View<'_>, ordinal: i64) -> &'v Revision {
    let below = match &view.spec.strategy {
        UpdateStrategy::RollingUpdate { partition: Some(partition), .. } => ordinal < view.spec.start + partition,
        UpdateStrategy::RollingUpdate { partition: None, .. } => ordinal < view.spec.start + view.spec.current_replicas,
        UpdateStrategy::OnDelete => false,
    };
    if below { &view.current } else { &view.update }
}
