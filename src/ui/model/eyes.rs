//! Looks at the store and what is remembered, and sees who sits where: makes the picture of `scene`.

use std::rc::Rc;

use super::census::Census;
use super::look::{Look, pod_state};
use super::memory::{Memory, SetKey};
use super::scene::{
    ClaimFace, Dns, NodeFace, Plan, PodFace, SEATS, Says, Scene, Seat, SetScene, Stamp, Standing, WIDE,
};
use crate::api::view::UpdateStrategy;
use crate::api::{Key, Kind, Object, Shared};
use crate::apiserver::Store;
use crate::controller::Wait;
use crate::kubelet::Countdown;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Time;
use crate::value::Text;

/// What is asked about a pod and is not in the store.
pub type AskCountdown<'a> = &'a dyn Fn(&Object) -> Option<Countdown>;

impl Scene {
    /// The picture of this moment. What is as it was before is taken from the picture before.
    pub fn of(
        before: &Self,
        store: &Store,
        waits: &[(Key, &Wait)],
        countdown: AskCountdown<'_>,
        memory: &Memory,
        plan: Option<&Plan>,
        namespace: &Text,
    ) -> Self {
        let eyes = Eyes::new(before, store, waits, countdown, memory);
        let mut keys: SortedSet<SetKey> =
            store.list(Kind::StatefulSet, "").map(|set| (set.meta.namespace.clone(), set.meta.name.clone())).collect();
        keys.extend(eyes.census.sets().cloned());
        let mut sets: Vec<Rc<SetScene>> = keys.into_iter().map(|key| eyes.set(&key)).collect();
        let planned = plan.filter(|plan| !sets.iter().any(|set| set.name == plan.name && set.namespace == *namespace));
        if let Some(plan) = planned
            && sets.is_empty()
        {
            sets.push(Rc::new(SetScene::planned(plan, namespace)));
        }
        let others: Vec<PodFace> = eyes.census.others().map(|pod| eyes.face(pod, None, false)).collect();
        let nodes = eyes.nodes(&sets, &others);
        Self { sets, others, nodes, census: eyes.census }
    }
}

/// The store, sorted by what the picture asks for.
struct Eyes<'a> {
    before: &'a Scene,
    store: &'a Store,
    waits: &'a [(Key, &'a Wait)],
    countdown: AskCountdown<'a>,
    memory: &'a Memory,
    census: Census,
    silent: SortedSet<Text>,
}

