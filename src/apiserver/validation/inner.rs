//! Kubernetes' inner form of a spec, as its messages show it: every field, in the order and with the names of the
//! server's own types (`reference/api-defaults-validation.md` §4).

use super::difference;
use crate::value::{Map, Value, json};

/// The fields of a type, in order: `json name[=inner name]:type`. Types: `s` text, `i` number, `b` boolean, `p`
/// anything that may be missing, `[T` a list of T, `*T` a T that may be missing, `T` a T.
fn fields(of: &str) -> &'static str {
    match of {
        "PodSpec" => {
            "volumes:[Volume initContainers:[Container containers:[Container ephemeralContainers:p restartPolicy:s \
             terminationGracePeriodSeconds:p activeDeadlineSeconds:p dnsPolicy=DNSPolicy:s nodeSelector:p \
             serviceAccountName:s automountServiceAccountToken:p nodeName:s securityContext:*PodSecurityContext \
             imagePullSecrets:[Name hostname:s subdomain:s setHostnameAsFQDN:p affinity:*Affinity schedulerName:s \
             tolerations:[Toleration hostAliases:[HostAlias priorityClassName:s priority:p preemptionPolicy:p \
             dnsConfig=DNSConfig:*DNSConfig readinessGates:[ReadinessGate runtimeClassName:p overhead:p \
             enableServiceLinks:p topologySpreadConstraints:[Spread os=OS:*Name schedulingGates:[Name \
             resourceClaims:p resources:*Resources hostnameOverride:p schedulingGroup:p"
        }
        "PodSecurityContext" => {
            "hostNetwork:b hostPID:b hostIPC:b shareProcessNamespace:p hostUsers:p seLinuxOptions=SELinuxOptions:p \
             windowsOptions:p runAsUser:p runAsGroup:p runAsNonRoot:p supplementalGroups:p supplementalGroupsPolicy:p \
             fsGroup=FSGroup:p fsGroupChangePolicy=FSGroupChangePolicy:p sysctls:p seccompProfile:*Seccomp \
             appArmorProfile:*Seccomp seLinuxChangePolicy=SELinuxChangePolicy:p"
        }
        "Volume" => {
            "name:s hostPath:*HostPath emptyDir:*EmptyDir gcePersistentDisk=GCEPersistentDisk:p \
             awsElasticBlockStore=AWSElasticBlockStore:p gitRepo:p secret:*SecretVolume nfs=NFS:*Nfs iscsi=ISCSI:p \
             glusterfs:p persistentVolumeClaim:*ClaimSource rbd=RBD:p quobyte:p flexVolume:p cinder:p cephfs=CephFS:p \
             flocker:p downwardAPI:*Downward fc=FC:p azureFile:p configMap:*ConfigVolume vsphereVolume:p azureDisk:p \
             photonPersistentDisk:p projected:*Projected portworxVolume:p scaleIO:p storageos=StorageOS:p csi=CSI:p \
             ephemeral:p image:p"
        }
        "PersistentVolumeSource" => {
            "gcePersistentDisk=GCEPersistentDisk:p awsElasticBlockStore=AWSElasticBlockStore:p hostPath:*HostPath \
             glusterfs:p nfs=NFS:*Nfs rbd=RBD:p quobyte:p iscsi=ISCSI:p flexVolume:p cinder:p cephfs=CephFS:p fc=FC:p \
             flocker:p azureFile:p vsphereVolume:p azureDisk:p photonPersistentDisk:p portworxVolume:p scaleIO:p \
             local:*Local storageos=StorageOS:p csi=CSI:p"
        }
        "PersistentVolumeClaimSpec" => {
            "accessModes:p selector:p resources:ClaimResources volumeName:s storageClassName:p volumeMode:p \
             dataSource:p dataSourceRef:p volumeAttributesClassName:p"
        }
        "ClaimResources" => "limits:p requests:p",
        "HostPath" => "path:s type:p",
        "EmptyDir" => "medium:s sizeLimit:p",
        "Local" => "path:s fsType=FSType:p",
        "Nfs" => "server:s path:s readOnly:b",
        "SecretVolume" => "secretName:s items:[KeyToPath defaultMode:p optional:p",
        "ConfigVolume" => "name:s items:[KeyToPath defaultMode:p optional:p",
        "ConfigProjection" => "name:s items:[KeyToPath optional:p",
        "KeyToPath" => "key:s path:s mode:p",
        "ClaimSource" => "claimName:s readOnly:b",
        "Downward" => "items:[DownwardFile defaultMode:p",
        "DownwardProjection" => "items:[DownwardFile",
        "DownwardFile" => "path:s fieldRef:*FieldRef resourceFieldRef:*ResourceRef mode:p",
        "FieldRef" => "apiVersion=APIVersion:s fieldPath:s",
        "ResourceRef" => "containerName:s resource:s divisor:s",
        "Projected" => "sources:[Projection defaultMode:p",
        "Projection" => {
            "secret:*ConfigProjection downwardAPI:*DownwardProjection configMap:*ConfigProjection \
             serviceAccountToken:*Token clusterTrustBundle:p podCertificate:p"
        }
        "Token" => "audience:s expirationSeconds:i path:s",
        "Container" => {
            "name:s image:s command:p args:p workingDir:s ports:[Port envFrom:[EnvFrom env:[Env resources:Resources \
             resizePolicy:p restartPolicy:p restartPolicyRules:p volumeMounts:[Mount volumeDevices:[Device \
             livenessProbe:*Probe readinessProbe:*Probe startupProbe:*Probe lifecycle:*Lifecycle \
             terminationMessagePath:s terminationMessagePolicy:s imagePullPolicy:s securityContext:*SecurityContext \
             stdin:b stdinOnce:b tty=TTY:b"
        }
        "Port" => "name:s hostPort:i containerPort:i protocol:s hostIP:s",
        "EnvFrom" => "prefix:s configMapRef:*Reference secretRef:*Reference",
        "Reference" => "name:s optional:p",
        "Env" => "name:s value:s valueFrom:*EnvSource",
        "EnvSource" => {
            "fieldRef:*FieldRef resourceFieldRef:*ResourceRef configMapKeyRef:*KeyRef secretKeyRef:*KeyRef fileKeyRef:p"
        }
        "KeyRef" => "name:s key:s optional:p",
        "Resources" => "limits:p requests:p claims:p",
        "Mount" => "name:s readOnly:b recursiveReadOnly:p mountPath:s subPath:s mountPropagation:p subPathExpr:s",
        "Device" => "name:s devicePath:s",
        "Probe" => {
            "exec:*Exec httpGet=HTTPGet:*HttpGet tcpSocket=TCPSocket:*Socket grpc=GRPC:*Grpc initialDelaySeconds:i \
             timeoutSeconds:i periodSeconds:i successThreshold:i failureThreshold:i terminationGracePeriodSeconds:p"
        }
        "Lifecycle" => "postStart:*Hook preStop:*Hook stopSignal:p",
        "Hook" => "exec:*Exec httpGet=HTTPGet:*HttpGet tcpSocket=TCPSocket:*Socket sleep:*Sleep",
        "Exec" => "command:p",
        "HttpGet" => "path:s port:i host:s scheme:s httpHeaders=HTTPHeaders:[Header",
        "Header" => "name:s value:s",
        "Socket" => "port:i host:s",
        "Grpc" => "port:i service:p",
        "Sleep" => "seconds:i",
        "SecurityContext" => {
            "capabilities:*Capabilities privileged:p seLinuxOptions=SELinuxOptions:p windowsOptions:p runAsUser:p \
             runAsGroup:p runAsNonRoot:p readOnlyRootFilesystem:p allowPrivilegeEscalation:p procMount:p \
             seccompProfile:*Seccomp appArmorProfile:*Seccomp"
        }
        "Capabilities" => "add:p drop:p",
        "Seccomp" => "type:s localhostProfile:p",
        "Affinity" => "nodeAffinity:*NodeAffinity podAffinity:*PodAffinity podAntiAffinity:*PodAffinity",
        "NodeAffinity" => {
            "requiredDuringSchedulingIgnoredDuringExecution:*NodeSelector \
             preferredDuringSchedulingIgnoredDuringExecution:[PreferredNode"
        }
        "NodeSelector" => "nodeSelectorTerms:[NodeTerm",
        "NodeTerm" => "matchExpressions:[NodeRule matchFields:[NodeRule",
        "NodeRule" => "key:s operator:s values:p",
        "PreferredNode" => "weight:i preference:NodeTerm",
        "PodAffinity" => {
            "requiredDuringSchedulingIgnoredDuringExecution:[PodTerm \
             preferredDuringSchedulingIgnoredDuringExecution:[PreferredPod"
        }
        "PodTerm" => {
            "labelSelector:p namespaces:p topologyKey:s namespaceSelector:p matchLabelKeys:p mismatchLabelKeys:p"
        }
        "PreferredPod" => "weight:i podAffinityTerm:PodTerm",
        "Toleration" => "key:s operator:s value:s effect:s tolerationSeconds:p",
        "HostAlias" => "ip=IP:s hostnames:p",
        "DNSConfig" => "nameservers:p searches:p options:p",
        "ReadinessGate" => "conditionType:s",
        "Spread" => {
            "maxSkew:i topologyKey:s whenUnsatisfiable:s labelSelector:p minDomains:p nodeAffinityPolicy:p \
             nodeTaintsPolicy:p matchLabelKeys:p"
        }
        // Types of one field: a name.
        _ => "name:s",
    }
}

