//! The columns of each kind's table and the cells of an object's row (`reference/printing.md` §2, §3).

mod cluster;
mod pod;
mod storage;
mod workload;

pub use cluster::{first_seen, node_roles};
pub use storage::{access_modes, class_of, is_default_class, quantity};

use crate::api::{Kind, Object};
use crate::time::{Time, human_duration};
use crate::value::{Value, float};

/// One column of a kind's table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// What stands above it.
    pub header: &'static str,
    /// Whether only `-o wide` shows it.
    pub wide: bool,
}

impl Column {
    /// Whether it holds the object's name, which may be prefixed with its kind.
    pub fn is_name(self) -> bool {
        self.header == "NAME"
    }
}

/// The columns of `--server-print=false`.
const NAME_AND_AGE: &str = "NAME|AGE";

/// The columns of a kind, those of `-o wide` included (they are marked with a plus below).
pub fn columns(kind: Kind, server_print: bool) -> impl Iterator<Item = Column> {
    let headers = if server_print { headers(kind) } else { NAME_AND_AGE };
    headers.split('|').map(|header| match header.strip_prefix('+') {
        Some(header) => Column { header, wide: true },
        None => Column { header, wide: false },
    })
}

const fn headers(kind: Kind) -> &'static str {
    match kind {
        Kind::Pod => "NAME|READY|STATUS|RESTARTS|AGE|+IP|+NODE|+NOMINATED NODE|+READINESS GATES",
        Kind::StatefulSet => "NAME|READY|AGE|+CONTAINERS|+IMAGES",
        Kind::ControllerRevision => "NAME|CONTROLLER|REVISION|AGE",
        Kind::PodDisruptionBudget => "NAME|MIN AVAILABLE|MAX UNAVAILABLE|ALLOWED DISRUPTIONS|AGE",
        Kind::Service => "NAME|TYPE|CLUSTER-IP|EXTERNAL-IP|PORT(S)|AGE|+SELECTOR",
        Kind::EndpointSlice => "NAME|ADDRESSTYPE|PORTS|ENDPOINTS|AGE",
        Kind::PersistentVolumeClaim => {
            "NAME|STATUS|VOLUME|CAPACITY|ACCESS MODES|STORAGECLASS|VOLUMEATTRIBUTESCLASS|AGE|+VOLUMEMODE"
        }
        Kind::PersistentVolume => concat!(
            "NAME|CAPACITY|ACCESS MODES|RECLAIM POLICY|STATUS|CLAIM|STORAGECLASS|",
            "VOLUMEATTRIBUTESCLASS|REASON|AGE|+VOLUMEMODE",
        ),
        Kind::StorageClass => "NAME|PROVISIONER|RECLAIMPOLICY|VOLUMEBINDINGMODE|ALLOWVOLUMEEXPANSION|AGE",
        Kind::Namespace => "NAME|STATUS|AGE",
        Kind::Node => concat!(
            "NAME|STATUS|ROLES|AGE|VERSION|+INTERNAL-IP|+EXTERNAL-IP|+OS-IMAGE|",
            "+KERNEL-VERSION|+CONTAINER-RUNTIME",
        ),
        Kind::Event => concat!("LAST SEEN|TYPE|REASON|OBJECT|+SUBOBJECT|+SOURCE|MESSAGE|", "+FIRST SEEN|+COUNT|+NAME",),
        Kind::ConfigMap => "NAME|DATA|AGE",
        Kind::Secret => "NAME|TYPE|DATA|AGE",
        Kind::ServiceAccount => NAME_AND_AGE,
        Kind::Endpoints => "NAME|ENDPOINTS|AGE",
    }
}

/// One cell for each of the kind's columns, as the server makes them at this moment.
pub fn cells(object: &Object, now: Time) -> Vec<String> {
    match object.kind {
        Kind::Pod => pod::pod(object, now),
        Kind::StatefulSet => workload::stateful_set(object, now),
        Kind::ControllerRevision => workload::controller_revision(object, now),
        Kind::PodDisruptionBudget => workload::disruption_budget(object, now),
        Kind::Service => workload::service(object, now),
        Kind::EndpointSlice => workload::endpoint_slice(object, now),
        Kind::PersistentVolumeClaim => storage::claim(object, now),
        Kind::PersistentVolume => storage::volume(object, now),
        Kind::StorageClass => storage::class(object, now),
        Kind::Namespace => cluster::namespace(object, now),
        Kind::Node => cluster::node(object, now),
        Kind::Event => cluster::event(object, now),
        Kind::ConfigMap => cluster::config_map(object, now),
        Kind::Secret => cluster::secret(object, now),
        Kind::ServiceAccount => name_and_age(object, now),
        Kind::Endpoints => workload::endpoints(object, now),
    }
}

/// The cells of `--server-print=false`.
pub fn name_and_age(object: &Object, now: Time) -> Vec<String> {
    vec![name(object), age(object, now)]
}

fn name(object: &Object) -> String {
    object.meta.name.to_string()
}

/// The time since an object was created.
pub fn age(object: &Object, now: Time) -> String {
    since(object.tree.at(&["metadata", "creationTimestamp"]), now)
}

/// The time since a moment of an object; `<unknown>` where it is missing.
pub fn since(moment: &Value, now: Time) -> String {
    match moment.as_str().and_then(Time::parse) {
        Some(moment) => human_duration(now.since(moment)),
        None => "<unknown>".to_owned(),
    }
}

/// The text, or `<none>` where there is none.
fn or_none(value: &Value) -> String {
    match value.str_or_empty() {
        "" => "<none>".to_owned(),
        text => text.to_owned(),
    }
}

/// The text of a scalar; empty for anything else.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Float(number) => float::plain(*number),
        _ => String::new(),
    }
}

/// The first `most` of these, and how many there are besides; `nothing` where there is none.
pub fn first_few(all: &[String], most: usize, nothing: &str) -> String {
    if all.is_empty() {
        return nothing.to_owned();
    }
    let shown = all.get(..most).unwrap_or(all).join(",");
    if all.len() > most { format!("{shown} + {} more...", all.len() - most) } else { shown }
}
