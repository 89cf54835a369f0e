//! The complaints of a real v1.36.2 API server about bad manifests, and what it makes of good ones.

use super::*;

fn tree(text: &str) -> Value {
    json::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

/// A good set but for the part given, which is merged into it.
fn set_with(change: &str) -> Value {
    let good = tree(
        r#"{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"replicas":1,
        "selector":{"matchLabels":{"app":"web"}},"serviceName":"web","template":{"metadata":{"labels":{"app":"web"}},
        "spec":{"containers":[{"image":"nginx","name":"app"}]}}}}"#,
    );
    crate::api::patch::merge(&good, &tree(change))
}

fn refusal(change: &str) -> String {
    let status = body(Kind::StatefulSet, &set_with(change), FieldValidation::Strict).unwrap_err();
    assert_eq!(status.reason, Reason::BadRequest);
    let prefix = "StatefulSet in version \"v1\" cannot be handled as a StatefulSet: ";
    let why = status.message.strip_prefix(prefix);
    why.unwrap_or_else(|| panic!("{}", status.message)).to_owned()
}

fn in_container(container: &str) -> String {
    format!(r#"{{"spec":{{"template":{{"spec":{{"containers":[{container}]}}}}}}}}"#)
}

#[test]
fn unknown_fields_are_named_with_their_paths() {
    for (change, why) in [
        (r#"{"foo":1}"#, r#"unknown field "foo""#),
        (
            r#"{"spec":{"replica":1,"serviceNam":"x"}}"#,
            r#"unknown field "spec.replica", unknown field "spec.serviceNam""#,
        ),
        (&in_container(r#"{"name":"app","imagee":"x"}"#), r#"unknown field "spec.template.spec.containers[0].imagee""#),
        (r#"{"spec":{"selector":{"app":"web"}}}"#, r#"unknown field "spec.selector.app""#),
    ] {
        assert_eq!(refusal(change), format!("strict decoding error: {why}"));
    }
}

#[test]
fn a_wrong_type_is_told_with_the_struct_the_path_and_the_type_of_go() {
    let env = in_container(r#"{"name":"app","env":[{"name":"A","value":1}]}"#);
    let port = in_container(r#"{"name":"app","ports":[{"containerPort":"80"}]}"#);
    for (change, word, place) in [
        (r#"{"spec":{"replicas":"x"}}"#, "string", "StatefulSetSpec.spec.replicas of type int32"),
        (r#"{"spec":{"replicas":1.5}}"#, "number 1.5", "StatefulSetSpec.spec.replicas of type int32"),
        (r#"{"spec":{"replicas":true}}"#, "bool", "StatefulSetSpec.spec.replicas of type int32"),
        (r#"{"spec":{"replicas":99999999999}}"#, "number 99999999999", "StatefulSetSpec.spec.replicas of type int32"),
        (
            r#"{"spec":{"template":{"metadata":{"labels":{"a":1}}}}}"#,
            "number",
            "ObjectMeta.spec.template.metadata.labels of type string",
        ),
        (
            r#"{"spec":{"template":{"metadata":{"labels":{"a":true}}}}}"#,
            "bool",
            "ObjectMeta.spec.template.metadata.labels of type string",
        ),
        (
            r#"{"spec":{"template":{"metadata":{"labels":"a"}}}}"#,
            "string",
            "ObjectMeta.spec.template.metadata.labels of type map[string]string",
        ),
        (&port, "string", "ContainerPort.spec.template.spec.containers.ports.containerPort of type int32"),
        (&env, "number", "EnvVar.spec.template.spec.containers.env.value of type string"),
        (
            r#"{"spec":{"volumeClaimTemplates":{"x":1}}}"#,
            "object",
            "StatefulSetSpec.spec.volumeClaimTemplates of type []v1.PersistentVolumeClaim",
        ),
        (
            r#"{"spec":{"template":{"spec":{"containers":{"x":1}}}}}"#,
            "object",
            "PodSpec.spec.template.spec.containers of type []v1.Container",
        ),
        (
            r#"{"spec":{"template":{"spec":{"nodeSelector":"x"}}}}"#,
            "string",
            "PodSpec.spec.template.spec.nodeSelector of type map[string]string",
        ),
        (r#"{"spec":[]}"#, "array", "StatefulSet.spec of type v1.StatefulSetSpec"),
        (
            r#"{"spec":{"podManagementPolicy":5}}"#,
            "number",
            "StatefulSetSpec.spec.podManagementPolicy of type v1.PodManagementPolicyType",
        ),
        (
            r#"{"spec":{"updateStrategy":{"rollingUpdate":{"maxUnavailable":true}}}}"#,
            "bool",
            "RollingUpdateStatefulSetStrategy.spec.updateStrategy.rollingUpdate.maxUnavailable of type int32",
        ),
        (r#"{"metadata":{"creationTimestamp":5}}"#, "number", "ObjectMeta.metadata.creationTimestamp of type string"),
    ] {
        assert_eq!(refusal(change), format!("json: cannot unmarshal {word} into Go struct field {place}"));
    }
}

#[test]
fn of_several_wrong_types_the_first_counts_and_more_than_unknown_fields() {
    assert_eq!(
        refusal(r#"{"foo":1,"spec":{"minReadySeconds":"y","replicas":"x"}}"#),
        "json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.minReadySeconds of type int32"
    );
}

#[test]
fn quantities_and_moments_have_their_own_complaints_and_these_win() {
    let cpu = in_container(r#"{"name":5,"resources":{"limits":{"cpu":"1core"}}}"#);
    assert_eq!(refusal(&cpu), crate::api::quantity::WRONG_FORM);
    for (text, why) in [
        ("abc", r#"parsing time "abc" as "2006-01-02T15:04:05Z07:00": cannot parse "abc" as "2006""#),
        ("2026-13-01T00:00:00Z", r#"parsing time "2026-13-01T00:00:00Z": month out of range"#),
        ("2026-02-29T00:00:00Z", r#"parsing time "2026-02-29T00:00:00Z": day out of range"#),
        ("2026-01-01", r#"parsing time "2026-01-01" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T""#),
        ("2026-01-01T00:00:00Zx", r#"parsing time "2026-01-01T00:00:00Zx": extra text: "x""#),
        (
            "2026-01-01T00:00:00+1",
            r#"parsing time "2026-01-01T00:00:00+1" as "2006-01-02T15:04:05Z07:00": cannot parse "+1" as "Z07:00""#,
        ),
    ] {
        let change = format!(r#"{{"metadata":{{"creationTimestamp":"{text}"}}}}"#);
        assert_eq!(refusal(&change), why);
    }
}

#[test]
fn a_misspelt_kind_is_not_registered() {
    let status = body(Kind::StatefulSet, &set_with(r#"{"kind":"statefulset"}"#), FieldValidation::Strict);
    assert_eq!(
        status.unwrap_err().message.as_str(),
        "statefulset in version \"v1\" cannot be handled as a StatefulSet: no kind \"statefulset\" is registered for \
         version \"apps/v1\" in scheme \"pkg/api/legacyscheme/scheme.go:30\""
    );
}

#[test]
fn unknown_fields_go_with_a_warning_or_silently() {
    let wrong = set_with(r#"{"spec":{"replica":1}}"#);
    let warned = body(Kind::StatefulSet, &wrong, FieldValidation::Warn).unwrap();
    assert_eq!(warned.warnings, [r#"unknown field "spec.replica""#]);
    let silent = body(Kind::StatefulSet, &wrong, FieldValidation::Ignore).unwrap();
    assert!(silent.warnings.is_empty());
    assert!(silent.tree.at(&["spec", "replica"]).is_null());
    assert_eq!(silent.tree, warned.tree);
}

#[test]
fn empty_fields_go_and_those_that_are_always_written_come() {
    let given = set_with(
        r#"{"metadata":{"annotations":{},"labels":null},"spec":{"serviceName":null,"replicas":0,"minReadySeconds":0,
        "template":{"spec":{"hostNetwork":false,"securityContext":{},"terminationGracePeriodSeconds":0,
        "containers":[{"name":"app","image":"x","command":[],"env":[{"name":"A","value":""}],"tty":false,
        "resources":{"limits":{"memory":"1024Mi","cpu":0.5}},
        "securityContext":{"privileged":false}}]}}}}"#,
    );
    let decoded = body(Kind::StatefulSet, &given, FieldValidation::Strict).unwrap().tree;
    let expected = r#"{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web"},"spec":{"replicas":0,"selector":{"matchLabels":{"app":"web"}},"serviceName":"","template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"env":[{"name":"A"}],"image":"x","name":"app","resources":{"limits":{"cpu":"500m","memory":"1Gi"}},"securityContext":{"privileged":false}}],"securityContext":{},"terminationGracePeriodSeconds":0}},"updateStrategy":{}},"status":{"availableReplicas":0,"replicas":0}}"#;
    assert_eq!(json::to_compact(&decoded), expected);
    let again = body(Kind::StatefulSet, &decoded, FieldValidation::Strict).unwrap().tree;
    assert_eq!(again, decoded);
}

#[test]
fn what_needs_no_change_is_shared() {
    let once = body(Kind::StatefulSet, &set_with("{}"), FieldValidation::Ignore).unwrap().tree;
    let twice = body(Kind::StatefulSet, &once, FieldValidation::Ignore).unwrap().tree;
    let (Value::Map(a), Value::Map(b)) = (&once, &twice) else { panic!("not maps") };
    assert!(std::rc::Rc::ptr_eq(a, b));
}

#[test]
fn moments_are_kept_in_utc_and_missing_ones_of_conditions_are_null() {
    let pod = tree(
        r#"{"metadata":{"creationTimestamp":"2026-01-05T11:00:00.5+02:00"},
        "status":{"conditions":[{"type":"Ready","status":"True"}]}}"#,
    );
    let decoded = body(Kind::Pod, &pod, FieldValidation::Ignore).unwrap().tree;
    assert_eq!(decoded.at(&["metadata", "creationTimestamp"]).as_str(), Some("2026-01-05T09:00:00Z"));
    assert_eq!(
        json::to_compact(decoded.at(&["status", "conditions"])),
        r#"[{"lastProbeTime":null,"lastTransitionTime":null,"status":"True","type":"Ready"}]"#
    );
}

#[test]
fn a_patch_that_leads_to_a_wrong_type_is_shown() {
    let patch = tree(r#"{"spec":{"replicas":"x"}}"#);
    let result = set_with(r#"{"spec":{"replicas":"x"}}"#);
    let refused = |by| patched(Kind::StatefulSet, &result, by, FieldValidation::Warn).unwrap_err();
    let status = refused(Patched::Strategic(&patch));
    assert_eq!(status.kind, None);
    assert_eq!(
        status.causes[0].message.as_str(),
        r#"Invalid value: "map[spec:map[replicas:x]]": unrecognized type: int32"#
    );
    let message = refused(Patched::Text).causes[0].message.clone();
    assert!(message.starts_with(r#"Invalid value: "{\"apiVersion\":\"apps/v1\","#), "{message}");
    let end = "\": json: cannot unmarshal string into Go struct field StatefulSetSpec.spec.replicas of type int32";
    assert!(message.ends_with(end), "{message}");
}

#[test]
fn kubectl_reads_the_metadata_of_a_manifest_first() {
    assert_eq!(
        check_metadata(&set_with(r#"{"metadata":{"annotations":["a"]},"spec":{"replicas":"x"}}"#)).unwrap_err(),
        "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.annotations of type map[string]string"
    );
    assert_eq!(check_metadata(&set_with(r#"{"spec":{"replicas":"x"}}"#)), Ok(()));
}

#[test]
fn secrets_hold_base64() {
    for (data, why) in
        [("YQ==", None), ("YWI=", None), ("Y", Some(1)), ("Y=", Some(1)), ("Y Q=", Some(1)), ("YWJ", Some(3))]
    {
        let secret = tree(&format!(r#"{{"data":{{"a":"{data}"}}}}"#));
        let outcome = body(Kind::Secret, &secret, FieldValidation::Strict);
        let expected = why.map(|at| {
            format!("Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data at input byte {at}")
        });
        assert_eq!(outcome.err().map(|status| status.message.to_string()), expected, "{data}");
    }
}

/// What a real API server has written is what Go's encoding makes of its objects: decoding changes nothing in it.
#[test]
fn recorded_objects_come_out_as_they_went_in() {
    use std::io::Read as _;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/03-blocked-start/watch.jsonl.gz");
    let mut lines = String::new();
    let packed = std::fs::File::open(folder).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut lines).unwrap();
    let mut seen = 0;
    for line in lines.lines() {
        let event = tree(line);
        let Some(kind) = Kind::ALL.iter().find(|k| k.name() == event.at(&["kind"]).str_or_empty()) else {
            continue;
        };
        let mut object = event.at(&["object"]).clone();
        object.set(&["kind"], kind.name());
        let decoded = body(*kind, &object, FieldValidation::Strict).unwrap().tree;
        assert_eq!(json::to_compact(&decoded), json::to_compact(&object));
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn server_side_apply_names_fields_by_path_and_keys() {
    let container = in_container(r#"{"name":"app","imagee":"x"}"#);
    let port = in_container(r#"{"name":"app","ports":[{"containerPort":80,"name":5}]}"#);
    let nameless = in_container(r#"{"image":"x"}"#);
    let twice = in_container(r#"{"name":"a"},{"name":"a"}"#);
    for (change, why) in [
        (r#"{"spec":{"replica":1}}"#, ".spec.replica: field not declared in schema"),
        (
            r#"{"spec":{"template":{"metadata":{"labels":{"ver":1}}}}}"#,
            ".spec.template.metadata.labels.ver: expected string, got &value.valueUnstructured{Value:1}",
        ),
        (r#"{"spec":{"replicas":"x"}}"#, ".spec.replicas: expected numeric (int or float), got string"),
        (r#"{"spec":{"template":[1]}}"#, ".spec.template: expected map, got &{[1]}"),
        (&container, ".spec.template.spec.containers[name=\"app\"].imagee: field not declared in schema"),
        (
            &port,
            ".spec.template.spec.containers[name=\"app\"].ports[containerPort=80,protocol=\"TCP\"].name: \
             expected string, got &value.valueUnstructured{Value:5}",
        ),
        (
            &nameless,
            ".spec.template.spec.containers: element 0: associative list with keys has an element that omits key \
             field \"name\" (and doesn't have default value)",
        ),
        (&twice, ".spec.template.spec.containers: duplicate entries for key [name=\"a\"]"),
    ] {
        let status = check_typed(Kind::StatefulSet, "bad", "web", &set_with(change)).unwrap_err();
        let start = "failed to create typed patch object (bad/web; apps/v1, Kind=StatefulSet): ";
        assert_eq!(status.message.as_str(), format!("{start}{why}"));
    }
    assert_eq!(check_typed(Kind::StatefulSet, "bad", "web", &set_with("{}")), Ok(()));
}
