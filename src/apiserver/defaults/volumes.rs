//! Defaults of the volumes of a pod.

use super::{each, fill, fill_zero, omit, omit_null, storage, with};
use crate::value::Value;

/// Fills in one volume of a pod.
pub(super) fn apply(volume: &mut Value) {
    fill(volume, "name", "");
    let nulls: Vec<_> = volume.pairs().filter(|(_, source)| source.is_null()).map(|(key, _)| key.clone()).collect();
    for key in nulls {
        volume.map_mut().remove(&key);
    }
    if volume.pairs().count() < 2 {
        volume.set(&["emptyDir"], Value::empty_map());
    }
    for key in ["secret", "configMap", "projected", "downwardAPI"] {
        with(volume, key, |source| {
            fill(source, "defaultMode", 420);
            omit(source, &["items", "secretName", "name"]);
            omit_null(source, &["optional"]);
            each(source, "items", downward_item);
            each(source, "sources", projection);
        });
    }
    with(volume, "emptyDir", |source| {
        omit(source, &["medium"]);
        omit_null(source, &["sizeLimit"]);
    });
    with(volume, "hostPath", |source| fill(source, "type", ""));
    with(volume, "persistentVolumeClaim", |source| {
        fill(source, "claimName", "");
        omit(source, &["readOnly"]);
    });
    with(volume, "ephemeral", |source| {
        with(source, "volumeClaimTemplate", |template| {
            super::metadata(template);
            fill(template, "spec", Value::empty_map());
            storage::claim_spec(template.at_mut(&["spec"]));
        });
    });
}

fn projection(source: &mut Value) {
    for key in ["secret", "configMap", "downwardAPI"] {
        omit_null(source, &[key]);
        with(source, key, |inner| {
            omit(inner, &["items", "name"]);
            omit_null(inner, &["optional"]);
            each(inner, "items", downward_item);
        });
    }
    omit_null(source, &["serviceAccountToken", "clusterTrustBundle"]);
    with(source, "serviceAccountToken", |token| {
        fill_zero(token, "expirationSeconds", 3600);
        omit(token, &["audience"]);
    });
}

fn downward_item(item: &mut Value) {
    omit_null(item, &["mode", "fieldRef", "resourceFieldRef"]);
    with(item, "fieldRef", field_reference);
    with(item, "resourceFieldRef", |reference| {
        fill(reference, "divisor", "0");
    });
}

/// A reference to a field of the pod is to a field of its v1 form.
pub(super) fn field_reference(reference: &mut Value) {
    fill_zero(reference, "apiVersion", "v1");
}