/// Fields that stand in a pod's spec, but in the security context of its inner form.
const IN_SECURITY_CONTEXT: [&str; 5] = ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"];

/// The difference between the inner forms of two values of a type, as a unified diff.
pub(super) fn difference(of: &str, old: &Value, new: &Value) -> String {
    difference::unified(&text(of, old), &text(of, new))
}

/// The inner form of a value, indented by one blank per level.
fn text(of: &str, value: &Value) -> String {
    let mut out = String::new();
    if of == "PodSpec" {
        let mut spec = value.clone();
        for key in IN_SECURITY_CONTEXT {
            if let Some(flag) = spec.take(&[key]) {
                spec.at_mut(&["securityContext"]).map_mut().insert(key, flag);
            }
        }
        structure(of, &spec, 0, &mut out);
    } else {
        structure(of, value, 0, &mut out);
    }
    out.push('\n');
    out
}

/// The inner form of a value in one line.
pub(super) fn line(of: &str, value: &Value) -> String {
    let indented = text(of, value);
    let lines: Vec<&str> = indented.lines().map(str::trim_start).collect();
    lines.concat().replace("\": ", "\":")
}

fn break_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', depth));
}

fn structure(of: &str, value: &Value, depth: usize, out: &mut String) {
    out.push('{');
    for (index, field) in fields(of).split(' ').enumerate() {
        let (names, kind) = field.split_once(':').unwrap_or((field, "p"));
        let (name, inner) = names.split_once('=').unwrap_or((names, ""));
        if index > 0 {
            out.push(',');
        }
        break_line(depth + 1, out);
        out.push('"');
        if inner.is_empty() {
            let (first, rest) = name.split_at(usize::from(!name.is_empty()));
            out.push_str(&first.to_ascii_uppercase());
            out.push_str(rest);
        } else {
            out.push_str(inner);
        }
        out.push_str("\": ");
        typed(kind, value.at(&[name]), depth + 1, out);
    }
    break_line(depth, out);
    out.push('}');
}

