//! Node lifecycle: who fell silent, what is tainted, which pods have to go
//! (`reference/pods-and-nodes.md` §6).
//!
//! Leases of healthy nodes cost nothing: the world tells when an agent fell silent, and from that the last renewal
//! is computed. What follows is seen by elapsed time alone.

mod eviction;
mod garbage;
mod monitor;
mod taints;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use crate::api::{Kind, Object, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::controller::recorder::{Note, Recorder};
use crate::controller::{Cache, Context, Part};
use crate::map;
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::Text;

/// How often the health of all nodes is looked at, ms.
const MONITOR_PERIOD: i64 = 5000;
/// A node whose lease was not renewed for so long, ms, is unhealthy.
const GRACE: i64 = 50_000;
/// An agent renews its lease this often, ms.
const RENEWAL: i64 = 10_000;

/// What it can be woken for.
#[derive(Clone, Debug)]
pub enum Alarm {
    /// A pass over the health of the nodes.
    Monitor,
    /// The next taint NoExecute may be set.
    Taint,
    /// A pod's toleration runs out: its uid, and the moment for which that was computed.
    Evict(Text, Time),
    /// A pass over pods that nobody looks after.
    Garbage,
}

/// What is remembered of a node.
#[derive(Clone, Debug, Default)]
struct Health {
    /// Since when its lease has not been renewed; `None` while it is.
    renewed: Option<Time>,
    /// Whether it was found healthy at the last pass.
    was_ready: bool,
}

/// The node lifecycle controller, the taint eviction controller and the pod garbage collector.
#[derive(Clone, Debug)]
pub struct NodeLifecycle {
    cache: Cache,
    health: Rc<SortedMap<Text, Health>>,
    /// Nodes waiting for their taint NoExecute, in order, and when the next may be set.
    to_taint: Rc<Vec<Text>>,
    next_taint: Time,
    monitoring: bool,
    collecting: bool,
    /// Every node was unhealthy at the last pass.
    all_lost: bool,
    /// Pods that will be evicted: node, when that was decided, and when.
    evictions: Rc<SortedMap<Text, eviction::Due>>,
    /// Nodes that are gone, and since when.
    gone: Rc<SortedMap<Text, Time>>,
    recorder: Recorder,
    evictor: Recorder,
}

impl Default for NodeLifecycle {
    fn default() -> Self {
        Self::new()
    }
}

impl NodeLifecycle {
    /// A controller that has seen nothing yet.
    pub fn new() -> Self {
        Self {
            cache: Cache::default(),
            health: Rc::default(),
            to_taint: Rc::default(),
            next_taint: Time::default(),
            monitoring: false,
            collecting: false,
            all_lost: false,
            evictions: Rc::default(),
            gone: Rc::default(),
            recorder: Recorder::new("node-controller", ""),
            evictor: Recorder::new("taint-eviction-controller", ""),
        }
    }

    /// The agent of a node fell silent at this moment; its last renewal lies up to ten seconds before it.
    pub fn node_silent(&mut self, node: &str, since: Time, context: &mut Context<'_, Alarm>) {
        let phase = context.seed.between(node, "lease", 0, RENEWAL - 1);
        let renewed = since.plus(-(since.0 - phase).rem_euclid(RENEWAL));
        if let Some(health) = Rc::make_mut(&mut self.health).get_mut(node) {
            health.renewed = Some(renewed);
        }
        monitor_at(renewed.plus(GRACE), context);
    }

    /// The agent of a node goes on and renews its lease again.
    pub fn node_returned(&mut self, node: &str) {
        if let Some(health) = Rc::make_mut(&mut self.health).get_mut(node) {
            health.renewed = None;
        }
    }

    fn node_changed(&mut self, event: &WatchEvent, context: &mut Context<'_, Alarm>) {
        let node = &event.object;
        let name = &node.meta.name;
        if event.change == Change::Deleted {
            Rc::make_mut(&mut self.health).remove(name);
            Rc::make_mut(&mut self.gone).insert(name.clone(), context.now);
            self.evict_from(node, context);
            self.collect_at(context.now.plus(garbage::QUARANTINE), context);
            return;
        }
        if event.change == Change::Added {
            let ready = node.as_node().is_some_and(|view| view.ready);
            let health = Health { renewed: None, was_ready: ready };
            Rc::make_mut(&mut self.health).insert(name.clone(), health);
            Rc::make_mut(&mut self.gone).remove(name);
            let message = format!("Node {name} event: Registered Node {name} in Controller");
            self.node_event(node, "RegisteredNode", &message, context);
        }
        taints::mirror(node, context);
        self.evict_from(node, context);
        if monitor::needs_a_pass(node) && !self.monitoring {
            self.monitoring = true;
            monitor_at(context.now, context);
        }
        if garbage::is_out_of_service(node) {
            self.collect_at(context.now, context);
        }
    }

    fn pods_on<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a Shared> {
        self.cache.list_all(Kind::Pod).filter(move |pod| pod.as_pod().is_some_and(|view| view.node == *node))
    }

    /// Records an event about a node, which its events name without a version.
    fn node_event(&mut self, node: &Object, reason: &'static str, message: &str, context: &mut Context<'_, Alarm>) {
        let tree = map! { "metadata" => map! { "name" => &node.meta.name, "uid" => &node.meta.uid } };
        let object = Object::new(Kind::Node, tree);
        let told = Note { object: &object, field_path: "", warning: false, reason, message };
        self.recorder.record(&mut context.client, context.seed, &told);
    }
}

/// Asks for the first pass at or after this moment.
fn monitor_at(at: Time, context: &mut Context<'_, Alarm>) {
    let phase = context.seed.between("node-controller", "monitor", 0, MONITOR_PERIOD - 1);
    let at = at.max(context.now.plus(1));
    let wait = (phase - at.0).rem_euclid(MONITOR_PERIOD);
    context.after(at.plus(wait).since(context.now), Alarm::Monitor);
}

impl Part for NodeLifecycle {
    type Alarm = Alarm;

    const WATCHES: &'static [Kind] = &[Kind::Node, Kind::Pod];

    fn observe(&mut self, event: &WatchEvent, context: &mut Context<'_, Alarm>) {
        self.cache.apply(event);
        match event.object.kind {
            Kind::Node => self.node_changed(event, context),
            Kind::Pod => self.pod_changed(event, context),
            _ => {}
        }
    }

    fn wake(&mut self, alarm: Alarm, context: &mut Context<'_, Alarm>) {
        match alarm {
            Alarm::Monitor => self.monitor(context),
            Alarm::Taint => self.taint_next(context),
            Alarm::Evict(uid, at) => self.evict(&uid, at, context),
            Alarm::Garbage => self.collect(context),
        }
    }
}