impl<'a> Eyes<'a> {
    fn new(
        before: &'a Scene,
        store: &'a Store,
        waits: &'a [(Key, &'a Wait)],
        countdown: AskCountdown<'a>,
        memory: &'a Memory,
    ) -> Self {
        let silent = store.list(Kind::Node, "").filter(|node| node.as_node().is_some_and(|view| !view.ready));
        Self {
            before,
            store,
            waits,
            countdown,
            memory,
            census: Census::of(&before.census, store, memory),
            silent: silent.map(|node| node.meta.name.clone()).collect(),
        }
    }

    fn set(&self, key: &SetKey) -> Rc<SetScene> {
        let before = self.before.sets.iter().find(|set| set.namespace == key.0 && set.name == key.1);
        let object = self.store.get(Kind::StatefulSet, &key.0, &key.1);
        let view = object.and_then(|set| set.as_stateful_set());
        let (start, wanted) = view.map_or((0, 0), |v| (v.start, v.replicas.max(0)));
        let pods = self.census.pods_of(key);
        let claims = self.census.claims_of(key);
        let addresses = self.census.addresses_of(key);
        let mut ordinals: SortedSet<i64> = (start..start.saturating_add(wanted.min(SEATS))).collect();
        ordinals.extend(pods.ordinals().chain(claims.ordinals()));
        let has_drawers = self.memory.sets.get(key).is_some_and(|m| !m.templates.is_empty());
        let service = view.map(|v| v.service_name.clone()).unwrap_or_default();
        let standing = match object {
            None => Standing::Gone,
            Some(set) if set.is_terminating() => Standing::Ending,
            Some(_) => Standing::Here,
        };
        let mut next_is_free = standing == Standing::Here;
        // What a wide seat says of its pod's waits is no object's: those seats are always made anew.
        let wide = ordinals.len() <= WIDE;
        let seats: Vec<Rc<Seat>> = ordinals
            .into_iter()
            .map(|ordinal| {
                let pod = pods.at(ordinal).next();
                let is_wanted = ordinal >= start && ordinal < start.saturating_add(wanted);
                let next = is_wanted && pod.is_none() && std::mem::take(&mut next_is_free);
                let drawers = claims.at(ordinal);
                let address = addresses.at(ordinal).last();
                let old = before.and_then(|set| set.seat(ordinal));
                let name: Text = old.map_or_else(|| format!("{}-{ordinal}", key.1).into(), |seat| seat.name.clone());
                let memory = self.seat_memory(key, ordinal);
                let node = pod.and_then(|pod| pod.as_pod()).map(|view| &view.node);
                let stamp = Stamp {
                    pod: pod.map_or(0, |pod| pod.meta.resource_version),
                    claims: drawers.clone().map(|claim| claim.meta.resource_version).sum(),
                    address: address.cloned().unwrap_or_default(),
                    since: memory.map_or(Time(0), |memory| memory.since),
                    flags: (
                        is_wanted,
                        next,
                        node.is_some_and(|node| self.silent.contains(node)),
                        memory.is_some_and(|memory| memory.ghost.is_some()),
                    ),
                };
                let same = old.filter(|old| !wide && old.stamp.same(&stamp) && old.has_drawers == has_drawers);
                if let Some(old) = same {
                    return old.clone();
                }
                let seat = Seat {
                    ordinal,
                    pod: pod.map(|pod| self.face(pod, Some((key, ordinal)), wide)),
                    ghost: memory.and_then(|m| m.ghost.clone()),
                    wanted: is_wanted,
                    next,
                    dns: dns(&name, &service, address),
                    claims: drawers.map(|claim| self.claim(claim, pod)).collect(),
                    has_drawers,
                    name,
                    stamp,
                };
                old.filter(|old| wide && ***old == seat).cloned().unwrap_or_else(|| Rc::new(seat))
            })
            .collect();
        let ready = seats.iter().filter(|s| s.pod.as_ref().is_some_and(|p| p.look == Look::Ready)).count();
        let set = SetScene {
            namespace: key.0.clone(),
            name: key.1.clone(),
            standing,
            wanted,
            ready: i64::try_from(ready).unwrap_or(i64::MAX),
            tags: view.map(tags).unwrap_or_default(),
            revisions: view.map_or((None, None), |v| {
                let letter = |revision: &Text| self.memory.letter(key, revision).map(|(letter, _)| letter);
                let (current, update) = (letter(&v.current_revision), letter(&v.update_revision));
                (current, update.filter(|u| Some(*u) != current))
            }),
            controller: self.says(key, standing, wanted, &seats),
            seats,
        };
        before.filter(|before| ***before == set).cloned().unwrap_or_else(|| Rc::new(set))
    }

    fn seat_memory(&self, key: &SetKey, ordinal: i64) -> Option<&super::memory::SeatMemory> {
        self.memory.sets.get(key)?.seats.get(&ordinal)
    }

    fn says(&self, key: &SetKey, standing: Standing, wanted: i64, seats: &[Rc<Seat>]) -> Says {
        let plain = |text: &str| Says { text: Text::copy(text), ..Says::default() };
        match standing {
            Standing::Planned => return plain(""),
            Standing::Ending => return plain("the set is being deleted; its pods leave in no particular order"),
            Standing::Gone if seats.iter().any(|seat| seat.pod.is_some()) => {
                return plain("the set is gone; pods without it stay or are collected");
            }
            Standing::Gone => {
                return plain("the set and its pods are gone; the claims stay until someone deletes them");
            }
            Standing::Here => {}
        }
        let own = self.waits.iter().find(|(set, _)| set.namespace == key.0 && set.name == key.1);
        if let Some((_, wait)) = own {
            return Says {
                waits: true,
                works: false,
                text: beside_seat(wait, seats).unwrap_or_else(|| wait.why.clone()),
                rule: wait.rule.0,
                on: wait.on.name.clone(),
            };
        }
        let sitting =
            seats.iter().filter(|s| s.wanted && s.pod.as_ref().is_some_and(|p| p.look == Look::Ready)).count();
        let too_many = seats.iter().any(|s| !s.wanted && s.pod.is_some());
        if i64::try_from(sitting) == Ok(wanted) && !too_many {
            plain(if wanted == 0 {
                "nothing to do: no pod is asked for"
            } else {
                "nothing to do: every wanted seat has a Ready pod"
            })
        } else {
            Says { works: true, ..plain("working: what it decided is being carried out") }
        }
    }

    fn face(&self, pod: &Shared, place: Option<(&SetKey, i64)>, timed: bool) -> PodFace {
        let node = pod.as_pod().map(|v| v.node.clone()).unwrap_or_default();
        let (state, look, why) = pod_state(pod, self.silent.contains(&node));
        let revision = pod.as_pod().map(|v| v.revision.clone()).unwrap_or_default();
        let restarts = pod.tree.at(&["status", "containerStatuses"]).items();
        let seat = place.and_then(|(key, ordinal)| self.seat_memory(key, ordinal));
        PodFace {
            uid: pod.meta.uid.clone(),
            guest: seat.map_or(0, |seat| seat.guests),
            namespace: pod.meta.namespace.clone(),
            name: pod.meta.name.clone(),
            state,
            look,
            why,
            since: seat.map_or(pod.meta.created, |seat| seat.since),
            node,
            revision: place.and_then(|(key, _)| self.memory.letter(key, &revision)),
            countdown: if timed { (self.countdown)(pod) } else { None },
            restarts: restarts.iter().filter_map(|c| c.at(&["restartCount"]).as_i64()).sum(),
        }
    }

    /// A claim of a seat; most often it is the pod there that uses it.
    fn claim(&self, claim: &Shared, pod: Option<&Shared>) -> ClaimFace {
        let view = claim.as_claim().cloned().unwrap_or_default();
        let place = (claim.meta.namespace.clone(), claim.meta.name.clone());
        let uses = |pod: &Shared| {
            pod.meta.namespace == place.0 && pod.as_pod().is_some_and(|view| view.claims.contains(&place.1))
        };
        ClaimFace {
            used: pod.is_some_and(uses) || self.census.pods().any(uses),
            name: place.1,
            namespace: place.0,
            phase: if claim.is_terminating() { "Terminating".into() } else { view.phase },
            size: if view.capacity.is_empty() { view.request } else { view.capacity },
            volume: view.volume,
        }
    }

    /// The nodes with the pods of these sets and of none.
    fn nodes(&self, sets: &[Rc<SetScene>], others: &[PodFace]) -> Vec<NodeFace> {
        let mut on: SortedMap<&Text, Vec<(Text, Text, Look)>> = SortedMap::new();
        let seated = sets.iter().flat_map(|set| set.seats.iter().filter_map(|seat| seat.pod.as_ref()));
        for pod in seated.chain(others).filter(|pod| !pod.node.is_empty()) {
            on.or_default(&pod.node).push((pod.namespace.clone(), pod.name.clone(), pod.look));
        }
        self.store
            .list(Kind::Node, "")
            .filter_map(|node| {
                let view = node.as_node()?;
                Some(NodeFace {
                    name: node.meta.name.clone(),
                    zone: view.zone.clone(),
                    ready: view.ready,
                    cordoned: view.unschedulable,
                    pods: on.remove(&node.meta.name).unwrap_or_default(),
                })
            })
            .collect()
    }
}

