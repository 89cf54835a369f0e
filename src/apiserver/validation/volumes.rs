//! Volumes of a pod.

use super::blocks::{Path, Report};
use super::containers::local_path;
use super::{claim, environment, names};
use crate::api::quantity::Quantity;
use crate::value::{Text, Value};

/// Sources in the order in which they are looked at: the first one found counts, the others are too many.
const SOURCES: [&str; 30] = [
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];

/// Checks volumes; answers the names of the good ones, which alone can be mounted.
pub(super) fn check(volumes: &[Value], path: &Path, report: &mut Report) -> Vec<Text> {
    let mut good: Vec<Text> = Vec::new();
    for (index, volume) in volumes.iter().enumerate() {
        let path = path.index(index);
        let before = report.count();
        source(volume, &path, report);
        let name = volume.at(&["name"]).text();
        let name_path = path.field("name");
        if name.is_empty() {
            report.required(&name_path, "");
        } else {
            report.complaints(&name_path, &name, names::dns_label(&name));
        }
        if good.contains(&name) {
            report.duplicate(&name_path, &Value::from(&name));
        }
        if report.count() == before {
            good.push(name);
        }
    }
    good
}

fn source(volume: &Value, path: &Path, report: &mut Report) {
    let mut found = false;
    for kind in SOURCES {
        let source = volume.at(&[kind]);
        if source.is_null() {
            continue;
        }
        // One of Kubernetes' own paths is spelled wrong, and so must this one be.
        let spelled = if kind == "downwardAPI" && found { "downwarAPI" } else { kind };
        let path = path.field(spelled);
        if found {
            report.forbidden(&path, "may not specify more than 1 volume type");
        } else {
            found = true;
            inner(kind, source, &path, report);
        }
    }
    if !found {
        report.required(path, "must specify a volume type");
    }
}

fn inner(kind: &str, source: &Value, path: &Path, report: &mut Report) {
    let text = |key: &str| source.at(&[key]).str_or_empty();
    let mut need = |key: &str| {
        if source.at(&[key]).str_or_empty().is_empty() {
            report.required(&path.field(key), "");
        }
    };
    match kind {
        "persistentVolumeClaim" => need("claimName"),
        "emptyDir" => {
            let limit = source.at(&["sizeLimit"]).str_or_empty();
            if !limit.is_empty() && Quantity::lenient(limit).is_negative() {
                report.forbidden(&path.field("sizeLimit"), "SizeLimit field must be a valid resource quantity");
            }
        }
        "image" => {
            let policies = ["Always", "IfNotPresent", "Never"];
            let policy = text("pullPolicy");
            if !policy.is_empty() && !policies.contains(&policy) {
                report.not_supported(&path.field("pullPolicy"), policy, &policies);
            }
        }
        "csi" => need("driver"),
        "nfs" => {
            need("server");
            need("path");
            if !text("path").is_empty() && !text("path").starts_with('/') {
                report.invalid_text(&path.field("path"), text("path"), "must be an absolute path");
            }
        }
        "hostPath" => {
            need("path");
            host_path(source, path, report);
        }
        "secret" => {
            need("secretName");
            mode(source.at(&["defaultMode"]), &path.field("defaultMode"), report);
            items(source, path, report);
        }
        "configMap" => {
            need("name");
            mode(source.at(&["defaultMode"]), &path.field("defaultMode"), report);
            items(source, path, report);
        }
        "downwardAPI" => {
            mode(source.at(&["defaultMode"]), &path.field("defaultMode"), report);
            downward(source, path, report);
        }
        "projected" => projected(source, path, report),
        "ephemeral" => {
            let template = path.field("volumeClaimTemplate");
            if source.at(&["volumeClaimTemplate"]).is_null() {
                report.required(&template, "");
            } else {
                let spec = source.at(&["volumeClaimTemplate", "spec"]);
                claim::spec(spec, &template.field("spec"), report);
            }
        }
        _ => {}
    }
}

