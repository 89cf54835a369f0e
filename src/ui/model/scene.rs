//! The picture: who sits where, made from the store and what is remembered. Plain values, cheap to compare.

use std::rc::Rc;

use super::look::{Look, pod_state};
use super::memory::{Memory, SetKey, owner_and_ordinal};
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

/// Everything on the stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The sets, gone ones whose claims remain included.
    pub sets: Vec<Rc<SetScene>>,
    /// Pods that belong to no set.
    pub others: Vec<PodFace>,
    /// The nodes.
    pub nodes: Vec<NodeFace>,
}

/// One set with its seats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetScene {
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// How it stands.
    pub standing: Standing,
    /// spec.replicas.
    pub wanted: i64,
    /// Pods with condition Ready.
    pub ready: i64,
    /// `OrderedReady`, `RollingUpdate, partition 2`…
    pub tags: Vec<Text>,
    /// Letter of the revision that most pods have and, while they differ, of the one they are to get.
    pub revisions: (Option<char>, Option<char>),
    /// What its controller says.
    pub controller: Says,
    /// One for each ordinal that is wanted, taken, or has a claim.
    pub seats: Vec<Rc<Seat>>,
}

/// How a set stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Only in the manifest.
    #[default]
    Planned,
    /// In the cluster.
    Here,
    /// Being deleted.
    Ending,
    /// Gone; pods or claims remain.
    Gone,
}

/// The controller's line above the seats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Says {
    /// Whether it waits for something.
    pub waits: bool,
    /// Whether something is still to be done.
    pub works: bool,
    /// The sentence without a full stop.
    pub text: Text,
    /// The number of the rule; 0 without one.
    pub rule: u8,
}

/// One ordinal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// Its ordinal.
    pub ordinal: i64,
    /// Its name plate: `mehdb-0`.
    pub name: Text,
    /// Who sits there.
    pub pod: Option<PodFace>,
    /// The uid of the one who just left.
    pub ghost: Option<Text>,
    /// Whether spec.replicas asks for a pod here.
    pub wanted: bool,
    /// The first wanted seat without a pod: the one to be filled next in order.
    pub next: bool,
    /// Its DNS name, when a pod sits there, and whether it answers.
    pub dns: Dns,
    /// The drawers below it.
    pub claims: Vec<ClaimFace>,
    /// Whether the set has claim templates at all.
    pub has_drawers: bool,
    /// What it was made of.
    pub stamp: Stamp,
}

/// The versions that a seat was made of: the same ones make the same seat. No part of how it looks.
#[derive(Clone, Debug, Default)]
pub struct Stamp {
    pod: u64,
    claims: u64,
    address: Text,
    since: Time,
    /// Wanted, next, on a silent node, a ghost there.
    flags: (bool, bool, bool, bool),
}

impl Stamp {
    fn same(&self, other: &Self) -> bool {
        (self.pod, self.claims, self.since, self.flags) == (other.pod, other.claims, other.since, other.flags)
            && self.address == other.address
    }
}

impl PartialEq for Stamp {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Stamp {}

/// A seat's DNS plate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dns {
    /// `mehdb-0.mehdb`.
    pub name: Text,
    /// The address it answers with; empty while it does not.
    pub address: Text,
}

/// A pod as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodFace {
    /// Its uid: another pod of the same name is another one.
    pub uid: Text,
    /// Which pod of its seat it is, from 1; 0 without a seat.
    pub guest: u32,
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// `Ready`, `Pending`, `CrashLoopBackOff`…
    pub state: Text,
    /// Shape and colour role.
    pub look: Look,
    /// The reason given on the pod; may be empty.
    pub why: Text,
    /// Since when it looks so.
    pub since: Time,
    /// Its node; empty until it has one.
    pub node: Text,
    /// The letter of its revision and the letter's place in the alphabet.
    pub revision: Option<(char, usize)>,
    /// What it waits out, when that has a known end.
    pub countdown: Option<Countdown>,
    /// How often its containers were restarted.
    pub restarts: i64,
}

/// A claim as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimFace {
    /// Its name.
    pub name: Text,
    /// Its namespace.
    pub namespace: Text,
    /// `Bound`, `Pending`, `Lost` or `Terminating`.
    pub phase: Text,
    /// Its size: capacity, or what is asked for until it is bound.
    pub size: Text,
    /// The volume it is bound to; empty until then.
    pub volume: Text,
    /// Whether a pod uses it.
    pub used: bool,
}

