//! A model of the node agents (`reference/pods-and-nodes.md` §1–§5, §8).
//!
//! One part stands for the agents of all nodes. Each pod has a worker that syncs: it writes the status it sees,
//! and only then acts, so that what is shown is the outcome of the sync before. Two syncs of a pod need a look at
//! the runtime between them; those looks (`relist`), mounts, pulls, ends and probe ticks are the alarms.

mod agent;
mod attach;
mod backoff;
mod condition;
mod container;
mod countdown;
mod hands;
mod heartbeat;
mod image;
mod mount;
mod node;
mod probe;
mod probing;
mod references;
mod resources;
mod seen;
mod start;
mod status;
mod sync;
mod terminate;

#[cfg(test)]
pub(crate) mod tests;

use std::rc::Rc;

use crate::api::{Kind, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::{Cache, Context, Part};
use crate::profile::Profile;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

pub use countdown::Countdown;
pub use heartbeat::healthy_conditions;

use agent::{Agent, Work};
use hands::Hands;
use node::NodeAgent;
use probe::ProbeKind;

/// After a silence: the first look at the runtime, ms.
const FIRST_LOOK: i64 = 60;

/// What a node agent can be woken for.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// The pod's uid; the node's name for what concerns the node.
    subject: Text,
    what: What,
}

/// What an alarm is about.
#[derive(Clone, Debug)]
enum What {
    /// A sync is due.
    Sync,
    /// A look at the runtime shows that a container has ended.
    Noticed,
    /// The step of a sync that was under way with this serial is over.
    Step(u64),
    /// A program ends by itself: the container, its restart count then, and the exit code.
    Exit(usize, i64, Time, i64),
    /// A tick of a probe that can change something.
    Probe(usize, ProbeKind, u64),
    /// The node's agent reports the state of its node.
    Report,
    /// The next report finds the node cordoned (or no longer so).
    Cordon(bool),
}

/// The agents of all nodes.
#[derive(Clone, Debug)]
pub struct Kubelets {
    cache: Cache,
    nodes: Rc<SortedMap<Text, Rc<NodeAgent>>>,
    /// The workers by the uid of their pod.
    agents: Rc<SortedMap<Text, Rc<Agent>>>,
}

impl Kubelets {
    /// Agents for the nodes that will appear as Node objects.
    pub fn new(profile: &Profile) -> Self {
        let _ = profile;
        Self { cache: Cache::default(), nodes: Rc::default(), agents: Rc::default() }
    }

    /// A fault: the agent of a node falls silent (`true`), or goes on where it stopped (`false`).
    pub fn set_silent(&mut self, name: &str, silent: bool, context: &mut Context<'_, Alarm>) {
        let nodes = Rc::make_mut(&mut self.nodes);
        let Some(node) = nodes.get_mut(name).map(Rc::make_mut) else {
            return;
        };
        if node.silent == silent {
            return;
        }
        node.silent = silent;
        if silent {
            return;
        }
        node.look = context.now.plus(FIRST_LOOK);
        heartbeat::wakes_up(node, context);
        for alarm in std::mem::take(&mut node.missed) {
            context.after(0, alarm);
        }
        self.catch_up(name, context);
    }

    /// A fault: the program of a container ends with this exit code; the first container where the name is empty.
    pub fn crash(&mut self, pod: &Shared, container: &str, code: i64, context: &mut Context<'_, Alarm>) {
        self.with_agent(&pod.meta.uid, context, |agent, hands| {
            let found = agent
                .containers
                .iter()
                .position(|c| c.running().is_some() && (container.is_empty() || c.name == *container));
            if let Some(index) = found {
                hands.exits(agent, index, code);
            }
        });
    }

    /// A fault: the programs of a pod hang (`true`): they answer no probe and no signal to stop; or they go on, and what
    /// they were told meanwhile they do now.
    pub fn freeze(&mut self, pod: &Shared, frozen: bool, context: &mut Context<'_, Alarm>) {
        self.with_agent(&pod.meta.uid, context, |agent, hands| {
            for index in 0..agent.containers.len() {
                if let Some(run) = agent.containers.get_mut(index).and_then(|held| held.run.as_mut()) {
                    run.frozen = frozen;
                    hands.arm_probes(agent, index);
                }
            }
            if !frozen {
                hands.shorten_grace(agent);
            }
        });
    }

    /// Runs something on a worker with everything it may touch; a worker that is done is dropped.
    fn with_agent(
        &mut self,
        uid: &Text,
        context: &mut Context<'_, Alarm>,
        run: impl FnOnce(&mut Agent, &mut Hands<'_, '_>),
    ) {
        let agents = Rc::make_mut(&mut self.agents);
        let Some(agent) = agents.get_mut(uid).map(Rc::make_mut) else {
            return;
        };
        let nodes = Rc::make_mut(&mut self.nodes);
        let Some(node) = nodes.get_mut(&agent.node).map(Rc::make_mut) else {
            return;
        };
        run(agent, &mut Hands { context, node, cache: &self.cache });
        if agent.gone && agent.work == Work::Done {
            agents.remove(uid);
        }
    }

