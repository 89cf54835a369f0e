//! `kubectl get endpoints`: the old v1 Endpoints, which are not stored but follow from services and their slices.

use super::cells::{first_few, scalar, since};
use super::table::labels;
use super::{Options, layout};
use crate::api::{Kind, Object, Shared};
use crate::map;
use crate::time::Time;
use crate::value::{Text, Value};

/// Marks the services without an address of their own.
const HEADLESS: &str = "service.kubernetes.io/headless";
/// When the last change of the endpoints was caused.
const TRIGGERED: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// The Endpoints of these services as objects, in their order. Services without a selector have none, and a service
/// whose slices are not there yet has none yet.
pub fn endpoints(services: &[Shared], slices: &[Shared]) -> Vec<Value> {
    services
        .iter()
        .filter_map(|service| of_service(service, slices))
        .collect()
}

fn of_service(service: &Object, slices: &[Shared]) -> Option<Value> {
    let spec = service.tree.at(&["spec"]);
    if spec.at(&["selector"]).pairs().next().is_none()
        || spec.at(&["type"]).str_or_empty() == "ExternalName"
    {
        return None;
    }
    let slice = slices.iter().find(|slice| {
        slice.kind == Kind::EndpointSlice
            && slice.meta.namespace == service.meta.namespace
            && slice.label("kubernetes.io/service-name") == Some(&service.meta.name)
    })?;
    let mut labels = service.tree.at(&["metadata", "labels"]).clone();
    labels
        .map_mut()
        .insert("endpoints.kubernetes.io/managed-by", "endpoint-controller");
    if spec.at(&["clusterIP"]).str_or_empty() == "None" {
        labels.map_mut().insert(HEADLESS, "");
    }
    let mut metadata = map! {
        "creationTimestamp" => service.tree.at(&["metadata", "creationTimestamp"]).clone(),
        "labels" => labels,
        "name" => &service.meta.name,
        "namespace" => &service.meta.namespace,
        "resourceVersion" => slice.meta.resource_version.to_string(),
        "uid" => &slice.meta.uid,
    };
    if let Some(moment) = slice.annotation(TRIGGERED) {
        metadata.set(&["annotations"], map! { TRIGGERED => Text::copy(moment) });
    }
    let mut tree = map! { "apiVersion" => "v1", "kind" => "Endpoints", "metadata" => metadata };
    let publishes_all = spec.at(&["publishNotReadyAddresses"]).as_bool() == Some(true);
    if let Some(subset) = subset(slice, publishes_all) {
        tree.set(&["subsets"], vec![subset]);
    }
    Some(tree)
}

fn subset(slice: &Object, publishes_all: bool) -> Option<Value> {
    let (mut ready, mut waiting) = (Vec::new(), Vec::new());
    for endpoint in slice.tree.at(&["endpoints"]).items() {
        let holds =
            |condition: &str| endpoint.at(&["conditions", condition]).as_bool() == Some(true);
        if holds("ready") {
            ready.push(address(endpoint));
        } else if publishes_all || !holds("terminating") {
            waiting.push(address(endpoint));
        }
    }
    if ready.is_empty() && waiting.is_empty() {
        return None;
    }
    let mut subset = Value::empty_map();
    for (key, mut addresses) in [("addresses", ready), ("notReadyAddresses", waiting)] {
        addresses.sort_by_key(|address| octets(address.at(&["ip"]).str_or_empty()));
        if !addresses.is_empty() {
            subset.set(&[key], addresses);
        }
    }
    let ports: Vec<Value> = slice.tree.at(&["ports"]).items().iter().map(port).collect();
    if !ports.is_empty() {
        subset.set(&["ports"], ports);
    }
    Some(subset)
}

fn port(port: &Value) -> Value {
    let mut port = port.clone();
    if port.at(&["name"]).str_or_empty().is_empty() {
        port.take(&["name"]);
    }
    port
}

fn address(endpoint: &Value) -> Value {
    let ip = endpoint
        .at(&["addresses"])
        .items()
        .first()
        .map(Value::text)
        .unwrap_or_default();
    let mut address = map! { "ip" => ip };
    for key in ["hostname", "nodeName", "targetRef"] {
        if let Some(value) = endpoint.get(key) {
            address.set(&[key], value.clone());
        }
    }
    address
}

