//! The blocks of containers, of pods and of pod templates.

use super::super::cells::scalar;
use super::environment;
use super::writer::{Writer, flag, moment};
use crate::value::Value;

/// The containers of a list of a pod (`spec.initContainers` and its like). `tree` is the pod; for a template (where
/// `space` is not empty) it is the template, and there are no statuses.
pub fn containers(out: &mut Writer, title: &str, tree: &Value, list: &str, space: &str) {
    let containers = tree.at(&["spec", list]).items();
    if containers.is_empty() {
        return;
    }
    let statuses = match list {
        "initContainers" => "initContainerStatuses",
        "ephemeralContainers" => "ephemeralContainerStatuses",
        _ => "containerStatuses",
    };
    let statuses = tree.at(&["status", statuses]).items();
    let pod = if space.is_empty() { Some(tree) } else { None };
    out.line(0, &format!("{space}{title}:"));
    for container in containers {
        let status = statuses.iter().find(|status| status.at(&["name"]) == container.at(&["name"]));
        basics(out, container, status, if space.is_empty() { "" } else { " " });
        words(out, "Command", container.at(&["command"]));
        words(out, "Args", container.at(&["args"]));
        if let Some(status) = status {
            state(out, "State", status.at(&["state"]));
            if status.at(&["lastState"]).get("terminated").is_some() {
                state(out, "Last State", status.at(&["lastState"]));
            }
            out.field(2, "Ready", flag(status.at(&["ready"])));
            out.field(2, "Restart Count", &number(status.at(&["restartCount"])));
        }
        resources(out, container.at(&["resources"]));
        for (title, key) in
            [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")]
        {
            if let Some(probe) = container.get(key) {
                out.field(2, title, &probe_text(probe));
            }
        }
        environment::environment(out, container, pod);
        mounts(out, container);
    }
}

fn number(value: &Value) -> String {
    value.as_i64().unwrap_or(0).to_string()
}

fn basics(out: &mut Writer, container: &Value, status: Option<&Value>, indent: &str) {
    let text = |key: &str| container.at(&[key]).str_or_empty();
    out.line(1, &format!("{indent}{}:", text("name")));
    if let Some(status) = status {
        out.field(2, "Container ID", status.at(&["containerID"]).str_or_empty());
    }
    out.field(2, "Image", text("image"));
    if let Some(status) = status {
        out.field(2, "Image ID", status.at(&["imageID"]).str_or_empty());
    }
    for (title, key) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
        let ports: Vec<String> = container.at(&["ports"]).items().iter().map(|port| port_text(port, key)).collect();
        match ports.as_slice() {
            [] => out.field(2, title, "<none>"),
            [port] => out.field(2, title, port),
            ports => out.field(2, &format!("{title}s"), &ports.join(", ")),
        }
    }
}

fn port_text(port: &Value, key: &str) -> String {
    let text = format!("{}/{}", number(port.at(&[key])), port.at(&["protocol"]).str_or_empty());
    match port.at(&["name"]).str_or_empty() {
        "" => text,
        name => format!("{text} ({name})"),
    }
}

fn words(out: &mut Writer, title: &str, words: &Value) {
    if words.items().is_empty() {
        return;
    }
    out.line(2, &format!("{title}:"));
    for word in words.items() {
        for line in word.str_or_empty().split('\n') {
            out.line(3, line);
        }
    }
}

/// What a container does now, or did last.
fn state(out: &mut Writer, title: &str, state: &Value) {
    if let Some(running) = state.get("running") {
        out.field(2, title, "Running");
        out.field(3, "Started", &moment(running.at(&["startedAt"]), NEVER));
    } else if let Some(ended) = state.get("terminated") {
        out.field(2, title, "Terminated");
        out.field_if(3, "Reason", ended.at(&["reason"]).str_or_empty());
        out.field_if(3, "Message", ended.at(&["message"]).str_or_empty());
        out.field(3, "Exit Code", &number(ended.at(&["exitCode"])));
        if ended.at(&["signal"]).as_i64().unwrap_or(0) > 0 {
            out.field(3, "Signal", &number(ended.at(&["signal"])));
        }
        out.field(3, "Started", &moment(ended.at(&["startedAt"]), NEVER));
        out.field(3, "Finished", &moment(ended.at(&["finishedAt"]), NEVER));
    } else {
        out.field(2, title, "Waiting");
        out.field_if(3, "Reason", state.at(&["waiting", "reason"]).str_or_empty());
    }
}

