//! Mistakes in fields that few people use.

use super::{Part, causes};

/// Where a mistake is made, the merge patch that makes it, and the causes in their order.
type Row = (Part, &'static str, &'static [&'static str]);

const SPREAD: &str = r#"{"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "a", "minDomains": 2,
    "whenUnsatisfiable": "ScheduleAnyway", "matchLabelKeys": ["x"]}]}"#;

const ROWS: &[Row] = &[
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "spec": {"taints": [
            {"key": "a", "value": "b c", "effect": "NoSchedule"}, {"key": "a", "value": "d", "effect": "NoSchedule"},
            {"key": "e", "effect": "Never"}, {"key": "f"}]}}"#,
        &[
            r#"metadata.taints[0].value: Invalid value: "b c": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"#,
            r#"metadata.taints[1]: Duplicate value: {"Key":"a","Value":"d","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair"#,
            r#"metadata.taints[2].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute""#,
            "metadata.taints[3].effect: Required value",
        ],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e"},
            "involvedObject": {"kind": "Pod", "name": "p", "namespace": "elsewhere"}}"#,
        &[r#"involvedObject.namespace: Invalid value: "elsewhere": does not match event.namespace"#],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e"}, "involvedObject": {"kind": "Node", "name": "n"}}"#,
        &[r#"involvedObject.namespace: Invalid value: "": does not match event.namespace"#],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "s"},
            "addressType": "IPv5", "endpoints": []}"#,
        &[r#"addressType: Unsupported value: "IPv5": supported values: "FQDN", "IPv4", "IPv6""#],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v"}, "spec": {
            "accessModes": ["ReadWriteOnce"], "capacity": {"cpu": "1"}, "hostPath": {"path": "../x"}}}"#,
        &[
            r#"spec.capacity: Unsupported value: {"cpu":"1"}: supported values: "storage""#,
            r#"spec.hostPath.path: Invalid value: "../x": must not contain '..'"#,
        ],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": "kubernetes.io/dockerconfigjson",
            "stringData": {".dockerconfigjson": "{"}}"#,
        &[r#"data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": unexpected end of JSON input"#],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": "kubernetes.io/dockercfg",
            "stringData": {".dockercfg": "[]"}}"#,
        &[
            r#"data[.dockercfg]: Invalid value: "<secret contents redacted>": json: cannot unmarshal array into Go value of type map[string]interface {}"#,
        ],
    ),
    (
        Part::Container,
        r#"{"restartPolicy": "Sometimes", "resources": {"limits": {"hugepages-2Mi": "4Mi"}},
            "resizePolicy": [{"resourceName": "disk", "restartPolicy": "Never"}, {"resourceName": "cpu"}]}"#,
        &[
            r#"spec.template.spec.containers[0].restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure""#,
            r#"spec.template.spec.containers[0].resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory""#,
            r#"spec.template.spec.containers[0].resizePolicy: Unsupported value: "Never": supported values: "NotRequired", "RestartContainer""#,
            "spec.template.spec.containers[0].resizePolicy: Required value",
            "spec.template.spec.containers[0].resources: Forbidden: HugePages require cpu or memory",
        ],
    ),
    (Part::Container, r#"{"restartPolicy": "Never"}"#, &[]),
    (
        Part::PodSpec,
        r#"{"resources": {"requests": {"cpu": "1"}, "limits": {"cpu": "500m"}}}"#,
        &[
            r#"spec.template.spec.resources.requests: Invalid value: "1": must be less than or equal to cpu limit of 500m"#,
        ],
    ),
    (Part::PodSpec, r#"{"hostname": "Not_A_Name", "subdomain": "Nor_This"}"#, &[]),
    (
        Part::PodSpec,
        r#"{"dnsConfig": {"nameservers": ["one"], "options": [{"value": "2"}]}}"#,
        &[
            r#"spec.template.spec.dnsConfig.nameservers[0]: Invalid value: "one": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
            "spec.template.spec.dnsConfig.options[0]: Required value: must not be empty",
        ],
    ),
    (
        Part::PodSpec,
        r#"{"hostAliases": [{"ip": "here", "hostnames": ["a"]}]}"#,
        &[
            r#"spec.template.spec.hostAliases[0].ip: Invalid value: "here": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"#,
        ],
    ),
    (
        Part::PodSpec,
        r#"{"os": {"name": "plan9"}}"#,
        &[r#"spec.template.spec.os: Unsupported value: "plan9": supported values: "linux", "windows""#],
    ),
    (
        Part::PodSpec,
        SPREAD,
        &[
            "spec.template.spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if \
             whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway",
            "spec.template.spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when \
             labelSelector is not set",
        ],
    ),
    (
        Part::PodSpec,
        r#"{"volumes": [{"name": "v", "emptyDir": {"sizeLimit": "-1"}}]}"#,
        &[
            "spec.template.spec.volumes[1].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity",
        ],
    ),
    (
        Part::Container,
        r#"{"volumeMounts": [{"name": "data", "mountPath": "/data", "recursiveReadOnly": "Enabled"}]}"#,
        &["spec.template.spec.containers[0].volumeMounts[0].recursiveReadOnly: Forbidden: may only be specified when \
             readOnly is true"],
    ),
    (
        Part::Set,
        r#"{"metadata": {"ownerReferences": [
            {"apiVersion": "v1", "kind": "Pod", "name": "x", "uid": "1", "controller": true},
            {"apiVersion": "v1", "kind": "Pod", "name": "y", "uid": "2", "controller": true}]}}"#,
        &[
            r#"metadata.ownerReferences: Invalid value: [{"apiVersion":"v1","kind":"Pod","name":"x","uid":"1","controller":true},{"apiVersion":"v1","kind":"Pod","name":"y","uid":"2","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for x and y"#,
        ],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}],
            "externalIPs": ["127.0.0.1"], "loadBalancerClass": "a/b", "trafficDistribution": "x"}}"#,
        &[
            r#"spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)"#,
            "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
            r#"spec.trafficDistribution: Unsupported value: "x": supported values: "PreferClose", "PreferSameNode", "PreferSameZone""#,
        ],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}],
            "ipFamilies": ["IPv6"]}}"#,
        &[r#"spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster"#],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": "kubernetes.io/basic-auth"}"#,
        &["data[username]: Required value", "data[password]: Required value"],
    ),
    (
        Part::Whole,
        r#"{"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "v"}, "spec": {
            "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "csi": {"driver": "a"},
            "nodeAffinity": {}}}"#,
        &[
            "spec.nodeAffinity.required: Required value: must specify required node constraints",
            "spec.csi.volumeHandle: Required value",
        ],
    ),
];

#[test]
fn unusual_mistakes_are_told_too() {
    for (part, patch, expected) in ROWS {
        assert_eq!(causes(*part, patch), *expected, "{patch}");
    }
}
