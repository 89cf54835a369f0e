//! What is read of a Service.

use crate::value::{Text, Value};

/// What is read of a Service.
#[derive(Clone, Debug, Default)]
pub struct ServiceView {
    /// spec.selector as pairs; empty for a Service without one.
    pub selector: Vec<(Text, Text)>,
    /// spec.clusterIP is None.
    pub headless: bool,
    /// spec.publishNotReadyAddresses.
    pub publish_not_ready: bool,
}

impl ServiceView {
    pub(super) fn of(tree: &Value) -> Self {
        let spec = tree.at(&["spec"]);
        Self {
            selector: spec.at(&["selector"]).pairs().map(|(k, v)| (k.clone(), v.text())).collect(),
            headless: spec.at(&["clusterIP"]).as_str() == Some("None"),
            publish_not_ready: spec.at(&["publishNotReadyAddresses"]).as_bool().unwrap_or(false),
        }
    }
}
