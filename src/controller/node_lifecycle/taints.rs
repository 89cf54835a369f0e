//! Taints that say what is wrong with a node.

use super::{Alarm, monitor};
use crate::api::view::Taint;
use crate::api::{Kind, Object};
use crate::controller::Context;
use crate::map;
use crate::value::{Text, Value};

const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
const NOT_READY: &str = "node.kubernetes.io/not-ready";
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// The keys whose NoSchedule taints mirror conditions: condition type and its taint.
const PRESSURES: [(&str, &str); 4] = [
    ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", "node.kubernetes.io/disk-pressure"),
    ("PIDPressure", "node.kubernetes.io/pid-pressure"),
    ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
];

/// Whether a taint is one of the two that evict.
pub(super) fn is_no_execute_of_ours(taint: &Taint) -> bool {
    taint.effect == *"NoExecute" && matches!(taint.key.as_str(), UNREACHABLE | NOT_READY)
}

pub(super) fn has_no_execute(node: &Object) -> bool {
    node.as_node().is_some_and(|view| view.taints.iter().any(is_no_execute_of_ours))
}

/// The taint of a node that is not ready, by the status of its condition.
fn of_readiness(status: &str) -> Option<&'static str> {
    match status {
        "False" => Some(NOT_READY),
        "Unknown" => Some(UNREACHABLE),
        _ => None,
    }
}

/// Makes the NoSchedule taints of a node mirror its conditions and its cordon.
pub(super) fn mirror(node: &Object, context: &mut Context<'_, Alarm>) {
    let Some(view) = node.as_node() else { return };
    let mut wanted: Vec<&'static str> = of_readiness(&monitor::ready_status(node)).into_iter().collect();
    for (condition, key) in PRESSURES {
        let holds = node
            .tree
            .at(&["status", "conditions"])
            .items()
            .iter()
            .any(|c| c.at(&["type"]).as_str() == Some(condition) && c.at(&["status"]).as_str() == Some("True"));
        if holds {
            wanted.push(key);
        }
    }
    if view.unschedulable {
        wanted.push(UNSCHEDULABLE);
    }
    let ours = |key: &str| {
        matches!(key, UNREACHABLE | NOT_READY | UNSCHEDULABLE) || PRESSURES.iter().any(|(_, taint)| *taint == key)
    };
    let held: Vec<Text> = view
        .taints
        .iter()
        .filter(|taint| taint.effect == *"NoSchedule" && ours(&taint.key))
        .map(|taint| taint.key.clone())
        .collect();
    let missing: Vec<&'static str> =
        wanted.iter().copied().filter(|key| !held.iter().any(|held| *held == **key)).collect();
    let surplus: Vec<Text> = held.into_iter().filter(|key| !wanted.contains(&key.as_str())).collect();
    change(&node.meta.name, &missing, &surplus, "NoSchedule", context);
}

/// Gives a node that is not ready the taint NoExecute of its condition, in place of the other one.
pub(super) fn swap_no_execute(node: &Object, context: &mut Context<'_, Alarm>) {
    let Some(wanted) = of_readiness(&monitor::ready_status(node)) else {
        return;
    };
    let held = |key: &str| {
        node.as_node().is_some_and(|view| view.taints.iter().any(|t| t.effect == *"NoExecute" && t.key == *key))
    };
    let other = if wanted == NOT_READY { UNREACHABLE } else { NOT_READY };
    let missing: &[&'static str] = if held(wanted) { &[] } else { &[wanted] };
    let surplus: Vec<Text> = if held(other) { vec![other.into()] } else { Vec::new() };
    change(&node.meta.name, missing, &surplus, "NoExecute", context);
}

/// Takes both taints NoExecute away.
pub(super) fn clear_no_execute(node: &Object, context: &mut Context<'_, Alarm>) {
    if has_no_execute(node) {
        change(&node.meta.name, &[], &[UNREACHABLE.into(), NOT_READY.into()], "NoExecute", context);
    }
}

/// Adds taints, then removes others: two writes, as the real controller does it.
fn change(
    name: &Text,
    missing: &[&'static str],
    surplus: &[Text],
    effect: &'static str,
    context: &mut Context<'_, Alarm>,
) {
    let now = context.now.rfc3339();
    if !missing.is_empty() {
        write(name, context, |taints| {
            for key in missing {
                taints.push(map! { "key" => *key, "effect" => effect, "timeAdded" => now.clone() });
            }
        });
    }
    if !surplus.is_empty() {
        write(name, context, |taints| {
            taints.retain(|taint| {
                let key = taint.at(&["key"]).text();
                taint.at(&["effect"]).as_str() != Some(effect) || !surplus.contains(&key)
            });
        });
    }
}

fn write(name: &Text, context: &mut Context<'_, Alarm>, edit: impl FnOnce(&mut Vec<Value>)) {
    let Ok(stored) = context.client.get(Kind::Node, &Text::default(), name) else {
        return;
    };
    let mut tree = stored.tree.clone();
    edit(tree.at_mut(&["spec", "taints"]).items_mut());
    if tree.at(&["spec", "taints"]).items().is_empty() {
        tree.take(&["spec", "taints"]);
    }
    let _ = context.client.update(&stored, tree);
}
