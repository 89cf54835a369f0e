//! What controllers, scheduler and page read of a Pod.

use crate::time::Time;
use crate::value::{Text, Value};

/// status.phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PodPhase {
    /// Not written yet.
    #[default]
    None,
    Pending,
    Running,
    Succeeded,
    Failed,
    Unknown,
}

/// What is read of a Pod.
#[derive(Clone, Debug, Default)]
pub struct PodView {
    /// status.phase.
    pub phase: PodPhase,
    /// spec.nodeName; empty until bound.
    pub node: Text,
    /// Whether condition Ready is True.
    pub ready: bool,
    /// lastTransitionTime of condition Ready.
    pub ready_changed: Option<Time>,
    /// status.podIP; empty before the first Running write.
    pub ip: Text,
    /// spec.hostname.
    pub hostname: Text,
    /// spec.subdomain.
    pub subdomain: Text,
    /// Names of the claims its volumes refer to, in volume order.
    pub claims: Vec<Text>,
    /// Label `controller-revision-hash`.
    pub revision: Text,
    /// spec.terminationGracePeriodSeconds.
    pub grace_seconds: i64,
}

impl PodView {
    pub(super) fn of(tree: &Value) -> Self {
        let (spec, status) = (tree.at(&["spec"]), tree.at(&["status"]));
        let ready = status.at(&["conditions"]).items().iter().find(|c| c.at(&["type"]).as_str() == Some("Ready"));
        Self {
            phase: PodPhase::parse(status.at(&["phase"]).str_or_empty()),
            node: spec.at(&["nodeName"]).text(),
            ready: ready.is_some_and(|c| c.at(&["status"]).as_str() == Some("True")),
            ready_changed: ready.and_then(|c| c.at(&["lastTransitionTime"]).as_str()).and_then(Time::parse),
            ip: status.at(&["podIP"]).text(),
            hostname: spec.at(&["hostname"]).text(),
            subdomain: spec.at(&["subdomain"]).text(),
            claims: spec
                .at(&["volumes"])
                .items()
                .iter()
                .filter_map(|v| v.get("persistentVolumeClaim"))
                .map(|source| source.at(&["claimName"]).text())
                .collect(),
            revision: tree.at(&["metadata", "labels", "controller-revision-hash"]).text(),
            grace_seconds: spec.at(&["terminationGracePeriodSeconds"]).as_i64().unwrap_or(30),
        }
    }

    /// Phase Succeeded or Failed: no container will ever run again.
    pub fn is_finished(&self) -> bool {
        matches!(self.phase, PodPhase::Succeeded | PodPhase::Failed)
    }

    /// Phase Running and condition Ready True.
    pub fn is_running_and_ready(&self) -> bool {
        self.phase == PodPhase::Running && self.ready
    }

    /// Running and Ready for at least `min_ready_seconds` (rule R17).
    pub fn is_available(&self, min_ready_seconds: i64, now: Time) -> bool {
        self.is_running_and_ready()
            && (min_ready_seconds == 0 || self.ready_changed.is_some_and(|t| now.since(t) >= min_ready_seconds * 1000))
    }
}

impl PodPhase {
    fn parse(text: &str) -> Self {
        match text {
            "Pending" => Self::Pending,
            "Running" => Self::Running,
            "Succeeded" => Self::Succeeded,
            "Failed" => Self::Failed,
            "" => Self::None,
            _ => Self::Unknown,
        }
    }
}
