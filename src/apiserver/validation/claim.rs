//! Claims and volumes (`reference/api-defaults-validation.md` §5).

use super::blocks::{IMMUTABLE, Path, Report, written};
use super::{inner, labels, names, scheduling, volumes};
use crate::api::Object;
use crate::api::quantity::Quantity;
use crate::value::Value;

const SPEC: Path<'static> = Path::root("spec");
/// Access modes in the order in which they are listed.
const MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

/// spec of a claim, or of a claim template.
pub(super) fn spec(spec: &Value, path: &Path, report: &mut Report) {
    let modes_path = path.field("accessModes");
    let modes = spec.at(&["accessModes"]).items();
    if modes.is_empty() {
        report.required(&modes_path, "at least 1 access mode is required");
    }
    labels::selector(spec.at(&["selector"]), &path.field("selector"), report);
    access_modes(modes, &modes_path, report);
    let resources = path.field("resources");
    match spec.at(&["resources", "requests", "storage"]) {
        Value::Null => report.required(&resources.key("storage"), ""),
        amount => {
            let amount = amount.str_or_empty();
            if Quantity::lenient(amount) <= Quantity::ZERO {
                report.invalid_text(&resources.key("storage"), amount, "must be greater than zero");
            }
        }
    }
    class_and_mode(spec, path, report);
    for key in ["dataSource", "dataSourceRef"] {
        let source = spec.at(&[key]);
        if !source.is_null() {
            data_source(source, &path.field(key), report);
        }
    }
}

fn access_modes(modes: &[Value], path: &Path, report: &mut Report) {
    let is_single = |mode: &Value| mode.as_str() == Some("ReadWriteOncePod");
    for mode in modes {
        let mode = mode.str_or_empty();
        if !MODES.contains(&mode) {
            report.not_supported(path, mode, &MODES);
        }
    }
    let others = modes.iter().any(|mode| !is_single(mode) && MODES.contains(&mode.str_or_empty()));
    if others && modes.iter().any(is_single) {
        report.forbidden(path, "may not use ReadWriteOncePod with other access modes");
    }
}

fn class_and_mode(spec: &Value, path: &Path, report: &mut Report) {
    let class = spec.at(&["storageClassName"]).str_or_empty();
    if !class.is_empty() {
        report.complaints(&path.field("storageClassName"), class, names::dns_subdomain(class));
    }
    let mode = spec.at(&["volumeMode"]).str_or_empty();
    if !matches!(mode, "" | "Block" | "Filesystem") {
        report.not_supported(&path.field("volumeMode"), mode, &["Block", "Filesystem"]);
    }
    let attributes = spec.at(&["volumeAttributesClassName"]).str_or_empty();
    if !attributes.is_empty() {
        report.complaints(&path.field("volumeAttributesClassName"), attributes, names::dns_subdomain(attributes));
    }
}

fn data_source(source: &Value, path: &Path, report: &mut Report) {
    let text = |key: &str| source.at(&[key]).str_or_empty();
    for key in ["name", "kind"] {
        if text(key).is_empty() {
            report.required(&path.field(key), "");
        }
    }
    if text("apiGroup").is_empty() && text("kind") != "PersistentVolumeClaim" {
        let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        report.invalid_text(path, text("kind"), detail);
    }
}

