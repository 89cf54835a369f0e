//! What a part of the control plane may touch while it runs.

use super::Decision;
use crate::api::Kind;
use crate::apiserver::{Client, WatchEvent};
use crate::profile::Profile;
use crate::random::Seed;
use crate::time::Time;

/// A part of the cluster that reacts: a controller, the scheduler, a kubelet.
///
/// Parts are values: the whole world, parts included, is cloned for a checkpoint. Keep what is large behind `Rc`.
pub trait Part {
    /// What it can be woken for. An alarm cannot be cancelled; a part ignores one that no longer matters.
    type Alarm: Clone;

    /// Under which name it manages the fields that it writes.
    const MANAGER: &'static str = "kube-controller-manager";

    /// The kinds it watches. It is told of every change of them, each after this part's watch latency, in order.
    const WATCHES: &'static [Kind];

    /// A watch event has arrived.
    fn observe(&mut self, event: &WatchEvent, context: &mut Context<'_, Self::Alarm>);

    /// An alarm it set has come due.
    fn wake(&mut self, alarm: Self::Alarm, context: &mut Context<'_, Self::Alarm>);
}

/// Everything a part may touch: time, chance, the API server, its alarms, and the record of its decisions.
#[derive(Debug)]
pub struct Context<'a, Alarm> {
    /// Requests to the API server, answered at once.
    pub client: Client<'a>,
    /// Now.
    pub now: Time,
    /// Where draws come from.
    pub seed: Seed,
    /// The latencies and the inventory of this world.
    pub profile: &'a Profile,
    /// Alarms set so far: when, and what for.
    pub alarms: &'a mut Vec<(Time, Alarm)>,
    /// Decisions taken so far, in order.
    pub decisions: &'a mut Vec<Decision>,
}

impl<Alarm> Context<'_, Alarm> {
    /// Asks to be woken after so many milliseconds; 0 means later in this same millisecond.
    pub fn after(&mut self, ms: i64, alarm: Alarm) {
        self.alarms.push((self.now.plus(ms.max(0)), alarm));
    }

    /// Writes down a decision.
    pub fn decide(&mut self, decision: Decision) {
        self.decisions.push(decision);
    }
}
