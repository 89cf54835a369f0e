//! Pods and sets that are on their way out (set: B3 to B6).

use playground::api::Kind;

use super::bench::{Bench, with_all_policies};

/// Three pods on nodes: their deletion takes its time.
fn three_on_nodes(policies: &str) -> Bench {
    let mut bench = Bench::new();
    bench.set(3, policies).all_ready();
    for name in bench.pods() {
        bench.bind(&name);
    }
    bench.told();
    bench
}

#[test]
fn nothing_is_made_or_deleted_while_pods_out_of_range_are_going() {
    let mut bench = Bench::new();
    bench.set(5, "").all_ready();
    for name in bench.pods() {
        bench.bind(&name);
    }
    bench.told();
    bench.scale(3);
    assert_eq!(bench.told(), ["~ foo-4"]);
    bench.pass(60_000);
    assert!(bench.told().is_empty(), "foo-3 waits until foo-4 has gone");
    bench.vanishes("foo-4");
    assert_eq!(bench.told(), ["- foo-4", "~ foo-3"]);
    bench.vanishes("foo-3").scale(0);
    assert_eq!(bench.told(), ["- foo-3", "~ foo-2"]);
}

#[test]
fn a_pod_that_is_going_holds_up_scaling_and_comes_back_as_itself() {
    let mut bench = three_on_nodes("");
    bench.orderly = false;
    bench.delete(Kind::Pod, "foo-0").scale(5).pass(60_000);
    assert_eq!(bench.told(), ["~ foo-0"]);
    assert_eq!(bench.pods().len(), 3);
    bench.vanishes("foo-0");
    assert_eq!(bench.told(), ["- foo-0", "+ foo-0"], "and only then the next ones");
}

#[test]
fn a_parallel_set_scales_beside_a_pod_that_is_going() {
    let mut bench = three_on_nodes("podManagementPolicy: Parallel");
    bench.delete(Kind::Pod, "foo-0").scale(5).pass(60_000);
    let mut pods = bench.pods();
    pods.sort();
    assert_eq!(pods, ["foo-0", "foo-1", "foo-2", "foo-3", "foo-4"]);
}

#[test]
fn a_set_that_is_being_deleted_makes_no_pods() {
    with_all_policies(|_, policies| {
        let mut bench = three_on_nodes(policies);
        bench.orderly = false;
        bench.delete_foreground("foo").delete(Kind::Pod, "foo-1");
        bench.vanishes("foo-1").scale(5).pass(60_000);
        assert_eq!(bench.told(), ["~ foo-1", "- foo-1"], "{policies}");
    });
}

#[test]
fn a_set_whose_end_the_controller_has_not_heard_of_yet_adopts_nothing() {
    let mut bench = Bench::new();
    bench.set(0, "");
    let pod = "metadata: {name: foo-0, labels: {foo: bar}}\nspec: {containers: [{name: nginx, image: nginx}]}";
    // Both are committed before the controller is told of either: the cache says alive, the server says deleting.
    let options = playground::apiserver::DeleteOptions {
        propagation: playground::apiserver::Propagation::Foreground,
        ..Default::default()
    };
    bench.store(Kind::Pod, pod).expect("an orphan");
    bench
        .client(|client| client.delete(Kind::StatefulSet, &super::bench::NAMESPACE.into(), &"foo".into(), options))
        .expect("its end is asked for");
    bench.pass(60_000);
    assert!(bench.get(Kind::Pod, "foo-0").expect("the orphan").controller().is_none());
    assert_eq!(bench.told(), ["+ foo-0"]);
}
