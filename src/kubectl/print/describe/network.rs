//! `kubectl describe` of services and endpoint slices.

use super::super::cells::{first_few, scalar};
use super::super::layout;
use super::super::table::labels;
use super::World;
use super::writer::{Writer, map_of};
use crate::api::{Kind, Object, Shared};
use crate::value::Value;

/// So many endpoints are shown.
const MOST_ENDPOINTS: usize = 3;

/// A service, but for its events.
pub fn service(out: &mut Writer, object: &Object, world: &mut World<'_>) {
    let spec = object.tree.at(&["spec"]);
    let text = |key: &str| spec.at(&[key]).str_or_empty();
    out.field(0, "Name", &object.meta.name);
    out.field(0, "Namespace", &object.meta.namespace);
    out.labels("Labels", object.tree.at(&["metadata", "labels"]));
    out.annotations("Annotations", object.tree.at(&["metadata", "annotations"]));
    out.field(0, "Selector", &labels(map_of(spec.at(&["selector"]))));
    out.field(0, "Type", text("type"));
    out.field_if(0, "IP Family Policy", text("ipFamilyPolicy"));
    out.field(0, "IP Families", &joined_or_none(spec.at(&["ipFamilies"])));
    out.field(0, "IP", text("clusterIP"));
    out.field(0, "IPs", &joined_or_none(spec.at(&["clusterIPs"])));
    if !spec.at(&["externalIPs"]).items().is_empty() {
        out.field(0, "External IPs", &joined_or_none(spec.at(&["externalIPs"])));
    }
    out.field_if(0, "Desired LoadBalancer IP", text("loadBalancerIP"));
    out.field_if(0, "External Name", text("externalName"));
    let slices = slices_of(object, world);
    for port in spec.at(&["ports"]).items() {
        let name = port.at(&["name"]).str_or_empty();
        let shown = if name.is_empty() { "<unset>" } else { name };
        let protocol = port.at(&["protocol"]).str_or_empty();
        out.field(0, "Port", &format!("{shown}\t{}/{protocol}", scalar(port.at(&["port"]))));
        out.field(0, "TargetPort", &format!("{}/{protocol}", scalar(port.at(&["targetPort"]))));
        out.field_if(0, "AppProtocol", port.at(&["appProtocol"]).str_or_empty());
        if let Some(node_port) = port.at(&["nodePort"]).as_i64().filter(|&number| number != 0) {
            out.field(0, "NodePort", &format!("{shown}\t{node_port}/{protocol}"));
        }
        out.field(0, "Endpoints", &endpoints(&slices, name));
    }
    out.field(0, "Session Affinity", text("sessionAffinity"));
    out.field_if(0, "External Traffic Policy", text("externalTrafficPolicy"));
    out.field_if(0, "Internal Traffic Policy", text("internalTrafficPolicy"));
    out.field_if(0, "HealthCheck NodePort", &scalar(spec.at(&["healthCheckNodePort"])));
    let ranges = spec.at(&["loadBalancerSourceRanges"]);
    if !ranges.items().is_empty() {
        out.field(0, "LoadBalancer Source Ranges", &joined_or_none(ranges));
    }
    out.field_if(0, "Traffic Distribution", text("trafficDistribution"));
}

fn joined_or_none(values: &Value) -> String {
    let values: Vec<&str> = values.items().iter().map(Value::str_or_empty).collect();
    if values.is_empty() { "<none>".to_owned() } else { values.join(",") }
}

fn slices_of(object: &Object, world: &mut World<'_>) -> Vec<Shared> {
    let mut slices = (world.list)(Kind::EndpointSlice, &object.meta.namespace);
    slices.retain(|slice| slice.label("kubernetes.io/service-name") == Some(&object.meta.name));
    slices
}

