//! The stories of recordings 02, 05 and 26.

use super::GarbageCollector;
use crate::api::{Kind, Shared};
use crate::apiserver::{DeleteOptions, Propagation};
use crate::controller::testing::Bench;

fn bench() -> (Bench, Shared) {
    let mut bench = Bench::new().with(GarbageCollector::new(), 12);
    let set = bench.create(
        "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: web}, spec: {serviceName: web, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}}}",
    );
    (bench, set)
}

fn owned(bench: &mut Bench, name: &str, owners: &[&Shared]) {
    let owners: Vec<String> = owners
        .iter()
        .map(|owner| {
            format!(
                "{{apiVersion: {}, kind: {}, name: {}, uid: {}, controller: false, blockOwnerDeletion: true}}",
                owner.kind.api_version(),
                owner.kind.name(),
                owner.meta.name,
                owner.meta.uid
            )
        })
        .collect();
    let owners = owners.join(", ");
    bench.create(&format!(
        "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, ownerReferences: [{owners}]}}}}"
    ));
    bench.pass(50);
}

fn delete(bench: &mut Bench, propagation: Propagation) {
    bench.delete(Kind::StatefulSet, "web", DeleteOptions { propagation, ..DeleteOptions::default() });
    bench.pass(100);
}

#[test]
fn dependents_of_an_owner_that_is_gone_are_deleted() {
    let (mut bench, set) = bench();
    owned(&mut bench, "a", &[&set]);
    delete(&mut bench, Propagation::Background);
    assert!(bench.get(Kind::StatefulSet, "web").is_none() && bench.get(Kind::ConfigMap, "a").is_none());
    let last = bench.world.decisions.last().unwrap();
    assert_eq!((last.did.as_str(), last.because.as_str()), ("deleted it", "its owner web is gone"));
}

#[test]
fn an_owner_of_another_uid_is_no_owner() {
    let (mut bench, set) = bench();
    let mut other = (*set).clone();
    other.meta.uid = "00000000-0000-4000-8000-000000000000".into();
    owned(&mut bench, "a", &[&std::rc::Rc::new(other)]);
    assert!(bench.get(Kind::ConfigMap, "a").is_none());
}

#[test]
fn another_live_owner_keeps_a_dependent_and_only_the_dangling_reference_goes() {
    let (mut bench, set) = bench();
    let stays = bench.create("{apiVersion: v1, kind: Secret, metadata: {name: stays}}");
    owned(&mut bench, "a", &[&set, &stays]);
    delete(&mut bench, Propagation::Background);
    let kept = bench.get(Kind::ConfigMap, "a").unwrap();
    assert_eq!(kept.meta.owners.iter().map(|o| o.name.as_str()).collect::<Vec<_>>(), ["stays"]);
}

#[test]
fn an_orphaning_deletion_strips_the_references_first() {
    let (mut bench, set) = bench();
    owned(&mut bench, "a", &[&set]);
    delete(&mut bench, Propagation::Orphan);
    assert!(bench.get(Kind::StatefulSet, "web").is_none());
    let kept = bench.get(Kind::ConfigMap, "a").unwrap();
    assert!(kept.tree.at(&["metadata", "ownerReferences"]).is_null());
}

#[test]
fn a_foreground_deletion_waits_for_the_dependents_that_block_it() {
    let (mut bench, set) = bench();
    owned(&mut bench, "a", &[&set]);
    bench.patch(Kind::ConfigMap, "a", "{metadata: {finalizers: [example.com/hold]}}");
    delete(&mut bench, Propagation::Foreground);
    let going = bench.get(Kind::StatefulSet, "web").unwrap();
    assert!(going.is_terminating() && bench.get(Kind::ConfigMap, "a").unwrap().is_terminating());
    let wait = bench.world.decisions.iter().rev().find_map(|d| d.wait.clone()).unwrap();
    assert_eq!(wait.why, "its deletion is a foreground one, and a is still there");
    bench.patch(Kind::ConfigMap, "a", "{metadata: {finalizers: null}}");
    bench.pass(100);
    assert!(bench.get(Kind::ConfigMap, "a").is_none() && bench.get(Kind::StatefulSet, "web").is_none());
}
