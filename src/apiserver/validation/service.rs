//! Services (`reference/api-defaults-validation.md` §5).

use super::blocks::{Path, Report, written};
use super::{labels, names, probes};
use crate::api::Object;
use crate::value::Value;

const SPEC: Path<'static> = Path::root("spec");
const TYPES: [&str; 4] = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/// spec of a Service.
pub(super) fn check(tree: &Value, report: &mut Report) {
    let spec = tree.at(&["spec"]);
    let text = |key: &str| spec.at(&[key]).str_or_empty();
    let kind = text("type");
    let headless = text("clusterIP") == "None";
    let ports = spec.at(&["ports"]).items();
    let ports_path = SPEC.field("ports");
    if ports.is_empty() && !headless && kind != "ExternalName" {
        report.required(&ports_path, "");
    }
    by_type(spec, kind, headless, report);
    for (index, port) in ports.iter().enumerate() {
        check_port(port, ports, index, &ports_path.index(index), report);
    }
    labels::labels(spec.at(&["selector"]), &SPEC.field("selector"), report);
    report.one_of(&SPEC.field("sessionAffinity"), text("sessionAffinity"), &["ClientIP", "None"]);
    affinity_timeout(spec, report);
    addresses(spec, kind, report);
    external_addresses(spec, report);
    report.one_of(&SPEC.field("type"), kind, &TYPES);
    port_conflicts(ports, kind, &ports_path, report);
    policies(spec, kind, report);
}

fn by_type(spec: &Value, kind: &str, headless: bool, report: &mut Report) {
    let list = SPEC.field("clusterIPs");
    match kind {
        "LoadBalancer" | "NodePort" if headless => {
            let detail = format!("may not be set to 'None' for {kind} services");
            report.invalid_text(&list.index(0), "None", &detail);
        }
        "ExternalName" => {
            if !spec.at(&["clusterIPs"]).items().is_empty() {
                report.forbidden(&list, "may not be set for ExternalName services");
            }
            let path = SPEC.field("externalName");
            let name = spec.at(&["externalName"]).str_or_empty();
            let name = name.strip_suffix('.').unwrap_or(name);
            if name.is_empty() {
                report.required(&path, "");
            } else {
                report.complaints(&path, name, names::dns_subdomain(name));
            }
        }
        _ => {}
    }
}

fn check_port(port: &Value, all: &[Value], index: usize, path: &Path, report: &mut Report) {
    let name = port.at(&["name"]);
    let name_path = path.field("name");
    match name.str_or_empty() {
        "" => {
            if all.len() > 1 {
                report.required(&name_path, "");
            }
        }
        text => {
            report.complaints(&name_path, text, names::dns_label(text));
            if all.iter().take(index).any(|other| other.at(&["name"]) == name) {
                report.duplicate(&name_path, name);
            }
        }
    }
    let number = Value::Int(port.at(&["port"]).as_i64().unwrap_or(0));
    probes::port(&number, &path.field("port"), report);
    report.one_of(&path.field("protocol"), port.at(&["protocol"]).str_or_empty(), &["SCTP", "TCP", "UDP"]);
    probes::port(port.at(&["targetPort"]), &path.field("targetPort"), report);
    let protocol = port.at(&["appProtocol"]);
    if let Some(protocol) = protocol.as_str() {
        labels::label_name(protocol, &path.field("appProtocol"), report);
    }
}

fn affinity_timeout(spec: &Value, report: &mut Report) {
    let seconds = spec.at(&["sessionAffinityConfig", "clientIP", "timeoutSeconds"]);
    if seconds.as_i64().is_some_and(|s| !(1..=86400).contains(&s)) {
        let path = Path::root("spec.sessionAffinityConfig.clientIP.timeoutSeconds");
        report.invalid(&path, seconds, "must be greater than 0 and less than 86400");
    }
}

fn addresses(spec: &Value, kind: &str, report: &mut Report) {
    if kind == "ExternalName" {
        return;
    }
    let list_path = SPEC.field("clusterIPs");
    let list = spec.at(&["clusterIPs"]);
    let first = spec.at(&["clusterIP"]).str_or_empty();
    if !first.is_empty() && !list.items().is_empty() && list.items().first() != spec.get("clusterIP") {
        report.invalid(&list_path, list, "first value must match `clusterIP`");
    }
    for (index, address) in list.items().iter().enumerate() {
        let address = address.str_or_empty();
        if (index == 0 && address == "None") || address.parse::<std::net::IpAddr>().is_ok() {
            continue;
        }
        report.address(&list_path.index(index), address);
    }
    let policy = spec.at(&["ipFamilyPolicy"]).str_or_empty();
    let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    if !policy.is_empty() && !policies.contains(&policy) {
        report.not_supported(&SPEC.field("ipFamilyPolicy"), policy, &policies);
    }
    let path = SPEC.field("ipFamilies");
    let families = spec.at(&["ipFamilies"]).items();
    for (index, family) in families.iter().enumerate() {
        let word = family.str_or_empty();
        if !matches!(word, "IPv4" | "IPv6") {
            report.not_supported(&path.index(index), word, &["IPv4", "IPv6"]);
        }
        if families.iter().take(index).any(|other| other == family) {
            report.duplicate(&path.index(index), family);
        }
    }
}