/// The wait for a pod whose seat shows what ails its container. Its phase is Running or Pending all the same, and to say that
/// beside such a seat would contradict it.
fn beside_seat(wait: &Wait, seats: &[Rc<Seat>]) -> Option<Text> {
    let for_readiness = wait.on.kind == Kind::Pod && matches!(wait.rule.0, 2 | 9 | 10 | 12 | 13);
    let pod = seats.iter().find(|seat| for_readiness && seat.name == wait.on.name)?.pod.as_ref()?;
    (pod.look == Look::Error).then(|| format!("{} is not Ready: {}", pod.name, pod.state).into())
}

fn dns(pod: &Text, service: &Text, address: Option<&Text>) -> Dns {
    Dns {
        name: if service.is_empty() { Text::default() } else { format!("{pod}.{service}").into() },
        address: address.cloned().unwrap_or_default(),
    }
}

fn tags(view: &crate::api::view::StatefulSetView) -> Vec<Text> {
    let mut tags: Vec<Text> = vec![if view.parallel { "Parallel".into() } else { "OrderedReady".into() }];
    match &view.strategy {
        UpdateStrategy::OnDelete => tags.push("OnDelete".into()),
        UpdateStrategy::RollingUpdate { partition: Some(p), .. } if *p > 0 => {
            tags.push(format!("RollingUpdate, partition {p}").into())
        }
        UpdateStrategy::RollingUpdate { .. } => tags.push("RollingUpdate".into()),
    }
    match (view.retention.delete_when_scaled, view.retention.delete_when_deleted) {
        (false, false) => {}
        (true, false) => tags.push("claims go with scale-down".into()),
        (false, true) => tags.push("claims go with the set".into()),
        (true, true) => tags.push("claims go with scale-down and with the set".into()),
    }
    if view.min_ready_seconds > 0 {
        tags.push(format!("minReadySeconds {}", view.min_ready_seconds).into());
    }
    tags
}

#[cfg(test)]
#[path = "scene_tests.rs"]
mod tests;
