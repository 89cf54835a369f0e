//! Addresses and node ports of Services (`reference/network.md` §5, `reference/api-defaults-validation.md` §5).

use super::super::Store;
use crate::api::{Cause, CauseType, Kind, Object, Status};
use crate::list;
use crate::random::Seed;
use crate::sorted::SortedSet;
use crate::value::{Text, Value};

/// 10.96.0.0, the network of Services, as a number.
const NETWORK: u32 = 10 << 24 | 96 << 16;
/// How many addresses a /12 network has.
const ADDRESSES: u32 = 1 << 20;
/// Addresses drawn by the server lie above the first 256, which are left to those who choose their own.
const RESERVED: u32 = 256;
/// Node ports.
const PORTS: std::ops::RangeInclusive<i64> = 30000..=32767;

/// What is handed out to Services, and by which chance.
pub(in super::super) struct Addresses<'a> {
    /// The Services that hold addresses already.
    pub store: &'a Store,
    /// The world's seed.
    pub seed: Seed,
}

/// Keeps addresses and node ports that a change of a Service does not mention, and drops what a new type has not.
pub(in super::super) fn carry_over(tree: &mut Value, old: &Value) {
    let (new_type, old_type) = (tree.at(&["spec", "type"]).text(), old.at(&["spec", "type"]).text());
    let external = |t: &Text| *t == *"ExternalName";
    let spec = tree.at_mut(&["spec"]);
    let held = old.at(&["spec"]);
    if !external(&new_type) && !external(&old_type) {
        keep_addresses(spec, held);
    }
    if has_node_ports(&new_type) && has_node_ports(&old_type) {
        keep_node_ports(spec, held);
    }
    if external(&new_type) && !external(&old_type) {
        for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"] {
            if spec.at(&[key]) == held.at(&[key]) {
                spec.take(&[key]);
            }
        }
    }
    if has_node_ports(&old_type) && !has_node_ports(&new_type) {
        drop_node_ports(spec, held);
    }
    if old_type == *"LoadBalancer" && new_type != old_type {
        for key in ["allocateLoadBalancerNodePorts", "healthCheckNodePort", "loadBalancerClass"] {
            if spec.at(&[key]) == held.at(&[key]) {
                spec.take(&[key]);
            }
        }
    }
}

fn keep_addresses(spec: &mut Value, held: &Value) {
    if spec.at(&["clusterIP"]).str_or_empty().is_empty() {
        spec.set(&["clusterIP"], held.at(&["clusterIP"]).clone());
    }
    let (ip, before) = (spec.at(&["clusterIP"]).clone(), held.at(&["clusterIP"]));
    let list = spec.at(&["clusterIPs"]);
    if list.items().is_empty() && ip == *before {
        spec.set(&["clusterIPs"], held.at(&["clusterIPs"]).clone());
    } else if (list == held.at(&["clusterIPs"]) || list.items().is_empty()) && ip != *before {
        spec.set(&["clusterIPs"], list![ip]);
    }
    for key in ["ipFamilies", "ipFamilyPolicy"] {
        if spec.at(&[key]).is_null() && !held.at(&[key]).is_null() {
            spec.set(&[key], held.at(&[key]).clone());
        }
    }
}

fn keep_node_ports(spec: &mut Value, held: &Value) {
    if spec.at(&["ports"]).items().is_empty() {
        return;
    }
    for port in spec.at_mut(&["ports"]).items_mut() {
        if port.at(&["nodePort"]).as_i64().unwrap_or(0) != 0 {
            continue;
        }
        let same = |other: &&Value| ["port", "protocol"].iter().all(|key| other.at(&[key]) == port.at(&[key]));
        if let Some(before) = held.at(&["ports"]).items().iter().find(same)
            && let Some(number) = before.at(&["nodePort"]).as_i64()
        {
            port.set(&["nodePort"], number);
        }
    }
}

