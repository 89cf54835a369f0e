//! One pod as an endpoint of a Service.

use crate::api::Object;
use crate::map;
use crate::value::{Text, Value};

/// An endpoint that a slice has to hold.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The pod's uid.
    pub uid: Text,
    /// The ports of the slice it belongs into; null for none.
    pub ports: Value,
    /// The endpoint itself.
    pub endpoint: Value,
}

impl Wanted {
    /// The endpoint for a pod; none for one without an address or with a life behind it.
    pub fn of(service: &Object, pod: &Object, node: Option<&Object>) -> Option<Self> {
        let (service_view, view) = (service.as_service()?, pod.as_pod()?);
        if view.ip.is_empty() || view.is_finished() {
            return None;
        }
        let terminating = pod.is_terminating();
        let mut endpoint = map! {
            "addresses" => Value::texts([view.ip.clone()]),
            "conditions" => map! {
                "ready" => service_view.publish_not_ready || (view.ready && !terminating),
                "serving" => view.ready,
                "terminating" => terminating,
            },
            "targetRef" => map! {
                "kind" => "Pod",
                "namespace" => &pod.meta.namespace,
                "name" => &pod.meta.name,
                "uid" => &pod.meta.uid,
            },
        };
        if !view.node.is_empty() {
            endpoint.set(&["nodeName"], &view.node);
        }
        if let Some(zone) = node.and_then(|node| node.label("topology.kubernetes.io/zone")) {
            endpoint.set(&["zone"], Text::copy(zone));
        }
        if !view.hostname.is_empty() && view.subdomain == service.meta.name {
            endpoint.set(&["hostname"], &view.hostname);
        }
        Some(Self { uid: pod.meta.uid.clone(), ports: ports(service, pod), endpoint })
    }
}

/// The ports of a Service as they are for one pod: a target port by name is looked up in its containers, and skipped
/// where no container has it. Null when there is none.
fn ports(service: &Object, pod: &Object) -> Value {
    let ports: Vec<Value> = service
        .tree
        .at(&["spec", "ports"])
        .items()
        .iter()
        .filter_map(|port| {
            let number = target_port(port, pod)?;
            let protocol = protocol(port);
            let mut resolved = map! { "name" => port.at(&["name"]).text(), "port" => number, "protocol" => protocol };
            let application = port.at(&["appProtocol"]);
            if !application.is_null() {
                resolved.set(&["appProtocol"], application.clone());
            }
            Some(resolved)
        })
        .collect();
    if ports.is_empty() { Value::Null } else { Value::list_of(ports) }
}

fn protocol(port: &Value) -> Text {
    match port.at(&["protocol"]) {
        Value::Text(protocol) => protocol.clone(),
        _ => "TCP".into(),
    }
}

fn target_port(port: &Value, pod: &Object) -> Option<i64> {
    let target = port.at(&["targetPort"]);
    let Some(name) = target.as_str() else {
        return target.as_i64().filter(|number| *number != 0).or_else(|| port.at(&["port"]).as_i64());
    };
    let restartable = |c: &&Value| c.at(&["restartPolicy"]).as_str() == Some("Always");
    let sidecars = pod.tree.at(&["spec", "initContainers"]).items().iter().filter(restartable);
    let containers = pod.tree.at(&["spec", "containers"]).items().iter().chain(sidecars);
    let mut ports = containers.flat_map(|container| container.at(&["ports"]).items());
    let found = ports.find(|held| held.at(&["name"]).as_str() == Some(name) && protocol(held) == protocol(port))?;
    found.at(&["containerPort"]).as_i64()
}

/// Whether a pod changed in a way that its endpoints may show. Every change of a pod that is going counts.
pub(super) fn differs(before: &Object, pod: &Object) -> bool {
    if pod.is_terminating() || before.is_terminating() {
        return true;
    }
    match (before.as_pod(), pod.as_pod()) {
        (Some(old), Some(new)) => {
            old.ready != new.ready || old.ip != new.ip || old.hostname != new.hostname || old.subdomain != new.subdomain
        }
        _ => true,
    }
}
