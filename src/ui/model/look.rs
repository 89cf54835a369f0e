//! States as they are shown: one shape and one colour role for each way a pod can be.

use crate::api::Object;
use crate::api::view::PodPhase;
use crate::value::{Text, Value};

/// The shape and colour role of a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Nobody sits there.
    #[default]
    Empty,
    /// Waiting for a node or a volume: dashed, hourglass.
    Pending,
    /// Mounting, pulling, starting: filling up.
    Creating,
    /// Running, not Ready: half a ring.
    Running,
    /// Ready: solid, tick.
    Ready,
    /// Being deleted: hatched.
    Ending,
    /// Something failed: triangle, cut corner.
    Error,
    /// Its node is silent: dotted, question mark.
    Unknown,
    /// Completed: a box with a tick.
    Done,
}

impl Look {
    /// The word that style sheet and tests know it by.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Pending => "pending",
            Self::Creating => "creating",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Ending => "ending",
            Self::Error => "error",
            Self::Unknown => "unknown",
            Self::Done => "done",
        }
    }

    /// The shape's name in index.html.
    pub fn shape(self) -> &'static str {
        match self {
            Self::Empty | Self::Pending => "#s-pending",
            Self::Creating => "#s-creating",
            Self::Running => "#s-running",
            Self::Ready => "#s-ready",
            Self::Ending => "#s-ending",
            Self::Error => "#s-error",
            Self::Unknown => "#s-unknown",
            Self::Done => "#s-done",
        }
    }
}

/// A pod's state in Kubernetes' words, its look, and the reason given on the pod itself (may be empty).
pub fn pod_state(pod: &Object, node_is_silent: bool) -> (Text, Look, Text) {
    let Some(view) = pod.as_pod() else {
        return (Text::default(), Look::Unknown, Text::default());
    };
    if pod.is_terminating() {
        return if node_is_silent {
            ("Terminating".into(), Look::Unknown, "its node is silent, so nobody confirms its end".into())
        } else {
            ("Terminating".into(), Look::Ending, Text::default())
        };
    }
    if node_is_silent {
        return ("Unknown".into(), Look::Unknown, "its node is silent".into());
    }
    if let Some((reason, message)) = container_reason(&pod.tree) {
        return match reason.as_str() {
            "ContainerCreating" | "PodInitializing" => (reason, Look::Creating, Text::default()),
            "Completed" => (reason, Look::Done, Text::default()),
            _ => (reason, Look::Error, message),
        };
    }
    match view.phase {
        PodPhase::Running if view.ready => ("Ready".into(), Look::Ready, Text::default()),
        PodPhase::Running => ("Running".into(), Look::Running, "not Ready".into()),
        PodPhase::Succeeded => ("Completed".into(), Look::Done, Text::default()),
        PodPhase::Failed => ("Failed".into(), Look::Error, pod.tree.at(&["status", "message"]).text()),
        PodPhase::Unknown => ("Unknown".into(), Look::Unknown, Text::default()),
        PodPhase::None | PodPhase::Pending if view.node.is_empty() => {
            ("Pending".into(), Look::Pending, not_scheduled(&pod.tree))
        }
        PodPhase::None | PodPhase::Pending => ("ContainerCreating".into(), Look::Creating, Text::default()),
    }
}

/// Why the first container that is not running is not: its waiting or terminated reason, and the message.
fn container_reason(tree: &Value) -> Option<(Text, Text)> {
    for list in ["initContainerStatuses", "containerStatuses"] {
        for status in tree.at(&["status", list]).items() {
            for state in ["waiting", "terminated"] {
                let found = status.at(&["state", state]);
                let reason = found.at(&["reason"]).text();
                let init_is_done = list == "initContainerStatuses" && reason == "Completed";
                if !reason.is_empty() && !init_is_done {
                    return Some((reason, found.at(&["message"]).text()));
                }
            }
        }
    }
    None
}

