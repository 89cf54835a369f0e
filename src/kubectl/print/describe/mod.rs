//! `kubectl describe` (`reference/printing.md` §8). One file per family of kinds; `writer` lays the lines out.

mod cluster;
mod conditions;
mod container;
mod environment;
mod events;
mod generic;
mod network;
mod node;
mod pod;
mod statefulset;
mod storage;
mod template;
mod volume;
mod writer;

use crate::api::{Kind, Object, Shared};
use crate::apiserver::Client;
use crate::time::Time;
use crate::value::{Text, Value};
pub use events::interval;
use writer::Writer;

/// What a description is made of besides the object: other objects by kind and namespace, and the time.
struct World<'a> {
    list: &'a mut dyn FnMut(Kind, &Text) -> Vec<Shared>,
    now: Time,
}

/// What `kubectl describe` prints for one object, without the blank lines between several. The events section is
/// left out unless `show_events`: kubectl shows events only when one object is described.
pub fn describe(object: &Shared, client: &mut Client<'_>, now: Time, show_events: bool) -> String {
    describe_among(object, &mut |kind, namespace| client.list(kind, namespace), now, show_events)
}

/// As [`describe`], with the other objects from anywhere: `list` answers those of a kind in a namespace (in all
/// where it is empty), in key order.
pub fn describe_among(
    object: &Object,
    list: &mut dyn FnMut(Kind, &Text) -> Vec<Shared>,
    now: Time,
    show_events: bool,
) -> String {
    let mut world = World { list, now };
    let mut out = Writer::default();
    match object.kind {
        Kind::Pod => pod::pod(&mut out, object, now),
        Kind::StatefulSet => statefulset::stateful_set(&mut out, object, &mut world),
        Kind::PersistentVolumeClaim => storage::claim(&mut out, object, &mut world),
        Kind::PersistentVolume => storage::volume(&mut out, object, now),
        Kind::StorageClass => storage::class(&mut out, object),
        Kind::Service => network::service(&mut out, object, &mut world),
        Kind::EndpointSlice => network::endpoint_slice(&mut out, object),
        Kind::Endpoints => network::endpoints_object(&mut out, object),
        Kind::Node => node::node(&mut out, object, &mut world),
        Kind::Namespace => cluster::namespace(&mut out, object),
        Kind::PodDisruptionBudget => cluster::disruption_budget(&mut out, object),
        Kind::ConfigMap => cluster::config_map(&mut out, object),
        Kind::Secret => cluster::secret(&mut out, object),
        Kind::ServiceAccount => cluster::service_account(&mut out, object),
        Kind::ControllerRevision | Kind::Event => generic::generic(&mut out, object),
    }
    if show_events && !matches!(object.kind, Kind::Namespace | Kind::Secret) {
        events::events(&mut out, object, &mut world);
    }
    out.finish()
}

/// The block `Pod Template:` of `kubectl rollout history --revision`, with its literal tabs, from spec.template.
pub fn pod_template_block(template: &Value) -> String {
    let mut out = Writer::default();
    template::pod_template(&mut out, template);
    out.raw()
}
