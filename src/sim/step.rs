//! What happened in one occurrence.

use std::rc::Rc;

use super::Fault;
use crate::apiserver::WatchEvent;
use crate::controller::Decision;
use crate::kubectl::ProcessId;
use crate::time::Time;

/// Numbers the steps of a world from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub u64);

/// What set a step off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A change reached a part's cache.
    News,
    /// An alarm that a part had set rang.
    Clock,
    /// A command was started, or went on.
    Command(ProcessId),
    /// Something broke or was mended.
    Fault(Fault),
}

/// One occurrence and all that came of it at once. Most steps are quiet: a cache took an event in.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number.
    pub id: StepId,
    /// The step that brought it about; `None` for a person's act and for the beginning.
    pub cause: Option<StepId>,
    /// What set it off.
    pub trigger: Trigger,
    /// When.
    pub at: Time,
    /// Who acted, by Kubernetes' component name: `kubectl`, `kubelet`, `default-scheduler`, …
    pub actor: &'static str,
    /// The objects it changed, in order.
    pub changes: Vec<Rc<WatchEvent>>,
    /// What was decided, in order.
    pub decisions: Vec<Decision>,
    /// The command that ran or printed, if one did.
    pub process: Option<ProcessId>,
}

impl Step {
    /// Whether nothing came of it that anyone could see.
    pub fn is_quiet(&self) -> bool {
        self.changes.is_empty() && self.decisions.is_empty() && self.process.is_none()
    }
}
