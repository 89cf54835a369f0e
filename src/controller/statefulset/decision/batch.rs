//! Parallel sets work in batches, whose workers come to the API server in one of three orders.

use super::replica::{missing_claims, waits_for_stale_claim};
use super::{Progress, View};
use crate::controller::statefulset::identity;

/// Parallel sets work in batches of 1, 2, 4, … up to 500: an error stops the batches after its own. True when one
/// begins.
pub(super) fn next_batch(progress: &mut Progress, at: usize) -> bool {
    let begins = at >= progress.batch_end;
    if begins {
        progress.batch_size = (progress.batch_size * 2).clamp(1, 500);
        progress.batch_end = at + progress.batch_size;
    }
    begins
}

/// Scripts the claims that the missing replicas of a batch need: its workers ask for them side by side. False when there
/// is nothing to be asked for.
pub(super) fn claims_of_batch(view: &View<'_>, progress: &mut Progress, from: usize) -> bool {
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

/// In which order the workers of a batch come to the API server: each of these in a third of the recordings.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Turn {
    /// As their pods are numbered, each time.
    Forwards,
    /// The worker begun last comes first, each time.
    Backwards,
    /// Forwards for the claims; for the pods the worker begun last comes first.
    Around,
}

pub(super) fn turn_of_batch(view: &View<'_>, progress: &Progress) -> Turn {
    match (view.luck >> progress.batch_size.trailing_zeros().min(8)) % 3 {
        0 => Turn::Forwards,
        1 => Turn::Backwards,
        _ => Turn::Around,
    }
}

/// The workers of a batch begin together: which of `count` pods has its turn when the last comes first.
pub(super) fn in_batch(progress: &Progress, count: usize, slot: usize) -> usize {
    let end = progress.batch_end.min(count);
    let start = progress.batch_end.saturating_sub(progress.batch_size);
    (start + end).saturating_sub(slot + 1)
}
