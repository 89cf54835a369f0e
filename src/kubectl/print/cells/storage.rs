//! Rows of claims, volumes and storage classes.

use super::{age, name};
use crate::api::Object;
use crate::time::Time;
use crate::value::Value;

/// The annotations that mark the default StorageClass.
const DEFAULT_CLASS: [&str; 2] =
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/// The annotation that named a StorageClass before spec.storageClassName did.
const BETA_CLASS: &str = "volume.beta.kubernetes.io/storage-class";

/// The cells of a PersistentVolumeClaim.
pub fn claim(object: &Object, now: Time) -> Vec<String> {
    let tree = &object.tree;
    let volume = tree.at(&["spec", "volumeName"]).str_or_empty();
    let (capacity, modes) = if volume.is_empty() {
        (String::new(), String::new())
    } else {
        let modes = access_modes(tree.at(&["status", "accessModes"]));
        (quantity(tree.at(&["status", "capacity", "storage"])), modes)
    };
    vec![
        name(object),
        phase(object),
        volume.to_owned(),
        capacity,
        modes,
        class_of(object).to_owned(),
        or_unset(tree.at(&["spec", "volumeAttributesClassName"])),
        age(object, now),
        or_unset(tree.at(&["spec", "volumeMode"])),
    ]
}

/// The cells of a PersistentVolume.
pub fn volume(object: &Object, now: Time) -> Vec<String> {
    let spec = object.tree.at(&["spec"]);
    let claim = spec.at(&["claimRef"]);
    let claim = match claim.at(&["name"]).str_or_empty() {
        "" => String::new(),
        name => format!("{}/{name}", claim.at(&["namespace"]).str_or_empty()),
    };
    vec![
        name(object),
        quantity(spec.at(&["capacity", "storage"])),
        access_modes(spec.at(&["accessModes"])),
        spec.at(&["persistentVolumeReclaimPolicy"]).str_or_empty().to_owned(),
        phase(object),
        claim,
        class_of(object).to_owned(),
        or_unset(spec.at(&["volumeAttributesClassName"])),
        object.tree.at(&["status", "reason"]).str_or_empty().to_owned(),
        age(object, now),
        or_unset(spec.at(&["volumeMode"])),
    ]
}

/// The cells of a StorageClass.
pub fn class(object: &Object, now: Time) -> Vec<String> {
    let tree = &object.tree;
    let or = |key: &str, missing: &str| match tree.at(&[key]).str_or_empty() {
        "" => missing.to_owned(),
        text => text.to_owned(),
    };
    let marked = if is_default_class(object) { " (default)" } else { "" };
    vec![
        format!("{}{marked}", object.meta.name),
        or("provisioner", ""),
        or("reclaimPolicy", "Delete"),
        or("volumeBindingMode", "Immediate"),
        (tree.at(&["allowVolumeExpansion"]).as_bool() == Some(true)).to_string(),
        age(object, now),
    ]
}

/// Whether a StorageClass is marked as the default.
pub fn is_default_class(object: &Object) -> bool {
    DEFAULT_CLASS.iter().any(|key| object.annotation(key) == Some("true"))
}

/// The StorageClass that a claim or a volume names; empty where it names none.
pub fn class_of(object: &Object) -> &str {
    object.annotation(BETA_CLASS).unwrap_or_else(|| object.tree.at(&["spec", "storageClassName"]).str_or_empty())
}

fn phase(object: &Object) -> String {
    if object.is_terminating() {
        "Terminating".to_owned()
    } else {
        object.tree.at(&["status", "phase"]).str_or_empty().to_owned()
    }
}

/// A quantity as stored; `0` where there is none.
pub fn quantity(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        other => match other.str_or_empty() {
            "" => "0".to_owned(),
            text => text.to_owned(),
        },
    }
}

fn or_unset(value: &Value) -> String {
    value.as_str().unwrap_or("<unset>").to_owned()
}

/// `RWO,ROX,RWX,RWOP` in this order, each once.
pub fn access_modes(modes: &Value) -> String {
    let short =
        [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
    let has = |mode: &str| modes.items().iter().any(|m| m.str_or_empty() == mode);
    let shown: Vec<&str> = short.iter().filter(|(mode, _)| has(mode)).map(|(_, short)| *short).collect();
    shown.join(",")
}
