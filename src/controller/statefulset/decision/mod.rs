//! The decision: what a set's controller does next (`reference/statefulset-controller.md` §5).
//!
//! `next` is a plain function of what the controller sees and of how far this sync has come. It is called until it
//! waits or is done. What it returns is carried out and, word for word, what is explained.

mod batch;
mod replica;
mod rolling;

pub use rolling::{is_unavailable, revision_for};

use std::collections::VecDeque;

use super::claims::ClaimLookup;
use super::roster::Roster;
use crate::api::{Object, StatefulSetView};
use crate::controller::Wait;
use crate::time::Time;
use crate::value::{Text, Value};
use batch::{claims_of_batch, in_batch, next_batch};
use replica::{owner_changes, process_condemned, process_replica, refused};
use rolling::update_step;

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
                let slot = if monotonic { slot } else { in_batch(progress, view.roster.replicas.len(), slot) };
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
                let at = if monotonic { at } else { in_batch(progress, view.roster.condemned.len(), at) };
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
