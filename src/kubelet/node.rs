//! What belongs to a node rather than to one of its pods.

use super::Alarm;
use crate::api::Shared;
use crate::controller::recorder::Recorder;
use crate::sorted::SortedSet;
use crate::time::Time;
use crate::value::Text;

/// The agent of one node.
#[derive(Clone, Debug)]
pub(super) struct NodeAgent {
    pub object: Shared,
    /// The node's number in pod addresses: `10.244.<number>.0/24`.
    pub number: i64,
    pub recorder: Recorder,
    /// Of the controller that attaches volumes to this node.
    pub attacher: Recorder,
    /// Images pulled or found on this node.
    pub images: SortedSet<Text>,
    /// The last part of the last pod address given out.
    pub last_address: i64,
    /// Pulls happen one after the other: when the last one ends.
    pub pulling_until: Time,
    /// A moment at which the agent looks at its container runtime; the other looks lie whole periods away.
    pub look: Time,
    /// From one look to the next, ms.
    pub look_every: i64,
    /// The agent does not answer (a fault); what it would have been woken for meanwhile.
    pub silent: bool,
    pub missed: Vec<Alarm>,
}

impl NodeAgent {
    pub fn new(object: &Shared, number: i64, look: Time, look_every: i64) -> Self {
        let name = &object.meta.name;
        Self {
            object: object.clone(),
            number,
            recorder: Recorder::new("kubelet", name.clone()),
            attacher: Recorder::new("attachdetach-controller", ""),
            images: SortedSet::new(),
            last_address: 1,
            pulling_until: Time::default(),
            look,
            look_every: look_every.max(1),
            silent: false,
            missed: Vec::new(),
        }
    }

    /// The agent's first look at its container runtime after a moment.
    pub fn look_after(&self, moment: Time) -> Time {
        self.look.plus((moment.since(self.look).div_euclid(self.look_every) + 1) * self.look_every)
    }

    /// The next free pod address.
    pub fn next_address(&mut self) -> Text {
        self.last_address = self.last_address % 254 + 1;
        Text::from(format!("10.244.{}.{}", self.number, self.last_address))
    }
}
