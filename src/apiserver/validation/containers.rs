//! Containers of a pod: names, images, ports, mounts.

use super::blocks::{Path, Report};
use super::{environment, names, probes, resources, security};
use crate::value::{Text, Value};

/// What the checks of one container need to know about the others.
pub(super) struct Surroundings<'a> {
    /// The volumes of the pod that are good.
    pub volumes: &'a [Text],
    /// terminationGracePeriodSeconds of the pod.
    pub grace: Option<i64>,
}

/// spec.containers.
pub(super) fn regular(spec: &Value, around: &Surroundings, path: &Path, report: &mut Report) {
    let containers = spec.at(&["containers"]).items();
    if containers.is_empty() {
        report.required(path, "");
        return;
    }
    for (index, container) in containers.iter().enumerate() {
        let path = path.index(index);
        common(container, around, &path, report);
        let name = container.at(&["name"]);
        if containers.iter().take(index).any(|other| other.at(&["name"]) == name) {
            report.duplicate(&path.field("name"), name);
        }
        probes::lifecycle_and_probes(container, around.grace, &path, report);
    }
    host_port_conflicts(containers, path, report);
}

/// spec.initContainers.
pub(super) fn initial(spec: &Value, around: &Surroundings, path: &Path, report: &mut Report) {
    let regular = spec.at(&["containers"]).items();
    let containers = spec.at(&["initContainers"]).items();
    for (index, container) in containers.iter().enumerate() {
        let path = path.index(index);
        common(container, around, &path, report);
        let restart = container.at(&["restartPolicy"]);
        let name = container.at(&["name"]);
        let earlier = regular.iter().chain(containers.iter().take(index));
        if !name.str_or_empty().is_empty() && earlier.map(|c| c.at(&["name"])).any(|n| n == name) {
            report.duplicate(&path.field("name"), name);
        }
        if restart.as_str() == Some("Always") {
            probes::lifecycle_and_probes(container, around.grace, &path, report);
            continue;
        }
        for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
            if !container.at(&[key]).is_null() {
                report.forbidden(&path.field(key), "may not be set for init containers without restartPolicy=Always");
            }
        }
    }
}

fn common(container: &Value, around: &Surroundings, path: &Path, report: &mut Report) {
    let text = |key: &str| container.at(&[key]).str_or_empty();
    let name_path = path.field("name");
    match text("name") {
        "" => report.required(&name_path, ""),
        name => report.complaints(&name_path, name, names::dns_label(name)),
    }
    // Gate ContainerRestartRules, on since 1.35: every container may have a policy of its own.
    let policies = ["Always", "Never", "OnFailure"];
    let restart = container.at(&["restartPolicy"]);
    if !restart.is_null() && !policies.contains(&restart.str_or_empty()) {
        report.not_supported(&path.field("restartPolicy"), restart.str_or_empty(), &policies);
    }
    for rule in container.at(&["resizePolicy"]).items() {
        let path = path.field("resizePolicy");
        for (key, allowed) in
            [("resourceName", ["cpu", "memory"]), ("restartPolicy", ["NotRequired", "RestartContainer"])]
        {
            match rule.at(&[key]).str_or_empty() {
                "" => report.required(&path, ""),
                word if allowed.contains(&word) => {}
                word => report.not_supported(&path, word, &allowed),
            }
        }
    }
    if text("image").is_empty() {
        report.required(&path.field("image"), "");
    }
    report.one_of(
        &path.field("terminationMessagePolicy"),
        text("terminationMessagePolicy"),
        &["File", "FallbackToLogsOnError"],
    );
    ports(container.at(&["ports"]).items(), &path.field("ports"), report);
    environment::variables(container.at(&["env"]).items(), &path.field("env"), report);
    environment::sources(container.at(&["envFrom"]).items(), &path.field("envFrom"), report);
    mounts(container, around.volumes, &path.field("volumeMounts"), report);
    devices(container, around.volumes, &path.field("volumeDevices"), report);
    report.one_of(&path.field("imagePullPolicy"), text("imagePullPolicy"), &["Always", "IfNotPresent", "Never"]);
    resources::check(container.at(&["resources"]), &path.field("resources"), report);
    security::container(container.at(&["securityContext"]), &path.field("securityContext"), report);
}

fn ports(ports: &[Value], path: &Path, report: &mut Report) {
    let mut seen: Vec<&str> = Vec::new();
    for (index, port) in ports.iter().enumerate() {
        let path = path.index(index);
        let name = port.at(&["name"]).str_or_empty();
        let complaints = names::port_name(name);
        if name.is_empty() {
        } else if !complaints.is_empty() {
            report.complaints(&path.field("name"), name, complaints);
        } else if seen.contains(&name) {
            report.duplicate(&path.field("name"), port.at(&["name"]));
        } else {
            seen.push(name);
        }
        let number = |key: &str| port.at(&[key]).as_i64().unwrap_or(0);
        if number("containerPort") == 0 {
            report.required(&path.field("containerPort"), "");
        }
        for key in ["containerPort", "hostPort"] {
            if number(key) != 0 {
                port_number(port.at(&[key]), &path.field(key), report);
            }
        }
        report.one_of(&path.field("protocol"), port.at(&["protocol"]).str_or_empty(), &["SCTP", "TCP", "UDP"]);
    }
}