/// A place on the node itself.
pub(super) fn host_path(source: &Value, path: &Path, report: &mut Report) {
    const TYPES: [&str; 8] =
        ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];
    let place = source.at(&["path"]).str_or_empty();
    if place.is_empty() {
        return;
    }
    if place.split('/').any(|part| part == "..") {
        report.invalid_text(&path.field("path"), place, "must not contain '..'");
    }
    let kind = source.at(&["type"]).str_or_empty();
    if !TYPES.contains(&kind) {
        report.not_supported(&path.field("type"), kind, &TYPES);
    }
}

fn mode(mode: &Value, path: &Path, report: &mut Report) {
    if mode.as_i64().is_some_and(|mode| !(0..=0o777).contains(&mode)) {
        let detail = "must be a number between 0 and 0777 (octal), both inclusive";
        report.invalid(path, mode, detail);
    }
}

fn items(source: &Value, path: &Path, report: &mut Report) {
    let items = path.field("items");
    for (index, item) in source.at(&["items"]).items().iter().enumerate() {
        let path = items.index(index);
        for key in ["key", "path"] {
            let text = item.at(&[key]).str_or_empty();
            if text.is_empty() {
                report.required(&path.field(key), "");
            } else if key == "path" {
                file_path(text, &path.field(key), report);
            }
        }
        mode(item.at(&["mode"]), &path.field("mode"), report);
    }
}

/// A path of a file in a volume: below its start, and not one of the volume's own.
fn file_path(text: &str, path: &Path, report: &mut Report) {
    local_path(text, path, report);
    if text.starts_with("..") && !text.starts_with("../") && text != ".." {
        report.invalid_text(path, text, "must not start with '..'");
    }
}

fn downward(source: &Value, path: &Path, report: &mut Report) {
    for item in source.at(&["items"]).items() {
        let text = item.at(&["path"]).str_or_empty();
        if text.is_empty() {
            report.required(&path.field("path"), "");
        } else {
            file_path(text, &path.field("path"), report);
        }
        let (field, resource) = (item.at(&["fieldRef"]), item.at(&["resourceFieldRef"]));
        if !field.is_null() {
            let path = path.field("fieldRef");
            environment::field_reference(field, &environment::FILE_FIELDS, &path, report);
            if !resource.is_null() {
                let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
                report.invalid(&path, &Value::from("resource"), detail);
            }
        } else if !resource.is_null() {
            environment::resource_reference(resource, true, &path.field("resourceFieldRef"), report);
        } else {
            report.required(path, "one of fieldRef and resourceFieldRef is required");
        }
    }
}

fn projected(source: &Value, path: &Path, report: &mut Report) {
    mode(source.at(&["defaultMode"]), &path.field("defaultMode"), report);
    let sources = path.field("sources");
    for (index, projection) in source.at(&["sources"]).items().iter().enumerate() {
        let path = sources.index(index);
        let mut found = false;
        for kind in ["secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle"] {
            let source = projection.at(&[kind]);
            if source.is_null() {
                continue;
            }
            let path = path.field(kind);
            if found {
                report.forbidden(&path, "may not specify more than 1 volume type");
                continue;
            }
            found = true;
            match kind {
                "secret" | "configMap" => {
                    if source.at(&["name"]).str_or_empty().is_empty() {
                        report.required(&path.field("name"), "");
                    }
                    items(source, &path, report);
                }
                "downwardAPI" => downward(source, &path, report),
                "serviceAccountToken" => token(source, &path, report),
                _ => {}
            }
        }
        if !found {
            report.required(&path, "must specify a volume type");
        }
    }
}

fn token(source: &Value, path: &Path, report: &mut Report) {
    let seconds = source.at(&["expirationSeconds"]);
    let path_of_seconds = path.field("expirationSeconds");
    match seconds.as_i64().unwrap_or(0) {
        short if short < 600 => {
            report.invalid(&path_of_seconds, seconds, "may not specify a duration less than 10 minutes");
        }
        long if long > 1 << 32 => {
            report.invalid(&path_of_seconds, seconds, "may not specify a duration larger than 2^32 seconds");
        }
        _ => {}
    }
    if source.at(&["path"]).str_or_empty().is_empty() {
        report.required(&path.field("path"), "");
    }
}
