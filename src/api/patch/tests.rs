//! What patches do to objects, and which patches kubectl computes.

use super::*;
use crate::value::json::{parse, to_compact};

fn tree(text: &str) -> Value {
    parse(text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

const CONTAINERS: &str = r#"{"spec":{"containers":[{"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"image":"x","name":"app","ports":[{"containerPort":80}]},{"image":"y","name":"log"}],"tolerations":[{"key":"a"}],"volumes":[{"emptyDir":{},"name":"tmp"}]}}"#;

#[track_caller]
fn merges(original: &str, patch: &str, expected: &str) {
    match strategic(Kind::Pod, &tree(original), &tree(patch)) {
        Ok(merged) => assert_eq!(to_compact(&merged), expected),
        Err(status) => panic!("{}", status.message),
    }
}

fn refusal(patch: &str) -> Status {
    strategic(Kind::Pod, &tree(CONTAINERS), &tree(patch)).unwrap_err()
}

/// The containers' names after a patch of the containers.
fn names(patch: &str) -> String {
    let patch = tree(&format!(r#"{{"spec":{{{patch}}}}}"#));
    let merged = strategic(Kind::Pod, &tree(CONTAINERS), &patch).unwrap_or_else(|s| panic!("{}", s.message));
    let containers = merged.at(&["spec", "containers"]).items().to_vec();
    let names: Vec<&str> = containers.iter().map(|c| c.at(&["name"]).str_or_empty()).collect();
    names.join(" ")
}

#[test]
fn list_elements_are_known_by_their_merge_key() {
    merges(
        CONTAINERS,
        r#"{"spec":{"containers":[{"name":"app","image":"z","ports":[{"containerPort":80,"name":"http"}]}]}}"#,
        &CONTAINERS
            .replace(r#""image":"x""#, r#""image":"z""#)
            .replace(r#"{"containerPort":80}"#, r#"{"containerPort":80,"name":"http"}"#),
    );
}

#[test]
fn new_elements_come_before_those_that_were_there() {
    assert_eq!(names(r#""containers":[{"name":"side","image":"s"}]"#), "side app log");
    assert_eq!(names(r#""containers":[{"name":"log"},{"name":"side"},{"name":"app"}]"#), "log side app");
    let order = r#""$setElementOrder/containers":[{"name":"app"},{"name":"side"}],"containers":[{"name":"side"}]"#;
    assert_eq!(names(order), "app side log");
    assert_eq!(names(r#""$setElementOrder/containers":[{"name":"log"},{"name":"app"}]"#), "log app");
}

#[test]
fn directives_delete_and_replace() {
    assert_eq!(names(r#""containers":[{"name":"app","$patch":"delete"}]"#), "log");
    assert_eq!(names(r#""containers":[{"name":"new"},{"$patch":"replace"}]"#), "new");
    assert_eq!(names(r#""containers":null"#), "");
    merges(CONTAINERS, r#"{"spec":{"$patch":"replace","nodeName":"n"}}"#, r#"{"spec":{"nodeName":"n"}}"#);
    merges(CONTAINERS, r#"{"spec":{"$patch":"delete"}}"#, r#"{"spec":{}}"#);
    merges(
        r#"{"spec":{"volumes":[{"emptyDir":{},"name":"tmp"}]}}"#,
        r#"{"spec":{"volumes":[{"$retainKeys":["name","hostPath"],"name":"tmp","hostPath":{"path":"/x"}}]}}"#,
        r#"{"spec":{"volumes":[{"hostPath":{"path":"/x"},"name":"tmp"}]}}"#,
    );
}

#[test]
fn lists_without_merge_strategy_are_replaced() {
    let merged = strategic(Kind::Pod, &tree(CONTAINERS), &tree(r#"{"spec":{"tolerations":[{"key":"b"}]}}"#)).unwrap();
    assert_eq!(to_compact(merged.at(&["spec", "tolerations"])), r#"[{"key":"b"}]"#);
}

#[test]
fn finalizers_are_a_set() {
    let held = r#"{"metadata":{"finalizers":["a","b"]}}"#;
    merges(held, r#"{"metadata":{"finalizers":["b","c"]}}"#, r#"{"metadata":{"finalizers":["a","b","c"]}}"#);
    merges(
        held,
        r#"{"metadata":{"$deleteFromPrimitiveList/finalizers":["a","x"]}}"#,
        r#"{"metadata":{"finalizers":["b"]}}"#,
    );
    merges(held, r#"{"metadata":{"finalizers":["c"]}}"#, r#"{"metadata":{"finalizers":["c","a","b"]}}"#);
}

#[test]
fn a_null_removes_and_leaves_no_trace_in_what_is_new() {
    merges(
        r#"{"metadata":{"labels":{"a":"1","b":"2"}}}"#,
        r#"{"metadata":{"annotations":{"x":null,"y":"1"},"labels":{"a":null,"c":null}}}"#,
        r#"{"metadata":{"annotations":{"y":"1"},"labels":{"b":"2"}}}"#,
    );
    merges(
        "{}",
        r#"{"spec":{"containers":[{"$setElementOrder/env":[{"name":"A"}],"env":[{"name":"A"}],"name":"a"}]}}"#,
        r#"{"spec":{"containers":[{"env":[{"name":"A"}],"name":"a"}]}}"#,
    );
}

#[test]
fn a_bad_strategic_patch_is_refused_in_the_words_of_kubernetes() {
    for (patch, message) in [
        ("[]", "json: cannot unmarshal array into Go value of type map[string]interface {}"),
        (r#"{"spec":{"containers":[{"image":"x"}]}}"#, "map: map[image:x] does not contain declared merge key: name"),
        (r#"{"spec":{"$patch":"bogus"}}"#, "unknown patch type: bogus in map: map[$patch:bogus]"),
        (
            r#"{"spec":{"containers":[{"$patch":"bogus","name":"app"}]}}"#,
            "unknown patch type: bogus in map: map[$patch:bogus name:app]",
        ),
        (
            r#"{"spec":{"volumes":[{"$retainKeys":["name"],"name":"tmp","hostPath":{}}]}}"#,
            "the server rejected our request due to an error in our request",
        ),
        (
            r#"{"spec":{"$setElementOrder/containers":[{"name":"log"}],"containers":[{"name":"app"}]}}"#,
            "The order in patch list:\n[map[name:app]]\n doesn't match $setElementOrder list:\n[map[name:log]]\n",
        ),
    ] {
        assert_eq!(refusal(patch).message.as_str(), message);
    }
    assert_eq!(refusal("[]").reason, Reason::BadRequest);
    assert_eq!(refusal(r#"{"spec":{"$patch":"bogus"}}"#).reason, Reason::Unknown);
    let merged = merge_request(&tree("{}"), &tree("[]"));
    assert_eq!(
        merged.unwrap_err().message.as_str(),
        "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"
    );
}

#[test]
fn json_patches_are_carried_out_one_after_the_other() {
    let original = r#"{"a":{"b":[1,2,3]},"x/y":1}"#;
    for (patch, expected) in [
        (
            r#"[{"op":"test","path":"/a/b/0","value":1},{"op":"replace","path":"/a/b/0","value":9}]"#,
            r#"{"a":{"b":[9,2,3]},"x/y":1}"#,
        ),
        (r#"[{"op":"add","path":"/a/b/-","value":4}]"#, r#"{"a":{"b":[1,2,3,4]},"x/y":1}"#),
        (r#"[{"op":"add","path":"/a/b/1","value":7}]"#, r#"{"a":{"b":[1,7,2,3]},"x/y":1}"#),
        (r#"[{"op":"remove","path":"/a/b/1"}]"#, r#"{"a":{"b":[1,3]},"x/y":1}"#),
        (r#"[{"op":"replace","path":"/x~1y","value":2}]"#, r#"{"a":{"b":[1,2,3]},"x/y":2}"#),
        (r#"[{"op":"replace","path":"/nope","value":2}]"#, r#"{"a":{"b":[1,2,3]},"nope":2,"x/y":1}"#),
        (r#"[{"op":"replace","path":"a/b","value":2}]"#, r#"{"a":{"b":[1,2,3]},"b":2,"x/y":1}"#),
        (r#"[{"op":"move","from":"/a/b/0","path":"/c"}]"#, r#"{"a":{"b":[2,3]},"c":1,"x/y":1}"#),
        (r#"[{"op":"copy","from":"/a/b","path":"/c"}]"#, r#"{"a":{"b":[1,2,3]},"c":[1,2,3],"x/y":1}"#),
        ("[]", original),
    ] {
        assert_eq!(to_compact(&json(&tree(original), &tree(patch)).unwrap()), expected, "{patch}");
    }
}

#[test]
fn a_bad_json_patch_is_rejected() {
    for patch in [
        r#"[{"op":"remove","path":"/nope"}]"#,
        r#"[{"op":"test","path":"/a","value":2}]"#,
        r#"[{"op":"add","path":"/b/7","value":1}]"#,
        r#"[{"op":"add","path":"/no/where","value":1}]"#,
        r#"[{"op":"bogus","path":"/a"}]"#,
        r#"[{"op":"replace"}]"#,
        r#"[{"op":"move","from":"/nope","path":"/c"}]"#,
        r#"[{"op":"remove","path":"/b/0"}]"#,
    ] {
        let status = json(&tree(r#"{"a":1,"b":[]}"#), &tree(patch)).unwrap_err();
        assert_eq!(status.reason, Reason::Invalid, "{patch}");
        assert_eq!(status.message.as_str(), "the server rejected our request due to an error in our request");
    }
    for (patch, why) in [
        ("{}", "object into Go value of type []handlers.jsonPatchOp"),
        ("[1]", "number into Go value of type handlers.jsonPatchOp"),
        (r#"[{"op":1}]"#, "number into Go struct field jsonPatchOp.op of type string"),
    ] {
        let status = json(&tree("{}"), &tree(patch)).unwrap_err();
        assert_eq!(status.message.as_str(), format!("error decoding patch: json: cannot unmarshal {why}"));
    }
}

#[test]
fn an_edit_is_sent_as_what_differs() {
    for (from, to, patch) in [
        (CONTAINERS, CONTAINERS.to_owned(), "{}"),
        (
            CONTAINERS,
            CONTAINERS.replace(r#""image":"x""#, r#""image":"z""#),
            r#"{"spec":{"$setElementOrder/containers":[{"name":"app"},{"name":"log"}],"containers":[{"image":"z","name":"app"}]}}"#,
        ),
        (
            CONTAINERS,
            CONTAINERS.replace(r#",{"image":"y","name":"log"}"#, ""),
            r#"{"spec":{"$setElementOrder/containers":[{"name":"app"}],"containers":[{"$patch":"delete","name":"log"}]}}"#,
        ),
        (
            CONTAINERS,
            CONTAINERS.replace(r#"{"emptyDir":{},"name":"tmp"}"#, r#"{"hostPath":{"path":"/x"},"name":"tmp"}"#),
            r#"{"spec":{"$setElementOrder/volumes":[{"name":"tmp"}],"volumes":[{"$retainKeys":["hostPath","name"],"emptyDir":null,"hostPath":{"path":"/x"},"name":"tmp"}]}}"#,
        ),
        (
            r#"{"metadata":{"finalizers":["a","b"],"labels":{"x":"1"}}}"#,
            r#"{"metadata":{"finalizers":["b","c"]}}"#.to_owned(),
            r#"{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"$setElementOrder/finalizers":["b","c"],"finalizers":["c"],"labels":null}}"#,
        ),
    ] {
        let (from, to) = (tree(from), tree(&to));
        let computed = diff_merge(Kind::Pod, &from, &to).unwrap();
        assert_eq!(to_compact(&computed), patch);
        assert_eq!(strategic(Kind::Pod, &from, &computed).unwrap(), to);
    }
}

#[test]
fn labels_are_sent_as_a_merge_patch() {
    let (from, to) = (tree(r#"{"a":{"b":1,"c":2},"d":[1]}"#), tree(r#"{"a":{"b":3},"d":[1],"e":{}}"#));
    let patch = create_merge(&from, &to);
    assert_eq!(to_compact(&patch), r#"{"a":{"b":3,"c":null},"e":{}}"#);
    assert_eq!(merge(&from, &patch), to);
}

/// The patch of `kubectl apply` from last applied, manifest and live object.
fn applied(last: &str, manifest: &str, live: &str) -> String {
    let patch = three_way(Kind::Pod, &tree(last), &tree(manifest), &tree(live)).unwrap();
    to_compact(&patch)
}

#[test]
fn apply_leaves_alone_what_others_have_written() {
    let live = r#"{"metadata":{"labels":{"a":"1","other":"x"},"uid":"u"},"spec":{"containers":[{"image":"x","imagePullPolicy":"Always","name":"app"},{"image":"i","name":"injected"}]}}"#;
    let file = r#"{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"image":"x","name":"app"}]}}"#;
    // The injected container differs in order from the file, so the order is sent along; nothing else is.
    assert_eq!(applied(file, file, live), r#"{"spec":{"$setElementOrder/containers":[{"name":"app"}]}}"#);
    let alone = live.replace(r#",{"image":"i","name":"injected"}"#, "");
    assert_eq!(applied(file, file, &alone), "{}");
}

#[test]
fn apply_removes_what_the_manifest_has_no_more() {
    let last = r#"{"metadata":{"labels":{"a":"1","b":"2"}},"spec":{"containers":[{"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"image":"x","name":"app"},{"image":"s","name":"side"}],"nodeName":"n"}}"#;
    let file = r#"{"metadata":{"labels":{"a":"1"}},"spec":{"containers":[{"env":[{"name":"A","value":"9"}],"image":"x","name":"app"}]}}"#;
    assert_eq!(
        applied(last, file, last),
        r#"{"metadata":{"labels":{"b":null}},"spec":{"$setElementOrder/containers":[{"name":"app"}],"containers":[{"$setElementOrder/env":[{"name":"A"}],"env":[{"name":"A","value":"9"},{"$patch":"delete","name":"B"}],"name":"app"},{"$patch":"delete","name":"side"}],"nodeName":null}}"#
    );
    let patch = tree(&applied(last, file, last));
    let after = strategic(Kind::Pod, &tree(last), &patch).unwrap();
    assert_eq!(after, tree(file));
}

#[test]
fn apply_of_a_whole_exported_object_names_what_has_moved_on() {
    let manifest = r#"{"metadata":{"generation":26,"name":"web","resourceVersion":"10274"},"spec":{"replicas":3},"status":{"collisionCount":0,"readyReplicas":2}}"#;
    let live = r#"{"metadata":{"generation":28,"name":"web","resourceVersion":"10300"},"spec":{"replicas":3},"status":{"collisionCount":0,"readyReplicas":3}}"#;
    let patch = three_way(Kind::StatefulSet, &Value::Null, &tree(manifest), &tree(live)).unwrap();
    assert_eq!(
        to_compact(&patch),
        r#"{"metadata":{"generation":26,"resourceVersion":"10274"},"status":{"readyReplicas":2}}"#
    );
}

#[test]
fn a_disruption_budget_sends_its_selector_every_time() {
    let budget = tree(r#"{"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"web"}}}}"#);
    let patch = three_way(Kind::PodDisruptionBudget, &budget, &budget, &budget).unwrap();
    assert_eq!(to_compact(&patch), r#"{"spec":{"selector":{"matchLabels":{"app":"web"}}}}"#);
}

#[test]
fn claim_templates_are_one_piece_and_defaults_make_them_differ() {
    let manifest = tree(r#"{"spec":{"volumeClaimTemplates":[{"metadata":{"name":"data"}}]}}"#);
    let live = tree(
        r#"{"spec":{"replicas":1,"volumeClaimTemplates":[{"metadata":{"name":"data"},"status":{"phase":"Pending"}}]}}"#,
    );
    let patch = three_way(Kind::StatefulSet, &manifest, &manifest, &live).unwrap();
    assert_eq!(patch, manifest);
}