/// What the scheduler says, and in how few words a seat says it.
const REFUSALS: [(&str, &str); 15] = [
    ("unbound", "no volume"),
    ("available persistent volumes", "no volume fits"),
    ("PersistentVolume's node", "volume elsewhere"),
    ("access mode", "volume in use"),
    ("is being deleted", "claim is ending"),
    ("non-existent", "volume is lost"),
    ("not found", "no claim"),
    ("unschedulable", "nodes cordoned"),
    ("taint", "nodes tainted"),
    ("Insufficient", "nodes full"),
    ("Too many pods", "nodes full"),
    ("anti-affinity", "must sit apart"),
    ("affinity", "no node suits"),
    ("spread", "uneven spread"),
    ("ports", "port is taken"),
];

/// Why a pod has no node, in a word or two: what most nodes are refused for, by the message of its condition.
pub fn refusal(message: &str) -> &'static str {
    let said = message.split_once("available: ").map_or(message, |(_, said)| said);
    let said = said.split_once(". ").map_or(said, |(said, _)| said);
    let count = |part: &str| part.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(0_i64);
    let most = said.rsplit(", ").max_by_key(|part| count(part)).unwrap_or_default();
    REFUSALS.iter().find(|(says, _)| most.contains(says)).map_or("", |(_, words)| words)
}

/// The scheduler's complaint, when there is one.
fn not_scheduled(tree: &Value) -> Text {
    tree.at(&["status", "conditions"])
        .items()
        .iter()
        .find(|c| c.at(&["type"]).as_str() == Some("PodScheduled") && c.at(&["status"]).as_str() == Some("False"))
        .map(|c| c.at(&["message"]).text())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Kind;
    use crate::{list, map};

    fn pod(spec: Value, status: Value) -> Object {
        Object::new(Kind::Pod, map! { "metadata" => map!{"name" => "web-0"}, "spec" => spec, "status" => status })
    }

    #[test]
    fn a_pod_is_shown_by_what_kubectl_would_call_it() {
        let placed = || map! {"nodeName" => "node-1"};
        let waiting = |reason: &'static str| {
            map! {"phase" => "Pending", "containerStatuses" => list![map!{"state" => map!{"waiting" => map!{"reason" => reason}}}]}
        };
        let ready = map! {"phase" => "Running", "conditions" => list![map!{"type" => "Ready", "status" => "True"}]};
        let cases = [
            (pod(map! {}, map! {"phase" => "Pending"}), "Pending", Look::Pending),
            (pod(placed(), map! {"phase" => "Pending"}), "ContainerCreating", Look::Creating),
            (pod(placed(), waiting("ImagePullBackOff")), "ImagePullBackOff", Look::Error),
            (pod(placed(), map! {"phase" => "Running"}), "Running", Look::Running),
            (pod(placed(), ready), "Ready", Look::Ready),
        ];
        for (pod, state, look) in cases {
            let (text, shown, _) = pod_state(&pod, false);
            assert_eq!((text.as_str(), shown), (state, look));
        }
    }

    #[test]
    fn a_seat_says_in_a_word_or_two_what_most_nodes_are_refused_for() {
        let cases = [
            ("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found", "no volume"),
            ("0/3 nodes are available: persistentvolumeclaim \"data-web-0\" not found. not found", "no claim"),
            (
                "0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient cpu. no new claims to deallocate, \
                 preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
                "nodes full",
            ),
            ("0/2 nodes are available: 1 Too many pods, 1 node(s) had untolerated taint(s). no new", "nodes full"),
            (
                "0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity. no",
                "volume elsewhere",
            ),
            ("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. no", "must sit apart"),
            ("", ""),
            ("something else entirely", ""),
        ];
        for (message, words) in cases {
            assert_eq!(refusal(message), words, "{message}");
        }
    }

    #[test]
    fn a_pod_on_a_silent_node_is_unknown_and_its_deletion_says_why_it_hangs() {
        let mut tree = pod(map! {"nodeName" => "node-2"}, map! {"phase" => "Running"}).tree;
        assert_eq!(pod_state(&Object::new(Kind::Pod, tree.clone()), true).1, Look::Unknown);
        tree.set(&["metadata", "deletionTimestamp"], "2026-01-05T09:00:30Z");
        let (state, look, why) = pod_state(&Object::new(Kind::Pod, tree), true);
        assert_eq!((state.as_str(), look), ("Terminating", Look::Unknown));
        assert!(why.contains("silent"));
    }
}
