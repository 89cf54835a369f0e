//! What a node agent reports about its node (`reference/pods-and-nodes.md` §2, §6).
//!
//! The reports of a healthy node change nothing and cost nothing; only a silence, or a cordon, makes one happen.

use super::node::NodeAgent;
use super::{Alarm, What};
use crate::api::{Kind, Object, Shared};
use crate::controller::Context;
use crate::controller::recorder::Note;
use crate::map;
use crate::value::{Text, Value};

/// From the first report after a silence to the next one, ms.
const REPORT_EVERY: i64 = 10_000;

/// The four conditions of a healthy node: type, status, reason, message, event.
const HEALTHY: [(&str, &str, &str, &str, &str); 4] = [
    (
        "MemoryPressure",
        "False",
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available",
        "NodeHasSufficientMemory",
    ),
    ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", "NodeHasNoDiskPressure"),
    ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", "NodeHasSufficientPID"),
    ("Ready", "True", "KubeletReady", "kubelet is posting ready status", "NodeReady"),
];

/// The agent goes on after a silence. It has not looked at its runtime for long, so it first reports that as down.
pub(super) fn wakes_up(node: &mut NodeAgent, context: &mut Context<'_, Alarm>) {
    if node.object.as_node().is_some_and(|view| view.ready) {
        return;
    }
    event(node, context, "NodeNotReady");
    write(node, context, |condition, now| {
        if condition.at(&["type"]).as_str() == Some("Ready") {
            change(condition, "False", "KubeletNotReady", "container runtime is down", now);
        }
        condition.set(&["lastHeartbeatTime"], now);
    });
    let subject = node.object.meta.name.clone();
    context.after(REPORT_EVERY, Alarm { subject, what: What::Report });
}

/// A report: all is well again.
pub(super) fn report(node: &mut NodeAgent, context: &mut Context<'_, Alarm>) {
    write(node, context, |condition, now| {
        let kind = condition.at(&["type"]).text();
        if let Some((_, status, reason, message, _)) = HEALTHY.into_iter().find(|row| *row.0 == *kind) {
            change(condition, status, reason, message, now);
            condition.set(&["lastHeartbeatTime"], now);
        }
    });
    for (.., reason) in HEALTHY {
        event(node, context, reason);
    }
}

/// A node has registered.
pub(super) fn registered(node: &mut NodeAgent, context: &mut Context<'_, Alarm>) {
    event_with(node, context, "Starting", "Starting kubelet.");
    for (.., reason) in HEALTHY {
        event(node, context, reason);
        if reason != "NodeReady" {
            event(node, context, reason);
        }
    }
}

/// The node's object has changed: a cordon is told with the next report.
pub(super) fn node_changed(node: &mut NodeAgent, before: &Shared, context: &mut Context<'_, Alarm>) {
    let cordoned = |object: &Shared| object.as_node().is_some_and(|view| view.unschedulable);
    let (was, is) = (cordoned(before), cordoned(&node.object));
    if was != is {
        let subject = node.object.meta.name.clone();
        let purpose = format!("report {}", context.now.0);
        let wait = context.seed.between(&subject, &purpose, 0, REPORT_EVERY);
        context.after(wait, Alarm { subject, what: What::Cordon(is) });
    }
}

/// A report finds the node cordoned, or no longer so.
pub(super) fn cordon(node: &mut NodeAgent, cordoned: bool, context: &mut Context<'_, Alarm>) {
    if node.object.as_node().is_some_and(|view| view.unschedulable == cordoned) {
        event(node, context, if cordoned { "NodeNotSchedulable" } else { "NodeSchedulable" });
    }
}

fn change(condition: &mut Value, status: &'static str, reason: &'static str, message: &'static str, now: &Text) {
    if condition.at(&["status"]).as_str() != Some(status) {
        condition.set(&["lastTransitionTime"], now);
    }
    condition.set(&["status"], status);
    condition.set(&["reason"], reason);
    condition.set(&["message"], message);
}

fn write(node: &NodeAgent, context: &mut Context<'_, Alarm>, mut edit: impl FnMut(&mut Value, &Text)) {
    let name = node.object.meta.name.clone();
    let Ok(stored) = context.client.get(Kind::Node, &Text::default(), &name) else {
        return;
    };
    let now = Text::from(context.now.rfc3339());
    let mut tree = stored.tree.clone();
    for condition in tree.at_mut(&["status", "conditions"]).items_mut() {
        edit(condition, &now);
    }
    let _ = context.client.update_status(&stored, tree);
}

fn event(node: &mut NodeAgent, context: &mut Context<'_, Alarm>, reason: &'static str) {
    let message = format!("Node {} status is now: {reason}", node.object.meta.name);
    event_with(node, context, reason, &message);
}

/// Records an event about the node, which its agent names without uid and version.
fn event_with(node: &mut NodeAgent, context: &mut Context<'_, Alarm>, reason: &'static str, message: &str) {
    let tree = map! { "metadata" => map! { "name" => &node.object.meta.name } };
    let object = Object::new(Kind::Node, tree);
    let told = Note { object: &object, field_path: "", warning: false, reason, message };
    node.recorder.record(&mut context.client, context.seed, &told);
}

/// status.conditions of a healthy node, as its agent first reports them.
pub fn healthy_conditions(now: &str) -> Value {
    let rows = HEALTHY.into_iter().map(|(kind, status, reason, message, _)| {
        map! {
            "type" => kind,
            "status" => status,
            "reason" => reason,
            "message" => message,
            "lastHeartbeatTime" => Text::copy(now),
            "lastTransitionTime" => Text::copy(now),
        }
    });
    Value::list_of(rows.collect())
}