/// Addresses from outside: not those that mean the machine itself, or a neighbourhood.
fn external_addresses(spec: &Value, report: &mut Report) {
    let list = SPEC.field("externalIPs");
    for (index, address) in spec.at(&["externalIPs"]).items().iter().enumerate() {
        let (path, text) = (list.index(index), address.str_or_empty());
        let Ok(address) = text.parse::<std::net::IpAddr>() else {
            report.address(&path, text);
            continue;
        };
        let detail = if address.is_unspecified() {
            "may not be unspecified (0.0.0.0 or ::)"
        } else if address.is_loopback() {
            "may not be in the loopback range (127.0.0.0/8, ::1/128)"
        } else if text.starts_with("169.254.") || text.starts_with("fe8") {
            "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
        } else if text.starts_with("224.0.0.") || text.starts_with("ff02:") {
            "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
        } else {
            continue;
        };
        report.invalid_text(&path, text, detail);
    }
}

fn port_conflicts(ports: &[Value], kind: &str, path: &Path, report: &mut Report) {
    for (index, port) in ports.iter().enumerate() {
        if kind == "ClusterIP" && port.at(&["nodePort"]).as_i64().is_some_and(|n| n != 0) {
            let path = path.index(index);
            report.forbidden(&path.field("nodePort"), "may not be used when `type` is 'ClusterIP'");
        }
    }
    for (index, port) in ports.iter().enumerate() {
        let same = |other: &&Value| ["protocol", "port"].iter().all(|key| other.at(&[key]) == port.at(&[key]));
        if ports.iter().take(index).any(|other| same(&other)) {
            let shown = format!(
                "{{\"Name\":\"\",\"Protocol\":{},\"AppProtocol\":null,\"Port\":{},\"TargetPort\":0,\"NodePort\":0}}",
                written(port.at(&["protocol"])),
                written(port.at(&["port"]))
            );
            report.duplicate_written(&path.index(index), &shown);
        }
    }
}

fn policies(spec: &Value, kind: &str, report: &mut Report) {
    for key in ["externalTrafficPolicy", "internalTrafficPolicy"] {
        let policy = spec.at(&[key]).str_or_empty();
        if policy.is_empty() {
            continue;
        }
        let path = SPEC.field(key);
        if key == "externalTrafficPolicy" && !matches!(kind, "NodePort" | "LoadBalancer") {
            let detail = "may only be set for externally-accessible services";
            report.invalid_text(&path, policy, detail);
        } else if !matches!(policy, "Cluster" | "Local") {
            report.not_supported(&path, policy, &["Cluster", "Local"]);
        }
    }
    let check = spec.at(&["healthCheckNodePort"]);
    if check.as_i64().is_some_and(|port| port != 0) {
        let detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
        if kind != "LoadBalancer" || spec.at(&["externalTrafficPolicy"]).as_str() != Some("Local") {
            report.invalid(&SPEC.field("healthCheckNodePort"), check, detail);
        }
    }
    for key in ["loadBalancerClass", "allocateLoadBalancerNodePorts"] {
        if kind != "LoadBalancer" && !spec.at(&[key]).is_null() {
            report.forbidden(&SPEC.field(key), "may only be used when `type` is 'LoadBalancer'");
        }
    }
    let near = ["PreferClose", "PreferSameNode", "PreferSameZone"];
    if let Some(distribution) = spec.at(&["trafficDistribution"]).as_str()
        && !near.contains(&distribution)
    {
        report.not_supported(&SPEC.field("trafficDistribution"), distribution, &near);
    }
}

/// spec of a changed Service: its address stays.
pub(super) fn update(tree: &Value, old: &Object, report: &mut Report) {
    let (spec, held) = (tree.at(&["spec"]), old.tree.at(&["spec"]));
    if spec == held {
        return;
    }
    let external = |spec: &Value| spec.at(&["type"]).as_str() == Some("ExternalName");
    let list = |spec: &Value| spec.at(&["clusterIPs"]).clone();
    let first = |spec: &Value| list(spec).items().first().cloned();
    if !external(spec) && !external(held) && first(held).is_some() && first(spec) != first(held) {
        let path = SPEC.field("clusterIPs");
        report.invalid(&path.index(0), &list(spec), "may not change once set");
    }
    check(tree, report);
}
