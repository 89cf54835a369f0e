//! Security contexts of pods and containers.

use super::blocks::{Path, Report};
use super::inner;
use crate::value::Value;

/// The security context of a pod.
pub(super) fn pod(context: &Value, path: &Path, report: &mut Report) {
    identities(context, &["runAsUser", "runAsGroup", "fsGroup"], path, report);
    let groups = path.field("supplementalGroups");
    for (index, group) in context.at(&["supplementalGroups"]).items().iter().enumerate() {
        identity(group, &groups.index(index), report);
    }
    let policy = context.at(&["fsGroupChangePolicy"]).str_or_empty();
    if !matches!(policy, "" | "Always" | "OnRootMismatch") {
        report.not_supported(&path.field("fsGroupChangePolicy"), policy, &["Always", "OnRootMismatch"]);
    }
    seccomp(context.at(&["seccompProfile"]), &path.field("seccompProfile"), report);
}

/// The security context of a container.
pub(super) fn container(context: &Value, path: &Path, report: &mut Report) {
    if context.is_null() {
        return;
    }
    identities(context, &["runAsUser", "runAsGroup"], path, report);
    let mount = context.at(&["procMount"]).str_or_empty();
    if !matches!(mount, "" | "Default" | "Unmasked") {
        report.not_supported(&path.field("procMount"), mount, &["Default", "Unmasked"]);
    }
    seccomp(context.at(&["seccompProfile"]), &path.field("seccompProfile"), report);
    if context.at(&["allowPrivilegeEscalation"]).as_bool() != Some(false) {
        return;
    }
    let shown = || inner::line("SecurityContext", context);
    if context.at(&["privileged"]).as_bool() == Some(true) {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
        report.invalid_written(path, &shown(), detail);
    }
    let added = context.at(&["capabilities", "add"]).items();
    if added.iter().any(|c| matches!(c.as_str(), Some("CAP_SYS_ADMIN"))) {
        let detail = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
        report.invalid_written(path, &shown(), detail);
    }
}

fn identities(context: &Value, keys: &[&str], path: &Path, report: &mut Report) {
    for key in keys {
        identity(context.at(&[key]), &path.field(key), report);
    }
}

/// A user or group number.
fn identity(number: &Value, path: &Path, report: &mut Report) {
    if number.as_i64().is_some_and(|n| !(0..=0xffff_ffff).contains(&n)) {
        report.invalid(path, number, "must be between 0 and 4294967295, inclusive");
    }
}

fn seccomp(profile: &Value, path: &Path, report: &mut Report) {
    if profile.is_null() {
        return;
    }
    let types = ["Localhost", "RuntimeDefault", "Unconfined"];
    let kind = profile.at(&["type"]).str_or_empty();
    if kind.is_empty() {
        report.required(&path.field("type"), "type is required when seccompProfile is set");
    } else if !types.contains(&kind) {
        report.not_supported(&path.field("type"), kind, &types);
    }
    let local = profile.at(&["localhostProfile"]);
    let local_path = path.field("localhostProfile");
    if kind == "Localhost" && local.is_null() {
        report.required(&local_path, "must be set when seccomp type is Localhost");
    } else if kind != "Localhost" && !local.is_null() {
        let shown = inner::line("Seccomp", profile);
        let detail = "can only be set when seccomp type is Localhost";
        report.invalid_written(&local_path, &shown, detail);
    }
}
