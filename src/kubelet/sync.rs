//! One sync of a pod: write what is seen, then act on it.

use super::agent::{Agent, Work};
use super::container::Role;
use super::hands::Hands;
use super::probe::ProbeKind;
use super::{What, status};
use crate::api::Shared;

/// The pause after a sync that failed, ms, before it is stretched.
const RETRY: i64 = 10_000;
/// The longest a back-off is slept through at once, ms.
const LONGEST_NAP: i64 = 60_000;

impl Hands<'_, '_> {
    /// The pod's object has changed, or is gone.
    pub fn pod_changed(&mut self, agent: &mut Agent, pod: &Shared, gone: bool) {
        let before = agent.pod.clone();
        if gone {
            agent.gone = true;
            agent.ending = true;
            if matches!(agent.work, Work::Done | Work::CleaningUp) {
                agent.work = Work::Done;
                return;
            }
        } else {
            if pod.meta.resource_version < before.meta.resource_version {
                return;
            }
            agent.pod = pod.clone();
        }
        let part = |path: &[&str]| before.tree.at(path) != pod.tree.at(path);
        if part(&["metadata", "annotations"]) {
            agent.before = Some((self.now(), before.clone()));
            for index in 0..agent.containers.len() {
                self.arm_probes(agent, index);
            }
        }
        let changed = gone
            || part(&["metadata", "annotations"])
            || part(&["metadata", "labels"])
            || part(&["metadata", "deletionTimestamp"])
            || part(&["spec"]);
        if agent.work == Work::Done {
            return;
        }
        if !changed {
            self.reconcile(agent);
            return;
        }
        if part(&["spec"]) {
            take_spec(agent);
        }
        if pod.is_terminating() && !agent.ending {
            agent.ending = true;
            // A wait for volumes is given up at once, anything else is finished first.
            if agent.work == Work::Mounting {
                agent.serial += 1;
                agent.work = Work::Idle;
                agent.fresh = self.next_look();
            }
        }
        if matches!(agent.work, Work::Stopping(_)) {
            self.shorten_grace(agent);
            return;
        }
        self.request_sync(agent);
    }

    /// Somebody else wrote the pod's status: what a node agent answers for is written anew. A phase that ends a pod
    /// is left alone.
    fn reconcile(&mut self, agent: &mut Agent) {
        let written = agent.pod.meta.resource_version <= agent.written;
        let ended = agent.pod.as_pod().is_some_and(crate::api::view::PodView::is_finished);
        let known = agent.pod.tree.at(&["status", "startTime"]) != &crate::value::Value::Null;
        if written || ended || agent.ending || !known {
            return;
        }
        let ours = status::build(agent, &agent.pod, self.now());
        if !status::agrees(&ours, agent.pod.tree.at(&["status"])) {
            self.write_status(agent);
        }
    }

    /// A sync alarm has come due; it counts only if it is the one waited for.
    pub fn sync_is_due(&mut self, agent: &mut Agent) {
        if agent.work != Work::Idle || agent.due.is_none_or(|due| due > self.now()) {
            return;
        }
        agent.due = None;
        if agent.fresh > self.now() {
            self.request_sync_in(agent, 0);
            return;
        }
        if agent.taken_up.take() == Some(false) && agent.ending {
            // Taken up before the pod was to end: the end is the matter of the next sync.
            agent.fresh = self.next_look();
            self.request_sync(agent);
        } else {
            self.sync(agent);
        }
    }

    fn sync(&mut self, agent: &mut Agent) {
        agent.pending = false;
        agent.changed = false;
        agent.failed = false;
        agent.held = None;
        if agent.ending {
            self.begin_to_stop(agent);
            return;
        }
        let terminal = matches!(status::phase(agent), "Succeeded" | "Failed");
        if terminal {
            agent.sandbox = false;
        }
        self.write_status(agent);
        if terminal {
            agent.work = Work::Done;
            return;
        }
        self.trigger_readiness(agent);
        if agent.mounted {
            self.act(agent);
        } else {
            self.begin_to_mount(agent);
        }
    }

    /// The second half of a sync, with all volumes mounted.
    pub fn act(&mut self, agent: &mut Agent) {
        if !agent.sandbox {
            agent.sandbox = true;
            agent.changed = true;
            agent.ip = self.node.next_address();
            self.write_status(agent);
            agent.ip_known = true;
        }
        let doomed = self.doom(agent);
        if doomed.is_empty() {
            self.start_containers(agent, &[]);
        } else {
            let pause = self.stop_time(agent, &doomed);
            self.step(agent, Work::Restarting(doomed), pause);
        }
    }

