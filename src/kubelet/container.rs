//! One container of a pod as its node agent knows it: what it was asked to be, and what it is.

use super::backoff::Backoff;
use super::probe::{Probe, ProbeKind};
use crate::time::Time;
use crate::value::{Text, Value};

/// What a container is to its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Runs to its end before the next one starts.
    Init,
    /// An init container with restartPolicy Always: a sidecar (`reference/pods-and-nodes.md` §8).
    Sidecar,
    /// One of spec.containers.
    Main,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exit {
    pub at: Time,
    pub code: i64,
    /// `Completed` or `Error`.
    pub reason: &'static str,
}

/// One run of a container: from its start to its end.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// `containerd://…`.
    pub id: Text,
    /// The image as the runtime names it: `docker.io/library/nginx:1.27`.
    pub image: Text,
    /// The image's digest reference.
    pub image_id: Text,
    /// The image as the manifest named it when this run began.
    pub asked: Text,
    pub started: Time,
    pub exit: Option<Exit>,
    /// Whether it ignores the signal to stop (a fault).
    pub frozen: bool,
}

/// A container, its current run and the memory the node agent keeps of it.
#[derive(Clone, Debug)]
pub(super) struct Container {
    pub name: Text,
    pub role: Role,
    /// Its entry in the pod's spec.
    pub spec: Value,
    /// The latest run.
    pub run: Option<Run>,
    /// The run before it.
    pub last: Option<Run>,
    pub restarts: i64,
    /// Why the last attempt to start it failed: reason and message, shown while it waits.
    pub failure: Option<(Text, Text)>,
    /// Between restarts.
    pub crash_backoff: Backoff,
    /// Between pulls.
    pub pull_backoff: Backoff,
    pub probes: Vec<Probe>,
}

impl Container {
    pub fn new(spec: &Value, role: Role) -> Self {
        Self {
            name: spec.at(&["name"]).text(),
            role,
            spec: spec.clone(),
            run: None,
            last: None,
            restarts: 0,
            failure: None,
            crash_backoff: Backoff::default(),
            pull_backoff: Backoff::default(),
            probes: Vec::new(),
        }
    }

    pub fn image(&self) -> Text {
        self.spec.at(&["image"]).text()
    }

    /// The run that has not ended.
    pub fn running(&self) -> Option<&Run> {
        self.run.as_ref().filter(|run| run.exit.is_none())
    }

    /// How the latest run ended, when it has.
    pub fn exit(&self) -> Option<&Exit> {
        self.run.as_ref().and_then(|run| run.exit.as_ref())
    }

    pub fn probe(&self, kind: ProbeKind) -> Option<&Probe> {
        self.probes.iter().find(|probe| probe.kind == kind)
    }

    pub fn probe_mut(&mut self, kind: ProbeKind) -> Option<&mut Probe> {
        self.probes.iter_mut().find(|probe| probe.kind == kind)
    }

    /// `started` of its status: it runs, and its startup probe (if any) has succeeded.
    pub fn is_started(&self) -> bool {
        self.running().is_some() && self.probe(ProbeKind::Startup).is_none_or(|probe| probe.result == Some(true))
    }

    /// `ready` of its status.
    pub fn is_ready(&self) -> bool {
        match self.role {
            Role::Init => self.exit().is_some_and(|exit| exit.code == 0),
            Role::Sidecar | Role::Main => {
                self.is_started() && self.probe(ProbeKind::Readiness).is_none_or(|probe| probe.result == Some(true))
            }
        }
    }

    /// Whether the pod's initialisation need not wait for it any longer.
    pub fn is_initialized(&self) -> bool {
        match self.role {
            Role::Init => self.exit().is_some_and(|exit| exit.code == 0),
            Role::Sidecar => self.is_started(),
            Role::Main => true,
        }
    }

    /// `spec.containers{app}`, the field path of its events.
    pub fn field_path(&self) -> String {
        match self.role {
            Role::Main => format!("spec.containers{{{}}}", self.name),
            Role::Init | Role::Sidecar => format!("spec.initContainers{{{}}}", self.name),
        }
    }

    /// Begins a new run; the run before it becomes the last one.
    pub fn begin(&mut self, run: Run) {
        if let Some(previous) = self.run.take() {
            self.restarts += 1;
            self.last = Some(previous);
        }
        self.run = Some(run);
        self.failure = None;
        for probe in &mut self.probes {
            probe.reset();
        }
    }

    /// Ends the current run.
    pub fn end(&mut self, at: Time, code: i64) {
        if let Some(run) = self.run.as_mut().filter(|run| run.exit.is_none()) {
            let reason = if code == 0 { "Completed" } else { "Error" };
            run.exit = Some(Exit { at, code, reason });
        }
    }
}

/// The containers of a pod in the order in which they start.
pub(super) fn of_spec(spec: &Value) -> Vec<Container> {
    let init = spec.at(&["initContainers"]).items().iter().map(|c| {
        let restarts = c.at(&["restartPolicy"]).as_str() == Some("Always");
        Container::new(c, if restarts { Role::Sidecar } else { Role::Init })
    });
    let main = spec.at(&["containers"]).items().iter();
    init.chain(main.map(|c| Container::new(c, Role::Main))).collect()
}
