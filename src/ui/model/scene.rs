//! The picture: who sits where, made from the store and what is remembered. Plain values, cheap to compare.

use std::rc::Rc;

use super::census::Census;
use super::look::Look;
use crate::kubelet::Countdown;
use crate::time::Time;
use crate::value::Text;

/// Everything on the stage.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// The sets, gone ones whose claims remain included.
    pub sets: Vec<Rc<SetScene>>,
    /// Pods that belong to no set.
    pub others: Vec<PodFace>,
    /// The nodes.
    pub nodes: Vec<NodeFace>,
    /// What it was made of, for the next picture.
    pub(super) census: Census,
}

/// What is seen counts, not what it was made of.
impl PartialEq for Scene {
    fn eq(&self, other: &Self) -> bool {
        self.sets == other.sets && self.others == other.others && self.nodes == other.nodes
    }
}

impl Eq for Scene {}

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
    /// The name of what it waits for; empty where it does not wait.
    pub on: Text,
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
    pub(super) pod: u64,
    pub(super) claims: u64,
    pub(super) address: Text,
    pub(super) since: Time,
    /// Wanted, next, on a silent node, a ghost there.
    pub(super) flags: (bool, bool, bool, bool),
}

impl Stamp {
    pub(super) fn same(&self, other: &Self) -> bool {
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
    /// The pods on it: namespace, name, look.
    pub pods: Vec<(Text, Text, Look)>,
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
pub(super) const SEATS: i64 = 1000;

/// Up to so many seats each says all about its pod: its age, what it waits out.
pub(super) const WIDE: usize = 10;

impl SetScene {
    pub(super) fn planned(plan: &Plan, namespace: &Text) -> Self {
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
