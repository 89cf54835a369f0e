//! The order in which pods come, go and are replaced.

use super::{Broken, Look, Promise, Promises};
use crate::api::view::UpdateStrategy;
use crate::api::{Key, Kind, Object};
use crate::controller::statefulset::identity;

impl Promises {
    pub(super) fn ordered_start(&self, view: &Look<'_>, pod: &Object, broken: &mut Vec<Broken>) {
        let Some(spec) = view.set.as_stateful_set() else {
            return;
        };
        let Some((_, ordinal)) = identity::parent_and_ordinal(&pod.meta.name) else {
            return;
        };
        if spec.parallel {
            return;
        }
        for lower in spec.start..ordinal {
            let name = identity::pod_name(view.set, lower);
            let key = Key::new(Kind::Pod, pod.meta.namespace.clone(), name.clone());
            let ready_now = view.world.store().get(Kind::Pod, &key.namespace, &name).is_some_and(|lower| {
                !lower.is_terminating() && lower.as_pod().is_some_and(|state| state.is_running_and_ready())
            });
            let ready_lately = self.last_ready.get(&key).is_some_and(|at| view.step.at.since(*at) <= view.lag());
            if !ready_now && !ready_lately {
                broken.push(view.broken(
                    Promise::OrderedStart,
                    pod,
                    format!("{} was created although {name} was not Ready", pod.meta.name),
                ));
            }
        }
    }

    pub(super) fn ordered_stop(view: &Look<'_>, pod: &Object, broken: &mut Vec<Broken>) {
        let Some(spec) = view.set.as_stateful_set() else {
            return;
        };
        let Some((_, ordinal)) = identity::parent_and_ordinal(&pod.meta.name) else {
            return;
        };
        let finished = pod.as_pod().is_some_and(|state| state.is_finished());
        // A pod in range may stand above one that is not: the first ordinal can be raised.
        let range = spec.start..spec.start + spec.replicas;
        // A controller that has not seen the newest spec yet may still be rolling: that is no scaling down.
        let unseen = spec.observed_generation < view.set.meta.generation;
        let rolls = unseen && pod.as_pod().is_some_and(|state| state.revision != spec.update_revision);
        if spec.parallel || range.contains(&ordinal) || finished || rolls {
            return;
        }
        for other in view.pods() {
            let Some((_, number)) = identity::parent_and_ordinal(&other.meta.name) else {
                continue;
            };
            let new = view.step.at.since(other.meta.created) <= view.lag();
            if number > ordinal && !range.contains(&number) && !new {
                broken.push(view.broken(
                    Promise::OrderedStop,
                    pod,
                    format!("{} was deleted while {} was still there", pod.meta.name, other.meta.name),
                ));
            }
        }
    }

    /// The controller deletes a pod in range: all pods above it have to be updated and Ready.
    pub(super) fn update_order(&self, view: &Look<'_>, pod: &Object, broken: &mut Vec<Broken>) {
        let Some(spec) = view.set.as_stateful_set() else { return };
        let Some((_, ordinal)) = identity::parent_and_ordinal(&pod.meta.name) else { return };
        let end = spec.start + spec.replicas;
        let state = pod.as_pod();
        let outdated = state.is_some_and(|state| !state.is_finished() && state.revision != spec.update_revision);
        let UpdateStrategy::RollingUpdate { partition, max_unavailable: None } = &spec.strategy else { return };
        if !(spec.start..end).contains(&ordinal) || !outdated {
            return;
        }
        if ordinal < spec.start + partition.unwrap_or(0) {
            let how = format!("{} was deleted by the update although it is below the partition", pod.meta.name);
            broken.push(view.broken(Promise::UpdateOrder, pod, how));
        }
        for higher in ordinal + 1..end {
            let name = identity::pod_name(view.set, higher);
            let key = Key::new(Kind::Pod, pod.meta.namespace.clone(), name.clone());
            let found = view.world.store().get(Kind::Pod, &key.namespace, &name);
            let ready_now = found.is_some_and(|higher| {
                !higher.is_terminating() && higher.as_pod().is_some_and(|state| state.is_running_and_ready())
            });
            let ready_lately = self.last_ready.get(&key).is_some_and(|at| view.step.at.since(*at) <= view.lag());
            if !ready_now && !ready_lately {
                let how = format!("{} was replaced although {name} was not Ready", pod.meta.name);
                broken.push(view.broken(Promise::UpdateOrder, pod, how));
            }
        }
    }
}
