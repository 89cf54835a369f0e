//! The rolling update (`reference/statefulset-controller.md` §5.3), and which revision a new pod gets.

use super::{Action, DeleteReason, Progress, Revision, View};
use crate::api::{Object, UpdateStrategy};
use crate::controller::Wait;
use crate::controller::statefulset::{claims, waits};

/// Whether a pod counts as unavailable: not Ready, not Ready for long enough, or terminating.
pub fn is_unavailable(view: &View<'_>, pod: &Object) -> bool {
    pod.is_terminating() || pod.as_pod().is_none_or(|state| !state.is_available(view.spec.min_ready_seconds, view.now))
}

/// The rolling update: from the highest ordinal down to the partition (§5.3).
pub(super) fn update_step(view: &View<'_>, progress: &mut Progress) -> Option<Wait> {
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
pub(super) fn update_window(view: &View<'_>, progress: &mut Progress, lowest: usize, allowed: i64) {
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