/// spec of a changed claim: little but a bound claim's request may change.
pub(super) fn update(tree: &Value, old: &Object, report: &mut Report) {
    const STORAGE: [&str; 3] = ["resources", "requests", "storage"];
    let (new, held) = (tree.at(&["spec"]), old.tree.at(&["spec"]));
    if new == held {
        return;
    }
    spec(new, &SPEC, report);
    let (mut compared, mut before) = (new.clone(), held.clone());
    if held.at(&["volumeName"]).str_or_empty().is_empty() {
        before.set(&["volumeName"], new.at(&["volumeName"]).clone());
        compared.set(&["volumeName"], new.at(&["volumeName"]).clone());
    }
    if held.at(&["storageClassName"]).is_null() {
        compared.take(&["storageClassName"]);
    }
    let bound = tree.at(&["status", "phase"]).as_str() == Some("Bound");
    if bound && !new.at(&["resources", "requests"]).is_null() {
        compared.set(&STORAGE, held.at(&STORAGE).clone());
        if !new.at(&["volumeAttributesClassName"]).is_null() {
            let class = held.at(&["volumeAttributesClassName"]).clone();
            compared.set(&["volumeAttributesClassName"], class);
            if held.at(&["volumeAttributesClassName"]).is_null() {
                compared.take(&["volumeAttributesClassName"]);
            }
        }
    }
    if compared != before {
        let difference = inner::difference("PersistentVolumeClaimSpec", &before, &compared);
        let detail = format!(
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound \
             claims\n{difference}"
        );
        report.forbidden(&SPEC, &detail);
    }
    let amount = |spec: &Value| Quantity::lenient(spec.at(&STORAGE).str_or_empty());
    if amount(new) < amount(held) {
        let capacity = old.tree.at(&["status", "capacity", "storage"]).str_or_empty();
        if amount(new) <= Quantity::lenient(capacity) {
            report.forbidden(
                &Path::root("spec.resources.requests.storage"),
                "field can not be less than status.capacity",
            );
        }
    }
    immutable_mode(new, held, report);
}

fn immutable_mode(new: &Value, held: &Value, report: &mut Report) {
    let (mode, before) = (new.at(&["volumeMode"]), held.at(&["volumeMode"]));
    if mode != before {
        report.invalid(&Path::root("volumeMode"), mode, IMMUTABLE);
    }
}

/// Sources of a volume that are looked into; all others need only be there.
const NOT_SOURCES: [&str; 9] = [
    "accessModes",
    "capacity",
    "claimRef",
    "mountOptions",
    "nodeAffinity",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "volumeMode",
    "volumeAttributesClassName",
];

/// spec of a PersistentVolume.
pub(super) fn volume(tree: &Value, report: &mut Report) {
    let spec = tree.at(&["spec"]);
    let modes_path = SPEC.field("accessModes");
    let modes = spec.at(&["accessModes"]).items();
    if modes.is_empty() {
        report.required(&modes_path, "");
    }
    access_modes(modes, &modes_path, report);
    capacity(spec.at(&["capacity"]), report);
    let policy = spec.at(&["persistentVolumeReclaimPolicy"]).str_or_empty();
    let policies = ["Delete", "Recycle", "Retain"];
    if !policy.is_empty() && !policies.contains(&policy) {
        report.not_supported(&SPEC.field("persistentVolumeReclaimPolicy"), policy, &policies);
    }
    if !spec.at(&["nodeAffinity"]).is_null() {
        let affinity = SPEC.field("nodeAffinity");
        let required = affinity.field("required");
        match spec.at(&["nodeAffinity", "required"]) {
            Value::Null => report.required(&required, "must specify required node constraints"),
            selector => scheduling::node_selector(selector, &required, report),
        }
    }
    sources(spec, report);
    if policy == "Recycle" && spec.at(&["hostPath", "path"]).as_str() == Some("/") {
        let path = SPEC.field("persistentVolumeReclaimPolicy");
        report.forbidden(&path, "may not be 'recycle' for a hostPath mount of '/'");
    }
    class_and_mode(spec, &SPEC, report);
}

fn capacity(capacity: &Value, report: &mut Report) {
    let path = SPEC.field("capacity");
    let entries = capacity.pairs().count();
    if entries == 0 {
        report.required(&path, "");
    }
    if capacity.get("storage").is_none() || entries > 1 {
        report.not_supported_written(&path, &written(capacity), &["storage"]);
    }
    for (name, amount) in capacity.pairs() {
        let amount = amount.str_or_empty();
        if Quantity::lenient(amount) <= Quantity::ZERO {
            report.invalid_text(&path.key(name), amount, "must be greater than zero");
        }
    }
}

