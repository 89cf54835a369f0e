//! Who a pod is and what it has (utils: C2 to C8, C22, C25, C26; pod control: D7 to D11).

use playground::api::{Kind, Object};
use playground::controller::statefulset::identity;
use playground::value::{Text, Value, yaml};

use super::bench::Bench;

fn set_of(bench: &mut Bench) -> std::rc::Rc<Object> {
    bench.set(0, "");
    bench.get(Kind::StatefulSet, "foo").expect("a set")
}

fn pod_of(set: &Object, change: &str) -> Object {
    let template = set.tree.at(&["spec", "template"]);
    let mut tree = identity::new_pod(set, template, &"foo-1".into(), 1);
    let (path, value) = change.split_once('=').unwrap_or(("", ""));
    if !path.is_empty() {
        let value = yaml::parse(value).expect("YAML").value;
        let path: Vec<&'static str> = path.split('.').map(|step| &*String::leak(step.to_owned())).collect();
        tree.set(&path, value);
    }
    Object::new(Kind::Pod, tree)
}

#[test]
fn a_name_is_that_of_the_set_and_an_ordinal() {
    for (name, expected) in
        [("foo-1", Some(("foo", 1))), ("1-bar", None), ("foo", None), ("foo-bar-3", Some(("foo-bar", 3)))]
    {
        assert_eq!(identity::parent_and_ordinal(name), expected, "{name}");
    }
    let mut bench = Bench::new();
    let set = set_of(&mut bench);
    assert!(identity::is_member(&set, &pod_of(&set, "")));
    for name in ["foo2-1", "bar-1", "foo-bar-1", "foo", "foo-x"] {
        assert!(!identity::is_member(&set, &pod_of(&set, &format!("metadata.name={name}"))), "{name}");
    }
}

#[test]
fn a_pod_is_itself_by_its_label_and_has_its_storage_by_its_volumes() {
    let mut bench = Bench::new();
    let set = set_of(&mut bench);
    let spec = set.as_stateful_set().expect("a set");
    let good = pod_of(&set, "");
    assert!(identity::identity_matches(&good) && identity::storage_matches(spec, &good));
    for change in
        ["metadata.name=foo-2", "metadata.labels={}", "metadata.labels={statefulset.kubernetes.io/pod-name: foo-0}"]
    {
        assert!(!identity::identity_matches(&pod_of(&set, change)), "{change}");
    }
    for change in [
        "spec.volumes=[]",
        "spec.volumes=[{name: datadir, emptyDir: {}}]",
        "spec.volumes=[{name: datadir, persistentVolumeClaim: {claimName: datadir-foo-7}}]",
        "metadata.name=foo-bar",
    ] {
        assert!(!identity::storage_matches(spec, &pod_of(&set, change)), "{change}");
    }
}

#[test]
fn identity_and_storage_are_written_back_and_the_template_s_own_volumes_stay() {
    let mut bench = Bench::new();
    let set = set_of(&mut bench);
    let spec = set.as_stateful_set().expect("a set");
    let mut tree = pod_of(&set, "").tree.clone();
    tree.set(&["metadata", "labels"], Value::empty_map());
    tree.set(&["spec", "volumes"], yaml::parse("[{name: home, hostPath: {path: /tmp/home}}]").expect("YAML").value);
    identity::write_identity(tree.at_mut(&["metadata"]), &"foo-1".into(), 1);
    identity::write_storage(&set, tree.at_mut(&["spec"]), &"foo-1".into());
    let pod = Object::new(Kind::Pod, tree);
    assert!(identity::identity_matches(&pod) && identity::storage_matches(spec, &pod));
    let names: Vec<Text> = pod.tree.at(&["spec", "volumes"]).items().iter().map(|v| v.at(&["name"]).text()).collect();
    assert_eq!(names, ["datadir", "home"]);
    let owner = pod.controller().expect("a new pod has its owner");
    assert!(owner.block_owner_deletion && owner.name == *"foo" && owner.uid == set.meta.uid);
}