/// A node as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeFace {
    /// Its name.
    pub name: Text,
    /// Its zone; may be empty.
    pub zone: Text,
    /// Condition Ready.
    pub ready: bool,
    /// Cordoned.
    pub cordoned: bool,
    /// Names and looks of the pods on it.
    pub pods: Vec<(Text, Look)>,
}

/// What the manifest asks for, to show seats before anything is applied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The set's name.
    pub name: Text,
    /// Its replicas.
    pub replicas: i64,
    /// Whether it has claim templates.
    pub has_claims: bool,
    /// The Service it names.
    pub service: Text,
    /// The name of its first container.
    pub container: Text,
    /// The image of its first container.
    pub image: Text,
}

/// Never more seats than this are drawn of one set; the rest is a number.
const SEATS: i64 = 1000;

/// Up to so many seats each says all about its pod: its age, what it waits out.
const WIDE: usize = 10;

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
        keys.extend(eyes.pods.keys().cloned());
        keys.extend(eyes.claims.keys().cloned());
        let mut sets: Vec<Rc<SetScene>> = keys.into_iter().map(|key| eyes.set(&key)).collect();
        let planned = plan.filter(|plan| !sets.iter().any(|set| set.name == plan.name && set.namespace == *namespace));
        if let Some(plan) = planned
            && sets.is_empty()
        {
            sets.push(Rc::new(SetScene::planned(plan, namespace)));
        }
        let others: Vec<PodFace> = eyes.others.iter().map(|pod| eyes.face(pod, None, false)).collect();
        let nodes = eyes.nodes(&sets, &others);
        Self { sets, others, nodes }
    }
}

impl SetScene {
    fn planned(plan: &Plan, namespace: &Text) -> Self {
        let seat = |ordinal| {
            Rc::new(Seat {
                ordinal,
                name: format!("{}-{ordinal}", plan.name).into(),
                has_drawers: plan.has_claims,
                dns: Dns { name: format!("{}-{ordinal}.{}", plan.name, plan.service).into(), address: Text::default() },
                ..Seat::default()
            })
        };
        Self {
            namespace: namespace.clone(),
            name: plan.name.clone(),
            wanted: plan.replicas,
            seats: (0..plan.replicas.clamp(0, SEATS)).map(seat).collect(),
            ..Self::default()
        }
    }

    /// The seat of an ordinal.
    pub fn seat(&self, ordinal: i64) -> Option<&Rc<Seat>> {
        let nth = self.seats.binary_search_by_key(&ordinal, |seat| seat.ordinal).ok()?;
        self.seats.get(nth)
    }

    /// How closely the seats must be drawn.
    pub fn density(&self) -> &'static str {
        match self.seats.len() {
            0..=WIDE => "wide",
            11..=40 => "close",
            41..=160 => "dense",
            _ => "strip",
        }
    }
}

