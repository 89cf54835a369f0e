//! Defaults of pods and pod templates.

use super::{each, fill, fill_zero, omit, omit_null, quantities, volumes, with};
use crate::value::Value;

/// Fills in a Pod.
pub(super) fn pod(tree: &mut Value) {
    fill(tree, "spec", Value::empty_map());
    let spec = tree.at_mut(&["spec"]);
    pod_spec(spec);
    fill(spec, "enableServiceLinks", true);
    for list in ["containers", "initContainers"] {
        each(spec, list, requests_from_limits);
    }
    if spec.at(&["hostNetwork"]).as_bool() == Some(true) {
        for list in ["containers", "initContainers"] {
            each(spec, list, |container| {
                each(container, "ports", |port| {
                    let number = port.at(&["containerPort"]).clone();
                    fill_zero(port, "hostPort", number);
                });
            });
        }
    }
}

/// A limit without a request is its own request.
fn requests_from_limits(container: &mut Value) {
    let limits = container.at(&["resources", "limits"]).clone();
    for (name, limit) in limits.pairs() {
        if container.at(&["resources", "requests", name]).is_null() {
            container.at_mut(&["resources", "requests"]).map_mut().insert(name.clone(), limit.clone());
        }
    }
}

/// Fills in a pod template.
pub(super) fn template(template: &mut Value) {
    super::metadata(template);
    fill(template, "spec", Value::empty_map());
    pod_spec(template.at_mut(&["spec"]));
}

fn pod_spec(spec: &mut Value) {
    fill_zero(spec, "restartPolicy", "Always");
    fill_zero(spec, "dnsPolicy", "ClusterFirst");
    fill_zero(spec, "schedulerName", "default-scheduler");
    fill(spec, "securityContext", Value::empty_map());
    fill(spec, "terminationGracePeriodSeconds", 30);
    fill(spec, "containers", Value::Null);
    omit(
        spec,
        &[
            "ephemeralContainers",
            "hostAliases",
            "hostIPC",
            "hostNetwork",
            "hostPID",
            "hostname",
            "imagePullSecrets",
            "initContainers",
            "nodeName",
            "nodeSelector",
            "priorityClassName",
            "readinessGates",
            "resourceClaims",
            "schedulingGates",
            "serviceAccount",
            "serviceAccountName",
            "subdomain",
            "tolerations",
            "topologySpreadConstraints",
            "volumes",
        ],
    );
    omit_null(
        spec,
        &[
            "activeDeadlineSeconds",
            "affinity",
            "automountServiceAccountToken",
            "dnsConfig",
            "enableServiceLinks",
            "hostUsers",
            "hostnameOverride",
            "os",
            "preemptionPolicy",
            "priority",
            "resources",
            "runtimeClassName",
            "setHostnameAsFQDN",
            "shareProcessNamespace",
        ],
    );
    quantities(spec, "overhead");
    service_account(spec);
    with(spec, "securityContext", |context| {
        omit(context, &["supplementalGroups", "sysctls"]);
    });
    with(spec, "affinity", affinity);
    each(spec, "volumes", volumes::apply);
    for list in ["initContainers", "containers"] {
        each(spec, list, container);
    }
    each(spec, "tolerations", |toleration| {
        omit(toleration, &["key", "operator", "value", "effect"]);
        omit_null(toleration, &["tolerationSeconds"]);
    });
    each(spec, "topologySpreadConstraints", |constraint| {
        omit_null(constraint, &["labelSelector", "minDomains"]);
        omit(constraint, &["matchLabelKeys"]);
        with(constraint, "labelSelector", selector);
    });
}

/// serviceAccountName and its deprecated twin always say the same; the newer one wins.
fn service_account(spec: &mut Value) {
    let name = spec.at(&["serviceAccountName"]).text();
    let old = spec.at(&["serviceAccount"]).text();
    if name.is_empty() && !old.is_empty() {
        spec.set(&["serviceAccountName"], old);
    } else if !name.is_empty() && name != old {
        spec.set(&["serviceAccount"], name);
    }
}

/// Leaves out of a label selector what is empty.
pub(super) fn selector(selector: &mut Value) {
    omit(selector, &["matchLabels", "matchExpressions"]);
    each(selector, "matchExpressions", |expression| {
        omit(expression, &["values"]);
    });
}

fn affinity(affinity: &mut Value) {
    for side in ["podAffinity", "podAntiAffinity", "nodeAffinity"] {
        omit_null(affinity, &[side]);
        with(affinity, side, |rules| {
            let lists =
                ["requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"];
            for list in lists {
                omit_empty_list(rules, list);
            }
            each(rules, lists[0], pod_affinity_term);
            each(rules, lists[1], |weighted| {
                with(weighted, "podAffinityTerm", pod_affinity_term);
            });
        });
    }
}

