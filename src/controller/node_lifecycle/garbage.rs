//! Pods that nobody looks after any more: those of nodes that are gone, and those of nodes that are declared out of
//! service.

use std::rc::Rc;

use super::{Alarm, NodeLifecycle, eviction};
use crate::api::{Kind, Object, Shared};
use crate::apiserver::DeleteOptions;
use crate::controller::{Context, Decision};
use crate::time::Time;

/// How often pods are looked at, ms.
const PERIOD: i64 = 20_000;
/// A node has to be gone for so long, ms.
pub(super) const QUARANTINE: i64 = 40_000;

/// Whether a node is tainted as out of service.
pub(super) fn is_out_of_service(node: &Object) -> bool {
    node.as_node().is_some_and(|view| {
        !view.ready && view.taints.iter().any(|taint| taint.key == *"node.kubernetes.io/out-of-service")
    })
}

impl NodeLifecycle {
    /// Asks for the first pass at or after this moment.
    pub(super) fn collect_at(&mut self, at: Time, context: &mut Context<'_, Alarm>) {
        if self.collecting {
            return;
        }
        self.collecting = true;
        let phase = context.seed.between("pod-garbage-collector", "pass", 0, PERIOD - 1);
        let wait = (phase - at.0).rem_euclid(PERIOD);
        context.after(at.plus(wait).since(context.now), Alarm::Garbage);
    }

    pub(super) fn collect(&mut self, context: &mut Context<'_, Alarm>) {
        self.collecting = false;
        let mut later = false;
        let pods: Vec<Shared> = self.cache.list_all(Kind::Pod).cloned().collect();
        for pod in pods {
            let Some(view) = pod.as_pod().filter(|view| !view.node.is_empty()) else {
                continue;
            };
            match self.cache.get(Kind::Node, &crate::value::Text::default(), &view.node) {
                None => {
                    let since = self.gone.get(&view.node).copied();
                    if since.is_some_and(|since| context.now.since(since) < QUARANTINE) {
                        later = true;
                    } else if since.is_some() {
                        remove(&pod, true, context);
                    }
                }
                Some(node) if pod.is_terminating() && is_out_of_service(node) => remove(&pod, false, context),
                Some(_) => {}
            }
        }
        if later {
            self.collect_at(context.now.plus(1), context);
        }
        let now = context.now;
        Rc::make_mut(&mut self.gone).retain(|_, since| now.since(*since) < 10 * QUARANTINE);
    }
}

/// Declares a pod failed and removes it by force.
fn remove(pod: &Shared, orphaned: bool, context: &mut Context<'_, Alarm>) {
    let meta = &pod.meta;
    let Ok(stored) = context.client.get(Kind::Pod, &meta.namespace, &meta.name) else {
        return;
    };
    if stored.meta.uid != meta.uid {
        return;
    }
    let finished = stored.as_pod().is_some_and(crate::api::view::PodView::is_finished);
    if !finished {
        let mut tree = stored.tree.clone();
        tree.set(&["status", "phase"], "Failed");
        if orphaned {
            eviction::disrupt(&mut tree, "DeletionByPodGC", "PodGC: node no longer exists", context.now);
        }
        let _ = context.client.update_status(&stored, tree);
    }
    let options = DeleteOptions { grace_seconds: Some(0), uid: Some(meta.uid.clone()), ..DeleteOptions::default() };
    let _ = context.client.delete(Kind::Pod, &meta.namespace, &meta.name, options);
    context.decide(Decision {
        by: "pod-garbage-collector",
        subject: pod.key(),
        did: "removes the pod by force".into(),
        because: if orphaned {
            "its node no longer exists".into()
        } else {
            "its node is out of service and the pod is being deleted".into()
        },
        wait: None,
    });
}