/// The store, sorted by what the picture asks for.
struct Eyes<'a> {
    before: &'a Scene,
    store: &'a Store,
    waits: &'a [(Key, &'a Wait)],
    countdown: AskCountdown<'a>,
    memory: &'a Memory,
    pods: SortedMap<SetKey, SortedMap<i64, &'a Shared>>,
    others: Vec<&'a Shared>,
    claims: SortedMap<SetKey, SortedMap<i64, Vec<&'a Shared>>>,
    addresses: SortedMap<(Text, Text), Text>,
    used: SortedSet<(Text, Text)>,
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
        let mut eyes = Self {
            before,
            store,
            waits,
            countdown,
            memory,
            pods: SortedMap::new(),
            others: Vec::new(),
            claims: SortedMap::new(),
            addresses: SortedMap::new(),
            used: SortedSet::new(),
            silent: SortedSet::new(),
        };
        for node in store.list(Kind::Node, "") {
            if node.as_node().is_some_and(|view| !view.ready) {
                eyes.silent.insert(node.meta.name.clone());
            }
        }
        for pod in store.list(Kind::Pod, "") {
            let namespace = pod.meta.namespace.clone();
            for claim in pod.as_pod().into_iter().flat_map(|view| &view.claims) {
                eyes.used.insert((namespace.clone(), claim.clone()));
            }
            match owner_and_ordinal(pod) {
                Some((set, ordinal)) => {
                    eyes.pods.or_default((namespace, set)).insert(ordinal, pod);
                }
                None => eyes.others.push(pod),
            }
        }
        for claim in store.list(Kind::PersistentVolumeClaim, "") {
            if let Some((key, ordinal)) = memory.seat_of_claim(claim) {
                eyes.claims.or_default(key).or_default(ordinal).push(claim);
            }
        }
        for slice in store.list(Kind::EndpointSlice, "") {
            for endpoint in slice.tree.at(&["endpoints"]).items() {
                if endpoint.at(&["conditions", "ready"]).as_bool() == Some(true) {
                    let pod = endpoint.at(&["targetRef", "name"]).text();
                    let address = endpoint.at(&["addresses"]).items().first().map(crate::value::Value::text);
                    eyes.addresses.insert((slice.meta.namespace.clone(), pod), address.unwrap_or_default());
                }
            }
        }
        eyes
    }

    fn set(&self, key: &SetKey) -> Rc<SetScene> {
        let before = self.before.sets.iter().find(|set| set.namespace == key.0 && set.name == key.1);
        let object = self.store.get(Kind::StatefulSet, &key.0, &key.1);
        let view = object.and_then(|set| set.as_stateful_set());
        let (start, wanted) = view.map_or((0, 0), |v| (v.start, v.replicas.max(0)));
        let pods = self.pods.get(key);
        let claims = self.claims.get(key);
        let mut ordinals: SortedSet<i64> = (start..start.saturating_add(wanted.min(SEATS))).collect();
        ordinals.extend(pods.into_iter().flat_map(SortedMap::keys).copied());
        ordinals.extend(claims.into_iter().flat_map(SortedMap::keys).copied());
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
                let pod = pods.and_then(|pods| pods.get(&ordinal));
                let is_wanted = ordinal >= start && ordinal < start.saturating_add(wanted);
                let next = is_wanted && pod.is_none() && std::mem::take(&mut next_is_free);
                let drawers = claims.and_then(|c| c.get(&ordinal));
                let old = before.and_then(|set| set.seat(ordinal));
                let name: Text = old.map_or_else(|| format!("{}-{ordinal}", key.1).into(), |seat| seat.name.clone());
                let memory = self.seat_memory(key, ordinal);
                let node = pod.and_then(|pod| pod.as_pod()).map(|view| &view.node);
                let stamp = Stamp {
                    pod: pod.map_or(0, |pod| pod.meta.resource_version),
                    claims: drawers.into_iter().flatten().map(|claim| claim.meta.resource_version).sum(),
                    address: self.addresses.get(&(key.0.clone(), name.clone())).cloned().unwrap_or_default(),
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
                    dns: self.dns(key, &name, &service),
                    claims: drawers.into_iter().flatten().map(|claim| self.claim(claim)).collect(),
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

    fn dns(&self, key: &SetKey, pod: &Text, service: &Text) -> Dns {
        let address = self.addresses.get(&(key.0.clone(), pod.clone()));
        Dns {
            name: if service.is_empty() { Text::default() } else { format!("{pod}.{service}").into() },
            address: address.cloned().unwrap_or_default(),
        }
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
            return Says { waits: true, works: false, text: wait.why.clone(), rule: wait.rule.0 };
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

    fn claim(&self, claim: &Shared) -> ClaimFace {
        let view = claim.as_claim().cloned().unwrap_or_default();
        let place = (claim.meta.namespace.clone(), claim.meta.name.clone());
        ClaimFace {
            used: self.used.contains(&place),
            name: place.1,
            namespace: place.0,
            phase: if claim.is_terminating() { "Terminating".into() } else { view.phase },
            size: if view.capacity.is_empty() { view.request } else { view.capacity },
            volume: view.volume,
        }
    }

    /// The nodes with the pods of these sets and of none.
    fn nodes(&self, sets: &[Rc<SetScene>], others: &[PodFace]) -> Vec<NodeFace> {
        let mut on: SortedMap<&Text, Vec<(Text, Look)>> = SortedMap::new();
        let seated = sets.iter().flat_map(|set| set.seats.iter().filter_map(|seat| seat.pod.as_ref()));
        for pod in seated.chain(others).filter(|pod| !pod.node.is_empty()) {
            on.or_default(&pod.node).push((pod.name.clone(), pod.look));
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
