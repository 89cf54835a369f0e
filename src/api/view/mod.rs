//! Typed views: what the simulator reads of an object, decoded once per version.

mod claim;
mod node;
mod pod;
mod service;
mod statefulset;

pub use claim::{ClaimView, VolumeView};
pub use node::{NodeView, Taint};
pub use pod::{PodPhase, PodView};
pub use service::ServiceView;
pub use statefulset::{PersistentVolumeClaimRetention, StatefulSetView, UpdateStrategy};

use super::{Kind, Object};

/// The view of one object version.
#[derive(Clone, Debug)]
pub enum View {
    /// Of a Pod.
    Pod(Box<PodView>),
    /// Of a StatefulSet.
    StatefulSet(Box<StatefulSetView>),
    /// Of a PersistentVolumeClaim.
    Claim(Box<ClaimView>),
    /// Of a PersistentVolume.
    Volume(Box<VolumeView>),
    /// Of a Service.
    Service(Box<ServiceView>),
    /// Of a Node.
    Node(Box<NodeView>),
    /// Kinds that are read from their tree.
    Other,
}

impl View {
    pub(super) fn of(object: &Object) -> Self {
        match object.kind {
            Kind::Pod => Self::Pod(Box::new(PodView::of(&object.tree))),
            Kind::StatefulSet => Self::StatefulSet(Box::new(StatefulSetView::of(&object.tree))),
            Kind::PersistentVolumeClaim => Self::Claim(Box::new(ClaimView::of(&object.tree))),
            Kind::PersistentVolume => Self::Volume(Box::new(VolumeView::of(&object.tree))),
            Kind::Service => Self::Service(Box::new(ServiceView::of(&object.tree))),
            Kind::Node => Self::Node(Box::new(NodeView::of(&object.tree))),
            _ => Self::Other,
        }
    }
}

macro_rules! view_of {
    ($method:ident, $variant:ident, $view:ident) => {
        impl Object {
            #[doc = concat!("The `", stringify!($view), "`, when the object is of that kind.")]
            pub fn $method(&self) -> Option<&$view> {
                match self.view() {
                    View::$variant(view) => Some(view),
                    _ => None,
                }
            }
        }
    };
}

view_of!(as_pod, Pod, PodView);
view_of!(as_stateful_set, StatefulSet, StatefulSetView);
view_of!(as_claim, Claim, ClaimView);
view_of!(as_volume, Volume, VolumeView);
view_of!(as_service, Service, ServiceView);
view_of!(as_node, Node, NodeView);