    /// Running containers that have to be restarted, each with its event.
    fn doom(&mut self, agent: &mut Agent) -> Vec<usize> {
        let mut doomed = Vec::new();
        for index in 0..agent.containers.len() {
            let Some(container) = agent.containers.get(index) else { continue };
            let Some(run) = container.running() else { continue };
            let failed = |kind| container.probe(kind).is_some_and(|probe| probe.result == Some(false));
            let why = if failed(ProbeKind::Startup) {
                "failed startup probe"
            } else if failed(ProbeKind::Liveness) {
                "failed liveness probe"
            } else if container.role != Role::Init && run.asked != container.image() {
                "definition changed"
            } else {
                continue;
            };
            let message = format!("Container {} {why}, will be restarted", container.name);
            self.event(agent, Some(index), false, "Killing", &message);
            let did = format!("stops container {}", agent.containers.get(index).map_or("", |c| &c.name));
            self.did(agent, did, why);
            doomed.push(index);
        }
        doomed
    }

    /// A step of the work under way is over.
    pub fn step_is_over(&mut self, agent: &mut Agent, serial: u64) {
        if serial != agent.serial {
            return;
        }
        match std::mem::replace(&mut agent.work, Work::Idle) {
            Work::Mounting => self.volumes_looked_at(agent),
            Work::Pulling(index) => self.pulled(agent, index),
            Work::Starting => {
                // Several starts that nothing holds up are shown together; one after a pull is shown by itself.
                let more = super::start::has_more_to_start(agent);
                if !more || agent.containers.iter().any(|c| c.running().is_some_and(|run| run.started == agent.arrived))
                {
                    self.write_status(agent);
                    self.trigger_readiness(agent);
                }
                if more {
                    self.start_containers(agent, &[]);
                } else {
                    self.end_sync(agent);
                }
            }
            Work::Restarting(doomed) => {
                for index in &doomed {
                    self.stop_container(agent, *index);
                }
                agent.changed = true;
                self.start_containers(agent, &doomed);
            }
            Work::Stopping(groups) => self.group_stopped(agent, groups),
            Work::CleaningUp => self.clean_up(agent),
            done @ (Work::Idle | Work::Done) => agent.work = done,
        }
    }

    /// The sync is over; what woke the worker meanwhile, or has to be tried again, makes the next one.
    pub fn end_sync(&mut self, agent: &mut Agent) {
        agent.work = Work::Idle;
        agent.fresh = self.next_look();
        let pause = match (agent.failed, agent.held) {
            (true, _) => Some(RETRY),
            (false, Some(left)) => Some(left.min(LONGEST_NAP)),
            (false, None) => None,
        };
        if let Some(pause) = pause {
            agent.retries += 1;
            let purpose = format!("retry {}", agent.retries);
            let (low, high) = self.context.profile.node_agent.retry_permille;
            let jitter = self.context.seed.between(&agent.uid(), &purpose, low, high);
            self.request_sync_in(agent, pause * jitter / 1000);
        }
        // What a sync that went well has started it has shown itself; of one that failed the next look tells.
        if agent.changed && agent.failed {
            self.notice(agent);
        }
        if agent.pending || agent.changed && probe_sees_it(agent) {
            self.request_sync(agent);
        }
    }

    /// A program ended by itself.
    pub fn program_ends(&mut self, agent: &mut Agent, index: usize, restarts: i64, at: crate::time::Time, code: i64) {
        let Some(container) = agent.containers.get_mut(index) else {
            return;
        };
        if container.restarts == restarts && container.running().is_some() {
            container.end(at, code);
            self.notice(agent);
        }
    }

    /// A program is made to end now.
    pub fn exits(&mut self, agent: &mut Agent, index: usize, code: i64) {
        let now = self.now();
        if let Some(container) = agent.containers.get_mut(index) {
            container.end(now, code);
            self.notice(agent);
        }
    }

    /// The next look at the runtime will show a change.
    fn notice(&mut self, agent: &Agent) {
        let pause = self.next_look().since(self.now());
        self.after(agent, pause, What::Noticed);
    }

    /// Wakes a worker for the ends of a program that are known from its start.
    pub fn expect_end(&mut self, agent: &Agent, index: usize) {
        let Some(container) = agent.containers.get(index) else {
            return;
        };
        let ends = self.context.profile.node_agent.init_containers_end && container.role == Role::Init;
        if let Some((ms, code)) = super::image::natural_end(&container.image(), &container.name, ends) {
            let at = self.now().plus(ms);
            self.after(agent, ms, What::Exit(index, container.restarts, at, code));
        }
    }
}

/// Whether a readiness or startup probe has met a container that it did not know: its first result, which is no
/// success, makes a sync. A container without them is known from the write that told of its start.
fn probe_sees_it(agent: &Agent) -> bool {
    agent.containers.iter().any(|c| {
        let waits = |kind| c.probe(kind).is_some_and(|probe| probe.result != Some(true));
        c.running().is_some() && (waits(ProbeKind::Readiness) || waits(ProbeKind::Startup))
    })
}

/// Takes changed images and fields of a live pod over.
fn take_spec(agent: &mut Agent) {
    let fresh = super::container::of_spec(agent.pod.tree.at(&["spec"]));
    for container in &mut agent.containers {
        if let Some(new) = fresh.iter().find(|c| c.name == container.name) {
            container.spec = new.spec.clone();
        }
    }
}