#[test]
fn a_claim_has_the_labels_of_its_template_and_of_the_selector_which_wins() {
    let mut bench = Bench::new();
    let set = set_of(&mut bench);
    for (labels, expected) in
        [("null", "{foo: bar}"), ("{app: db}", "{app: db, foo: bar}"), ("{foo: other, app: db}", "{app: db, foo: bar}")]
    {
        let template = yaml::parse(&format!("{{metadata: {{name: datadir, labels: {labels}}}}}")).expect("YAML").value;
        let claim = identity::new_claim(&set, &template, &"foo-0".into());
        assert_eq!(claim.at(&["metadata", "name"]).as_str(), Some("datadir-foo-0"));
        assert_eq!(*claim.at(&["metadata", "labels"]), yaml::parse(expected).expect("YAML").value, "{labels}");
    }
}

#[test]
fn how_many_may_be_unavailable_is_a_number_or_a_share_rounded_down_and_at_least_one() {
    for (wanted, replicas, expected) in
        [("null", 5, 1), ("3", 5, 3), ("10%", 25, 2), ("100%", 5, 5), ("50%", 5, 2), ("10%", 5, 1), ("1%", 5, 1)]
    {
        let mut bench = Bench::gated(true);
        let strategy = format!("updateStrategy: {{rollingUpdate: {{maxUnavailable: {wanted}}}}}");
        bench.set(replicas, &format!("podManagementPolicy: Parallel\n{strategy}")).all_ready();
        for name in bench.pods() {
            bench.bind(&name);
        }
        bench.told();
        bench.image("foo").pass(60_000);
        assert_eq!(bench.told().len(), expected, "{wanted} of {replicas}");
    }
}

#[test]
fn a_pod_that_is_as_it_should_be_is_left_alone() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready();
    let version = bench.get(Kind::Pod, "foo-0").expect("it").meta.resource_version;
    let events = bench.events().len();
    bench.patch(Kind::StatefulSet, "foo", "metadata: {labels: {touched: once}}").pass(60_000);
    assert_eq!(bench.get(Kind::Pod, "foo-0").expect("it").meta.resource_version, version);
    assert_eq!(bench.events().len(), events);
}

#[test]
fn a_label_that_was_taken_away_is_written_back_and_told_once() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready();
    bench.orderly = false;
    bench.patch(Kind::Pod, "foo-0", "metadata: {labels: {statefulset.kubernetes.io/pod-name: wrong}}").pass(1000);
    let pod = bench.get(Kind::Pod, "foo-0").expect("it");
    assert!(identity::identity_matches(&pod));
    let told: Vec<String> = bench.events().into_iter().filter(|line| line.contains("Update")).collect();
    assert_eq!(told, ["Normal SuccessfulUpdate Update Pod foo-0 in StatefulSet foo successful"]);
}

#[test]
fn an_adopted_pod_without_the_volumes_cannot_be_mended_which_is_told_and_tried_again() {
    let mut bench = Bench::new();
    bench.orderly = false;
    let pod = "metadata: {name: foo-0, labels: {foo: bar}}\nspec: {containers: [{name: nginx, image: nginx}]}";
    bench.store(Kind::Pod, pod).expect("an orphan");
    bench.becomes("foo-0", "Running", true).set(1, "updateStrategy: {type: OnDelete}").pass(1000);
    let events = bench.events();
    let claim = "Normal SuccessfulCreate Create Claim datadir-foo-0 Pod foo-0 in StatefulSet foo success";
    assert!(events.iter().any(|line| line == claim), "the missing claim is made all the same: {events:?}");
    let failed =
        |line: &&String| line.starts_with("Warning FailedUpdate Update Pod foo-0 in StatefulSet foo failed error:");
    assert!(events.iter().any(|line| failed(&line)), "{events:?}");
}
