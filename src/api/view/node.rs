//! What is read of a Node.

use crate::value::{Text, Value};

/// One taint of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Taint {
    pub key: Text,
    pub value: Text,
    pub effect: Text,
}

/// What is read of a Node.
#[derive(Clone, Debug, Default)]
pub struct NodeView {
    /// Whether condition Ready is True.
    pub ready: bool,
    /// spec.unschedulable: cordoned.
    pub unschedulable: bool,
    /// spec.taints.
    pub taints: Vec<Taint>,
    /// Label topology.kubernetes.io/zone; empty without one.
    pub zone: Text,
    /// The address of type `InternalIP`.
    pub address: Text,
}

impl NodeView {
    pub(super) fn of(tree: &Value) -> Self {
        let status = tree.at(&["status"]);
        let find = |list: &str, kind: &str| {
            status
                .at(&[list])
                .items()
                .iter()
                .find(|item| item.at(&["type"]).as_str() == Some(kind))
                .cloned()
                .unwrap_or_default()
        };
        Self {
            ready: find("conditions", "Ready").at(&["status"]).as_str() == Some("True"),
            unschedulable: tree.at(&["spec", "unschedulable"]).as_bool().unwrap_or(false),
            taints: tree
                .at(&["spec", "taints"])
                .items()
                .iter()
                .map(|taint| Taint {
                    key: taint.at(&["key"]).text(),
                    value: taint.at(&["value"]).text(),
                    effect: taint.at(&["effect"]).text(),
                })
                .collect(),
            zone: tree.at(&["metadata", "labels", "topology.kubernetes.io/zone"]).text(),
            address: find("addresses", "InternalIP").at(&["address"]).text(),
        }
    }
}
