//! What Kubernetes says of mistakes in manifests: recorded answers, one row each.

use super::{Part, causes};

/// Where a mistake is made, the merge patch that makes it, and the causes in their order.
type Row = (Part, &'static str, &'static [&'static str]);

#[test]
fn every_mistake_gets_the_recorded_answer() {
    for (part, patch, expected) in ROWS {
        assert_eq!(causes(*part, patch), *expected, "{patch}");
    }
}

const ROWS: &[Row] = &[
    (
        Part::Spec,
        r##"{"selector": null}"##,
        &[
            r##"spec.selector: Required value"##,
            r##"spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"selector": {"matchLabels": null}}"##,
        &[r##"spec.selector: Invalid value: {}: empty selector is invalid for statefulset"##],
    ),
    (
        Part::Spec,
        r##"{"selector": {"matchLabels": {"app": "other"}}}"##,
        &[
            r##"spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"template": null, "volumeClaimTemplates": null}"##,
        &[
            r##"spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`"##,
            r##"spec.template.spec.containers: Required value"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"template": {"metadata": null}}"##,
        &[r##"spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`"##],
    ),
    (
        Part::Set,
        r##"{"metadata": {"name": "Web"}}"##,
        &[
            r##"metadata.name: Invalid value: "Web": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"##,
        ],
    ),
    (
        Part::Set,
        r##"{"metadata": {"name": "my_web"}}"##,
        &[
            r##"metadata.name: Invalid value: "my_web": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"##,
        ],
    ),
    (
        Part::Set,
        r##"{"metadata": {"name": "web.one"}}"##,
        &[r##"metadata.name: Invalid value: "web.one": must not contain dots"##],
    ),
    (
        Part::Set,
        r##"{"metadata": {"name": "web-"}}"##,
        &[
            r##"metadata.name: Invalid value: "web-": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"##,
        ],
    ),
    (
        Part::Set,
        r##"{"metadata": {"name": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}"##,
        &[
            r##"metadata.name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": must be no more than 63 characters"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"replicas": -1}"##,
        &[r##"spec.replicas: Invalid value: -1: must be greater than or equal to 0"##],
    ),
    (
        Part::Spec,
        r##"{"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "-1Gi"}}}}]}"##,
        &[
            r##"spec.volumeClaimTemplates[0].spec.resources[storage]: Invalid value: "-1Gi": must be greater than zero"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": 0}}}}]}"##,
        &[r##"spec.volumeClaimTemplates[0].spec.resources[storage]: Invalid value: "0": must be greater than zero"##],
    ),
    (
        Part::Spec,
        r##"{"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]}"##,
        &[r##"spec.volumeClaimTemplates[0].spec.resources[storage]: Required value"##],
    ),
    (
        Part::Spec,
        r##"{"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteSometimes"], "resources": {"requests": {"storage": "1Gi"}}}}]}"##,
        &[
            r##"spec.volumeClaimTemplates[0].spec.accessModes: Unsupported value: "ReadWriteSometimes": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod""##,
        ],
    ),
    (
        Part::Spec,
        r##"{"volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}]}"##,
        &[r##"spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required"##],
    ),
    (
        Part::Spec,
        r##"{"selector": {"matchLabels": {"app": "we b"}}, "template": {"metadata": {"labels": {"app": "we b"}}}}"##,
        &[
            r##"spec.selector.matchLabels: Invalid value: "we b": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"##,
            r##"spec.selector: Invalid value: {"matchLabels":{"app":"we b"}}"##,
        ],
    ),
    (Part::PodSpec, r##"{"containers": []}"##, &[r##"spec.template.spec.containers: Required value"##]),
    (
        Part::PodSpec,
        r##"{"containers": null, "restartPolicy": "Always"}"##,
        &[r##"spec.template.spec.containers: Required value"##],
    ),
    (Part::Container, r##"{"image": null}"##, &[r##"spec.template.spec.containers[0].image: Required value"##]),
    (Part::Container, r##"{"image": ""}"##, &[r##"spec.template.spec.containers[0].image: Required value"##]),
    (
        Part::PodSpec,
        r##"{"containers": [{"name": "app", "image": "x"}, {"name": "app", "image": "nginx:1.27", "ports": [{"name": "http", "containerPort": 80}], "volumeMounts": [{"name": "data", "mountPath": "/data"}]}]}"##,
        &[r##"spec.template.spec.containers[1].name: Duplicate value: "app""##],
    ),
    (
        Part::Container,
        r##"{"name": "App_1"}"##,
        &[
            r##"spec.template.spec.containers[0].name: Invalid value: "App_1": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"##,
        ],
    ),
    (Part::Container, r##"{"name": null}"##, &[r##"spec.template.spec.containers[0].name: Required value"##]),
    (
        Part::Container,
        r##"{"ports": [{"name": "http", "containerPort": 80000}]}"##,
        &[
            r##"spec.template.spec.containers[0].ports[0].containerPort: Invalid value: 80000: must be between 1 and 65535, inclusive"##,
        ],
    ),
    (
        Part::Container,
        r##"{"ports": [{"name": "http", "containerPort": 0}]}"##,
        &[r##"spec.template.spec.containers[0].ports[0].containerPort: Required value"##],
    ),
    (
        Part::Container,
        r##"{"ports": [{"name": "HTTP_PORT", "containerPort": 80}]}"##,
        &[
            r##"spec.template.spec.containers[0].ports[0].name: Invalid value: "HTTP_PORT": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"##,
            r##"spec.template.spec.containers[0].ports[0].name: Invalid value: "HTTP_PORT": must contain at least one letter (a-z)"##,
        ],
    ),
    (
        Part::Container,
        r##"{"ports": [{"name": "averyveryverylongportname", "containerPort": 80}]}"##,
        &[
            r##"spec.template.spec.containers[0].ports[0].name: Invalid value: "averyveryverylongportname": must be no more than 15 characters"##,
        ],
    ),
    (
        Part::Container,
        r##"{"ports": [{"name": "http", "containerPort": 80, "protocol": "HTTP"}]}"##,
        &[
            r##"spec.template.spec.containers[0].ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP""##,
        ],
    ),
    (
        Part::Container,
        r##"{"volumeMounts": [{"name": "dta", "mountPath": "/data"}]}"##,
        &[r##"spec.template.spec.containers[0].volumeMounts[0].name: Not found: "dta""##],
    ),
    (
        Part::Container,
        r##"{"volumeMounts": [{"name": "data", "readOnly": true}]}"##,
        &[r##"spec.template.spec.containers[0].volumeMounts[0].mountPath: Required value"##],
    ),
    (
        Part::Container,
        r##"{"volumeMounts": [{"name": "data", "mountPath": "/data"}, {"name": "data", "mountPath": "/data"}]}"##,
        &[r##"spec.template.spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/data": must be unique"##],
    ),
    (
        Part::Spec,
        r##"{"template": {"spec": {"restartPolicy": "Never"}}}"##,
        &[r##"spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always""##],
    ),
    (
        Part::Spec,
        r##"{"template": {"spec": {"restartPolicy": "Sometimes"}}}"##,
        &[
            r##"spec.template.spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never""##,
            r##"spec.template.spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always""##,
        ],
    ),
    (
        Part::Spec,
        r##"{"podManagementPolicy": "Ordered"}"##,
        &[r##"spec.podManagementPolicy: Invalid value: "Ordered": must be 'OrderedReady' or 'Parallel'"##],
    ),
    (
        Part::Spec,
        r##"{"updateStrategy": {"type": "Recreate"}}"##,
        &[
            r##"spec.updateStrategy: Invalid value: {"Type":"Recreate","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 1}}}"##,
        &[
            r##"spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate'"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"updateStrategy": {"rollingUpdate": {"partition": -1}}}"##,
        &[r##"spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0"##],
    ),
    (
        Part::Spec,
        r##"{"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Remove"}}"##,
        &[
            r##"spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Remove": supported values: "Retain", "Delete""##,
        ],
    ),
    (
        Part::Spec,
        r##"{"minReadySeconds": -1}"##,
        &[r##"spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0"##],
    ),
    (
        Part::Spec,
        r##"{"serviceName": "Web_svc"}"##,
        &[
            r##"spec.serviceName: Invalid value: "Web_svc": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"##,
        ],
    ),
    (
        Part::Container,
        r##"{"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}}"##,
        &[
            r##"spec.template.spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1"##,
        ],
    ),
    (
        Part::Container,
        r##"{"resources": {"requests": {"foo": "2"}}}"##,
        &[
            r##"spec.template.spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource type or fully qualified"##,
            r##"spec.template.spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource for containers"##,
        ],
    ),
    (
        Part::Container,
        r##"{"readinessProbe": {"httpGet": {"path": "/", "port": 80}, "tcpSocket": {"port": 80}}}"##,
        &[
            r##"spec.template.spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type"##,
        ],
    ),
    (
        Part::Container,
        r##"{"readinessProbe": {"periodSeconds": 3}}"##,
        &[r##"spec.template.spec.containers[0].readinessProbe: Required value: must specify a handler type"##],
    ),
    (
        Part::Container,
        r##"{"readinessProbe": {"periodSeconds": -3, "tcpSocket": {"port": 80}}}"##,
        &[
            r##"spec.template.spec.containers[0].readinessProbe.periodSeconds: Invalid value: -3: must be greater than or equal to 0"##,
        ],
    ),
    (
        Part::Container,
        r##"{"livenessProbe": {"successThreshold": 2, "tcpSocket": {"port": 80}}}"##,
        &[r##"spec.template.spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1"##],
    ),
    (
        Part::Container,
        r##"{"env": [{"name": "1 A", "value": "x"}, {"name": "B", "value": "x", "valueFrom": {"fieldRef": {"fieldPath": "metadata.nam"}}}]}"##,
        &[
            r##"spec.template.spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.nam": error converting fieldPath: field label not supported: metadata.nam"##,
            r##"spec.template.spec.containers[0].env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty"##,
        ],
    ),
    (
        Part::Container,
        r##"{"imagePullPolicy": "Sometimes"}"##,
        &[
            r##"spec.template.spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never""##,
        ],
    ),
    (
        Part::Spec,
        r##"{"volumeClaimTemplates": [{"metadata": {}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]}"##,
        &[
            r##"spec.template.spec.volumes[0].persistentVolumeClaim.claimName: Required value"##,
            r##"spec.template.spec.volumes[0].name: Required value"##,
            r##"spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data""##,
        ],
    ),
    (
        Part::Spec,
        r##"{"template": {"spec": {"containers": [{"name": "app", "image": "nginx:1.27", "ports": [{"name": "http", "containerPort": 80}], "volumeMounts": [{"name": "Data_1", "mountPath": "/data"}]}]}}, "volumeClaimTemplates": [{"metadata": {"name": "Data_1"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]}"##,
        &[
            r##"spec.template.spec.volumes[0].name: Invalid value: "Data_1": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"##,
            r##"spec.template.spec.containers[0].volumeMounts[0].name: Not found: "Data_1""##,
        ],
    ),
    (
        Part::Spec,
        r##"{"selector": {"matchLabels": null, "matchExpressions": [{"key": "app", "operator": "Is", "values": ["web"]}]}}"##,
        &[
            r##"spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator"##,
            r##"spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Is","values":["web"]}]}"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"selector": {"matchLabels": null, "matchExpressions": [{"key": "app", "operator": "In"}]}}"##,
        &[
            r##"spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"##,
            r##"spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"In"}]}"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"template": {"spec": {"tolerations": [{"operator": "Exists", "value": "x", "effect": "NoRun"}]}}}"##,
        &[
            r##"spec.template.spec.tolerations[0].operator: Invalid value: "x": value must be empty when `operator` is 'Exists'"##,
            r##"spec.template.spec.tolerations[0].effect: Unsupported value: "NoRun": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute""##,
        ],
    ),
    (
        Part::Spec,
        r##"{"template": {"spec": {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"labelSelector": {"matchLabels": {"app": "web"}}}]}}}}}"##,
        &[
            r##"spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty"##,
            r##"spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty"##,
            r##"spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"##,
        ],
    ),
    (
        Part::Spec,
        r##"{"template": {"spec": {"dnsPolicy": "Sure"}}}"##,
        &[
            r##"spec.template.spec.dnsPolicy: Unsupported value: "Sure": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None""##,
        ],
    ),
    (
        Part::Spec,
        r##"{"template": {"spec": {"volumes": [{"name": "v", "emptyDir": {}, "configMap": {"name": "c"}}]}}}"##,
        &[r##"spec.template.spec.volumes[1].configMap: Forbidden: may not specify more than 1 volume type"##],
    ),
    (
        Part::Spec,
        r##"{"template": {"spec": {"volumes": [{"name": "v", "emptyDir": {}}, {"name": "v", "emptyDir": {}}]}}}"##,
        &[r##"spec.template.spec.volumes[2].name: Duplicate value: "v""##],
    ),
    (
        Part::Set,
        r##"{"metadata": {"annotations": {"bad key!": "x"}}}"##,
        &[
            r##"metadata.annotations: Invalid value: "bad key!": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"##,
        ],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s1"}, "spec": {"selector": {"a": "b"}}}"##,
        &[r##"spec.ports: Required value"##],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s2"}, "spec": {"clusterIP": "None", "ports": [{"port": 80}, {"port": 81}]}}"##,
        &[r##"spec.ports[0].name: Required value"##, r##"spec.ports[1].name: Required value"##],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s3"}, "spec": {"type": "Headless", "ports": [{"port": 80}]}}"##,
        &[
            r##"spec.type: Unsupported value: "Headless": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort""##,
        ],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s4"}, "spec": {"clusterIP": "none", "ports": [{"port": 80}]}}"##,
        &[
            r##"spec.clusterIPs[0]: Invalid value: "none": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"##,
        ],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s5"}, "spec": {"clusterIP": "1.2.3.4", "ports": [{"port": 80}]}}"##,
        &[
            r##"spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range"##,
        ],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s6"}, "spec": {"type": "NodePort", "clusterIP": "None", "ports": [{"port": 80}]}}"##,
        &[r##"spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services"##],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "p1"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}"##,
        &[r##"spec.accessModes: Required value: at least 1 access mode is required"##],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "p2"}, "spec": {"accessModes": ["ReadWriteOnce"]}}"##,
        &[r##"spec.resources[storage]: Required value"##],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pvx1"}, "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"]}}"##,
        &[r##"spec: Required value: must specify a volume type"##],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "a"}]}}"##,
        &[r##"spec.containers[0].image: Required value"##],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "Bad_NS"}}"##,
        &[
            r##"metadata.name: Invalid value: "Bad_NS": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"##,
        ],
    ),
    (
        Part::Whole,
        r##"{"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}, "spec": {"minAvailable": 1, "maxUnavailable": 1, "selector": {}}}"##,
        &[
            r##"spec: Invalid value: {"MinAvailable":1,"Selector":{},"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set"##,
        ],
    ),
    (
        Part::Spec,
        r##"null"##,
        &[
            r##"spec.selector: Required value"##,
            r##"spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`"##,
            r##"spec.template.spec.containers: Required value"##,
        ],
    ),
];
