//! Defaults of claims, volumes and storage classes.

use super::{fill, fill_zero, omit, omit_null, quantities, with};
use crate::value::Value;

/// Fills in a PersistentVolumeClaim. Its storage class is admission's business.
pub(super) fn claim(tree: &mut Value) {
    fill(tree, "spec", Value::empty_map());
    claim_spec(tree.at_mut(&["spec"]));
    fill(tree, "status", Value::empty_map());
    with(tree, "status", |status| fill_zero(status, "phase", "Pending"));
}

/// Fills in the spec of a claim.
pub(super) fn claim_spec(spec: &mut Value) {
    fill(spec, "volumeMode", "Filesystem");
    fill(spec, "resources", Value::empty_map());
    omit(spec, &["accessModes", "volumeName"]);
    omit_null(spec, &["dataSource", "dataSourceRef", "selector", "storageClassName", "volumeAttributesClassName"]);
    with(spec, "resources", |resources| {
        quantities(resources, "limits");
        quantities(resources, "requests");
    });
    with(spec, "selector", super::pod::selector);
}

/// Fills in a PersistentVolume.
pub(super) fn volume(tree: &mut Value) {
    fill(tree, "spec", Value::empty_map());
    let spec = tree.at_mut(&["spec"]);
    fill_zero(spec, "persistentVolumeReclaimPolicy", "Retain");
    fill(spec, "volumeMode", "Filesystem");
    omit(spec, &["accessModes", "mountOptions", "storageClassName"]);
    omit_null(spec, &["claimRef", "nodeAffinity", "volumeAttributesClassName"]);
    quantities(spec, "capacity");
    with(spec, "hostPath", |path| fill(path, "type", ""));
    with(spec, "claimRef", |reference| {
        omit(reference, &["uid", "resourceVersion", "apiVersion", "kind", "name", "namespace", "fieldPath"]);
    });
    fill(tree, "status", Value::empty_map());
    with(tree, "status", |status| fill_zero(status, "phase", "Pending"));
}

/// Fills in a StorageClass.
pub(super) fn class(tree: &mut Value) {
    fill(tree, "reclaimPolicy", "Delete");
    fill(tree, "volumeBindingMode", "Immediate");
    omit(tree, &["parameters", "mountOptions", "allowedTopologies"]);
    omit_null(tree, &["allowVolumeExpansion"]);
}
