//! Updates (control: A5 to A9, A12).

use playground::api::Kind;

use super::bench::{Bench, POLICIES, with_all_policies};

/// Three Ready pods on the image `nginx`.
fn ready(replicas: i64, policies: &str) -> Bench {
    let mut bench = Bench::new();
    bench.set(replicas, policies).all_ready().told();
    bench.orderly = false;
    bench
}

#[test]
fn an_update_reaches_every_pod_whatever_the_size_becomes() {
    with_all_policies(|_, policies| {
        for (from, to) in [(3, 3), (3, 5), (5, 3)] {
            let mut bench = ready(from, policies);
            bench.image("foo").scale(to).all_ready();
            assert_eq!(bench.images(), vec!["foo"; to as usize], "{from} to {to}, {policies}");
            assert_eq!(bench.counts(), [to; 5]);
            let (current, update) = bench.revisions();
            assert_eq!(current, update);
        }
    });
}

#[test]
fn an_update_goes_from_the_top_one_at_a_time_also_in_a_parallel_set() {
    for policy in POLICIES {
        let mut bench = ready(3, &format!("podManagementPolicy: {policy}"));
        bench.image("foo").pass(60_000);
        assert_eq!(bench.pods_told(), ["- foo-2", "+ foo-2"], "{policy}");
        bench.becomes("foo-2", "Running", true).pass(60_000);
        assert_eq!(bench.pods_told(), ["- foo-1", "+ foo-1"], "{policy}");
        bench.all_ready();
        assert_eq!(bench.pods_told(), ["- foo-0", "+ foo-0"], "{policy}");
    }
}

#[test]
fn with_on_delete_only_new_pods_are_new() {
    with_all_policies(|_, policies| {
        let mut bench = ready(3, &format!("updateStrategy: {{type: OnDelete}}\n{policies}"));
        bench.image("foo").scale(5).all_ready();
        assert_eq!(bench.images(), ["nginx", "nginx", "nginx", "foo", "foo"], "{policies}");
        bench.scale(2).pass(60_000);
        assert_eq!(bench.images(), ["nginx", "nginx"]);
        bench.scale(0).pass(60_000).collect();
        bench.scale(3).all_ready();
        assert_eq!(bench.images(), ["foo"; 3]);
    });
}

#[test]
fn below_the_partition_everything_stays_old() {
    with_all_policies(|_, policies| {
        for to in [4, 6] {
            let partition = "updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}";
            let mut bench = ready(4, &format!("{partition}\n{policies}"));
            bench.image("foo").scale(to).all_ready();
            let mut expected = vec!["nginx", "nginx"];
            expected.resize(to as usize, "foo");
            assert_eq!(bench.images(), expected, "{policies}");
            bench.delete(Kind::Pod, "foo-0").all_ready();
            assert_eq!(bench.images(), expected, "a pod below it comes back as it was");
        }
    });
}

#[test]
fn the_first_template_again_is_a_rollback_to_the_first_revision() {
    with_all_policies(|_, policies| {
        for (from, to) in [(3, 3), (3, 5), (5, 3)] {
            let mut bench = ready(from, policies);
            let (first, _) = bench.revisions();
            bench.image("foo").all_ready();
            bench.image("nginx").scale(to).all_ready();
            assert_eq!(bench.images(), vec!["nginx"; to as usize], "{from} to {to}, {policies}");
            assert_eq!(bench.revisions(), (first.clone(), first));
            assert_eq!(bench.list(Kind::ControllerRevision).len(), 2, "no third revision");
        }
    });
}

/// Six pods, partition 3, two of them may be away.
fn window(policy: &str) -> Bench {
    let mut bench = Bench::gated(true);
    let strategy = "updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 3, maxUnavailable: 2}}";
    bench.set(6, &format!("podManagementPolicy: {policy}\n{strategy}")).all_ready().told();
    bench.orderly = false;
    bench
}

#[test]
fn with_max_unavailable_two_go_at_once_and_an_ordered_set_makes_them_again_one_by_one() {
    let mut bench = window("OrderedReady");
    bench.image("foo").pass(60_000);
    assert_eq!(bench.pods_told(), ["- foo-5", "- foo-4", "+ foo-4"]);
    bench.becomes("foo-4", "Running", true).pass(60_000);
    assert_eq!(bench.pods_told(), ["+ foo-5"]);
    bench.all_ready();
    assert_eq!(bench.images(), ["nginx", "nginx", "nginx", "foo", "foo", "foo"]);
}

#[test]
fn with_max_unavailable_a_parallel_set_makes_both_again_and_goes_on_with_the_first_that_is_ready() {
    let mut bench = window("Parallel");
    bench.image("foo").pass(60_000);
    let mut told = bench.pods_told();
    told.sort();
    assert_eq!(told, ["+ foo-4", "+ foo-5", "- foo-4", "- foo-5"]);
    bench.becomes("foo-4", "Running", true).pass(60_000);
    assert_eq!(bench.pods_told(), ["- foo-3", "+ foo-3"]);
}

#[test]
fn pods_that_are_going_already_count_against_max_unavailable() {
    for going in [&[][..], &[5], &[5, 4], &[0], &[0, 1], &[0, 5], &[2, 1, 0]] {
        for policy in POLICIES {
            let mut bench = window(policy);
            for name in bench.pods() {
                bench.bind(&name);
            }
            for ordinal in going {
                bench.delete(Kind::Pod, &format!("foo-{ordinal}"));
            }
            bench.told();
            bench.image("foo").pass(60_000);
            let ended = bench.told().len() as i64;
            // An ordered set does not come so far while one of its pods is going.
            let room = if policy == "Parallel" || going.is_empty() { 2 - going.len() as i64 } else { 0 };
            assert_eq!(ended, room.max(0), "{policy} {going:?}");
        }
    }
}