    /// A pod that belongs to a node is new, changed or gone.
    fn pod_changed(&mut self, pod: &Shared, gone: bool, context: &mut Context<'_, Alarm>) {
        let node = pod.tree.at(&["spec", "nodeName"]).text();
        if node.is_empty() || self.nodes.get(&node).is_none_or(|node| node.silent) {
            return;
        }
        let uid = &pod.meta.uid;
        if !gone && !self.agents.contains_key(uid) {
            if pod.as_pod().is_some_and(crate::api::view::PodView::is_finished) {
                return;
            }
            let agent = Agent::new(pod, context.now);
            Rc::make_mut(&mut self.agents).insert(uid.clone(), Rc::new(agent));
            self.with_agent(uid, context, |agent, hands| hands.request_sync(agent));
            return;
        }
        self.with_agent(uid, context, |agent, hands| hands.pod_changed(agent, pod, gone));
    }

    /// After a silence: every pod of the node as it is now.
    fn catch_up(&mut self, name: &str, context: &mut Context<'_, Alarm>) {
        let pods: Vec<Shared> = self
            .cache
            .list_all(Kind::Pod)
            .filter(|pod| pod.tree.at(&["spec", "nodeName"]).as_str() == Some(name))
            .cloned()
            .collect();
        let vanished: Vec<Shared> = self
            .agents
            .values()
            .filter(|agent| agent.node == *name)
            .filter(|agent| !pods.iter().any(|pod| pod.meta.uid == agent.pod.meta.uid))
            .map(|agent| agent.pod.clone())
            .collect();
        for pod in vanished {
            self.pod_changed(&pod, true, context);
        }
        for (index, pod) in pods.iter().enumerate() {
            let uid = &pod.meta.uid;
            // The runtime has to be looked at before a pod can be synced, and every other pod has a sync under way
            // that takes the first look for itself.
            let looks_missed = index as i64 % 2;
            self.with_agent(uid, context, |agent, hands| {
                let look = hands.next_look().plus(looks_missed * hands.node.look_every);
                agent.fresh = agent.fresh.max(look);
            });
            self.pod_changed(pod, false, context);
            self.with_agent(uid, context, |agent, hands| hands.request_sync(agent));
        }
    }

    fn node_changed(&mut self, event: &WatchEvent, context: &mut Context<'_, Alarm>) {
        let name = &event.object.meta.name;
        let nodes = Rc::make_mut(&mut self.nodes);
        if event.change == Change::Deleted {
            nodes.remove(name);
            return;
        }
        if let Some(node) = nodes.get_mut(name).map(Rc::make_mut) {
            let before = std::mem::replace(&mut node.object, event.object.clone());
            heartbeat::node_changed(node, &before, context);
            return;
        }
        let digits = name.len() - name.chars().rev().take_while(char::is_ascii_digit).count();
        let number = name.get(digits..).and_then(|d| d.parse().ok());
        let number = number.filter(|n| *n < 255).unwrap_or(nodes.len() as i64 + 1);
        let listed = context.profile.nodes.iter().find(|node| *node.name == **name);
        let every = context.profile.node_agent.relist_ms;
        let look = listed.and_then(|node| node.looks_ms);
        let look = look.unwrap_or_else(|| context.seed.between(name, "look", 0, every));
        let mut node = NodeAgent::new(&event.object, number, Time(look), every);
        heartbeat::registered(&mut node, context);
        nodes.insert(name.clone(), Rc::new(node));
        self.catch_up(&name.clone(), context);
    }
}

impl Part for Kubelets {
    const MANAGER: &'static str = "kubelet";
    type Alarm = Alarm;

    const WATCHES: &'static [Kind] =
        &[Kind::ConfigMap, Kind::Node, Kind::PersistentVolumeClaim, Kind::Pod, Kind::Secret];

    fn observe(&mut self, event: &WatchEvent, context: &mut Context<'_, Alarm>) {
        self.cache.apply(event);
        match event.object.kind {
            Kind::Pod => self.pod_changed(&event.object, event.change == Change::Deleted, context),
            Kind::Node => self.node_changed(event, context),
            _ => {}
        }
    }

    fn wake(&mut self, alarm: Alarm, context: &mut Context<'_, Alarm>) {
        let host = match alarm.what {
            What::Report | What::Cordon(_) => Some(alarm.subject.clone()),
            _ => self.agents.get(&alarm.subject).map(|agent| agent.node.clone()),
        };
        let Some(host) = host else { return };
        let nodes = Rc::make_mut(&mut self.nodes);
        let Some(node) = nodes.get_mut(&host).map(Rc::make_mut) else {
            return;
        };
        if node.silent {
            node.missed.push(alarm);
            return;
        }
        match alarm.what {
            What::Report => return heartbeat::report(node, context),
            What::Cordon(cordoned) => return heartbeat::cordon(node, cordoned, context),
            _ => {}
        }
        let Alarm { subject, what } = alarm;
        self.look_elsewhere(&subject, &what, context);
        self.with_agent(&subject, context, |agent, hands| match what {
            What::Sync => hands.sync_is_due(agent),
            What::Noticed => hands.request_sync(agent),
            What::Step(serial) => hands.step_is_over(agent, serial),
            What::Exit(index, restarts, at, code) => hands.program_ends(agent, index, restarts, at, code),
            What::Probe(index, kind, arm) => hands.probe_ticks(agent, index, kind, arm),
            What::Report | What::Cordon(_) => {}
        });
    }
}