/// A number that must be that of a port.
pub(super) fn port_number(number: &Value, path: &Path, report: &mut Report) {
    for complaint in names::port_number(number.as_i64().unwrap_or(0)) {
        report.invalid(path, number, &complaint);
    }
}

fn host_port_conflicts(containers: &[Value], path: &Path, report: &mut Report) {
    let mut seen: Vec<String> = Vec::new();
    for (index, container) in containers.iter().enumerate() {
        let container_path = path.index(index);
        let ports = container_path.field("ports");
        for (index, port) in container.at(&["ports"]).items().iter().enumerate() {
            let number = port.at(&["hostPort"]).as_i64().unwrap_or(0);
            if number == 0 {
                continue;
            }
            let text = |key: &str| port.at(&[key]).str_or_empty();
            let taken = format!("{}/{}/{number}", text("protocol"), text("hostIP"));
            if seen.contains(&taken) {
                report.duplicate(&ports.index(index).field("hostPort"), &Value::from(taken));
            } else {
                seen.push(taken);
            }
        }
    }
}

fn mounts(container: &Value, volumes: &[Text], path: &Path, report: &mut Report) {
    let mounts = container.at(&["volumeMounts"]).items();
    let devices = container.at(&["volumeDevices"]).items();
    for (index, mount) in mounts.iter().enumerate() {
        let mount_path = path.index(index);
        let text = |key: &str| mount.at(&[key]).str_or_empty();
        let (name, place) = (text("name"), text("mountPath"));
        if name.is_empty() {
            report.required(&mount_path.field("name"), "");
        }
        if !volumes.iter().any(|volume| *volume == *name) {
            report.not_found(&mount_path.field("name"), name);
        }
        if place.is_empty() {
            report.required(&mount_path.field("mountPath"), "");
        }
        let earlier = mounts.iter().take(index);
        if earlier.map(|m| m.at(&["mountPath"]).str_or_empty()).any(|p| p == place) {
            report.invalid_text(&mount_path.field("mountPath"), place, "must be unique");
        }
        if devices.iter().any(|d| d.at(&["name"]).as_str() == Some(name)) {
            let detail = "must not already exist in volumeDevices";
            report.invalid_text(&mount_path.field("name"), name, detail);
        }
        // The next two stand at the list, not at the mount.
        for key in ["subPath", "subPathExpr"] {
            if !text(key).is_empty() {
                local_path(text(key), &path.field(key), report);
            }
        }
        if !text("subPath").is_empty() && !text("subPathExpr").is_empty() {
            let detail = "subPathExpr and subPath are mutually exclusive";
            report.invalid_text(&mount_path.field("subPathExpr"), text("subPathExpr"), detail);
        }
        propagation(text("mountPropagation"), container, path, report);
        wholly_read_only(mount, &mount_path.field("recursiveReadOnly"), report);
    }
}

fn propagation(mode: &str, container: &Value, path: &Path, report: &mut Report) {
    let path = path.field("mountPropagation");
    let privileged = container.at(&["securityContext", "privileged"]).as_bool() == Some(true);
    match mode {
        "" | "None" | "HostToContainer" => {}
        "Bidirectional" => {
            if !privileged {
                let detail = "Bidirectional mount propagation is available only to privileged containers";
                report.forbidden(&path, detail);
            }
        }
        other => {
            report.not_supported(&path, other, &["Bidirectional", "HostToContainer", "None"]);
        }
    }
}

fn wholly_read_only(mount: &Value, path: &Path, report: &mut Report) {
    let modes = ["Disabled", "Enabled", "IfPossible"];
    match mount.at(&["recursiveReadOnly"]).as_str() {
        None | Some("Disabled") => {}
        Some("Enabled" | "IfPossible") => {
            if mount.at(&["readOnly"]).as_bool() != Some(true) {
                report.forbidden(path, "may only be specified when readOnly is true");
            }
            if !matches!(mount.at(&["mountPropagation"]).str_or_empty(), "" | "None") {
                report.forbidden(path, "may only be specified when mountPropagation is None or not specified");
            }
        }
        Some(other) => report.not_supported(path, other, &modes),
    }
}

/// A path that stays below its start.
pub(super) fn local_path(text: &str, path: &Path, report: &mut Report) {
    if text.starts_with('/') {
        report.invalid_text(path, text, "must be a relative path");
    }
    if text.split('/').any(|part| part == "..") {
        report.invalid_text(path, text, "must not contain '..'");
    }
}

fn devices(container: &Value, volumes: &[Text], path: &Path, report: &mut Report) {
    for (index, device) in container.at(&["volumeDevices"]).items().iter().enumerate() {
        let path = path.index(index);
        let name = device.at(&["name"]).str_or_empty();
        if name.is_empty() {
            report.required(&path.field("name"), "");
        }
        if !volumes.iter().any(|volume| *volume == *name) {
            report.not_found(&path.field("name"), name);
        }
        if device.at(&["devicePath"]).str_or_empty().is_empty() {
            report.required(&path.field("devicePath"), "");
        }
    }
}
