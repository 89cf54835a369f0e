//! Parallel sets work in batches, of whose workers the one begun last comes to the API server first.

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
    for slot in (from..end).rev() {
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

/// The workers of a batch begin together, and the one begun last comes first (so it was in 13 of 20 recorded batches):
/// which of `count` pods has its turn.
pub(super) fn in_batch(progress: &Progress, count: usize, slot: usize) -> usize {
    let end = progress.batch_end.min(count);
    let start = progress.batch_end.saturating_sub(progress.batch_size);
    (start + end).saturating_sub(slot + 1)
}