fn sources(spec: &Value, report: &mut Report) {
    let mut found = 0;
    for (key, source) in spec.pairs() {
        if NOT_SOURCES.contains(&key.as_str()) || source.is_null() {
            continue;
        }
        found += 1;
        let path = SPEC.field(key);
        if found > 1 {
            report.forbidden(&path, "may not specify more than 1 volume type");
        } else if matches!(key.as_str(), "hostPath" | "local") && source.at(&["path"]).str_or_empty().is_empty() {
            report.required(&path.field("path"), "");
        } else if key.as_str() == "hostPath" {
            volumes::host_path(source, &path, report);
        } else if key.as_str() == "csi" {
            for key in ["driver", "volumeHandle"] {
                if source.at(&[key]).str_or_empty().is_empty() {
                    report.required(&path.field(key), "");
                }
            }
        } else if key.as_str() == "local" && spec.at(&["nodeAffinity"]).is_null() {
            report.required(&Path::root("metadata.annotations"), "Local volume requires node affinity");
        }
    }
    if found == 0 {
        report.required(&SPEC, "must specify a volume type");
    }
}

/// spec of a changed PersistentVolume: its source stays what it is.
pub(super) fn volume_update(tree: &Value, old: &Object, report: &mut Report) {
    let (new, held) = (tree.at(&["spec"]), old.tree.at(&["spec"]));
    if new == held {
        return;
    }
    volume(tree, report);
    let source = |spec: &Value| {
        let mut source = spec.clone();
        for key in NOT_SOURCES {
            source.take(&[key]);
        }
        source
    };
    let (after, before) = (source(new), source(held));
    if after != before {
        let difference = inner::difference("PersistentVolumeSource", &before, &after);
        let detail = format!("spec.persistentvolumesource is immutable after creation\n{difference}");
        report.forbidden(&SPEC.field("persistentvolumesource"), &detail);
    }
    immutable_mode(new, held, report);
    let affinity = |spec: &Value| spec.at(&["nodeAffinity"]).clone();
    if !affinity(held).is_null() && affinity(new) != affinity(held) {
        report.invalid(&Path::root("nodeAffinity"), &affinity(new), IMMUTABLE);
    }
}

/// A StorageClass.
pub(super) fn class(tree: &Value, report: &mut Report) {
    let provisioner = tree.at(&["provisioner"]).str_or_empty();
    let path = Path::root("provisioner");
    if provisioner.is_empty() {
        report.required(&path, "");
    } else {
        report.complaints(&path, provisioner, names::label_key(&provisioner.to_ascii_lowercase()));
    }
    let policy = tree.at(&["reclaimPolicy"]).str_or_empty();
    if !matches!(policy, "Delete" | "Retain") {
        report.not_supported(&Path::root("reclaimPolicy"), policy, &["Delete", "Retain"]);
    }
    let mode = tree.at(&["volumeBindingMode"]).str_or_empty();
    let modes = ["Immediate", "WaitForFirstConsumer"];
    if !modes.contains(&mode) {
        report.not_supported(&Path::root("volumeBindingMode"), mode, &modes);
    }
}

/// A changed StorageClass.
pub(super) fn class_update(tree: &Value, old: &Object, report: &mut Report) {
    class(tree, report);
    for key in ["parameters", "provisioner", "reclaimPolicy"] {
        if tree.at(&[key]) != old.tree.at(&[key]) {
            let detail = format!("updates to {key} are forbidden.");
            report.forbidden(&Path::root(key), &detail);
        }
    }
    let mode = tree.at(&["volumeBindingMode"]);
    if mode != old.tree.at(&["volumeBindingMode"]) {
        report.invalid(&Path::root("volumeBindingMode"), mode, IMMUTABLE);
    }
}
