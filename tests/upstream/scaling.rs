//! Coming up and going down (control: A1 creates, scales, replaces; A2, A3, A15; set: B1, B2).

use playground::api::Kind;

use super::bench::{Bench, with_all_policies};

#[test]
fn three_replicas_come_up_each_with_its_index() {
    with_all_policies(|_, policies| {
        let mut bench = Bench::new();
        bench.set(3, policies).all_ready();
        assert_eq!(bench.counts(), [3; 5], "{policies}");
        for (ordinal, pod) in bench.list(Kind::Pod).iter().enumerate() {
            assert_eq!(pod.label("apps.kubernetes.io/pod-index"), Some(ordinal.to_string().as_str()));
        }
    });
}

#[test]
fn an_ordered_set_makes_one_pod_after_the_other_and_each_claim_before_its_pod() {
    let mut bench = Bench::new();
    bench.set(2, "");
    assert_eq!(bench.told(), ["+ datadir-foo-0", "+ foo-0"]);
    bench.becomes("foo-0", "Running", false);
    assert!(bench.told().is_empty(), "Running is not Ready");
    bench.becomes("foo-0", "Running", true);
    assert_eq!(bench.told(), ["+ datadir-foo-1", "+ foo-1"]);
}

#[test]
fn scaling_up_adds_at_the_end() {
    with_all_policies(|_, policies| {
        let mut bench = Bench::new();
        bench.set(3, policies).all_ready().told();
        bench.scale(4).all_ready();
        assert_eq!(bench.pods_told(), ["+ foo-3"], "{policies}");
        assert_eq!(bench.counts(), [4; 5]);
    });
}

#[test]
fn scaling_to_nothing_takes_the_last_one_first() {
    with_all_policies(|policy, policies| {
        let mut bench = Bench::new();
        bench.set(3, policies).all_ready().told();
        bench.scale(0).pass(5000);
        // In parallel the second batch is of two, of which the one begun last comes first.
        let then = if policy == "Parallel" { ["- foo-0", "- foo-1"] } else { ["- foo-1", "- foo-0"] };
        assert_eq!(bench.pods_told(), ["- foo-2", then[0], then[1]], "{policies}");
        assert_eq!(bench.counts(), [0; 5]);
    });
}

#[test]
fn three_of_five_that_vanish_at_once_are_replaced_from_the_lowest_up() {
    with_all_policies(|policy, policies| {
        let mut bench = Bench::new();
        bench.set(5, policies).all_ready().told();
        bench.orderly = false;
        let gone: Vec<_> = [0, 2, 4].map(|ordinal| bench.get(Kind::Pod, &format!("foo-{ordinal}")).expect("it")).into();
        for pod in gone {
            let meta = &pod.meta;
            bench
                .client(|client| client.delete(Kind::Pod, &meta.namespace, &meta.name, Default::default()))
                .expect("gone");
        }
        bench.all_ready();
        let mut made = bench.pods_told();
        made.retain(|line| line.starts_with('+'));
        if policy == "Parallel" {
            made.sort();
        }
        assert_eq!(made, ["+ foo-0", "+ foo-2", "+ foo-4"], "{policies}");
        assert_eq!(bench.counts(), [5; 5]);
        for ordinal in 0..5 {
            assert!(!bench.owners(&format!("datadir-foo-{ordinal}")).contains(&"Pod".to_owned()), "{policies}");
        }
    });
}

#[test]
fn ordinals_begin_where_the_set_says() {
    with_all_policies(|_, policies| {
        let mut bench = Bench::new();
        bench.set(3, &format!("ordinals: {{start: 2}}\n{policies}")).all_ready();
        assert_eq!(bench.pods(), ["foo-2", "foo-3", "foo-4"], "{policies}");
    });
}

#[test]
fn a_parallel_set_of_any_size_is_made_and_taken_down_without_waiting_for_a_single_pod() {
    for (from, to) in [(3, 30), (10, 1), (501, 0), (0, 1000)] {
        let mut bench = Bench::new();
        bench.orderly = false;
        bench.set(from, "podManagementPolicy: Parallel").pass(30_000);
        bench.scale(to).pass(30_000);
        assert_eq!(bench.list(Kind::Pod).len() as i64, to, "{from} to {to}");
    }
}
