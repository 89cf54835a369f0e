//! What is read of a StatefulSet.

use crate::api::Selector;
use crate::value::{Text, Value};

/// spec.updateStrategy.
#[derive(Clone, Debug, PartialEq)]
pub enum UpdateStrategy {
    /// Replace pods by hand only.
    OnDelete,
    /// Replace pods from the highest ordinal down.
    RollingUpdate {
        /// rollingUpdate.partition; `None` where the block itself is missing.
        partition: Option<i64>,
        /// rollingUpdate.maxUnavailable as written; honoured only with its gate.
        max_unavailable: Option<Value>,
    },
}

/// spec.persistentVolumeClaimRetentionPolicy: what deletes claims.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PersistentVolumeClaimRetention {
    /// whenDeleted is Delete.
    pub delete_when_deleted: bool,
    /// whenScaled is Delete.
    pub delete_when_scaled: bool,
}

/// What is read of a StatefulSet.
#[derive(Clone, Debug)]
pub struct StatefulSetView {
    /// spec.replicas.
    pub replicas: i64,
    /// spec.ordinals.start.
    pub start: i64,
    /// spec.serviceName.
    pub service_name: Text,
    /// spec.selector; `None` when it cannot be read.
    pub selector: Option<Selector>,
    /// spec.podManagementPolicy is Parallel.
    pub parallel: bool,
    /// spec.updateStrategy.
    pub strategy: UpdateStrategy,
    /// spec.persistentVolumeClaimRetentionPolicy.
    pub retention: PersistentVolumeClaimRetention,
    /// spec.minReadySeconds.
    pub min_ready_seconds: i64,
    /// spec.revisionHistoryLimit; negative keeps everything.
    pub revision_history_limit: i64,
    /// Names of spec.volumeClaimTemplates in order.
    pub claim_templates: Vec<Text>,
    /// status.observedGeneration.
    pub observed_generation: i64,
    /// status.replicas.
    pub status_replicas: i64,
    /// status.readyReplicas.
    pub ready_replicas: i64,
    /// status.availableReplicas.
    pub available_replicas: i64,
    /// status.currentReplicas.
    pub current_replicas: i64,
    /// status.updatedReplicas.
    pub updated_replicas: i64,
    /// status.currentRevision.
    pub current_revision: Text,
    /// status.updateRevision.
    pub update_revision: Text,
    /// status.collisionCount.
    pub collision_count: i64,
}

impl StatefulSetView {
    pub(super) fn of(tree: &Value) -> Self {
        let (spec, status) = (tree.at(&["spec"]), tree.at(&["status"]));
        let spec_int = |key: &str, otherwise| spec.at(&[key]).as_i64().unwrap_or(otherwise);
        let status_int = |key: &str| status.at(&[key]).as_i64().unwrap_or(0);
        let strategy = spec.at(&["updateStrategy"]);
        let rolling = strategy.get("rollingUpdate").filter(|v| !v.is_null());
        let retention = spec.at(&["persistentVolumeClaimRetentionPolicy"]);
        let deletes = |key: &str| retention.at(&[key]).as_str() == Some("Delete");
        Self {
            replicas: spec_int("replicas", 1),
            start: spec.at(&["ordinals", "start"]).as_i64().unwrap_or(0),
            service_name: spec.at(&["serviceName"]).text(),
            selector: Selector::from_label_selector(spec.at(&["selector"])).ok(),
            parallel: spec.at(&["podManagementPolicy"]).as_str() == Some("Parallel"),
            strategy: if strategy.at(&["type"]).as_str() == Some("OnDelete") {
                UpdateStrategy::OnDelete
            } else {
                UpdateStrategy::RollingUpdate {
                    partition: rolling.map(|r| r.at(&["partition"]).as_i64().unwrap_or(0)),
                    max_unavailable: rolling.and_then(|r| r.get("maxUnavailable")).cloned(),
                }
            },
            retention: PersistentVolumeClaimRetention {
                delete_when_deleted: deletes("whenDeleted"),
                delete_when_scaled: deletes("whenScaled"),
            },
            min_ready_seconds: spec_int("minReadySeconds", 0),
            revision_history_limit: spec_int("revisionHistoryLimit", 10),
            claim_templates: spec
                .at(&["volumeClaimTemplates"])
                .items()
                .iter()
                .map(|t| t.at(&["metadata", "name"]).text())
                .collect(),
            observed_generation: status_int("observedGeneration"),
            status_replicas: status_int("replicas"),
            ready_replicas: status_int("readyReplicas"),
            available_replicas: status_int("availableReplicas"),
            current_replicas: status_int("currentReplicas"),
            updated_replicas: status_int("updatedReplicas"),
            current_revision: status.at(&["currentRevision"]).text(),
            update_revision: status.at(&["updateRevision"]).text(),
            collision_count: status_int("collisionCount"),
        }
    }
}
