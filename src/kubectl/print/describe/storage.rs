//! `kubectl describe` of claims, volumes and storage classes.

use super::super::cells::{access_modes, class_of, is_default_class, quantity, since};
use super::super::table::labels;
use super::conditions::conditions;
use super::writer::{Writer, bracketed, flag, map_of};
use super::{World, volume as sources};
use crate::api::{Kind, Object};
use crate::time::Time;
use crate::value::Value;

/// A claim, but for its events.
pub fn claim(out: &mut Writer, object: &Object, world: &mut World<'_>) {
    let (spec, status) = (object.tree.at(&["spec"]), object.tree.at(&["status"]));
    out.field(0, "Name", &object.meta.name);
    out.field(0, "Namespace", &object.meta.namespace);
    out.field(0, "StorageClass", class_of(object));
    out.field(0, "Status", &phase(object, world.now));
    let volume = spec.at(&["volumeName"]).str_or_empty();
    out.field(0, "Volume", volume);
    out.labels("Labels", object.tree.at(&["metadata", "labels"]));
    out.annotations("Annotations", object.tree.at(&["metadata", "annotations"]));
    out.field(0, "Finalizers", &bracketed(object.tree.at(&["metadata", "finalizers"])));
    let (capacity, modes) = if volume.is_empty() {
        (String::new(), String::new())
    } else {
        (quantity(status.at(&["capacity", "storage"])), access_modes(status.at(&["accessModes"])))
    };
    out.field(0, "Capacity", &capacity);
    out.field(0, "Access Modes", &modes);
    out.field_if(0, "VolumeMode", spec.at(&["volumeMode"]).str_or_empty());
    if let Some(source) = spec.get("dataSource") {
        let text = |key: &str| source.at(&[key]).str_or_empty();
        out.line(0, "DataSource:");
        out.field_if(1, "APIGroup", text("apiGroup"));
        out.field(1, "Kind", text("kind"));
        out.field(1, "Name", text("name"));
    }
    let users = users(object, world);
    out.many("Used By", &users);
    conditions(out, status.at(&["conditions"]), "lastProbeTime");
}

fn phase(object: &Object, now: Time) -> String {
    if object.is_terminating() {
        let lasts = since(object.tree.at(&["metadata", "deletionTimestamp"]), now);
        return format!("Terminating (lasts {lasts})");
    }
    object.tree.at(&["status", "phase"]).str_or_empty().to_owned()
}

/// The names of the pods that mount a claim.
fn users(object: &Object, world: &mut World<'_>) -> Vec<String> {
    let pods = (world.list)(Kind::Pod, &object.meta.namespace);
    let mounts = |volume: &Value| {
        let claim = volume.at(&["persistentVolumeClaim", "claimName"]).str_or_empty();
        claim == object.meta.name.as_str()
    };
    pods.iter()
        .filter(|pod| pod.tree.at(&["spec", "volumes"]).items().iter().any(mounts))
        .map(|pod| pod.meta.name.to_string())
        .collect()
}

/// A persistent volume, but for its events.
pub fn volume(out: &mut Writer, object: &Object, now: Time) {
    let spec = object.tree.at(&["spec"]);
    out.field(0, "Name", &object.meta.name);
    out.labels("Labels", object.tree.at(&["metadata", "labels"]));
    out.annotations("Annotations", object.tree.at(&["metadata", "annotations"]));
    out.field(0, "Finalizers", &bracketed(object.tree.at(&["metadata", "finalizers"])));
    out.field(0, "StorageClass", class_of(object));
    out.field(0, "Status", &phase(object, now));
    let claim = match spec.get("claimRef") {
        Some(claim) => {
            let text = |key: &str| claim.at(&[key]).str_or_empty();
            format!("{}/{}", text("namespace"), text("name"))
        }
        None => String::new(),
    };
    out.field(0, "Claim", &claim);
    out.field(0, "Reclaim Policy", spec.at(&["persistentVolumeReclaimPolicy"]).str_or_empty());
    out.field(0, "Access Modes", &access_modes(spec.at(&["accessModes"])));
    out.field_if(0, "VolumeMode", spec.at(&["volumeMode"]).str_or_empty());
    out.field(0, "Capacity", &quantity(spec.at(&["capacity", "storage"])));
    node_affinity(out, spec.at(&["nodeAffinity", "required"]));
    out.field(0, "Message", object.tree.at(&["status", "message"]).str_or_empty());
    out.line(0, "Source:");
    let known = spec.pairs().any(|(kind, source)| sources::persistent_source(out, kind, source));
    if !known {
        out.line(1, "<unknown>");
    }
}

fn node_affinity(out: &mut Writer, required: &Value) {
    if required.is_null() {
        out.field(0, "Node Affinity", "<none>");
        return;
    }
    out.field(0, "Node Affinity", "");
    let terms = required.at(&["nodeSelectorTerms"]).items();
    out.field(1, "Required Terms", if terms.is_empty() { "<none>" } else { "" });
    for (at, term) in terms.iter().enumerate() {
        let mut key = format!("Term {at}:");
        let expressions = term.at(&["matchExpressions"]).items();
        if expressions.is_empty() {
            out.line(2, &format!("{key}\t<none>"));
        }
        for expression in expressions {
            let text = |key: &str| expression.at(&[key]).str_or_empty();
            let mut line = format!("{key}\t{} {}", text("key"), text("operator").to_ascii_lowercase());
            let values: Vec<&str> = expression.at(&["values"]).items().iter().map(Value::str_or_empty).collect();
            if !values.is_empty() {
                for part in [" [", &values.join(", "), "]"] {
                    line.push_str(part);
                }
            }
            out.line(2, &line);
            key.clear();
        }
    }
}

/// A storage class, but for its events.
pub fn class(out: &mut Writer, object: &Object) {
    let tree = &object.tree;
    let text = |key: &str| tree.at(&[key]).str_or_empty();
    out.field(0, "Name", &object.meta.name);
    out.field(0, "IsDefaultClass", if is_default_class(object) { "Yes" } else { "No" });
    out.field(0, "Annotations", &labels(object.annotations()));
    out.field(0, "Provisioner", text("provisioner"));
    out.field(0, "Parameters", &labels(map_of(tree.at(&["parameters"]))));
    let expansion = match tree.at(&["allowVolumeExpansion"]) {
        Value::Null => "<unset>",
        allowed => flag(allowed),
    };
    out.field(0, "AllowVolumeExpansion", expansion);
    let options = tree.at(&["mountOptions"]).items();
    if options.is_empty() {
        out.field(0, "MountOptions", "<none>");
    } else {
        out.line(0, "MountOptions:");
        for option in options {
            out.line(1, option.str_or_empty());
        }
    }
    out.field_if(0, "ReclaimPolicy", text("reclaimPolicy"));
    out.field_if(0, "VolumeBindingMode", text("volumeBindingMode"));
    let topologies = object.tree.at(&["allowedTopologies"]).items();
    if !topologies.is_empty() {
        out.field(0, "AllowedTopologies", "");
        for (at, term) in topologies.iter().enumerate() {
            let mut key = format!("Term {at}:");
            for expression in term.at(&["matchLabelExpressions"]).items() {
                let values: Vec<&str> = expression.at(&["values"]).items().iter().map(Value::str_or_empty).collect();
                let name = expression.at(&["key"]).str_or_empty();
                out.line(1, &format!("{key}\t{name} in [{}]", values.join(", ")));
                key = String::new();
            }
        }
    }
}