/// The ready endpoints of the slices' ports of this name; nothing when there are slices but none is ready.
fn endpoints(slices: &[Shared], port_name: &str) -> String {
    if slices.is_empty() {
        return "<none>".to_owned();
    }
    let mut all = Vec::new();
    for slice in slices {
        let ports = slice.tree.at(&["ports"]).items();
        let ready = slice.tree.at(&["endpoints"]).items().iter();
        let ready = ready.filter(|endpoint| endpoint.at(&["conditions", "ready"]).as_bool() != Some(false));
        let addresses: Vec<String> = ready.filter_map(|e| e.at(&["addresses"]).items().first()).map(scalar).collect();
        if ports.is_empty() {
            all.extend(addresses);
            continue;
        }
        for port in ports.iter().filter(|port| port.at(&["name"]).str_or_empty() == port_name) {
            let number = scalar(port.at(&["port"]));
            all.extend(addresses.iter().map(|address| layout::host_and_port(address, &number)));
        }
    }
    first_few(&all, MOST_ENDPOINTS, "")
}

/// An endpoint slice, but for its events.
pub fn endpoint_slice(out: &mut Writer, object: &Object) {
    let tree = &object.tree;
    out.field(0, "Name", &object.meta.name);
    out.field(0, "Namespace", &object.meta.namespace);
    out.labels("Labels", tree.at(&["metadata", "labels"]));
    out.annotations("Annotations", tree.at(&["metadata", "annotations"]));
    out.field(0, "AddressType", tree.at(&["addressType"]).str_or_empty());
    let ports = tree.at(&["ports"]).items();
    if ports.is_empty() {
        out.line(0, "Ports: <unset>");
    } else {
        out.line(0, "Ports:");
        out.line(1, "Name\tPort\tProtocol");
        out.line(1, "----\t----\t--------");
    }
    let or_unset = |text: String| {
        if text.is_empty() { "<unset>".to_owned() } else { text }
    };
    for port in ports {
        let name = or_unset(scalar(port.at(&["name"])));
        let number = or_unset(scalar(port.at(&["port"])));
        out.line(1, &format!("{name}\t{number}\t{}", port.at(&["protocol"]).str_or_empty()));
    }
    let endpoints = tree.at(&["endpoints"]).items();
    out.line(0, if endpoints.is_empty() { "Endpoints: <none>" } else { "Endpoints:" });
    for endpoint in endpoints {
        out.field(1, "- Addresses", &joined_or_none(endpoint.at(&["addresses"])));
        out.line(2, "Conditions:");
        out.field(3, "Ready", &or_unset(scalar(endpoint.at(&["conditions", "ready"]))));
        out.field(2, "Hostname", &or_unset(scalar(endpoint.at(&["hostname"]))));
        if let Some(target) = endpoint.get("targetRef") {
            let text = |key: &str| target.at(&[key]).str_or_empty();
            out.field(2, "TargetRef", &format!("{}/{}", text("kind"), text("name")));
        }
        out.field(2, "NodeName", &or_unset(scalar(endpoint.at(&["nodeName"]))));
        out.field(2, "Zone", &or_unset(scalar(endpoint.at(&["zone"]))));
    }
}

/// Describes Endpoints.
pub fn endpoints_object(out: &mut Writer, object: &Object) {
    let tree = &object.tree;
    out.field(0, "Name", &object.meta.name);
    out.field(0, "Namespace", &object.meta.namespace);
    out.labels("Labels", tree.at(&["metadata", "labels"]));
    out.annotations("Annotations", tree.at(&["metadata", "annotations"]));
    out.line(0, "Subsets:");
    for subset in tree.at(&["subsets"]).items() {
        let addresses = |key: &str| {
            let list = subset.at(&[key]).items().iter();
            let list: Vec<String> = list.map(|address| scalar(address.at(&["ip"]))).collect();
            if list.is_empty() { "<none>".to_owned() } else { list.join(",") }
        };
        out.field(1, "Addresses", &addresses("addresses"));
        out.field(1, "NotReadyAddresses", &addresses("notReadyAddresses"));
        let ports = subset.at(&["ports"]).items();
        if !ports.is_empty() {
            out.line(1, "Ports:");
            out.line(2, "Name\tPort\tProtocol");
            out.line(2, "----\t----\t--------");
        }
        for port in ports {
            let name = port.at(&["name"]).as_str().filter(|name| !name.is_empty()).unwrap_or("<unset>");
            let (number, protocol) = (scalar(port.at(&["port"])), port.at(&["protocol"]).str_or_empty());
            out.line(2, &format!("{name}\t{number}\t{protocol}"));
        }
        out.line(0, "");
    }
}