fn typed(kind: &str, value: &Value, depth: usize, out: &mut String) {
    match (kind, value) {
        ("s", Value::Null) => out.push_str("\"\""),
        ("i", Value::Null) => out.push('0'),
        ("b", Value::Null) => out.push_str("false"),
        ("s" | "i" | "b" | "p", _) => plain(value, depth, out),
        (_, value) => {
            if let Some(of) = kind.strip_prefix('[') {
                if value.is_null() {
                    out.push_str("null");
                } else {
                    list(value.items(), depth, out, |item, out| structure(of, item, depth + 1, out));
                }
            } else if let Some(of) = kind.strip_prefix('*') {
                if value.is_null() {
                    out.push_str("null");
                } else {
                    structure(of, value, depth, out);
                }
            } else {
                structure(kind, value, depth, out);
            }
        }
    }
}

fn list(items: &[Value], depth: usize, out: &mut String, mut item: impl FnMut(&Value, &mut String)) {
    out.push('[');
    for (index, value) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        break_line(depth + 1, out);
        item(value, out);
    }
    if !items.is_empty() {
        break_line(depth, out);
    }
    out.push(']');
}

/// A value that is written as it stands in the object.
fn plain(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::List(items) => list(items, depth, out, |item, out| plain(item, depth + 1, out)),
        Value::Map(map) => {
            out.push('{');
            for (index, (key, value)) in in_order(map).enumerate() {
                if index > 0 {
                    out.push(',');
                }
                break_line(depth + 1, out);
                out.push_str(&super::blocks::quote(key));
                out.push_str(": ");
                plain(value, depth + 1, out);
            }
            if !map.is_empty() {
                break_line(depth, out);
            }
            out.push('}');
        }
        scalar => out.push_str(&json::to_compact(scalar)),
    }
}

/// The pairs of a map in key order, but matchLabels before matchExpressions, as in the type of selectors.
fn in_order(map: &Map) -> impl Iterator<Item = (&crate::value::Text, &Value)> {
    let last = |key: &str| key == "matchExpressions" && map.contains_key("matchLabels");
    let early = map.iter().filter(move |(key, _)| !last(key));
    early.chain(map.iter().filter(move |(key, _)| last(key)))
}