/// An address as numbers, so that it sorts as one.
fn octets(ip: &str) -> Vec<u16> {
    ip.split(['.', ':'])
        .map(|part| {
            part.parse()
                .or_else(|_| u16::from_str_radix(part, 16))
                .unwrap_or(0)
        })
        .collect()
}

/// The table of these Endpoints.
pub fn endpoints_table(trees: &[Value], options: &Options, now: Time) -> String {
    if trees.is_empty() {
        return String::new();
    }
    let mut lines = Vec::with_capacity(trees.len() + 1);
    if options.headers {
        let mut headers = vec!["NAME".to_owned(), "ENDPOINTS".to_owned(), "AGE".to_owned()];
        if options.all_namespaces {
            headers.insert(0, "NAMESPACE".to_owned());
        }
        if options.show_labels {
            headers.push("LABELS".to_owned());
        }
        lines.push(headers);
    }
    for tree in trees {
        let text = |key: &str| tree.at(&["metadata", key]).str_or_empty();
        let prefix = if options.with_kind { "endpoints/" } else { "" };
        let age = since(tree.at(&["metadata", "creationTimestamp"]), now);
        let mut row = vec![format!("{prefix}{}", text("name")), addresses(tree), age];
        if options.all_namespaces {
            row.insert(0, text("namespace").to_owned());
        }
        if options.show_labels {
            row.push(labels(
                tree.at(&["metadata", "labels"])
                    .as_map()
                    .unwrap_or(const { &crate::value::Map::new() }),
            ));
        }
        lines.push(row);
    }
    layout::rows(&mut Vec::new(), &lines)
}

/// The ready addresses with their ports; empty where none is ready, `<none>` where there is nobody at all.
fn addresses(tree: &Value) -> String {
    let subsets = tree.at(&["subsets"]).items();
    if subsets.is_empty() {
        return "<none>".to_owned();
    }
    let mut all = Vec::new();
    for subset in subsets {
        let ports = subset.at(&["ports"]).items();
        let ips = subset
            .at(&["addresses"])
            .items()
            .iter()
            .map(|address| scalar(address.at(&["ip"])));
        let ips: Vec<String> = ips.collect();
        if ports.is_empty() {
            all.extend(ips);
            continue;
        }
        for port in ports {
            all.extend(
                ips.iter()
                    .map(|ip| layout::host_and_port(ip, &scalar(port.at(&["port"])))),
            );
        }
    }
    first_few(&all, 3, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{list, map};
    use std::rc::Rc;

    fn endpoint(ip: &'static str, ready: bool, terminating: bool) -> Value {
        map! { "addresses" => list![ip], "conditions" => map! { "ready" => ready, "terminating" => terminating } }
    }

    fn shown(all: Value) -> String {
        let meta = |name: &'static str| map! { "name" => name, "namespace" => "default" };
        let service = map! { "metadata" => meta("web"), "spec" => map! { "selector" => map! { "app" => "web" } } };
        let mut slice = map! { "metadata" => meta("web-x"), "endpoints" => all, "ports" => list![map! { "port" => 80 }] };
        slice.set(
            &["metadata", "labels"],
            map! { "kubernetes.io/service-name" => "web" },
        );
        let service = Rc::new(Object::new(Kind::Service, service));
        let slice = Rc::new(Object::new(Kind::EndpointSlice, slice));
        endpoints(&[service], &[slice])
            .first()
            .map(addresses)
            .unwrap_or_default()
    }

    #[test]
    fn only_the_ready_are_shown() {
        assert_eq!(shown(list![]), "<none>");
        assert_eq!(shown(list![endpoint("10.0.0.1", false, false)]), "");
        assert_eq!(shown(list![endpoint("10.0.0.1", false, true)]), "<none>");
        let two = list![
            endpoint("10.0.0.10", true, false),
            endpoint("10.0.0.9", true, false)
        ];
        assert_eq!(shown(two), "10.0.0.9:80,10.0.0.10:80");
        let five: Vec<Value> = (0..5).map(|_| endpoint("10.0.0.1", true, false)).collect();
        assert_eq!(
            shown(five.into()),
            "10.0.0.1:80,10.0.0.1:80,10.0.0.1:80 + 2 more..."
        );
    }
}