/// How Go prints a moment that never was.
pub const NEVER: &str = "Mon, 01 Jan 0001 00:00:00 +0000";

fn resources(out: &mut Writer, resources: &Value) {
    for (title, key) in [("Limits:", "limits"), ("Requests:", "requests")] {
        let mut pairs = resources.at(&[key]).pairs().peekable();
        if pairs.peek().is_some() {
            out.line(2, title);
        }
        for (name, quantity) in pairs {
            out.field(3, name, &scalar(quantity));
        }
    }
}

/// A probe on one line: what it does and how often.
fn probe_text(probe: &Value) -> String {
    let n = |key: &str| number(probe.at(&[key]));
    let attributes = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        n("initialDelaySeconds"),
        n("timeoutSeconds"),
        n("periodSeconds"),
        n("successThreshold"),
        n("failureThreshold")
    );
    if let Some(exec) = probe.get("exec") {
        return format!("exec {} {attributes}", super::writer::bracketed(exec.at(&["command"])));
    }
    if let Some(http) = probe.get("httpGet") {
        let text = |key: &str| http.at(&[key]).str_or_empty();
        let path = escaped_path(text("path"));
        let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
        let (scheme, host, port) = (text("scheme").to_ascii_lowercase(), text("host"), scalar(http.at(&["port"])));
        return format!("http-get {scheme}://{host}:{port}{slash}{path} {attributes}");
    }
    if let Some(tcp) = probe.get("tcpSocket") {
        let host = tcp.at(&["host"]).str_or_empty();
        return format!("tcp-socket {host}:{} {attributes}", scalar(tcp.at(&["port"])));
    }
    if let Some(grpc) = probe.get("grpc") {
        let service = grpc.at(&["service"]).str_or_empty();
        return format!("grpc <pod>:{} {service} {attributes}", number(grpc.at(&["port"])));
    }
    format!("unknown {attributes}")
}

/// The path of a URL: what would begin a query or is no URL character is escaped.
fn escaped_path(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'$'
            | b'&'
            | b'+'
            | b','
            | b'/'
            | b':'
            | b';'
            | b'='
            | b'@'
            | b'!'
            | b'\''
            | b'('
            | b')'
            | b'*'
            | b'['
            | b']' => {
                out.push(char::from(byte));
            }
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

fn mounts(out: &mut Writer, container: &Value) {
    let mut mounts: Vec<&Value> = container.at(&["volumeMounts"]).items().iter().collect();
    crate::sorted::sort_by_key(&mut mounts, &|mount| mount.at(&["mountPath"]).str_or_empty());
    out.line(2, if mounts.is_empty() { "Mounts:\t<none>" } else { "Mounts:" });
    for mount in mounts {
        let text = |key: &str| mount.at(&[key]).str_or_empty();
        let mode = if mount.at(&["readOnly"]).as_bool() == Some(true) { "ro" } else { "rw" };
        let part = match text("subPath") {
            "" => String::new(),
            path => format!(",path={}", super::super::go::quoted(path)),
        };
        out.line(3, &format!("{} from {} ({mode}{part})", text("mountPath"), text("name")));
    }
    let devices = container.at(&["volumeDevices"]).items();
    if !devices.is_empty() {
        out.line(2, "Devices:");
    }
    for device in devices {
        let text = |key: &str| device.at(&[key]).str_or_empty();
        out.line(3, &format!("{} from {}", text("devicePath"), text("name")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{list, map};

    #[test]
    fn a_probe_reads_as_one_line() {
        let times = |kind: &'static str, what: Value| {
            map! {
                kind => what, "initialDelaySeconds" => 2, "timeoutSeconds" => 1, "periodSeconds" => 10,
                "successThreshold" => 1, "failureThreshold" => 3,
            }
        };
        let http = times("httpGet", map! { "path" => "/status?level=full", "port" => 9876, "scheme" => "HTTP" });
        let rest = "delay=2s timeout=1s period=10s #success=1 #failure=3";
        assert_eq!(probe_text(&http), format!("http-get http://:9876/status%3Flevel=full {rest}"));
        let exec = times("exec", map! { "command" => list!["cat", "/x"] });
        assert_eq!(probe_text(&exec), format!("exec [cat /x] {rest}"));
        assert_eq!(probe_text(&times("tcpSocket", map! { "port" => "http" })), format!("tcp-socket :http {rest}"));
    }
}
