//! Why a pod fits nowhere, in the scheduler's words (`reference/pods-and-nodes.md` §7).

use crate::sorted::SortedMap;

/// One reason why a node is not for a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reason {
    pub text: String,
    /// Whether removing other pods from the node could not help.
    pub beyond_preemption: bool,
}

impl Reason {
    /// A reason that other pods on the node are part of.
    pub fn because_of_pods(text: impl Into<String>) -> Self {
        Self { text: text.into(), beyond_preemption: false }
    }

    /// A reason that holds whatever runs on the node.
    pub fn of_the_node(text: impl Into<String>) -> Self {
        Self { text: text.into(), beyond_preemption: true }
    }
}

/// What sort of changes could undo a refusal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds {
    pub volumes: bool,
    pub nodes: bool,
    pub pods: bool,
}

/// The text of a refusal before any node was looked at.
pub(super) fn before_nodes(nodes: usize, why: &str) -> String {
    format!("0/{nodes} nodes are available: {why}. not found")
}

/// The text of a refusal by every node, with what preemption would have to say.
pub(super) fn by_nodes(reasons: &[Vec<Reason>], may_preempt: bool) -> String {
    let nodes = reasons.len();
    let counted = histogram(reasons.iter().flatten().map(|reason| reason.text.as_str()));
    let preemption = if may_preempt {
        let answers = reasons.iter().map(|node| {
            if node.iter().any(|reason| reason.beyond_preemption) {
                "Preemption is not helpful for scheduling"
            } else {
                "No preemption victims found for incoming pod"
            }
        });
        format!("0/{nodes} nodes are available: {}.", histogram(answers))
    } else {
        "not eligible due to preemptionPolicy=Never.".to_owned()
    };
    format!("0/{nodes} nodes are available: {counted}. no new claims to deallocate, preemption: {preemption}")
}

/// `2 a, 10 b`: how often each text occurs, sorted as text.
fn histogram<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut counts: SortedMap<&str, usize> = SortedMap::new();
    for text in texts {
        *counts.or_default(text) += 1;
    }
    let mut parts: Vec<String> = counts.iter().map(|(text, count)| format!("{count} {text}")).collect();
    crate::sorted::sort(&mut parts);
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_counted_and_sorted_as_text() {
        let affinity = || vec![Reason::because_of_pods("node(s) didn't match pod anti-affinity rules")];
        let cordon = vec![Reason::of_the_node("node(s) were unschedulable")];
        assert_eq!(
            by_nodes(&[affinity(), cordon, affinity()], true),
            "0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't match pod anti-affinity rules. \
             no new claims to deallocate, preemption: 0/3 nodes are available: 1 Preemption is not helpful for \
             scheduling, 2 No preemption victims found for incoming pod."
        );
    }

    #[test]
    fn a_refusal_before_any_node_ends_in_not_found() {
        assert_eq!(
            before_nodes(3, "pod has unbound immediate PersistentVolumeClaims"),
            "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found"
        );
    }
}
