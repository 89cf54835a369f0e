//! The StatefulSet controller.
//!
//! `decision` decides, `sync` gathers what it decides on and carries it out, the other files are its vocabulary:
//! `identity`, `claims`, `revisions`, `ownership`, `status`, `waits`.

mod act;
mod claims;
pub mod decision;
pub mod identity;
mod ownership;
pub mod revisions;
pub mod roster;
mod status;
mod sync;
mod waits;

pub use waits::ails;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::recorder::Recorder;
use super::{Cache, Context, Part, Wait, WorkQueue};
use crate::api::{Key, Kind, Object, Shared};
use crate::apiserver::{Change, WatchEvent};
use crate::sorted::SortedMap;
use crate::time::Time;
use crate::value::{Text, Value};
use roster::Roster;
use sync::Running;

/// The name under which this controller appears in events and decisions.
pub const COMPONENT: &str = "statefulset-controller";

/// How long a worker is busy with one set at least: what arrives meanwhile is looked at together, ms.
const WORKER_BUSY_MS: i64 = 3;
/// How long it is busy when the set's status has been written, ms.
const STATUS_MS: i64 = 10;
/// How long the API server takes for a write that the next one waits for, ms.
const WRITE_MS: i64 = 10;

type SetKey = (Text, Text);

/// The StatefulSet controller: its cache, its queue, and what it last waited for.
#[derive(Clone, Debug)]
pub struct StatefulSetController {
    cache: Cache,
    queue: WorkQueue,
    recorder: Recorder,
    busy_until: SortedMap<SetKey, Time>,
    /// The resourceVersion of the newest object in the cache.
    read_version: u64,
    /// The resourceVersion of the last write for each set.
    written: SortedMap<SetKey, u64>,
    /// Syncs that wait for the API server between two pods.
    running: SortedMap<SetKey, Rc<Running>>,
    /// What each set waits for at present.
    waits: SortedMap<SetKey, Wait>,
    /// The revision data of each set's template, made once per template.
    data: SortedMap<SetKey, (Value, Value)>,
    /// The pods of each set.
    rosters: SortedMap<SetKey, Roster>,
    max_unavailable_gate: bool,
}

/// A set is to be looked at, or a sync of it goes on.
#[derive(Clone, Debug)]
pub struct SyncSet(SetKey, Turn);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Sync,
    GoOn,
}

/// How a sync ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Well,
    /// It has to be tried again.
    Badly,
    /// Not yet: it waits for the API server.
    NotYet,
}

impl StatefulSetController {
    /// A controller that has seen nothing yet.
    pub fn new(max_unavailable_gate: bool) -> Self {
        Self {
            cache: Cache::default(),
            queue: WorkQueue::default(),
            recorder: Recorder::new(COMPONENT, ""),
            busy_until: SortedMap::new(),
            read_version: 0,
            written: SortedMap::new(),
            running: SortedMap::new(),
            waits: SortedMap::new(),
            data: SortedMap::new(),
            rosters: SortedMap::new(),
            max_unavailable_gate,
        }
    }

    /// What each set that waits is waiting for, as its last sync decided.
    pub fn waits(&self) -> impl Iterator<Item = (Key, &Wait)> {
        self.waits.iter().map(|((namespace, name), wait)| (set_key(namespace, name), wait))
    }

    /// Looks at a set now, or as soon as the worker is free.
    fn enqueue(&mut self, key: SetKey, ctx: &mut Context<'_, SyncSet>) {
        if self.running.contains_key(&key) {
            // The end of the sync under way finds it.
            self.queue.add(key);
            return;
        }
        let free = self.busy_until.get(&key).is_none_or(|until| ctx.now >= *until);
        if free {
            self.queue.take(&key);
            self.run(&key, ctx);
        } else if self.queue.add(key.clone()) {
            let until = self.busy_until.get(&key).copied().unwrap_or(ctx.now);
            ctx.after(until.since(ctx.now), SyncSet(key, Turn::Sync));
        }
    }

    fn enqueue_later(&mut self, key: SetKey, ms: i64, ctx: &mut Context<'_, SyncSet>) {
        ctx.after(ms, SyncSet(key, Turn::Sync));
    }

    /// One sync with what surrounds it: the check for stale caches before, the retry after an error.
    fn run(&mut self, key: &SetKey, ctx: &mut Context<'_, SyncSet>) {
        self.busy_until.insert(key.clone(), ctx.now.plus(WORKER_BUSY_MS));
        let stale = self.written.get(key).is_some_and(|written| self.read_version < *written);
        let ended = if stale { Ended::Badly } else { self.sync(key, ctx) };
        self.ended(key, ended, ctx);
    }

    fn ended(&mut self, key: &SetKey, ended: Ended, ctx: &mut Context<'_, SyncSet>) {
        match ended {
            Ended::NotYet => {}
            Ended::Well => self.queue.succeeded(key),
            Ended::Badly => {
                let pause = self.queue.failed(key);
                self.enqueue_later(key.clone(), pause, ctx);
            }
        }
    }

    /// A sync that waited for the API server goes on; what arrived meanwhile makes another one.
    fn go_on(&mut self, key: &SetKey, ctx: &mut Context<'_, SyncSet>) {
        let Some(running) = self.running.remove(key) else {
            return;
        };
        self.busy_until.insert(key.clone(), ctx.now.plus(WORKER_BUSY_MS));
        let ended = self.decide_and_act(key, Rc::unwrap_or_clone(running), ctx);
        self.ended(key, ended, ctx);
        if ended != Ended::NotYet && self.queue.take(key) {
            self.enqueue(key.clone(), ctx);
        }
    }

