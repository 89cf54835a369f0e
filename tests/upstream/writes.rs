//! What the controller writes while others write too (pod control: D14, D22; status updater: E1 to E7; set: B14, B15).

use playground::api::{Kind, OwnerReference};
use playground::apiserver::DeleteOptions;
use playground::map;
use playground::value::Value;

use super::bench::{Bench, NAMESPACE};

#[test]
fn a_status_is_written_although_somebody_else_has_just_changed_the_set() {
    let mut bench = Bench::new();
    bench.set(1, "");
    let pod = bench.get(Kind::Pod, "foo-0").expect("it");
    let mut tree = pod.tree.clone();
    tree.set(&["status", "phase"], "Running");
    let ready = map! { "type" => "Ready", "status" => "True", "lastTransitionTime" => bench.now.rfc3339() };
    tree.set(&["status", "conditions"], vec![ready]);
    // Both are committed before the controller hears of either: it writes on an old version of the set.
    bench.client(|client| client.update_status(&pod, tree)).expect("a status");
    let set = bench.get(Kind::StatefulSet, "foo").expect("a set");
    let mut labelled = set.tree.clone();
    labelled.set(&["metadata", "labels"], map! { "touched" => "once" });
    bench.client(|client| client.update(&set, labelled)).expect("labels");
    bench.pass(0);
    assert_eq!(bench.counts(), [1; 5]);
    let set = bench.get(Kind::StatefulSet, "foo").expect("a set");
    assert_eq!(set.label("touched"), Some("once"), "and takes nothing back");
    assert_eq!(set.tree.at(&["status", "observedGeneration"]).as_i64(), Some(set.meta.generation));
}

#[test]
fn a_status_that_says_nothing_new_is_not_written() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready();
    let version = |bench: &Bench| bench.get(Kind::StatefulSet, "foo").expect("a set").meta.resource_version;
    let before = version(&bench);
    bench.patch(Kind::Pod, "foo-0", "metadata: {annotations: {touched: once}}").pass(60_000);
    assert_eq!(version(&bench), before);
}

#[test]
fn a_pod_that_was_gone_already_counts_as_deleted_and_is_told_all_the_same() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready().told();
    let set = bench.get(Kind::StatefulSet, "foo").expect("a set");
    let mut none = set.tree.clone();
    none.set(&["spec", "replicas"], 0);
    bench.client(|client| client.update(&set, none)).expect("no replicas");
    // Gone at the server, there in the cache.
    bench
        .client(|client| client.delete(Kind::Pod, &NAMESPACE.into(), &"foo-0".into(), DeleteOptions::default()))
        .expect("gone");
    bench.pass(60_000);
    let told: Vec<String> = bench.events().into_iter().filter(|line| line.contains("Delete")).collect();
    assert_eq!(told, ["Normal SuccessfulDelete Delete Pod foo-0 in StatefulSet foo successful"]);
    assert_eq!(bench.counts(), [0; 5]);
}

#[test]
fn a_cache_older_than_the_last_write_makes_no_second_pod() {
    let mut bench = Bench::new();
    bench.set(2, "podManagementPolicy: Parallel");
    // Every write was made once: the syncs between were refused until the cache had caught up.
    let made: Vec<String> = bench.told().into_iter().filter(|line| line.starts_with('+')).collect();
    assert_eq!(made.len(), 4, "{made:?}");
    assert_eq!(bench.events().len(), 4);
}

#[test]
fn a_pod_that_changes_hands_is_news_for_the_old_owner_and_the_new_one() {
    let mut bench = Bench::new();
    bench.orderly = false;
    bench.set(1, "updateStrategy: {type: OnDelete}").all_ready();
    bench.set_named("other", 0, "");
    assert_eq!(bench.counts()[0], 1);
    let pod = bench.get(Kind::Pod, "foo-0").expect("it");
    let owner = OwnerReference::to_controller(&bench.get(Kind::StatefulSet, "other").expect("the other"));
    let mut tree = pod.tree.clone();
    tree.set(&["metadata", "ownerReferences"], Value::list_of(vec![owner]));
    bench.client(|client| client.update(&pod, tree)).expect("another owner");
    bench.pass(10_000);
    // The new owner has no use for the name and lets go; the old one takes it back by name and labels.
    let owner = bench.get(Kind::Pod, "foo-0").expect("it").controller().map(|owner| owner.name.to_string());
    assert_eq!(owner.as_deref(), Some("foo"));
    assert_eq!(bench.counts()[0], 1);
}
