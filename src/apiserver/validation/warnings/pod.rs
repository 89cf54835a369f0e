//! Warnings about a pod or a pod template, in the order in which Kubernetes looks at it.

use super::{claim, fraction, node_term, old_label};
use crate::value::Value;

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

/// Annotations that do nothing any more.
const OLD_ANNOTATIONS: [(&str, &str); 3] = [
    (
        "scheduler.alpha.kubernetes.io/critical-pod",
        "non-functional in v1.16+; use the \"priorityClassName\" field instead",
    ),
    ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    ("security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
];

/// Kinds of volumes whose time is over.
const OLD_VOLUMES: [(&str, &str); 9] = [
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

/// Warnings about metadata and spec at this path, which is empty or ends with a dot.
pub(super) fn template(tree: &Value, at: &str, warnings: &mut Vec<String>) {
    let spec = tree.at(&["spec"]);
    let path = format!("{at}spec");
    let annotations = tree.at(&["metadata", "annotations"]);
    places(spec, &path, warnings);
    for (key, message) in OLD_ANNOTATIONS {
        if annotations.get(key).is_some() {
            warnings.push(format!("{at}metadata.annotations[{key}]: {message}"));
        }
    }
    volumes(spec, &path, warnings);
    repeated(spec.at(&["hostAliases"]), "ip", &format!("{path}.hostAliases"), warnings);
    let secrets = spec.at(&["imagePullSecrets"]);
    repeated(secrets, "name", &format!("{path}.imagePullSecrets"), warnings);
    for (index, secret) in secrets.items().iter().enumerate() {
        if secret.at(&["name"]).str_or_empty().is_empty() {
            warnings.push(format!("{path}.imagePullSecrets[{index}].name: invalid empty name \"\""));
        }
    }
    for resource in ["memory", "ephemeral-storage"] {
        fraction(spec.at(&["overhead", resource]), &format!("{path}.overhead[{resource}]"), warnings);
    }
    for_each_container(spec, &path, &mut |container, path| {
        for resource in ["memory", "ephemeral-storage"] {
            for part in ["limits", "requests"] {
                let amount = container.at(&["resources", part, resource]);
                fraction(amount, &format!("{path}.resources.{part}[{resource}]"), warnings);
            }
        }
        variables(container, path, warnings);
    });
    ports(spec, &path, warnings);
    if spec.at(&["terminationGracePeriodSeconds"]).as_i64().is_some_and(|n| n < 0) {
        warnings.push(format!(
            "{path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
        ));
    }
    neighbours(spec, &path, warnings);
}

fn for_each_container<'a>(spec: &'a Value, path: &str, act: &mut dyn FnMut(&'a Value, &str)) {
    for list in ["initContainers", "containers"] {
        for (index, container) in spec.at(&[list]).items().iter().enumerate() {
            act(container, &format!("{path}.{list}[{index}]"));
        }
    }
}

/// Which nodes a pod may be on.
fn places(spec: &Value, path: &str, warnings: &mut Vec<String>) {
    for (key, _) in spec.at(&["nodeSelector"]).pairs() {
        if let Some(message) = old_label(key) {
            warnings.push(format!("{path}.nodeSelector[{key}]: {message}"));
        }
    }
    let affinity = spec.at(&["affinity", "nodeAffinity"]);
    let required = affinity.at(&[REQUIRED, "nodeSelectorTerms"]).items();
    for (index, term) in required.iter().enumerate() {
        node_term(
            term,
            false,
            &format!("{path}.affinity.nodeAffinity.{REQUIRED}.nodeSelectorTerms[{index}]"),
            warnings,
        );
    }
    for (index, weighted) in affinity.at(&[PREFERRED]).items().iter().enumerate() {
        let path = format!("{path}.affinity.nodeAffinity.{PREFERRED}[{index}].preference");
        node_term(weighted.at(&["preference"]), true, &path, warnings);
    }
    for (index, constraint) in spec.at(&["topologySpreadConstraints"]).items().iter().enumerate() {
        let path = format!("{path}.topologySpreadConstraints[{index}]");
        let key = constraint.at(&["topologyKey"]).str_or_empty();
        if let Some(message) = old_label(key) {
            warnings.push(format!("{path}.topologyKey: {key} is {message}"));
        }
        no_selector(constraint, &path, warnings);
    }
}

fn no_selector(term: &Value, path: &str, warnings: &mut Vec<String>) {
    if term.at(&["labelSelector"]).is_null() {
        warnings.push(format!("{path}.labelSelector: a null labelSelector results in matching no pod"));
    }
}

/// Which pods a pod wants near it, or far away.
fn neighbours(spec: &Value, path: &str, warnings: &mut Vec<String>) {
    for kind in ["podAffinity", "podAntiAffinity"] {
        let affinity = spec.at(&["affinity", kind]);
        for (index, term) in affinity.at(&[REQUIRED]).items().iter().enumerate() {
            no_selector(term, &format!("{path}.affinity.{kind}.{REQUIRED}[{index}]"), warnings);
        }
        for (index, weighted) in affinity.at(&[PREFERRED]).items().iter().enumerate() {
            let path = format!("{path}.affinity.{kind}.{PREFERRED}[{index}].podAffinityTerm");
            no_selector(weighted.at(&["podAffinityTerm"]), &path, warnings);
        }
    }
}

fn volumes(spec: &Value, path: &str, warnings: &mut Vec<String>) {
    for (index, volume) in spec.at(&["volumes"]).items().iter().enumerate() {
        let path = format!("{path}.volumes[{index}]");
        for (kind, message) in OLD_VOLUMES {
            if !volume.at(&[kind]).is_null() {
                // One of them is called otherwise inside Kubernetes than in manifests.
                let kind = if kind == "storageos" { "storageOS" } else { kind };
                warnings.push(format!("{path}.{kind}: {message}"));
            }
        }
        let template = volume.at(&["ephemeral", "volumeClaimTemplate", "spec"]);
        claim(template, &format!("{path}.ephemeral.volumeClaimTemplate.spec"), warnings);
    }
}

/// Entries of a list that name what an earlier one named.
fn repeated(list: &Value, key: &str, path: &str, warnings: &mut Vec<String>) {
    let list = list.items();
    for (index, entry) in list.iter().enumerate() {
        let name = entry.at(&[key]).str_or_empty();
        if list.iter().take(index).any(|other| other.at(&[key]).str_or_empty() == name) {
            warnings.push(format!("{path}[{index}].{key}: duplicate {key} \"{name}\""));
        }
    }
}

/// A variable that is given twice hides the first one, unless it is built on it.
fn variables(container: &Value, path: &str, warnings: &mut Vec<String>) {
    let variables = container.at(&["env"]).items();
    for (index, variable) in variables.iter().enumerate() {
        let name = variable.at(&["name"]);
        let own_reference = format!("$({})", name.str_or_empty());
        let value = variable.at(&["value"]).str_or_empty();
        let built_on = value.contains(&own_reference) && value != own_reference;
        if !built_on && variables.iter().take(index).any(|other| other.at(&["name"]) == name) {
            warnings.push(format!(
                "{path}.env[{index}]: hides previous definition of \"{}\", which may be dropped when using apply",
                name.str_or_empty()
            ));
        }
    }
}

/// Ports that two containers, or one of them twice, speak of.
fn ports(spec: &Value, path: &str, warnings: &mut Vec<String>) {
    let mut seen: Vec<(&Value, String)> = Vec::new();
    for_each_container(spec, path, &mut |container, path| {
        for (index, port) in container.at(&["ports"]).items().iter().enumerate() {
            let path = format!("{path}.ports[{index}]");
            let text = |port: &Value, key: &str| port.at(&[key]).text();
            let number = |port: &Value, key: &str| port.at(&[key]).as_i64().unwrap_or(0);
            let host = number(port, "hostPort");
            if host == 0 && !text(port, "hostIP").is_empty() {
                warnings.push(format!(
                    "{path}: hostIP set without hostPort: {{Name:{} HostPort:0 ContainerPort:{} Protocol:{} HostIP:{}}}",
                    text(port, "name"),
                    number(port, "containerPort"),
                    text(port, "protocol"),
                    text(port, "hostIP")
                ));
            }
            for (other, where_it_stands) in &seen {
                let same = ["containerPort", "protocol"].iter().all(|key| other.at(&[key]) == port.at(&[key]));
                if !same {
                    continue;
                }
                let equal_port = number(other, "hostPort") == host;
                let (address, others) = (text(port, "hostIP"), text(other, "hostIP"));
                let what = if equal_port && address == others {
                    "duplicate"
                } else if host == 0 || number(other, "hostPort") == 0 {
                    "overlapping"
                } else if equal_port && address.is_empty() != others.is_empty() {
                    "dangerously ambiguous"
                } else {
                    continue;
                };
                warnings.push(format!("{path}: {what} port definition with {where_it_stands}"));
            }
            seen.push((port, path));
        }
    });
}