    /// The sets that a pod concerns: the one that controls it, or every one whose selector matches an orphan.
    fn sets_of(&self, pod: &Object) -> Vec<SetKey> {
        let namespace = &pod.meta.namespace;
        if let Some(owner) = pod.controller() {
            let found = self.cache.get(Kind::StatefulSet, namespace, &owner.name);
            let ours = owner.kind == *"StatefulSet" && found.is_some_and(|set| set.meta.uid == owner.uid);
            return if ours { vec![(namespace.clone(), owner.name.clone())] } else { Vec::new() };
        }
        self.cache
            .list(Kind::StatefulSet, namespace)
            .filter(|set| {
                set.as_stateful_set()
                    .and_then(|view| view.selector.as_ref())
                    .is_some_and(|selector| !selector.requirements.is_empty() && selector.matches(pod.labels()))
            })
            .map(|set| (namespace.clone(), set.meta.name.clone()))
            .collect()
    }

    /// Keeps the rosters of a namespace up with a change of a pod or claim.
    fn keep_rosters(&mut self, event: &WatchEvent) {
        let meta = &event.object.meta;
        let cache = &self.cache;
        match event.object.kind {
            Kind::Pod => self.rosters.retain(|key, roster| {
                let set = (key.0 == meta.namespace).then(|| cache.get(Kind::StatefulSet, &key.0, &key.1)).flatten();
                set.is_none_or(|set| set.as_stateful_set().is_some_and(|spec| roster.pod_changed(set, spec, event)))
            }),
            Kind::PersistentVolumeClaim => {
                for (_, roster) in self.rosters.iter_mut().filter(|(key, _)| key.0 == meta.namespace) {
                    roster.claim_changed(&meta.name);
                }
            }
            _ => {}
        }
    }

    fn pod_changed(&mut self, event: &WatchEvent, ctx: &mut Context<'_, SyncSet>) {
        let pod = &event.object;
        let mut keys = Vec::new();
        match (event.change, &event.before) {
            (Change::Deleted, _) => {
                if pod.controller().is_some() {
                    keys = self.sets_of(pod);
                }
            }
            (Change::Modified, Some(before)) => {
                let owner_changed = before.controller() != pod.controller();
                if owner_changed && before.controller().is_some() {
                    keys = self.sets_of(before);
                }
                let orphan = pod.controller().is_none();
                if !orphan || owner_changed || before.labels() != pod.labels() {
                    keys.extend(self.sets_of(pod));
                }
                self.remind_of_availability(before, pod, &keys, ctx);
            }
            _ => keys = self.sets_of(pod),
        }
        keys.dedup();
        for key in keys {
            self.enqueue(key, ctx);
        }
    }

    /// A pod that turned Ready becomes available after minReadySeconds: look again then.
    fn remind_of_availability(
        &mut self,
        before: &Shared,
        pod: &Shared,
        keys: &[SetKey],
        ctx: &mut Context<'_, SyncSet>,
    ) {
        let ready = |pod: &Object| pod.as_pod().is_some_and(|view| view.ready);
        if ready(before) || !ready(pod) {
            return;
        }
        for key in keys {
            let seconds = self
                .cache
                .get(Kind::StatefulSet, &key.0, &key.1)
                .and_then(|set| set.as_stateful_set())
                .map_or(0, |view| view.min_ready_seconds);
            if seconds > 0 {
                self.enqueue_later(key.clone(), seconds * 1000, ctx);
            }
        }
    }
}

impl Part for StatefulSetController {
    type Alarm = SyncSet;

    const WATCHES: &'static [Kind] =
        &[Kind::StatefulSet, Kind::Pod, Kind::PersistentVolumeClaim, Kind::ControllerRevision];

    fn observe(&mut self, event: &WatchEvent, ctx: &mut Context<'_, SyncSet>) {
        self.cache.apply(event);
        self.keep_rosters(event);
        self.read_version = self.read_version.max(event.object.meta.resource_version);
        match event.object.kind {
            Kind::StatefulSet => {
                let meta = &event.object.meta;
                let key = (meta.namespace.clone(), meta.name.clone());
                if event.change == Change::Deleted {
                    self.waits.remove(&key);
                    self.data.remove(&key);
                    self.rosters.remove(&key);
                    self.written.remove(&key);
                    self.busy_until.remove(&key);
                    self.running.remove(&key);
                    self.queue.succeeded(&key);
                } else {
                    self.enqueue(key, ctx);
                }
            }
            Kind::Pod => self.pod_changed(event, ctx),
            // Rule R1: nothing else causes a sync.
            _ => {}
        }
    }

    fn wake(&mut self, alarm: SyncSet, ctx: &mut Context<'_, SyncSet>) {
        let SyncSet(key, turn) = alarm;
        if turn == Turn::GoOn {
            self.go_on(&key, ctx);
        } else {
            self.queue.take(&key);
            self.enqueue(key, ctx);
        }
    }
}

fn set_key(namespace: &Text, name: &Text) -> Key {
    Key::new(Kind::StatefulSet, namespace.clone(), name.clone())
}