/// A Service that is no longer reached through nodes loses the ports it did not ask for.
fn drop_node_ports(spec: &mut Value, held: &Value) {
    let used: SortedSet<i64> = node_ports(held).collect();
    if spec.at(&["externalTrafficPolicy"]) == held.at(&["externalTrafficPolicy"]) {
        spec.take(&["externalTrafficPolicy"]);
    }
    if spec.at(&["ports"]).items().is_empty() {
        return;
    }
    for port in spec.at_mut(&["ports"]).items_mut() {
        if port.at(&["nodePort"]).as_i64().is_some_and(|n| used.contains(&n)) {
            port.take(&["nodePort"]);
        }
    }
}

fn has_node_ports(service_type: &str) -> bool {
    matches!(service_type, "NodePort" | "LoadBalancer")
}

fn node_ports(spec: &Value) -> impl Iterator<Item = i64> {
    spec.at(&["ports"]).items().iter().filter_map(|port| port.at(&["nodePort"]).as_i64())
}

impl Addresses<'_> {
    /// Gives a new or changed Service the addresses and node ports it lacks.
    ///
    /// # Errors
    /// Invalid: what it asks for cannot be had.
    pub fn allocate(&self, tree: &mut Value, old: Option<&Object>) -> Result<(), Status> {
        let service_type = tree.at(&["spec", "type"]).text();
        if service_type == *"ExternalName" {
            return Ok(());
        }
        let name = tree.at(&["metadata", "name"]).text();
        let invalid = |cause: Cause| Status::invalid(Kind::Service, &name, vec![cause]);
        known_families(tree.at(&["spec"])).map_err(invalid)?;
        self.cluster_ip(tree, old).map_err(invalid)?;
        families(tree);
        if has_node_ports(&service_type) {
            self.node_ports(tree, old).map_err(invalid)?;
        }
        Ok(())
    }

    fn others<'a>(&'a self, old: Option<&'a Object>) -> impl Iterator<Item = &'a Value> {
        self.store
            .list(Kind::Service, "")
            .filter(move |service| old.is_none_or(|old| old.meta.uid != service.meta.uid))
            .map(|service| service.tree.at(&["spec"]))
    }

    fn cluster_ip(&self, tree: &mut Value, old: Option<&Object>) -> Result<(), Cause> {
        let wanted = tree.at(&["spec", "clusterIP"]).text();
        if let Some(old) = old
            && !wanted.is_empty()
            && old.tree.at(&["spec", "clusterIP"]).as_str() == Some(&wanted)
        {
            return Ok(());
        }
        if wanted == *"None" {
            tree.set(&["spec", "clusterIPs"], list!["None"]);
            return Ok(());
        }
        let taken: SortedSet<u32> =
            self.others(old).filter_map(|spec| address(spec.at(&["clusterIP"]).str_or_empty())).collect();
        let ip = if wanted.is_empty() {
            written(self.free_address(tree, &taken))
        } else {
            let free = address(&wanted).is_some_and(|ip| !taken.contains(&ip));
            let inside = address(&wanted).is_some_and(|ip| ip & !(ADDRESSES - 1) == NETWORK);
            if !inside || !free {
                let why = if inside {
                    "provided IP is already allocated"
                } else {
                    "the provided network does not match the current range"
                };
                return Err(Cause {
                    kind: CauseType::Invalid,
                    field: "spec.clusterIPs".into(),
                    message: format!("Invalid value: [\"{wanted}\"]: failed to allocate IP {wanted}: {why}").into(),
                });
            }
            wanted
        };
        tree.set(&["spec", "clusterIPs"], list![&ip]);
        tree.set(&["spec", "clusterIP"], ip);
        Ok(())
    }

    /// The first address is the one of the API server itself; all others are drawn by their Service's name.
    fn free_address(&self, tree: &Value, taken: &SortedSet<u32>) -> u32 {
        let subject = subject(tree);
        if subject == "services/default/kubernetes" {
            return NETWORK + 1;
        }
        let low = i64::from(RESERVED) + 1;
        let high = i64::from(ADDRESSES) - 2;
        let mut offset = self.seed.between(&subject, "cluster IP", low, high) as u32;
        while taken.contains(&(NETWORK + offset)) {
            offset = if i64::from(offset) < high { offset + 1 } else { RESERVED + 1 };
        }
        NETWORK + offset
    }

    fn node_ports(&self, tree: &mut Value, old: Option<&Object>) -> Result<(), Cause> {
        let mut taken: SortedSet<i64> = self.others(old).flat_map(node_ports).collect();
        let own: SortedSet<i64> = old.into_iter().flat_map(|old| node_ports(old.tree.at(&["spec"]))).collect();
        let subject = subject(tree);
        let refuse = |index: usize, number: i64, why: &str| Cause {
            kind: CauseType::Invalid,
            field: format!("spec.ports[{index}].nodePort").into(),
            message: format!("Invalid value: {number}: {why}").into(),
        };
        for (index, port) in tree.at(&["spec", "ports"]).items().iter().enumerate() {
            let Some(number) = port.at(&["nodePort"]).as_i64() else {
                continue;
            };
            if !PORTS.contains(&number) {
                let why = "provided port is not in the valid range. The range of valid ports is 30000-32767";
                return Err(refuse(index, number, why));
            }
            if !taken.insert(number) && !own.contains(&number) {
                return Err(refuse(index, number, "provided port is already allocated"));
            }
        }
        for (index, port) in tree.at_mut(&["spec", "ports"]).items_mut().iter_mut().enumerate() {
            if port.at(&["nodePort"]).is_null() {
                let purpose = format!("node port {index}");
                let mut number = self.seed.between(&subject, &purpose, *PORTS.start(), *PORTS.end());
                while !taken.insert(number) && taken.len() < 2768 {
                    number = if number < *PORTS.end() { number + 1 } else { *PORTS.start() };
                }
                port.set(&["nodePort"], number);
            }
        }
        Ok(())
    }
}

