//! Pods that end and requests that fail (control: A1 recreates, fails, pending claims; A14; pod control: D2 to D6).

use playground::api::Kind;

use super::bench::{Bench, with_all_policies};

#[test]
fn a_pod_that_has_failed_or_succeeded_is_deleted_once_and_made_anew() {
    for phase in ["Failed", "Succeeded"] {
        with_all_policies(|_, policies| {
            let mut bench = Bench::new();
            bench.set(3, policies).all_ready().told();
            bench.orderly = false;
            let lost = bench.get(Kind::Pod, "foo-0").expect("it").meta.uid.clone();
            bench.becomes("foo-0", phase, false).pass(60_000);
            assert_eq!(bench.pods_told(), ["- foo-0", "+ foo-0"], "{phase} {policies}");
            let anew = bench.get(Kind::Pod, "foo-0").expect("it");
            assert!(anew.meta.uid != lost && anew.tree.at(&["status", "phase"]).as_str() == Some("Pending"));
            assert_eq!(bench.all_ready().counts(), [3; 5]);
        });
    }
}

#[test]
fn a_finished_pod_that_takes_its_time_to_go_is_not_deleted_twice() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready();
    bench.patch(Kind::Pod, "foo-0", "metadata: {finalizers: [example.com/held]}");
    bench.becomes("foo-0", "Failed", false).pass(60_000);
    bench.becomes("foo-0", "Failed", false).pass(60_000);
    let deletions = bench.events().iter().filter(|line| line.contains("SuccessfulDelete")).count();
    assert_eq!(deletions, 1, "{:?}", bench.events());
}

#[test]
fn a_pod_that_cannot_be_made_is_tried_again_until_it_can() {
    with_all_policies(|_, policies| {
        let mut bench = Bench::new();
        bench.orderly = false;
        // A stranger's pod has the name of the third one.
        bench
            .store(Kind::Pod, "metadata: {name: foo-2}\nspec: {containers: [{name: other, image: other}]}")
            .expect("a stranger");
        bench.set(3, policies);
        for name in ["foo-0", "foo-1"] {
            bench.pass(60_000).becomes(name, "Running", true);
        }
        bench.pass(60_000);
        assert_eq!(bench.counts()[0], 2, "{policies}");
        bench.delete(Kind::Pod, "foo-2").pass(2_000_000).all_ready();
        assert_eq!(bench.counts(), [3; 5], "{policies}");
    });
}

#[test]
fn a_name_that_is_taken_is_tried_again_without_an_event_about_the_pod() {
    let mut bench = Bench::new();
    bench.orderly = false;
    bench
        .store(Kind::Pod, "metadata: {name: foo-0}\nspec: {containers: [{name: other, image: other}]}")
        .expect("a stranger");
    bench.set(1, "").pass(60_000);
    assert_eq!(
        bench.events(),
        ["Normal SuccessfulCreate Create Claim datadir-foo-0 Pod foo-0 in StatefulSet foo success"]
    );
}

#[test]
fn a_claim_that_is_going_holds_its_pod_back_with_one_warning() {
    let mut bench = Bench::new();
    let claim = "metadata: {name: datadir-foo-0, finalizers: [example.com/held]}\nspec: {accessModes: [ReadWriteOnce], \
                 resources: {requests: {storage: 1}}}";
    bench.store(Kind::PersistentVolumeClaim, claim).expect("a claim");
    bench.delete(Kind::PersistentVolumeClaim, "datadir-foo-0").set(1, "").pass(10_000);
    assert!(bench.pods().is_empty());
    assert_eq!(
        bench.events(),
        ["Warning FailedCreate Create Pod foo-0 in StatefulSet foo failed error: pvc datadir-foo-0 is being deleted"]
    );
    bench.patch(Kind::PersistentVolumeClaim, "datadir-foo-0", "metadata: {finalizers: null}").pass(2_000_000);
    assert_eq!(bench.pods(), ["foo-0"], "the next try finds it gone and makes both");
}

#[test]
fn a_claim_that_cannot_be_made_is_a_warning_for_claim_and_pod() {
    let mut bench = Bench::new();
    // A claim whose labels are refused: its template's are not looked at before.
    let text = "metadata: {name: foo}\nspec:\n  replicas: 1\n  serviceName: s\n  selector: {matchLabels: {foo: bar}}\n  \
                template: {metadata: {labels: {foo: bar}}, spec: {containers: [{name: nginx, image: nginx}]}}\n  \
                volumeClaimTemplates: [{metadata: {name: datadir, annotations: {'not a key!': x}}, spec: {accessModes: \
                [ReadWriteOnce], resources: {requests: {storage: 1}}}}]";
    bench.store(Kind::StatefulSet, text).expect("a set");
    bench.pass(0);
    assert!(bench.pods().is_empty());
    let events = bench.events();
    assert!(events[0].starts_with("Warning FailedCreate Create Claim datadir-foo-0 for Pod foo-0"), "{events:?}");
    assert!(
        events[1].starts_with("Warning FailedCreate Create Pod foo-0 in StatefulSet foo failed error"),
        "{events:?}"
    );
}

#[test]
fn the_claim_of_a_pending_pod_is_made_again() {
    with_all_policies(|_, policies| {
        let mut bench = Bench::new();
        bench.set(1, policies).told();
        bench.delete(Kind::PersistentVolumeClaim, "datadir-foo-0");
        assert_eq!(bench.told(), ["- datadir-foo-0"], "a claim's end alone wakes nobody");
        bench.becomes("foo-0", "Pending", false);
        assert_eq!(bench.told(), ["+ datadir-foo-0"], "{policies}");
    });
}

#[test]
fn every_creation_and_deletion_is_told_once() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready().scale(0).pass(0);
    assert_eq!(
        bench.events(),
        [
            "Normal SuccessfulCreate Create Claim datadir-foo-0 Pod foo-0 in StatefulSet foo success",
            "Normal SuccessfulCreate Create Pod foo-0 in StatefulSet foo successful",
            "Normal SuccessfulDelete Delete Pod foo-0 in StatefulSet foo successful",
        ]
    );
}
