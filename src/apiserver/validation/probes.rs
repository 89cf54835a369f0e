//! Probes and lifecycle hooks.

use super::blocks::{Path, Report};
use super::containers::port_number;
use super::names;
use crate::value::Value;

/// Lifecycle hooks, then the three probes, of a container that may have them.
pub(super) fn lifecycle_and_probes(container: &Value, grace: Option<i64>, path: &Path, report: &mut Report) {
    let lifecycle = path.field("lifecycle");
    for hook in ["postStart", "preStop"] {
        let action = container.at(&["lifecycle", hook]);
        if !action.is_null() {
            handler(action, grace, &lifecycle.field(hook), report);
        }
    }
    for key in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let probe = container.at(&[key]);
        if !probe.is_null() {
            check(probe, key, grace, &path.field(key), report);
        }
    }
}

fn check(probe: &Value, which: &str, grace: Option<i64>, path: &Path, report: &mut Report) {
    handler(probe, grace, path, report);
    for key in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
        report.not_negative(&path.field(key), probe.at(&[key]));
    }
    let own_grace = probe.at(&["terminationGracePeriodSeconds"]);
    let grace_path = path.field("terminationGracePeriodSeconds");
    if own_grace.as_i64().is_some_and(|seconds| seconds <= 0) {
        report.invalid(&grace_path, own_grace, "must be greater than 0");
    }
    if which == "readinessProbe" {
        if !own_grace.is_null() {
            report.invalid(&grace_path, own_grace, "must not be set for readinessProbes");
        }
    } else if probe.at(&["successThreshold"]).as_i64() != Some(1) {
        let threshold = probe.at(&["successThreshold"]);
        report.invalid(&path.field("successThreshold"), threshold, "must be 1");
    }
}

/// Exactly one handler, and a good one.
fn handler(node: &Value, grace: Option<i64>, path: &Path, report: &mut Report) {
    let mut found = false;
    for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let action = node.at(&[kind]);
        if action.is_null() {
            continue;
        }
        let path = path.field(kind);
        if found {
            report.forbidden(&path, "may not specify more than 1 handler type");
            continue;
        }
        found = true;
        match kind {
            "exec" => {
                if action.at(&["command"]).items().is_empty() {
                    report.required(&path.field("command"), "");
                }
            }
            "httpGet" => http(action, &path, report),
            "sleep" => sleep(action, grace, &path, report),
            _ => port(action.at(&["port"]), &path.field("port"), report),
        }
    }
    if !found {
        report.required(path, "must specify a handler type");
    }
}

fn http(action: &Value, path: &Path, report: &mut Report) {
    if action.at(&["path"]).str_or_empty().is_empty() {
        report.required(&path.field("path"), "");
    }
    port(action.at(&["port"]), &path.field("port"), report);
    let scheme = action.at(&["scheme"]).str_or_empty();
    if !matches!(scheme, "HTTP" | "HTTPS") {
        report.not_supported(&path.field("scheme"), scheme, &["HTTP", "HTTPS"]);
    }
    for header in action.at(&["httpHeaders"]).items() {
        let name = header.at(&["name"]).str_or_empty();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            report.invalid_text(
                &path.field("httpHeaders"),
                name,
                "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used \
                 for validation is '[-A-Za-z0-9]+')",
            );
        }
    }
}

fn sleep(action: &Value, grace: Option<i64>, path: &Path, report: &mut Report) {
    let seconds = action.at(&["seconds"]).as_i64().unwrap_or(0);
    if let Some(grace) = grace
        && (seconds < 0 || seconds > grace)
    {
        let detail = format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        report.invalid(path, &Value::Int(seconds), &detail);
    }
}

/// A port by its number or its name; a missing one is number 0.
pub(super) fn port(port: &Value, path: &Path, report: &mut Report) {
    match port {
        Value::Text(name) => report.complaints(path, name, names::port_name(name)),
        Value::Null => port_number(&Value::Int(0), path, report),
        number => port_number(number, path, report),
    }
}
