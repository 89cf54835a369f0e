//! What Kubernetes' API is made of: kinds, keys, objects, typed views, selectors, quantities, patches, errors.

pub mod fields;
mod kind;
pub mod managers;
mod object;
pub mod patch;
pub mod quantity;
pub mod schema;
pub mod selector;
pub mod status;
pub mod view;

pub use kind::{Kind, KindInfo, Scope};
pub use object::{Meta, Object, OwnerReference, Shared};
pub use selector::Selector;
pub use status::{Cause, CauseType, Reason, Status};
pub use view::{
    ClaimView, NodeView, PersistentVolumeClaimRetention, PodPhase, PodView, ServiceView, StatefulSetView, Taint,
    UpdateStrategy, VolumeView,
};

use crate::value::Text;

/// Where an object is stored. The namespace is empty for cluster-scoped kinds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub struct Key {
    pub kind: Kind,
    pub namespace: Text,
    pub name: Text,
}

impl Key {
    /// A key from its parts.
    pub fn new(kind: Kind, namespace: impl Into<Text>, name: impl Into<Text>) -> Self {
        Self { kind, namespace: namespace.into(), name: name.into() }
    }
}
