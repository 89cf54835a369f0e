//! What a namespace that is going tells about itself.

use super::content::Left;
use super::set_condition;
use crate::api::Object;
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

/// One condition: its type, whether it is True, reason and message.
struct Told {
    kind: &'static str,
    problem: bool,
    reason: &'static str,
    message: String,
}

/// The namespace's tree with its five conditions; the time of one whose status did not change stays.
pub(super) fn written(namespace: &Object, left: &Left, now: Time) -> Value {
    let mut tree = namespace.tree.clone();
    let before = tree.at(&["status", "conditions"]).items().to_vec();
    let mut conditions = before.clone();
    for told in told(left) {
        let status = if told.problem { "True" } else { "False" };
        let held = before.iter().find(|held| held.at(&["type"]).as_str() == Some(told.kind));
        let same = held.filter(|held| held.at(&["status"]).as_str() == Some(status));
        let since = match same {
            Some(held) => held.at(&["lastTransitionTime"]).text(),
            None => Text::from(now.rfc3339()),
        };
        let condition = map! {
            "type" => told.kind,
            "status" => status,
            "lastTransitionTime" => since,
            "reason" => told.reason,
            "message" => told.message,
        };
        set_condition(&mut conditions, condition);
    }
    tree.set(&["status", "conditions"], conditions);
    tree
}

fn told(left: &Left) -> [Told; 5] {
    let fine = |kind, reason, message: &str| Told { kind, problem: false, reason, message: message.to_owned() };
    let content = if left.errors.is_empty() {
        fine(
            "NamespaceDeletionContentFailure",
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization",
        )
    } else {
        let problems = match left.errors.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        Told {
            kind: "NamespaceDeletionContentFailure",
            problem: true,
            reason: "ContentDeletionFailed",
            message: format!("Failed to delete all resource types, {} remaining: {problems}", left.errors.len()),
        }
    };
    let remaining = if left.kinds.is_empty() {
        fine("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed")
    } else {
        let kinds = left.kinds.iter();
        let kinds: Vec<String> = kinds.map(|(kind, n)| format!("{kind} has {n} resource instances")).collect();
        Told {
            kind: "NamespaceContentRemaining",
            problem: true,
            reason: "SomeResourcesRemain",
            message: format!("Some resources are remaining: {}", kinds.join(", ")),
        }
    };
    let held = if left.finalizers.is_empty() {
        fine("NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished")
    } else {
        let held = left.finalizers.iter();
        let held: Vec<String> = held.map(|(name, n)| format!("{name} in {n} resource instances")).collect();
        Told {
            kind: "NamespaceFinalizersRemaining",
            problem: true,
            reason: "SomeFinalizersRemain",
            message: format!("Some content in the namespace has finalizers remaining: {}", held.join(", ")),
        }
    };
    [
        fine("NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"),
        fine(
            "NamespaceDeletionGroupVersionParsingFailure",
            "ParsedGroupVersions",
            "All legacy kube types successfully parsed",
        ),
        content,
        remaining,
        held,
    ]
}
