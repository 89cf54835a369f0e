//! Whose pods they are (set: B7 to B20, B22).

use playground::api::Kind;

use super::bench::Bench;

const ORPHAN: &str = "spec: {containers: [{name: nginx, image: nginx, volumeMounts: [{name: datadir, mountPath: \
                      /tmp/zookeeper}]}], volumes: [{name: datadir, persistentVolumeClaim: {claimName: datadir-foo-0}}]}";

fn orphan(bench: &mut Bench, name: &str, labels: &str) {
    bench.store(Kind::Pod, &format!("metadata: {{name: {name}, labels: {labels}}}\n{ORPHAN}")).expect("an orphan");
    bench.pass(0);
}

fn owner_of(bench: &Bench, pod: &str) -> Option<String> {
    bench.get(Kind::Pod, pod).expect("the pod").controller().map(|owner| owner.name.to_string())
}

#[test]
fn an_orphan_with_labels_and_name_of_the_set_is_adopted_and_no_other() {
    let mut bench = Bench::new();
    bench.orderly = false;
    bench.set(1, "updateStrategy: {type: OnDelete}").delete(Kind::Pod, "foo-0");
    let mut bench = Bench::new();
    bench.orderly = false;
    orphan(&mut bench, "foo-0", "{foo: bar}");
    orphan(&mut bench, "foo-1", "{foo: other}");
    orphan(&mut bench, "other-2", "{foo: bar}");
    bench.set(1, "updateStrategy: {type: OnDelete}").pass(1000);
    assert_eq!(owner_of(&bench, "foo-0").as_deref(), Some("foo"));
    assert_eq!((owner_of(&bench, "foo-1"), owner_of(&bench, "other-2")), (None, None));
}

#[test]
fn an_orphan_that_suits_two_sets_by_its_labels_goes_to_the_one_of_its_name() {
    let mut bench = Bench::new();
    bench.orderly = false;
    bench.set(0, "").set_named("foo-foo", 0, "");
    orphan(&mut bench, "foo-foo-0", "{foo: bar}");
    let told = bench.told();
    assert!(told.contains(&"- foo-foo-0".to_owned()), "adopted by foo-foo, which wants none: {told:?}");
    orphan(&mut bench, "nobody", "{foo: bar}");
    assert_eq!(owner_of(&bench, "nobody"), None);
}

#[test]
fn a_pod_that_gets_the_labels_of_a_set_is_adopted_then() {
    let mut bench = Bench::new();
    bench.orderly = false;
    bench.set(1, "updateStrategy: {type: OnDelete}").all_ready();
    orphan(&mut bench, "foo-7", "{foo: other}");
    assert_eq!(owner_of(&bench, "foo-7"), None);
    bench.told();
    bench.patch(Kind::Pod, "foo-7", "metadata: {labels: {foo: bar}}");
    assert_eq!(bench.pods_told(), ["- foo-7"], "it is adopted, and out of range");
}

#[test]
fn a_pod_that_loses_its_labels_is_released_and_one_that_loses_its_owner_is_adopted_again() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready();
    bench.orderly = false;
    bench.patch(Kind::Pod, "foo-0", "metadata: {ownerReferences: null}").pass(1000);
    assert_eq!(owner_of(&bench, "foo-0").as_deref(), Some("foo"));
    bench.patch(Kind::Pod, "foo-0", "metadata: {labels: {foo: other}}").pass(1000);
    assert_eq!(owner_of(&bench, "foo-0"), None);
    assert_eq!(bench.counts()[0], 0);
    bench.patch(Kind::Pod, "foo-0", "metadata: {labels: {foo: bar}}").pass(1000);
    assert_eq!(owner_of(&bench, "foo-0").as_deref(), Some("foo"));
    assert_eq!(bench.counts()[0], 1);
}

#[test]
fn an_owned_pod_of_another_name_is_released() {
    let mut bench = Bench::new();
    bench.orderly = false;
    bench.set(0, "");
    let owner = playground::value::json::to_compact(&bench.reference(Kind::StatefulSet, "foo"));
    bench
        .store(
            Kind::Pod,
            &format!("metadata: {{name: other-0, labels: {{foo: bar}}, ownerReferences: [{owner}]}}\n{ORPHAN}"),
        )
        .expect("a pod");
    bench.pass(1000);
    assert_eq!(owner_of(&bench, "other-0"), None);
}

#[test]
fn pods_without_a_set_and_changes_that_change_nothing_wake_nobody() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready();
    let version = |bench: &Bench| bench.get(Kind::StatefulSet, "foo").expect("a set").meta.resource_version;
    let before = version(&bench);
    orphan(&mut bench, "stranger", "{app: stranger}");
    bench.patch(Kind::Pod, "stranger", "metadata: {labels: {more: labels}}").delete(Kind::Pod, "stranger").pass(60_000);
    assert_eq!(version(&bench), before);
}
