//! What a pod waits out: a moment known beforehand, read from the worker's own alarms, so that it cannot disagree.

use super::Kubelets;
use super::agent::{Agent, Work};
use super::probe::ProbeKind;
use crate::api::Object;
use crate::time::Time;

/// A wait of a pod whose end is known, unless something comes between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countdown {
    /// What comes at its end, in a few words: `probe`, `next pull`, `kill` (of what has not stopped by itself).
    pub what: &'static str,
    /// When the wait began.
    pub from: Time,
    /// When it ends.
    pub until: Time,
}

impl Kubelets {
    /// What the pod waits out at this moment; `None` when its node is silent, or nothing is timed.
    pub fn countdown(&self, pod: &Object) -> Option<Countdown> {
        let agent = self.agents.get(&pod.meta.uid)?;
        if self.nodes.get(&agent.node).is_none_or(|node| node.silent) {
            return None;
        }
        let (what, from, until) = match (pod.meta.deletion, &agent.work) {
            (Some(kill), _) => {
                let grace = pod.tree.at(&["metadata", "deletionGracePeriodSeconds"]).as_i64().unwrap_or(0);
                ("kill", kill.plus(-grace * 1000), kill)
            }
            (None, Work::Pulling(_)) => ("image", agent.step.0, agent.step.1),
            (None, Work::Mounting) => ("volume check", agent.step.0, agent.step.1),
            (None, Work::Restarting(_)) => ("stop", agent.step.0, agent.step.1),
            (None, Work::Idle) => back_off(agent).or_else(|| probe(agent))?,
            (None, Work::Starting | Work::Stopping(_) | Work::CleaningUp | Work::Done) => return None,
        };
        Some(Countdown { what, from, until })
    }
}

/// The next try of a container that could not be started or ended too soon.
fn back_off(agent: &Agent) -> Option<(&'static str, Time, Time)> {
    let due = agent.due?;
    let held =
        agent.containers.iter().find(|container| container.running().is_none() && container.failure.is_some())?;
    let (reason, _) = held.failure.as_ref()?;
    Some(match reason.as_str() {
        "CrashLoopBackOff" => ("restart", held.exit().map_or(agent.fresh, |exit| exit.at), due),
        "ImagePullBackOff" | "ErrImagePull" => ("next pull", held.pull_backoff.raised().unwrap_or(agent.fresh), due),
        _ => ("next try", agent.fresh, due),
    })
}

/// The next attempt of the first probe that keeps the pod from being Ready.
fn probe(agent: &Agent) -> Option<(&'static str, Time, Time)> {
    let waiting = agent.containers.iter().filter(|container| container.running().is_some() && !container.is_ready());
    waiting
        .filter_map(|container| {
            let kind = if container.is_started() { ProbeKind::Readiness } else { ProbeKind::Startup };
            let started = container.running().map(|run| run.started);
            container.probe(kind).zip(started)
        })
        .find_map(|(probe, started)| {
            let until = probe.awaited?;
            let what = if probe.kind == ProbeKind::Startup { "startup probe" } else { "probe" };
            Some((what, probe.asked_at(started), until))
        })
}
