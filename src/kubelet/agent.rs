//! The worker of one pod: what the node agent remembers of it between two syncs.

use std::collections::VecDeque;

use super::container::{self, Container};
use crate::api::{Kind, Object, Shared};
use crate::apiserver::Client;
use crate::time::Time;
use crate::value::Text;

/// What a worker is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// Nothing: the next sync may begin.
    Idle,
    /// Waits for the pod's volumes.
    Mounting,
    /// Pulls the image of a container.
    Pulling(usize),
    /// The containers have been started; their status follows.
    Starting,
    /// Stops containers that are to be restarted.
    Restarting(Vec<usize>),
    /// Stops the whole pod; the groups still to be stopped, each in turn.
    Stopping(Vec<Vec<usize>>),
    /// Everything has stopped; the final delete is next.
    CleaningUp,
    /// Has nothing left to do.
    Done,
}

/// The worker of one pod.
// Each flag is a fact of its own; no two of them make one state.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug)]
pub(super) struct Agent {
    /// The pod's newest known version.
    pub pod: Shared,
    pub node: Text,
    /// Init containers first, then the others.
    pub containers: Vec<Container>,
    pub work: Work,
    /// Containers that this sync still has to start, in order.
    pub to_start: VecDeque<usize>,
    /// Whether this sync changed anything in the runtime, failed, or had to wait for a back-off of so many ms.
    pub changed: bool,
    pub failed: bool,
    pub held: Option<i64>,
    /// Something happened while the worker was busy.
    pub pending: bool,
    /// When the next sync begins.
    pub due: Option<Time>,
    /// That sync is already taken up and waits only for a look at the runtime; whether the pod was to end then.
    pub taken_up: Option<bool>,
    /// A sync needs a picture of the runtime that is newer than the sync before it: from then on there is one.
    pub fresh: Time,
    /// Makes alarms of earlier work void.
    pub serial: u64,
    /// When the step under way began, and when it ends.
    pub step: (Time, Time),
    pub mounted: bool,
    /// A volume of the pod that another node has not let go.
    pub elsewhere: Option<super::attach::Elsewhere>,
    /// How often mounting failed in a row.
    pub mount_failures: u32,
    pub sandbox: bool,
    pub ip: Text,
    /// Whether statuses may show the address yet.
    pub ip_known: bool,
    /// Whether any container ever ran.
    pub ever_ran: bool,
    /// The pod is to end.
    pub ending: bool,
    /// Its object is gone.
    pub gone: bool,
    /// When the pull under way began to wait for its turn, and when its turn came.
    pub pull: (Time, Time),
    /// When the image pulled last arrived.
    pub arrived: Time,
    /// When the stopping under way ends.
    pub stop_at: Time,
    /// The version our last status write made.
    pub written: u64,
    /// The annotations a program still sees until it has read the newer ones.
    pub before: Option<(Time, Shared)>,
    /// How often a sync had to be tried again later.
    pub retries: u64,
}

impl Agent {
    pub fn new(pod: &Shared, now: Time) -> Self {
        let node = pod.tree.at(&["spec", "nodeName"]).text();
        Self {
            pod: pod.clone(),
            node,
            containers: container::of_spec(pod.tree.at(&["spec"])),
            work: Work::Idle,
            to_start: VecDeque::new(),
            changed: false,
            failed: false,
            held: None,
            pending: false,
            due: None,
            taken_up: None,
            fresh: now,
            serial: 0,
            step: (now, now),
            mounted: false,
            elsewhere: None,
            mount_failures: 0,
            sandbox: false,
            ip: Text::default(),
            ip_known: false,
            ever_ran: false,
            ending: pod.is_terminating(),
            gone: false,
            pull: (now, now),
            arrived: now,
            stop_at: now,
            written: 0,
            before: None,
            retries: 0,
        }
    }

    pub fn uid(&self) -> Text {
        self.pod.meta.uid.clone()
    }

    /// The pod as it is stored now, unless it is gone or another one has its name.
    pub fn stored(&self, client: &mut Client<'_>) -> Option<Shared> {
        let meta = &self.pod.meta;
        client.get(Kind::Pod, &meta.namespace, &meta.name).ok().filter(|stored| stored.meta.uid == meta.uid)
    }

    /// The version of the pod whose annotations its programs have read by now.
    fn as_read(&self, now: Time, lag: i64) -> &Object {
        match &self.before {
            Some((changed, before)) if now.since(*changed) < lag => before,
            _ => &self.pod,
        }
    }

    /// Whether the pod's annotations let a probe succeed (`conformance/README.md`, the recorded world).
    pub fn is_healthy(&self, kind: super::probe::ProbeKind, now: Time, lag: i64) -> bool {
        use super::probe::ProbeKind;
        let pod = self.as_read(now, lag);
        let key = match kind {
            ProbeKind::Startup => "sim/started",
            ProbeKind::Readiness => "sim/ready",
            ProbeKind::Liveness => "sim/live",
        };
        match pod.annotation(key) {
            Some(value) => value != "false",
            None => kind != ProbeKind::Readiness || !is_listed(pod),
        }
    }
}

/// Whether the pod's ordinal stands in its annotation `sim/not-ready-ordinals`.
fn is_listed(pod: &Object) -> bool {
    let ordinal = pod.meta.name.rsplit('-').next().unwrap_or("");
    pod.annotation("sim/not-ready-ordinals").is_some_and(|list| list.split(',').any(|entry| entry.trim() == ordinal))
}
