//! A pass over the health of all nodes.

use std::rc::Rc;

use super::{Alarm, GRACE, MONITOR_PERIOD, NodeLifecycle, taints};
use crate::api::{Kind, Object, Shared};
use crate::controller::recorder::Note;
use crate::controller::{Context, Decision};
use crate::sorted::SortedMap;
use crate::value::{Text, Value};

/// How long after a pass the first taint NoExecute is set, ms.
const TAINT_DELAY: i64 = 38;
/// Between two taints NoExecute, ms: 0.1 nodes a second.
const TAINT_PAUSE: i64 = 10_000;
/// Conditions that turn Unknown when an agent falls silent.
const SILENCED: [&str; 4] = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/// Whether anything is left to be done by a pass: the node is unwell, or still carries a taint of a time when it was.
pub(super) fn needs_a_pass(node: &Object) -> bool {
    node.as_node().is_some_and(|view| !view.ready || view.taints.iter().any(taints::is_no_execute_of_ours))
}

impl NodeLifecycle {
    pub(super) fn monitor(&mut self, context: &mut Context<'_, Alarm>) {
        self.monitoring = false;
        let nodes: Vec<Shared> = self.cache.list_all(Kind::Node).cloned().collect();
        let mut unwell = false;
        let mut ready_now: SortedMap<Text, bool> = SortedMap::new();
        for node in &nodes {
            let ready = self.look_at(node, context);
            unwell |= !ready || needs_a_pass(node);
            ready_now.insert(node.meta.name.clone(), ready);
        }
        self.judge_zones(&nodes, &ready_now, context);
        if unwell && !self.monitoring {
            self.monitoring = true;
            super::monitor_at(context.now.plus(MONITOR_PERIOD - 1), context);
        }
    }

    /// Looks at one node; whether it is ready.
    fn look_at(&mut self, node: &Shared, context: &mut Context<'_, Alarm>) -> bool {
        let name = &node.meta.name;
        let (renewed, was_ready) =
            self.health.get(name).map_or((None, true), |health| (health.renewed, health.was_ready));
        let silent = renewed.is_some_and(|at| context.now.since(at) >= GRACE);
        let status = ready_status(node);
        if silent && status != "Unknown" {
            mark_unknown(node, context);
        }
        let ready = !silent && status == "True";
        if was_ready && !ready {
            let message = format!("Node {name} status is now: NodeNotReady");
            self.node_event(node, "NodeNotReady", &message, context);
            self.mark_pods(node, context);
        }
        if let Some(health) = Rc::make_mut(&mut self.health).get_mut(name) {
            health.was_ready = ready;
        }
        ready
    }

    /// The pods of a node that is not ready are not ready either.
    fn mark_pods(&mut self, node: &Shared, context: &mut Context<'_, Alarm>) {
        let pods: Vec<Shared> = self.pods_on(&node.meta.name).cloned().collect();
        for pod in pods {
            let Ok(stored) = context.client.get(Kind::Pod, &pod.meta.namespace, &pod.meta.name) else {
                continue;
            };
            let mut tree = stored.tree.clone();
            let ready = tree
                .at_mut(&["status", "conditions"])
                .items_mut()
                .iter_mut()
                .find(|c| c.at(&["type"]).as_str() == Some("Ready"));
            let Some(ready) = ready.filter(|c| c.at(&["status"]).as_str() == Some("True")) else {
                continue;
            };
            ready.set(&["status"], "False");
            ready.set(&["lastTransitionTime"], context.now.rfc3339());
            let _ = context.client.update_status(&stored, tree);
            let told = Note {
                object: &pod,
                field_path: "",
                warning: true,
                reason: "NodeNotReady",
                message: "Node is not ready",
            };
            self.recorder.record(&mut context.client, context.seed, &told);
        }
    }

