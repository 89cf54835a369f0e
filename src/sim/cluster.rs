//! What is there before anyone acts: namespaces, nodes, StorageClasses, the `kubernetes` Service.

use super::Machine;
use crate::api::Kind;
use crate::api::quantity::Quantity;
use crate::apiserver::{ApiServer, Client};
use crate::map;
use crate::profile::{ClassSpec, LeftoverSpec, NodeSpec, Profile};
use crate::time::Time;
use crate::value::{Text, Value, json};

/// Annotation in which `kubectl apply` keeps what it was given.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// How old the cluster is when the scenario begins, ms.
pub(super) const CLUSTER_AGE: i64 = 5 * 60_000;

/// Fills an empty API server with a cluster of this profile.
pub(super) fn build(profile: &Profile, client: &mut Client<'_>) {
    let none = Text::default();
    for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
        let tree = map! { "metadata" => map! { "name" => name } };
        let _ = client.create(Kind::Namespace, &none, tree);
    }
    for node in &profile.nodes {
        let _ = client.create(Kind::Node, &none, node_tree(node, client.now())).and_then(|made| {
            let mut tree = made.tree.clone();
            tree.set(&["status"], node_status(node, made.meta.created));
            client.update_status(&made, tree)
        });
    }
    for class in &profile.storage_classes {
        let _ = client.create(Kind::StorageClass, &none, class_tree(class));
    }
    for leftover in &profile.leftover_volumes {
        let made = client.create(Kind::PersistentVolume, &none, volume_tree(leftover));
        let _ = made.and_then(|made| {
            let mut tree = made.tree.clone();
            tree.set(&["status", "phase"], "Released");
            client.update_status(&made, tree)
        });
    }
    let service = map! {
        "metadata" => map! {
            "name" => "kubernetes",
            "labels" => map! { "component" => "apiserver", "provider" => "kubernetes" },
        },
        "spec" => map! {
            "clusterIP" => "10.96.0.1",
            "ports" => vec![map! { "name" => "https", "port" => 443, "targetPort" => 6443 }],
        },
    };
    let _ = client.create(Kind::Service, &"default".into(), service);
}

/// How many pods a machine that joins takes.
const PODS: i64 = 110;

/// A machine joins: its kubelet registers a Node. Nothing happens where the name is taken or cannot be one.
pub(super) fn join(machine: &Machine, now: Time, server: &mut ApiServer) {
    let mut client = Client::new(server, now).managing("kubelet");
    let own = client.list(Kind::Node, &Text::default()).len() as i64 + 1;
    let node = NodeSpec {
        name: machine.name.to_string(),
        looks_ms: None,
        address: format!("192.168.49.{}", 10 + (own % 240)),
        zone: machine.zone.to_string(),
        cpu: machine.cpu.to_string(),
        memory: machine.memory.to_string(),
        pods: PODS,
    };
    let known = [&machine.cpu, &machine.memory].into_iter().all(|text| Quantity::parse(text).is_ok());
    if known {
        let made = client.create(Kind::Node, &Text::default(), node_tree(&node, now));
        let _ = made.and_then(|made| {
            let mut tree = made.tree.clone();
            tree.set(&["status"], node_status(&node, now));
            client.update_status(&made, tree)
        });
    }
}

/// A node gets another capacity.
pub(super) fn resize(machine: &Machine, now: Time, server: &mut ApiServer) {
    let mut client = Client::new(server, now).managing("kubelet");
    let Ok(found) = client.get(Kind::Node, &Text::default(), &machine.name) else { return };
    let mut tree = found.tree.clone();
    for list in ["capacity", "allocatable"] {
        for (resource, amount) in [("cpu", &machine.cpu), ("memory", &machine.memory)] {
            if Quantity::parse(amount).is_ok() {
                tree.set(&["status", list, resource], amount);
            }
        }
    }
    let _ = client.update_status(&found, tree);
}

