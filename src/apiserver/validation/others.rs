//! The kinds with few rules: budgets, ConfigMaps, Secrets, controller revisions.

use super::blocks::{IMMUTABLE, Path, Report, written};
use super::{labels, names};
use crate::api::Object;
use crate::api::patch::no_object;
use crate::value::{Value, json, yaml};

const SPEC: Path<'static> = Path::root("spec");

/// spec of a PodDisruptionBudget.
pub(super) fn budget(tree: &Value, report: &mut Report) {
    let spec = tree.at(&["spec"]);
    let (least, most) = (spec.at(&["minAvailable"]), spec.at(&["maxUnavailable"]));
    if !least.is_null() && !most.is_null() {
        let selector = match spec.at(&["selector"]) {
            Value::Null => "null".to_owned(),
            selector => labels::written_selector(selector),
        };
        let shown = format!(
            "{{\"MinAvailable\":{},\"Selector\":{selector},\"MaxUnavailable\":{},\"UnhealthyPodEvictionPolicy\":{}}}",
            written(least),
            written(most),
            written(spec.at(&["unhealthyPodEvictionPolicy"]))
        );
        report.invalid_written(&SPEC, &shown, "minAvailable and maxUnavailable cannot be both set");
    }
    for key in ["minAvailable", "maxUnavailable"] {
        let path = SPEC.field(key);
        match spec.at(&[key]) {
            Value::Text(text) => {
                report.complaints(&path, text, names::percent(text));
                let number: i64 = text.trim_end_matches('%').parse().unwrap_or(0);
                if number > 100 {
                    report.invalid_text(&path, text, "must not be greater than 100%");
                }
            }
            number => report.not_negative(&path, number),
        }
    }
    let policy = spec.at(&["unhealthyPodEvictionPolicy"]).str_or_empty();
    let policies = ["AlwaysAllow", "IfHealthyBudget"];
    if !policy.is_empty() && !policies.contains(&policy) {
        report.not_supported(&SPEC.field("unhealthyPodEvictionPolicy"), policy, &policies);
    }
    labels::selector(spec.at(&["selector"]), &SPEC.field("selector"), report);
}

/// Keys and size of a ConfigMap.
pub(super) fn config_map(tree: &Value, report: &mut Report) {
    const LIMIT: usize = 1 << 20;
    let mut size = 0;
    for part in ["data", "binaryData"] {
        let path = Path::root(part);
        for (key, value) in tree.at(&[part]).pairs() {
            report.complaints(&path.key(key), key, names::config_key(key));
            if part == "data" && tree.at(&["binaryData"]).get(key).is_some() {
                let detail = "duplicate of key present in binaryData";
                report.invalid_text(&path.key(key), key, detail);
            }
            size += value.str_or_empty().len();
        }
    }
    if size > LIMIT {
        report.too_long(&Path::root("[]"), LIMIT);
    }
}

/// A changed ConfigMap or Secret: one that is immutable stays as it is.
pub(super) fn frozen(tree: &Value, old: &Object, report: &mut Report) {
    if old.tree.at(&["immutable"]).as_bool() != Some(true) {
        return;
    }
    let detail = "field is immutable when `immutable` is set";
    if tree.at(&["immutable"]).as_bool() != Some(true) {
        report.forbidden(&Path::root("immutable"), detail);
    }
    for part in ["data", "binaryData"] {
        if tree.at(&[part]) != old.tree.at(&[part]) {
            report.forbidden(&Path::root(part), detail);
        }
    }
}

/// Keys of a Secret, and those that its type asks for.
pub(super) fn secret(tree: &Value, report: &mut Report) {
    let data = tree.at(&["data"]);
    let path = Path::root("data");
    for (key, _) in data.pairs() {
        report.complaints(&path.key(key), key, names::config_key(key));
    }
    let needed: &[&str] = match tree.at(&["type"]).str_or_empty() {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        _ => &[],
    };
    for key in needed {
        match data.get(key) {
            None => report.required(&path.key(key), ""),
            Some(held) if key.starts_with(".docker") => registry_entry(held.str_or_empty(), &path.key(key), report),
            Some(_) => {}
        }
    }
    let names = ["username", "password"];
    match tree.at(&["type"]).str_or_empty() {
        "kubernetes.io/basic-auth" if names.iter().all(|key| data.get(key).is_none()) => {
            for key in names {
                report.required(&path.key(key), "");
            }
        }
        "kubernetes.io/service-account-token" => {
            const ACCOUNT: &str = "kubernetes.io/service-account.name";
            let named = tree.at(&["metadata", "annotations"]).get(ACCOUNT);
            if named.is_none_or(|name| name.str_or_empty().is_empty()) {
                report.required(&Path::root("metadata.annotations").key(ACCOUNT), "");
            }
        }
        _ => {}
    }
}

/// What kubelets hand to a registry has to be a JSON object; what is wrong with it is told, not what stands in it.
fn registry_entry(encoded: &str, path: &Path, report: &mut Report) {
    let text = yaml::base64(encoded).unwrap_or_default();
    let why = match json::parse(&String::from_utf8_lossy(&text)) {
        Ok(Value::Map(_) | Value::Null) => return,
        Ok(other) => no_object(&other),
        Err(error) => error.to_string(),
    };
    report.invalid_text(path, "<secret contents redacted>", &why);
}

/// A changed Secret: its type stays.
pub(super) fn secret_update(tree: &Value, old: &Object, report: &mut Report) {
    let kind = tree.at(&["type"]);
    if kind != old.tree.at(&["type"]) {
        report.invalid(&Path::root("type"), kind, IMMUTABLE);
    }
    frozen(tree, old, report);
    secret(tree, report);
}

/// A ControllerRevision.
pub(super) fn revision(tree: &Value, report: &mut Report) {
    if tree.at(&["data"]).is_null() {
        report.required(&Path::root("data"), "data is mandatory");
    }
    report.not_negative(&Path::root("revision"), tree.at(&["revision"]));
}

/// A changed ControllerRevision: its number may change, its data may not.
pub(super) fn revision_update(tree: &Value, old: &Object, report: &mut Report) {
    revision(tree, report);
    let data = tree.at(&["data"]);
    if data != old.tree.at(&["data"]) {
        report.invalid(&Path::root("data"), data, IMMUTABLE);
    }
}
