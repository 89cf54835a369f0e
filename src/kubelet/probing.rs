//! Probing: attempts, their events, and what follows from them.

use super::What;
use super::agent::Agent;
use super::container::Role;
use super::hands::Hands;
use super::probe::{self, Probe, ProbeKind};
use crate::profile::Pace;
use crate::value::Value;

impl Hands<'_, '_> {
    /// The volumes are mounted: the workers of all probes begin to tick.
    pub fn begin_to_probe(&mut self, agent: &mut Agent) {
        let (divisor, now) = (self.context.profile.probe_divisor, self.now());
        for container in &mut agent.containers {
            if container.role == Role::Init {
                continue;
            }
            container.probes = ProbeKind::ALL
                .into_iter()
                .filter_map(|kind| {
                    let spec = container.spec.get(kind.field())?;
                    Some(Probe::new(kind, spec, divisor, now))
                })
                .collect();
        }
    }

    fn is_healthy(&self, agent: &Agent, index: usize, kind: ProbeKind) -> bool {
        let lag = self.context.profile.node_agent.program_reads_ms;
        is_thawed(agent, index) && self.is_warm(agent, index, kind) && agent.is_healthy(kind, self.now(), lag)
    }

    /// Whether the program has run for as long as it needs until its readiness probe can succeed.
    fn is_warm(&self, agent: &Agent, index: usize, kind: ProbeKind) -> bool {
        let needs = self.own(agent, Pace::Ready).unwrap_or(self.context.profile.node_agent.ready_ms);
        let started = agent.containers.get(index).and_then(|c| c.running()).map(|run| run.started);
        kind != ProbeKind::Readiness || needs == 0 || started.is_some_and(|at| self.now().since(at) >= needs)
    }

    /// Whether a probe of this kind may be attempted at all: startup first, the others only after it.
    fn may_probe(agent: &Agent, index: usize, kind: ProbeKind) -> bool {
        agent.containers.get(index).is_some_and(|container| {
            container.running().is_some()
                && match kind {
                    ProbeKind::Startup => !agent.ending && !container.is_started(),
                    ProbeKind::Liveness => !agent.ending && container.is_started(),
                    ProbeKind::Readiness => container.is_started(),
                }
        })
    }

    /// Asks to be woken at the next ticks of a container's probes that can change anything.
    pub fn arm_probes(&mut self, agent: &mut Agent, index: usize) {
        for kind in ProbeKind::ALL {
            self.arm_probe(agent, index, kind);
        }
    }

    fn arm_probe(&mut self, agent: &mut Agent, index: usize, kind: ProbeKind) {
        if !Self::may_probe(agent, index, kind) {
            return;
        }
        let now = self.now();
        // What counts is what the program answers once it has read the pod's newest annotations.
        let lag = self.context.profile.node_agent.program_reads_ms;
        let later = now.plus(lag);
        let healthy = agent.is_healthy(kind, later, lag) && is_thawed(agent, index);
        let healthy = healthy && agent.is_healthy(kind, now, lag) && self.is_warm(agent, index, kind);
        let Some(container) = agent.containers.get_mut(index) else { return };
        let Some(started) = container.running().map(|run| run.started) else { return };
        let Some(probe) = container.probe_mut(kind) else { return };
        probe.arm += 1;
        let arm = probe.arm;
        probe.awaited = probe.next(started, healthy, now);
        if let Some(tick) = probe.awaited {
            self.after(agent, tick.since(now), What::Probe(index, kind, arm));
        }
    }

    /// A tick that was waited for.
    pub fn probe_ticks(&mut self, agent: &mut Agent, index: usize, kind: ProbeKind, arm: u64) {
        let current = agent.containers.get(index).and_then(|c| c.probe(kind)).is_some_and(|probe| probe.arm == arm);
        if current {
            self.attempt(agent, index, kind);
            self.arm_probe(agent, index, kind);
        }
    }

    /// A status sync that sees a container started but not ready asks for a readiness attempt at once.
    pub fn trigger_readiness(&mut self, agent: &mut Agent) {
        let now = self.now();
        for index in 0..agent.containers.len() {
            let Some(container) = agent.containers.get_mut(index) else { continue };
            let started = container.is_started();
            let Some(probe) = container.probe_mut(ProbeKind::Readiness) else { continue };
            if !started || probe.result == Some(true) {
                continue;
            }
            probe.trigger(now);
            let delay = probe.delay();
            self.attempt(agent, index, ProbeKind::Readiness);
            self.arm_probe(agent, index, ProbeKind::Readiness);
            let waiting = agent
                .containers
                .get(index)
                .and_then(|c| Some((c.name.clone(), c.running()?.started)))
                .filter(|(_, started)| now.since(*started) < delay);
            if let Some((name, _)) = waiting {
                let seconds = crate::time::go_duration(delay);
                self.waits(agent, format!("container {name} runs; its readiness probe waits {seconds} after its start and then for its next tick"));
            }
        }
    }

    fn attempt(&mut self, agent: &mut Agent, index: usize, kind: ProbeKind) {
        if !Self::may_probe(agent, index, kind) {
            return;
        }
        let now = self.now();
        let healthy = self.is_healthy(agent, index, kind);
        let Some(container) = agent.containers.get_mut(index) else { return };
        let Some(started) = container.running().map(|run| run.started) else { return };
        let spec = container.spec.at(&[kind.field()]).clone();
        let Some(probe) = container.probe_mut(kind) else { return };
        if !probe.is_due(started, now) {
            return;
        }
        let changed = probe.attempt(healthy);
        if !healthy {
            let text = probe::failure_text(&spec, &agent.ip);
            let message = format!("{} probe failed: {text}", kind.title());
            self.event(agent, Some(index), true, "Unhealthy", &message);
        }
        if changed {
            self.result_changed(agent, index, kind, healthy, &spec);
        }
    }

    fn result_changed(&mut self, agent: &mut Agent, index: usize, kind: ProbeKind, healthy: bool, _spec: &Value) {
        let name = agent.containers.get(index).map(|c| c.name.clone()).unwrap_or_default();
        let verb = if healthy { "succeeded" } else { "failed" };
        let because = format!("its {} probe {verb}", kind.title().to_ascii_lowercase());
        match kind {
            ProbeKind::Readiness => {
                self.write_status(agent);
                let state = if healthy { "ready" } else { "not ready" };
                self.did(agent, format!("container {name} is {state}"), because);
                if !agent.ending {
                    self.request_sync(agent);
                }
            }
            ProbeKind::Startup => {
                if healthy {
                    self.write_status(agent);
                    self.arm_probes(agent, index);
                }
                self.request_sync(agent);
            }
            ProbeKind::Liveness => self.request_sync(agent),
        }
    }
}

/// Whether the container's program answers at all.
fn is_thawed(agent: &Agent, index: usize) -> bool {
    let run = agent.containers.get(index).and_then(|c| c.run.as_ref());
    !run.is_some_and(|run| run.frozen)
}
