//! `kubectl describe node`.

use super::super::cells::{age, node_roles, scalar};
use super::World;
use super::conditions::conditions;
use super::container::NEVER;
use super::writer::{Writer, lower_flag, moment};
use crate::api::quantity::Quantity;
use crate::api::{Kind, Object, Shared};
use crate::value::{Text, Value};

/// How often a kubelet renews its lease, ms.
const LEASE_PERIOD: i64 = 10_000;

/// A node, but for its events.
pub fn node(out: &mut Writer, object: &Object, world: &mut World<'_>) {
    let (spec, status) = (object.tree.at(&["spec"]), object.tree.at(&["status"]));
    out.field(0, "Name", &object.meta.name);
    out.field(0, "Roles", &node_roles(object));
    out.labels("Labels", object.tree.at(&["metadata", "labels"]));
    out.annotations("Annotations", object.tree.at(&["metadata", "annotations"]));
    out.field(0, "CreationTimestamp", &moment(object.tree.at(&["metadata", "creationTimestamp"]), ""));
    out.many("Taints", &taints(spec.at(&["taints"])));
    out.field(0, "Unschedulable", lower_flag(spec.at(&["unschedulable"])));
    lease(out, object, world);
    conditions(out, status.at(&["conditions"]), "lastHeartbeatTime");
    out.line(0, "Addresses:");
    for address in status.at(&["addresses"]).items() {
        out.field(1, address.at(&["type"]).str_or_empty(), address.at(&["address"]).str_or_empty());
    }
    for (title, key) in [("Capacity:", "capacity"), ("Allocatable:", "allocatable")] {
        out.line(0, title);
        for (name, quantity) in status.at(&[key]).pairs() {
            out.field(1, name, &scalar(quantity));
        }
    }
    system(out, status.at(&["nodeInfo"]));
    out.field_if(0, "PodCIDR", spec.at(&["podCIDR"]).str_or_empty());
    let ranges: Vec<&str> = spec.at(&["podCIDRs"]).items().iter().map(Value::str_or_empty).collect();
    out.field_if(0, "PodCIDRs", &ranges.join(","));
    out.field_if(0, "ProviderID", spec.at(&["providerID"]).str_or_empty());
    pods(out, object, world);
}

fn taints(taints: &Value) -> Vec<String> {
    let mut all: Vec<&Value> = taints.items().iter().collect();
    crate::sorted::sort_by_key(&mut all, &|taint| {
        (taint.at(&["effect"]).str_or_empty(), taint.at(&["key"]).str_or_empty())
    });
    let text = |taint: &Value| {
        let get = |key: &str| taint.at(&[key]).str_or_empty().to_owned();
        match (get("value"), get("effect")) {
            (value, effect) if value.is_empty() => format!("{}:{effect}", get("key")),
            (value, effect) => format!("{}={value}:{effect}", get("key")),
        }
    };
    all.into_iter().map(text).collect()
}

/// Leases are no objects here: the last renewal follows from the node's state.
fn lease(out: &mut Writer, object: &Object, world: &World<'_>) {
    let conditions = object.tree.at(&["status", "conditions"]).items();
    let silent = conditions.iter().find(|c| c.at(&["status"]).str_or_empty() == "Unknown");
    let renewed = if let Some(condition) = silent {
        moment(condition.at(&["lastHeartbeatTime"]), NEVER)
    } else {
        let since_renewal = world.now.since(object.meta.created).rem_euclid(LEASE_PERIOD);
        world.now.plus(-since_renewal).rfc1123()
    };
    out.line(0, "Lease:");
    out.field(1, "HolderIdentity", &object.meta.name);
    out.field(1, "AcquireTime", "<unset>");
    out.field(1, "RenewTime", &renewed);
}

fn system(out: &mut Writer, info: &Value) {
    out.line(0, "System Info:");
    for (title, key) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        out.field(1, title, info.at(&[key]).str_or_empty());
    }
}

/// What is asked for and what is the limit, per resource.
const SIDES: [&str; 2] = ["requests", "limits"];

fn pods(out: &mut Writer, object: &Object, world: &mut World<'_>) {
    let allocatable = object.tree.at(&["status", "allocatable"]);
    let pods = pods_on(object, world);
    out.field(0, "Non-terminated Pods", &format!("({} in total)", pods.len()));
    out.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    out.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    for pod in &pods {
        let mut line = format!("{}\t{}\t", pod.meta.namespace, pod.meta.name);
        for resource in ["cpu", "memory"] {
            for side in SIDES {
                line.push('\t');
                line.push_str(&share(amount(&pod.tree, side, resource), resource, allocatable));
            }
        }
        out.line(1, &format!("{line}\t{}", age(pod, world.now)));
    }
    out.line(0, "Allocated resources:");
    out.line(1, "(Total limits may be over 100 percent, i.e., overcommitted.)");
    out.line(1, "Resource\tRequests\tLimits");
    out.line(1, "--------\t--------\t------");
    for resource in ["cpu", "memory", "ephemeral-storage"] {
        let mut line = resource.to_owned();
        for side in SIDES {
            let amounts = pods.iter().map(|pod| amount(&pod.tree, side, resource));
            let total = amounts.fold(Quantity::ZERO, Quantity::plus);
            line.push('\t');
            line.push_str(&share(total, resource, allocatable));
        }
        out.line(1, &line);
    }
}

fn pods_on(object: &Object, world: &mut World<'_>) -> Vec<Shared> {
    let mut pods = (world.list)(Kind::Pod, &Text::default());
    pods.retain(|pod| {
        pod.tree.at(&["spec", "nodeName"]).str_or_empty() == object.meta.name.as_str()
            && !matches!(pod.tree.at(&["status", "phase"]).str_or_empty(), "Succeeded" | "Failed")
    });
    pods
}

/// `100m (2%)`.
fn share(amount: Quantity, resource: &str, allocatable: &Value) -> String {
    let whole = Quantity::lenient(&scalar(allocatable.at(&[resource])));
    format!("{amount} ({}%)", amount.percent_of(whole))
}

/// What a pod needs of a resource: its containers and sidecars together, or its hungriest init container.
fn amount(pod: &Value, side: &str, resource: &str) -> Quantity {
    let of = |container: &Value| Quantity::lenient(&scalar(container.at(&["resources", side, resource])));
    let containers = pod.at(&["spec", "containers"]).items();
    let mut together = containers.iter().map(of).fold(Quantity::ZERO, Quantity::plus);
    let mut sidecars = Quantity::ZERO;
    let mut most = Quantity::ZERO;
    for container in pod.at(&["spec", "initContainers"]).items() {
        if container.at(&["restartPolicy"]).str_or_empty() == "Always" {
            sidecars = sidecars.plus(of(container));
            most = most.max(sidecars);
        } else {
            most = most.max(sidecars.plus(of(container)));
        }
    }
    together = together.plus(sidecars);
    together.max(most)
}