/// A Node as its kubelet registers it.
pub(super) fn node_tree(node: &NodeSpec, now: Time) -> Value {
    let mut labels = map! {
        "beta.kubernetes.io/arch" => "amd64",
        "beta.kubernetes.io/os" => "linux",
        "kubernetes.io/arch" => "amd64",
        "kubernetes.io/hostname" => node.name.clone(),
        "kubernetes.io/os" => "linux",
    };
    if !node.zone.is_empty() {
        labels.map_mut().insert("topology.kubernetes.io/zone", node.zone.clone());
    }
    map! {
        "metadata" => map! {
            "name" => node.name.clone(),
            "labels" => labels,
            "annotations" => map! {
                "node.alpha.kubernetes.io/ttl" => "0",
                "volumes.kubernetes.io/controller-managed-attach-detach" => "true",
            },
        },
        "spec" => Value::empty_map(),
        "status" => node_status(node, now),
    }
}

/// What a kubelet of v1.36 declares that its node can do.
const DECLARED_FEATURES: [&str; 4] = [
    "ExtendWebSocketsToKubelet",
    "InPlacePodLevelResourcesVerticalScaling",
    "InPlacePodVerticalScalingInitContainers",
    "RestartAllContainersOnContainerExits",
];

/// The status of a healthy node.
fn node_status(node: &NodeSpec, now: Time) -> Value {
    let resources = || {
        map! {
            "cpu" => node.cpu.clone(),
            "ephemeral-storage" => "100Gi",
            "memory" => node.memory.clone(),
            "pods" => node.pods.to_string(),
        }
    };
    let condition = |kind: &'static str, status: &'static str, reason: &'static str, message: &'static str| {
        map! {
            "type" => kind,
            "status" => status,
            "lastHeartbeatTime" => now.rfc3339(),
            "lastTransitionTime" => now.rfc3339(),
            "reason" => reason,
            "message" => message,
        }
    };
    map! {
        "capacity" => resources(),
        "allocatable" => resources(),
        "addresses" => vec![
            map! { "type" => "InternalIP", "address" => node.address.clone() },
            map! { "type" => "Hostname", "address" => node.name.clone() },
        ],
        "conditions" => vec![
            condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ],
        "daemonEndpoints" => map! { "kubeletEndpoint" => map! { "Port" => 10250 } },
        "declaredFeatures" => Value::texts(DECLARED_FEATURES),
        "nodeInfo" => map! {
            "architecture" => "amd64",
            "bootID" => format!("boot-{}", node.name),
            "containerRuntimeVersion" => "containerd://2.1.4",
            "kernelVersion" => "6.1.0-18-amd64",
            "kubeProxyVersion" => "",
            "kubeletVersion" => "v1.36.2",
            "machineID" => format!("machine-{}", node.name),
            "operatingSystem" => "linux",
            "osImage" => "Debian GNU/Linux 12 (bookworm)",
            "systemUUID" => format!("uuid-{}", node.name),
        },
    }
}

/// A StorageClass as whoever set the cluster up applied it.
fn class_tree(class: &ClassSpec) -> Value {
    let mut annotations = Value::empty_map();
    if class.default {
        annotations.set(&["storageclass.kubernetes.io/is-default-class"], "true");
    }
    let mut tree = map! {
        "apiVersion" => "storage.k8s.io/v1",
        "kind" => "StorageClass",
        "metadata" => map! { "annotations" => annotations, "name" => class.name.clone() },
        "provisioner" => class.provisioner.clone(),
        "reclaimPolicy" => class.reclaim_policy.clone(),
        "volumeBindingMode" => class.binding_mode.clone(),
    };
    if class.expandable {
        tree.set(&["allowVolumeExpansion"], true);
    }
    let applied = format!("{}\n", json::to_compact(&tree));
    tree.set(&["metadata", "annotations", LAST_APPLIED], applied);
    tree
}

fn volume_tree(leftover: &LeftoverSpec) -> Value {
    map! {
        "metadata" => map! { "name" => leftover.name.clone() },
        "spec" => map! {
            "capacity" => map! { "storage" => leftover.capacity.clone() },
            "accessModes" => Value::texts(["ReadWriteOnce"]),
            "persistentVolumeReclaimPolicy" => "Retain",
            "storageClassName" => leftover.storage_class.clone(),
            "volumeMode" => "Filesystem",
            "hostPath" => map! { "path" => format!("/var/lib/leftover/{}", leftover.name) },
            "claimRef" => map! {
                "apiVersion" => "v1",
                "kind" => "PersistentVolumeClaim",
                "namespace" => leftover.claim_namespace.clone(),
                "name" => leftover.claim_name.clone(),
                "uid" => leftover.name.trim_start_matches("pvc-").to_owned(),
            },
        },
    }
}
