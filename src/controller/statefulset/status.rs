//! What a set reports about itself (`reference/statefulset-controller.md` §4).

use super::roster::Roster;
use crate::api::{Object, Shared, StatefulSetView, UpdateStrategy};
use crate::time::Time;
use crate::value::{Text, Value};

/// The status that a sync arrives at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SetStatus {
    pub observed_generation: i64,
    pub replicas: i64,
    pub ready_replicas: i64,
    pub available_replicas: i64,
    pub current_replicas: i64,
    pub updated_replicas: i64,
    pub current_revision: Text,
    pub update_revision: Text,
    pub collision_count: i64,
}

impl SetStatus {
    /// Counts the pods that exist in the API.
    pub fn count(&mut self, roster: &Roster, min_ready_seconds: i64, now: Time) {
        let tally = &roster.tally;
        self.replicas = tally.pods;
        self.ready_replicas = tally.ready;
        self.available_replicas = if min_ready_seconds == 0 {
            tally.ready
        } else {
            let available = |pod: &&Shared| pod.as_pod().is_some_and(|view| view.is_available(min_ready_seconds, now));
            roster.pods().filter(available).count() as i64
        };
        self.current_replicas = tally.of_revision(&self.current_revision);
        self.updated_replicas = tally.of_revision(&self.update_revision);
    }

    /// A finished rolling update makes the update revision the current one.
    pub fn complete_rolling_update(&mut self, set: &StatefulSetView) {
        let rolling = matches!(set.strategy, UpdateStrategy::RollingUpdate { .. });
        if rolling
            && self.updated_replicas == self.replicas
            && self.ready_replicas == self.replicas
            && self.replicas == set.replicas
        {
            self.current_replicas = self.updated_replicas;
            self.current_revision = self.update_revision.clone();
        }
    }

    /// Whether this has to be written. A changed collision count alone is not enough.
    pub fn differs_from(&self, set: &Object, view: &StatefulSetView) -> bool {
        self.observed_generation > view.observed_generation
            || self.replicas != view.status_replicas
            || self.current_replicas != view.current_replicas
            || self.ready_replicas != view.ready_replicas
            || self.updated_replicas != view.updated_replicas
            || self.available_replicas != view.available_replicas
            || self.current_revision != view.current_revision
            || self.update_revision != view.update_revision
            || set.tree.at(&["status"]).is_null()
    }

    /// The status as it stands in the object: two counters are always there, three only when not zero.
    pub fn write_into(&self, tree: &mut Value) {
        let status = tree.at_mut(&["status"]).map_mut();
        status.insert("observedGeneration", self.observed_generation);
        status.insert("collisionCount", self.collision_count);
        status.insert("currentRevision", &self.current_revision);
        status.insert("updateRevision", &self.update_revision);
        status.insert("replicas", self.replicas);
        status.insert("availableReplicas", self.available_replicas);
        for (key, count) in [
            ("readyReplicas", self.ready_replicas),
            ("currentReplicas", self.current_replicas),
            ("updatedReplicas", self.updated_replicas),
        ] {
            if count == 0 {
                status.remove(key);
            } else {
                status.insert(key, count);
            }
        }
    }
}
