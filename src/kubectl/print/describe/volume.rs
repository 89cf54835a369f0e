//! The volumes of pods and of pod templates, and the sources of persistent volumes.

use super::super::cells::scalar;
use super::writer::{Writer, lower_flag};
use crate::value::Value;

/// The section `Volumes:`; `space` indents it within a pod template.
pub fn volumes(out: &mut Writer, volumes: &Value, space: &str) {
    if volumes.items().is_empty() {
        out.line(0, &format!("{space}Volumes:\t<none>"));
        return;
    }
    out.line(0, &format!("{space}Volumes:"));
    let indent = if space.is_empty() { "" } else { " " };
    for volume in volumes.items() {
        out.line(1, &format!("{indent}{}:", volume.at(&["name"]).str_or_empty()));
        let source = volume.pairs().find(|(key, _)| **key != "name");
        match source {
            Some((kind, source)) => pod_source(out, kind, source),
            None => out.line(1, "<unknown>"),
        }
    }
}

fn pod_source(out: &mut Writer, kind: &str, source: &Value) {
    let text = |key: &str| scalar(source.at(&[key]));
    let optional = lower_flag(source.at(&["optional"]));
    match kind {
        "persistentVolumeClaim" => fields(
            out,
            "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
            &[("ClaimName", &text("claimName")), ("ReadOnly", lower_flag(source.at(&["readOnly"])))],
        ),
        "emptyDir" => {
            let limit = match source.at(&["sizeLimit"]) {
                Value::Null => "<unset>".to_owned(),
                limit => scalar(limit),
            };
            fields(
                out,
                "EmptyDir (a temporary directory that shares a pod's lifetime)",
                &[("Medium", &text("medium")), ("SizeLimit", &limit)],
            );
        }
        "configMap" => fields(
            out,
            "ConfigMap (a volume populated by a ConfigMap)",
            &[("Name", &text("name")), ("Optional", optional)],
        ),
        "secret" => fields(
            out,
            "Secret (a volume populated by a Secret)",
            &[("SecretName", &text("secretName")), ("Optional", optional)],
        ),
        "projected" => projected(out, source),
        "downwardAPI" => {
            fields(out, "DownwardAPI (a volume populated by information about the pod)", &[]);
            out.line(2, "Items:");
            for item in source.at(&["items"]).items() {
                let path = item.at(&["path"]).str_or_empty();
                let field = match item.at(&["fieldRef", "fieldPath"]).str_or_empty() {
                    "" => item.at(&["resourceFieldRef", "resource"]).str_or_empty(),
                    field => field,
                };
                out.line(3, &format!("{field} -> {path}"));
            }
        }
        "image" => fields(
            out,
            "Image (a container image or OCI artifact)",
            &[("Reference", &text("reference")), ("PullPolicy", &text("pullPolicy"))],
        ),
        kind => {
            if !persistent_source(out, kind, source) {
                out.line(1, "<unknown>");
            }
        }
    }
}

fn projected(out: &mut Writer, source: &Value) {
    fields(out, "Projected (a volume that contains injected data from multiple sources)", &[]);
    for source in source.at(&["sources"]).items() {
        if let Some(secret) = source.get("secret") {
            out.field(2, "SecretName", secret.at(&["name"]).str_or_empty());
            out.field(2, "Optional", lower_flag(secret.at(&["optional"])));
        } else if source.get("downwardAPI").is_some() {
            out.field(2, "DownwardAPI", "true");
        } else if let Some(map) = source.get("configMap") {
            out.field(2, "ConfigMapName", map.at(&["name"]).str_or_empty());
            out.field(2, "Optional", lower_flag(map.at(&["optional"])));
        } else if let Some(token) = source.get("serviceAccountToken") {
            out.field(2, "TokenExpirationSeconds", &scalar(token.at(&["expirationSeconds"])));
        }
    }
}

/// A source that persistent volumes have too; answers whether it was one.
pub fn persistent_source(out: &mut Writer, kind: &str, source: &Value) -> bool {
    let text = |key: &str| scalar(source.at(&[key]));
    let read_only = lower_flag(source.at(&["readOnly"]));
    match kind {
        "hostPath" => fields(
            out,
            "HostPath (bare host directory volume)",
            &[("Path", &text("path")), ("HostPathType", &text("type"))],
        ),
        "local" => fields(
            out,
            "LocalVolume (a persistent volume backed by local storage on a node)",
            &[("Path", &text("path"))],
        ),
        "nfs" => fields(
            out,
            "NFS (an NFS mount that lasts the lifetime of a pod)",
            &[("Server", &text("server")), ("Path", &text("path")), ("ReadOnly", read_only)],
        ),
        "csi" => {
            let handle = text("volumeHandle");
            let mut shown = vec![("Driver", text("driver")), ("FSType", text("fsType"))];
            if !handle.is_empty() {
                shown.push(("VolumeHandle", handle));
            }
            shown.push(("ReadOnly", read_only.to_owned()));
            let shown: Vec<(&str, &str)> = shown.iter().map(|(key, value)| (*key, value.as_str())).collect();
            fields(out, "CSI (a Container Storage Interface (CSI) volume source)", &shown);
            attributes(out, source.at(&["volumeAttributes"]));
        }
        _ => return false,
    }
    true
}

fn attributes(out: &mut Writer, attributes: &Value) {
    let mut key = "VolumeAttributes:\t";
    for (name, value) in attributes.pairs() {
        out.line(2, &format!("{key}    {name}={}", value.str_or_empty()));
        key = "\t";
    }
    if attributes.pairs().next().is_none() {
        out.line(2, "VolumeAttributes:\t<none>");
    }
}

fn fields(out: &mut Writer, kind: &str, shown: &[(&str, &str)]) {
    out.field(2, "Type", kind);
    for (key, value) in shown {
        out.field(2, key, value);
    }
}