    /// Sets and removes taints NoExecute, unless too many nodes are unwell to believe in.
    fn judge_zones(&mut self, nodes: &[Shared], ready: &SortedMap<Text, bool>, context: &mut Context<'_, Alarm>) {
        let is_ready = |node: &Shared| ready.get(&node.meta.name).copied().unwrap_or(true);
        let all_lost = !nodes.is_empty() && nodes.iter().all(|node| !is_ready(node));
        if all_lost {
            if !self.all_lost {
                for node in nodes {
                    taints::clear_no_execute(node, context);
                }
                self.to_taint = Rc::default();
            }
            self.all_lost = true;
            return;
        }
        self.all_lost = false;
        for node in nodes {
            if is_ready(node) {
                Rc::make_mut(&mut self.to_taint).retain(|name| *name != node.meta.name);
                taints::clear_no_execute(node, context);
            } else if taints::has_no_execute(node) {
                taints::swap_no_execute(node, context);
            } else if !is_disrupted(node, nodes, &is_ready) && !self.to_taint.contains(&node.meta.name) {
                Rc::make_mut(&mut self.to_taint).push(node.meta.name.clone());
                let at = self.next_taint.max(context.now.plus(TAINT_DELAY));
                context.after(at.since(context.now), Alarm::Taint);
            }
        }
    }

    /// Sets the next taint NoExecute.
    pub(super) fn taint_next(&mut self, context: &mut Context<'_, Alarm>) {
        let left = self.next_taint.since(context.now);
        if left > 0 {
            context.after(left, Alarm::Taint);
            return;
        }
        let waiting = Rc::make_mut(&mut self.to_taint);
        if waiting.is_empty() {
            return;
        }
        let name = waiting.remove(0);
        self.next_taint = context.now.plus(TAINT_PAUSE);
        if let Ok(node) = context.client.get(Kind::Node, &Text::default(), &name)
            && ready_status(&node) != "True"
        {
            taints::swap_no_execute(&node, context);
        }
    }
}

/// Whether so many nodes of the node's zone are unwell that the zone, which is small, evicts nobody.
fn is_disrupted(node: &Shared, nodes: &[Shared], is_ready: &dyn Fn(&Shared) -> bool) -> bool {
    let zone = |node: &Shared| node.as_node().map(|view| view.zone.clone()).unwrap_or_default();
    let own = zone(node);
    let of_zone = nodes.iter().filter(|other| zone(other) == own);
    let (mut all, mut unwell) = (0, 0);
    for other in of_zone {
        all += 1;
        unwell += i64::from(!is_ready(other));
    }
    unwell < all && unwell > 2 && unwell * 100 >= all * 55 && all <= 50
}

/// The status of condition Ready.
pub(super) fn ready_status(node: &Object) -> String {
    node.tree
        .at(&["status", "conditions"])
        .items()
        .iter()
        .find(|c| c.at(&["type"]).as_str() == Some("Ready"))
        .map(|c: &Value| c.at(&["status"]).str_or_empty().to_owned())
        .unwrap_or_default()
}

/// The node's agent has not been heard of for too long: nothing is known of it.
fn mark_unknown(node: &Shared, context: &mut Context<'_, Alarm>) {
    let Ok(stored) = context.client.get(Kind::Node, &Text::default(), &node.meta.name) else {
        return;
    };
    let now = Text::from(context.now.rfc3339());
    let mut tree = stored.tree.clone();
    for condition in tree.at_mut(&["status", "conditions"]).items_mut() {
        if !SILENCED.contains(&condition.at(&["type"]).str_or_empty()) {
            continue;
        }
        if condition.at(&["status"]).as_str() != Some("Unknown") {
            condition.set(&["lastTransitionTime"], &now);
        }
        condition.set(&["status"], "Unknown");
        condition.set(&["reason"], "NodeStatusUnknown");
        condition.set(&["message"], "Kubelet stopped posting node status.");
    }
    let _ = context.client.update_status(&stored, tree);
    context.decide(Decision {
        by: "node-controller",
        subject: node.key(),
        did: "marks the node's conditions Unknown".into(),
        because: "its kubelet has not renewed its lease for 50 s".into(),
        wait: None,
    });
}
