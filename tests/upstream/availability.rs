//! minReadySeconds (control: A13, A16 to A20; set: B25).

use playground::api::Kind;

use super::bench::{Bench, POLICIES, with_all_policies};

fn with_seconds(replicas: i64, seconds: i64, more: &str) -> Bench {
    let mut bench = Bench::new();
    bench.set(replicas, &format!("minReadySeconds: {seconds}\n{more}"));
    bench
}

#[test]
fn a_pod_is_available_when_it_was_ready_for_so_long() {
    with_all_policies(|_, policies| {
        let mut bench = with_seconds(1, 3600, policies);
        bench.becomes("foo-0", "Running", true).pass(1_800_000);
        assert_eq!(bench.counts(), [1, 1, 0, 1, 1], "half an hour, {policies}");
        bench.pass(1_810_000);
        assert_eq!(bench.counts(), [1; 5], "an hour, {policies}");
    });
}

#[test]
fn without_min_ready_seconds_ready_is_available() {
    let mut bench = with_seconds(1, 0, "");
    bench.becomes("foo-0", "Running", true);
    assert_eq!(bench.counts(), [1; 5]);
}

#[test]
fn an_update_waits_for_pods_to_be_available() {
    for policy in POLICIES {
        let mut bench = with_seconds(2, 30, &format!("podManagementPolicy: {policy}"));
        for name in ["foo-0", "foo-1"] {
            bench.becomes(name, "Running", true).pass(40_000);
        }
        bench.told();
        bench.orderly = false;
        bench.image("foo").pass(1000);
        assert_eq!(bench.pods_told(), ["- foo-1", "+ foo-1"]);
        bench.becomes("foo-1", "Running", true).pass(10_000);
        assert_eq!(bench.counts()[2], 1, "{policy}");
        assert!(bench.pods_told().is_empty(), "Ready for 10 s of 30, {policy}");
        bench.pass(30_000);
        assert_eq!(bench.pods_told(), ["- foo-0", "+ foo-0"], "{policy}");
    }
}

#[test]
fn an_ordered_set_does_not_shrink_while_pods_are_not_available() {
    let mut bench = with_seconds(3, 30, "");
    for name in ["foo-0", "foo-1"] {
        bench.becomes(name, "Running", true).pass(40_000);
    }
    bench.becomes("foo-2", "Running", true).told();
    // The lowest one falls back: it was Ready a moment ago only.
    bench.orderly = false;
    bench.becomes("foo-0", "Running", false).becomes("foo-0", "Running", true).scale(1).pass(10_000);
    assert!(bench.told().is_empty());
    bench.pass(60_000);
    assert_eq!(bench.pods_told(), ["- foo-2", "- foo-1"]);
}

#[test]
fn on_delete_counts_availability_and_is_held_up_by_nothing() {
    let mut bench = with_seconds(2, 30, "podManagementPolicy: Parallel\nupdateStrategy: {type: OnDelete}");
    for name in ["foo-0", "foo-1"] {
        bench.becomes(name, "Running", true);
    }
    bench.image("foo").pass(1000);
    let (current, update) = bench.revisions();
    assert!(current != update && bench.counts()[2] == 0);
}

#[test]
fn a_partitioned_update_waits_for_availability_too() {
    let partition = "updateStrategy: {rollingUpdate: {partition: 2}}\npodManagementPolicy: Parallel";
    let mut bench = with_seconds(4, 30, partition);
    for name in bench.pods() {
        bench.becomes(&name, "Running", true);
    }
    bench.pass(40_000).image("foo").pass(1000).told();
    bench.becomes("foo-3", "Running", true).pass(10_000);
    assert!(bench.told().is_empty(), "foo-3 is not available yet");
    assert!(bench.get(Kind::Pod, "foo-2").is_some_and(|pod| !pod.is_terminating()));
}

#[test]
fn a_set_is_looked_at_again_when_its_next_pod_becomes_available() {
    let mut bench = with_seconds(2, 5, "podManagementPolicy: Parallel");
    bench.becomes("foo-0", "Running", true).pass(4_000).becomes("foo-1", "Running", true);
    assert_eq!(bench.counts()[2], 0);
    bench.pass(1_500);
    assert_eq!(bench.counts()[2], 1, "not after the full five seconds of the second one");
    bench.pass(4_000);
    assert_eq!(bench.counts()[2], 2);
}