/// Takes out a list that is empty; an empty map (a node selector) stays.
fn omit_empty_list(node: &mut Value, key: &'static str) {
    if !matches!(node.get(key), Some(Value::Map(_))) {
        omit(node, &[key]);
    }
}

fn pod_affinity_term(term: &mut Value) {
    omit(term, &["namespaces", "matchLabelKeys", "mismatchLabelKeys"]);
    omit_null(term, &["labelSelector", "namespaceSelector"]);
    with(term, "labelSelector", selector);
    with(term, "namespaceSelector", selector);
}

fn container(container: &mut Value) {
    omit(
        container,
        &[
            "args",
            "command",
            "env",
            "envFrom",
            "image",
            "ports",
            "resizePolicy",
            "stdin",
            "stdinOnce",
            "tty",
            "volumeDevices",
            "volumeMounts",
            "workingDir",
        ],
    );
    omit_null(
        container,
        &["lifecycle", "livenessProbe", "readinessProbe", "restartPolicy", "securityContext", "startupProbe"],
    );
    fill(container, "name", "");
    fill_zero(container, "terminationMessagePath", "/dev/termination-log");
    fill_zero(container, "terminationMessagePolicy", "File");
    let policy = pull_policy(container.at(&["image"]).str_or_empty());
    fill_zero(container, "imagePullPolicy", policy);
    fill(container, "resources", Value::empty_map());
    with(container, "resources", |resources| {
        omit(resources, &["claims"]);
        quantities(resources, "limits");
        quantities(resources, "requests");
    });
    each(container, "ports", |port| {
        omit(port, &["name", "hostPort", "hostIP"]);
        fill(port, "containerPort", 0);
        fill_zero(port, "protocol", "TCP");
    });
    each(container, "env", environment);
    each(container, "envFrom", |source| {
        omit(source, &["prefix"]);
        omit_null(source, &["configMapRef", "secretRef"]);
    });
    each(container, "volumeMounts", |mount| {
        fill(mount, "name", "");
        fill(mount, "mountPath", "");
        omit(mount, &["readOnly", "subPath", "subPathExpr"]);
        omit_null(mount, &["mountPropagation", "recursiveReadOnly"]);
    });
    for key in ["livenessProbe", "readinessProbe", "startupProbe"] {
        with(container, key, probe);
    }
    with(container, "lifecycle", |lifecycle| {
        for hook in ["postStart", "preStop"] {
            omit_null(lifecycle, &[hook]);
            with(lifecycle, hook, handler);
        }
    });
}

/// `Always` for images without a tag and for `latest`, `IfNotPresent` for all others, unreadable ones included.
fn pull_policy(image: &str) -> &'static str {
    let last = image.rsplit('/').next().unwrap_or(image);
    let (name, tag) = last.split_once(':').unwrap_or((last, "latest"));
    let readable = !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
        && !image.contains(char::is_whitespace);
    if readable && tag == "latest" { "Always" } else { "IfNotPresent" }
}

fn environment(variable: &mut Value) {
    omit(variable, &["value"]);
    omit_null(variable, &["valueFrom"]);
    with(variable, "valueFrom", |source| {
        omit_null(source, &["configMapKeyRef", "fieldRef", "resourceFieldRef", "secretKeyRef"]);
        with(source, "fieldRef", volumes::field_reference);
        with(source, "resourceFieldRef", |reference| {
            fill(reference, "divisor", "0");
        });
    });
}

fn probe(probe: &mut Value) {
    fill_zero(probe, "timeoutSeconds", 1);
    fill_zero(probe, "periodSeconds", 10);
    fill_zero(probe, "successThreshold", 1);
    fill_zero(probe, "failureThreshold", 3);
    omit(probe, &["initialDelaySeconds"]);
    omit_null(probe, &["terminationGracePeriodSeconds"]);
    handler(probe);
}

fn handler(handler: &mut Value) {
    omit_null(handler, &["exec", "grpc", "httpGet", "tcpSocket", "sleep"]);
    with(handler, "httpGet", |get| {
        fill_zero(get, "path", "/");
        fill_zero(get, "scheme", "HTTP");
        omit(get, &["host", "httpHeaders"]);
    });
    with(handler, "grpc", |grpc| fill(grpc, "service", ""));
    with(handler, "tcpSocket", |socket| omit(socket, &["host"]));
    with(handler, "exec", |exec| omit(exec, &["command"]));
}
