//! Ending a pod (`reference/pods-and-nodes.md` §5): signal, wait, report, let go.

use super::agent::{Agent, Work};
use super::container::Role;
use super::hands::Hands;
use super::{image, status};
use crate::profile::Pace;
use crate::value::Value;

/// The shortest time the runtime is given to stop a container, ms.
const LEAST_GRACE: i64 = 2000;
/// How far the ends of containers that were told to stop together lie apart, ms.
const STOP_SPREAD: i64 = 30;
/// How far the last deletes of pods that ended together lie apart, ms.
const CLEAN_UP_SPREAD: i64 = 8;
/// How long the volumes of a pod need to be unmounted after its last container's end, and how long the agent waits
/// before it looks for them again, ms.
const UNMOUNT: i64 = 45;
const UNMOUNT_POLL: i64 = 300;
/// The exit code of a killed program.
const KILLED: i64 = 137;

impl Hands<'_, '_> {
    /// Tells every container to stop: main containers together, then the sidecars in reverse order.
    pub fn begin_to_stop(&mut self, agent: &mut Agent) {
        if !agent.ever_ran {
            agent.sandbox = false;
        }
        let is_alive = |role: &dyn Fn(Role) -> bool| -> Vec<usize> {
            let all = agent.containers.iter().enumerate();
            all.filter(|(_, c)| c.running().is_some() && role(c.role)).map(|(index, _)| index).collect()
        };
        let first = is_alive(&|role| role != Role::Sidecar);
        let sidecars = is_alive(&|role| role == Role::Sidecar);
        let mut groups = Vec::new();
        if !first.is_empty() {
            groups.push(first);
        }
        groups.extend(sidecars.into_iter().rev().map(|index| vec![index]));
        let name = |index: &usize| agent.containers.get(*index).map(|c| c.name.clone()).unwrap_or_default();
        let messages: Vec<(usize, String)> =
            groups.iter().flatten().map(|index| (*index, format!("Stopping container {}", name(index)))).collect();
        for (index, message) in messages {
            self.event(agent, Some(index), false, "Killing", &message);
        }
        if !agent.gone {
            self.write_status(agent);
        }
        self.did(agent, "stops the pod's containers", "the pod is being deleted");
        self.stop_next(agent, groups);
    }

    fn stop_next(&mut self, agent: &mut Agent, groups: Vec<Vec<usize>>) {
        match groups.first() {
            None => self.all_stopped(agent),
            Some(group) => {
                let pause = self.stop_time(agent, group) + self.spread(agent, "stop", STOP_SPREAD);
                agent.stop_at = self.now().plus(pause);
                self.step(agent, Work::Stopping(groups), pause);
            }
        }
    }

    /// Pods that are told the same at the same time do not do it in the same millisecond.
    fn spread(&self, agent: &Agent, what: &str, longest: i64) -> i64 {
        self.context.seed.between(&agent.uid(), what, 0, longest)
    }

    /// A new deletion request can only shorten the grace that is left.
    pub fn shorten_grace(&mut self, agent: &mut Agent) {
        let Work::Stopping(groups) = agent.work.clone() else {
            return;
        };
        let Some(group) = groups.first() else { return };
        let pause = self.stop_time(agent, group);
        let left = agent.stop_at.since(self.now());
        if pause < left {
            agent.stop_at = self.now().plus(pause);
            self.step(agent, Work::Stopping(groups), pause);
        }
    }

    /// How long these containers take to stop, ms: their preStop hooks, the program itself, at most the grace.
    pub fn stop_time(&self, agent: &Agent, group: &[usize]) -> i64 {
        let meta = agent.pod.tree.at(&["metadata"]);
        let spec_grace = agent.pod.as_pod().map_or(30, |view| view.grace_seconds);
        let grace = meta.at(&["deletionGracePeriodSeconds"]).as_i64().unwrap_or(spec_grace).max(0) * 1000;
        let needs = self.own(agent, Pace::Stop).unwrap_or(self.context.profile.node_agent.stop_ms);
        let one = |index: &usize| {
            let container = agent.containers.get(*index)?;
            let hook = pre_stop_ms(&container.spec).min(grace);
            let left = (grace - hook).max(if hook > 0 { LEAST_GRACE } else { 0 });
            let frozen = container.run.as_ref().is_some_and(|run| run.frozen);
            let program = if frozen { grace.max(LEAST_GRACE) } else { needs.min(left) };
            Some(hook + program)
        };
        group.iter().filter_map(one).max().unwrap_or(0)
    }

    /// A container that was told to stop has stopped.
    pub fn stop_container(&mut self, agent: &mut Agent, index: usize) {
        let now = self.now();
        if let Some(container) = agent.containers.get_mut(index) {
            let frozen = container.run.as_ref().is_some_and(|run| run.frozen);
            let code = if frozen { KILLED } else { image::stop_code(&container.image()) };
            container.end(now, code);
        }
    }

    pub fn group_stopped(&mut self, agent: &mut Agent, mut groups: Vec<Vec<usize>>) {
        if !groups.is_empty() {
            for index in groups.remove(0) {
                self.stop_container(agent, index);
            }
        }
        self.stop_next(agent, groups);
    }

    fn all_stopped(&mut self, agent: &mut Agent) {
        agent.sandbox = false;
        if agent.gone {
            agent.work = Work::Done;
            return;
        }
        if all_have_run(agent) {
            self.write_status(agent);
        }
        let look = self.next_look().since(self.now());
        let mounted = if look < UNMOUNT { UNMOUNT_POLL } else { 0 };
        let pause = look + mounted + self.spread(agent, "clean up", CLEAN_UP_SPREAD);
        self.step(agent, Work::CleaningUp, pause);
    }

    /// The runtime shows nothing of the pod any more: its last status, and then its object may go.
    pub fn clean_up(&mut self, agent: &mut Agent) {
        agent.work = Work::Done;
        if !all_have_run(agent) {
            self.write_status_with(agent, |status| {
                status.set(&["phase"], "Failed");
                for list in ["initContainerStatuses", "containerStatuses"] {
                    if status.get(list).is_some() {
                        for container in status.at_mut(&[list]).items_mut() {
                            if container.at(&["state", "waiting"]) != &Value::Null {
                                container.set(&["state"], status::never_ran());
                            }
                        }
                    }
                }
            });
        }
        if agent.pod.is_terminating() {
            self.did(agent, "lets the pod's object go", "all its containers have stopped");
            let pod = agent.pod.clone();
            self.delete(&pod);
        }
    }
}

fn all_have_run(agent: &Agent) -> bool {
    agent.containers.iter().all(|c| c.run.is_some())
}

/// How long a preStop hook takes, ms: as long as it sleeps.
fn pre_stop_ms(spec: &Value) -> i64 {
    let hook = spec.at(&["lifecycle", "preStop"]);
    if let Some(seconds) = hook.at(&["sleep", "seconds"]).as_i64() {
        return seconds * 1000;
    }
    let words: Vec<&str> = hook
        .at(&["exec", "command"])
        .items()
        .iter()
        .flat_map(|word| word.str_or_empty().split([' ', ';', '&']))
        .collect();
    words
        .windows(2)
        .filter_map(|pair| match pair {
            ["sleep" | "/bin/sleep", seconds] => seconds.trim_end_matches('s').parse::<i64>().ok(),
            _ => None,
        })
        .sum::<i64>()
        * 1000
}