/// A Service with addresses can only have those that this cluster has: IPv4.
fn known_families(spec: &Value) -> Result<(), Cause> {
    let headless = spec.at(&["clusterIP"]).as_str() == Some("None");
    if headless && spec.at(&["selector"]).pairs().next().is_none() {
        return Ok(());
    }
    let refuse = |field: String, value: &str, why: &str| {
        let message = format!("Invalid value: \"{value}\": {why}").into();
        Err(Cause { kind: CauseType::Invalid, field: field.into(), message })
    };
    if spec.at(&["ipFamilyPolicy"]).as_str() == Some("RequireDualStack") {
        let why = "this cluster is not configured for dual-stack services";
        return refuse("spec.ipFamilyPolicy".to_owned(), "RequireDualStack", why);
    }
    match spec.at(&["ipFamilies"]).items().iter().position(|family| family.as_str() == Some("IPv6")) {
        Some(index) => refuse(format!("spec.ipFamilies[{index}]"), "IPv6", "not configured on this cluster"),
        None => Ok(()),
    }
}

/// IP families: this cluster has IPv4; only a headless Service without a selector speaks of both.
fn families(tree: &mut Value) {
    let spec = tree.at_mut(&["spec"]);
    let headless = spec.at(&["clusterIP"]).as_str() == Some("None");
    let both = headless && spec.at(&["selector"]).pairs().next().is_none() && spec.at(&["ipFamilyPolicy"]).is_null();
    if spec.at(&["ipFamilies"]).items().is_empty() {
        let families = if both { list!["IPv4", "IPv6"] } else { list!["IPv4"] };
        spec.set(&["ipFamilies"], families);
    }
    if spec.at(&["ipFamilyPolicy"]).is_null() {
        let policy = if both { "RequireDualStack" } else { "SingleStack" };
        spec.set(&["ipFamilyPolicy"], policy);
    }
}

fn subject(tree: &Value) -> String {
    let meta = |key: &str| tree.at(&["metadata", key]).text();
    format!("services/{}/{}", meta("namespace"), meta("name"))
}

/// The number of an IPv4 address.
fn address(text: &str) -> Option<u32> {
    text.parse::<std::net::Ipv4Addr>().ok().map(u32::from)
}

fn written(address: u32) -> Text {
    std::net::Ipv4Addr::from(address).to_string().into()
}
