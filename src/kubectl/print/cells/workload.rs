//! Rows of StatefulSets, their revisions, budgets, services and endpoint slices.

use super::super::layout;
use super::super::table::labels;
use super::{age, first_few, name, scalar};
use crate::api::Object;
use crate::time::Time;
use crate::value::{Map, Value};

/// The cells of a StatefulSet.
pub fn stateful_set(object: &Object, now: Time) -> Vec<String> {
    let tree = &object.tree;
    let containers = tree.at(&["spec", "template", "spec", "containers"]).items();
    let joined = |key: &str| {
        let texts: Vec<&str> = containers.iter().map(|c| c.at(&[key]).str_or_empty()).collect();
        texts.join(",")
    };
    let ready = tree.at(&["status", "readyReplicas"]).as_i64().unwrap_or(0);
    let wanted = tree.at(&["spec", "replicas"]).as_i64().unwrap_or(0);
    vec![name(object), format!("{ready}/{wanted}"), age(object, now), joined("name"), joined("image")]
}

/// The cells of a ControllerRevision.
pub fn controller_revision(object: &Object, now: Time) -> Vec<String> {
    let references = object.tree.at(&["metadata", "ownerReferences"]).items();
    let controller = references.iter().find(|r| r.at(&["controller"]).as_bool() == Some(true));
    let controller = controller.map_or("<none>".to_owned(), |owner| {
        let kind = owner.at(&["kind"]).str_or_empty().to_ascii_lowercase();
        let group = owner.at(&["apiVersion"]).str_or_empty().split_once('/').map_or("", |(group, _)| group);
        let dot = if group.is_empty() { "" } else { "." };
        format!("{kind}{dot}{group}/{}", owner.at(&["name"]).str_or_empty())
    });
    let revision = object.tree.at(&["revision"]).as_i64().unwrap_or(0);
    vec![name(object), controller, revision.to_string(), age(object, now)]
}

/// The cells of a PodDisruptionBudget.
pub fn disruption_budget(object: &Object, now: Time) -> Vec<String> {
    let limit = |key: &str| match object.tree.at(&["spec", key]) {
        Value::Null => "N/A".to_owned(),
        limit => scalar(limit),
    };
    let allowed = object.tree.at(&["status", "disruptionsAllowed"]).as_i64().unwrap_or(0);
    vec![name(object), limit("minAvailable"), limit("maxUnavailable"), allowed.to_string(), age(object, now)]
}

/// The cells of a Service.
pub fn service(object: &Object, now: Time) -> Vec<String> {
    let spec = object.tree.at(&["spec"]);
    let address = match spec.at(&["clusterIPs"]).items().first() {
        Some(address) => address.str_or_empty(),
        None => "<none>",
    };
    vec![
        name(object),
        spec.at(&["type"]).str_or_empty().to_owned(),
        address.to_owned(),
        external_addresses(&object.tree),
        ports(spec),
        age(object, now),
        labels(spec.at(&["selector"]).as_map().unwrap_or(const { &Map::new() })),
    ]
}

fn external_addresses(tree: &Value) -> String {
    let spec = tree.at(&["spec"]);
    let texts = |value: &Value| -> Vec<String> { value.items().iter().map(scalar).collect() };
    let mut addresses = texts(spec.at(&["externalIPs"]));
    match spec.at(&["type"]).str_or_empty() {
        "ExternalName" => return spec.at(&["externalName"]).str_or_empty().to_owned(),
        "LoadBalancer" => {
            let given = tree.at(&["status", "loadBalancer", "ingress"]).items().iter();
            let given: Vec<String> = given
                .map(|i| match i.at(&["ip"]).str_or_empty() {
                    "" => i.at(&["hostname"]).str_or_empty().to_owned(),
                    ip => ip.to_owned(),
                })
                .collect();
            addresses.splice(0..0, given);
            if addresses.is_empty() {
                return "<pending>".to_owned();
            }
        }
        _ => {}
    }
    if addresses.is_empty() { "<none>".to_owned() } else { addresses.join(",") }
}

fn ports(spec: &Value) -> String {
    let ports: Vec<String> = spec
        .at(&["ports"])
        .items()
        .iter()
        .map(|port| {
            let number = port.at(&["port"]).as_i64().unwrap_or(0);
            let protocol = port.at(&["protocol"]).str_or_empty();
            match port.at(&["nodePort"]).as_i64().unwrap_or(0) {
                0 => format!("{number}/{protocol}"),
                node_port => format!("{number}:{node_port}/{protocol}"),
            }
        })
        .collect();
    if ports.is_empty() { "<none>".to_owned() } else { ports.join(",") }
}

/// The cells of an EndpointSlice.
pub fn endpoint_slice(object: &Object, now: Time) -> Vec<String> {
    let tree = &object.tree;
    let ports: Vec<String> = tree
        .at(&["ports"])
        .items()
        .iter()
        .map(|port| match (port.at(&["port"]).as_i64(), port.at(&["name"]).as_str()) {
            (Some(number), _) => number.to_string(),
            (None, Some(name)) => name.to_owned(),
            (None, None) => "*".to_owned(),
        })
        .collect();
    let addresses: Vec<String> = tree
        .at(&["endpoints"])
        .items()
        .iter()
        .flat_map(|endpoint| endpoint.at(&["addresses"]).items())
        .map(scalar)
        .collect();
    vec![
        name(object),
        tree.at(&["addressType"]).str_or_empty().to_owned(),
        first_few(&ports, 3, "<unset>"),
        first_few(&addresses, 3, "<unset>"),
        age(object, now),
    ]
}

/// The cells of Endpoints: the ready addresses with their ports, three at most.
pub fn endpoints(object: &Object, now: Time) -> Vec<String> {
    let subsets = object.tree.at(&["subsets"]).items();
    let mut all: Vec<String> = Vec::new();
    for subset in subsets {
        let addresses = subset.at(&["addresses"]).items().iter().map(|address| scalar(address.at(&["ip"])));
        let ports = subset.at(&["ports"]).items();
        if ports.is_empty() {
            all.extend(addresses);
            continue;
        }
        let addresses: Vec<String> = addresses.collect();
        for port in ports {
            let number = scalar(port.at(&["port"]));
            all.extend(addresses.iter().map(|address| layout::host_and_port(address, &number)));
        }
    }
    let nothing = if subsets.is_empty() { "<none>" } else { "" };
    vec![name(object), first_few(&all, 3, nothing), age(object, now)]
}
