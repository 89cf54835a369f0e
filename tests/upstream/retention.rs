//! What becomes of claims (control: A1; set: B23, B24; utils: C11 to C18; pod control: D16 to D21).

use playground::api::Kind;
use playground::value::json;

use super::bench::{Bench, RETENTIONS, with_all_policies};

#[test]
fn claims_belong_to_the_set_where_they_go_with_it_and_to_a_pod_that_is_scaled_away() {
    for retention in RETENTIONS {
        let deleted = retention.contains("whenDeleted: Delete");
        let scaled = retention.contains("whenScaled: Delete");
        let mut bench = Bench::new();
        bench.set(2, retention).all_ready();
        let at_rest: &[&str] = if deleted { &["StatefulSet"] } else { &[] };
        for claim in ["datadir-foo-0", "datadir-foo-1"] {
            assert_eq!(bench.owners(claim), at_rest, "{retention}");
        }
        bench.scale(1).pass(1000);
        assert_eq!(bench.owners("datadir-foo-0"), at_rest, "{retention}");
        let condemned: &[&str] = if scaled { &["Pod"] } else { at_rest };
        assert_eq!(bench.owners("datadir-foo-1"), condemned, "{retention}");
    }
}

#[test]
fn another_policy_changes_the_owners_of_the_claims_there_are() {
    for from in RETENTIONS {
        for to in RETENTIONS.iter().skip(1) {
            let mut bench = Bench::new();
            bench.set(2, from).all_ready();
            bench.patch(Kind::StatefulSet, "foo", &format!("spec: {{{}}}", to.replacen(": ", ": ", 1))).pass(1000);
            let expected: &[&str] = if to.contains("whenDeleted: Delete") { &["StatefulSet"] } else { &[] };
            for claim in ["datadir-foo-0", "datadir-foo-1"] {
                assert_eq!(bench.owners(claim), expected, "{from} to {to}");
            }
        }
    }
}

#[test]
fn a_claim_with_another_controller_is_left_to_it() {
    with_all_policies(|_, policies| {
        let mut bench = Bench::new();
        bench.set(1, policies).all_ready();
        let stranger = "{apiVersion: apps/v1, kind: Deployment, name: other, uid: other, controller: true}";
        let patch = format!("metadata: {{ownerReferences: [{stranger}]}}");
        bench.patch(Kind::PersistentVolumeClaim, "datadir-foo-0", &patch);
        bench.patch(Kind::StatefulSet, "foo", "metadata: {labels: {touched: once}}").pass(1000);
        assert_eq!(bench.owners("datadir-foo-0"), ["Deployment"], "{policies}");
        bench.scale(0).pass(1000);
        assert_eq!(bench.owners("datadir-foo-0"), ["Deployment"], "{policies}");
    });
}

#[test]
fn a_reference_to_a_former_set_of_this_name_is_not_touched() {
    let mut bench = Bench::new();
    bench.set(1, RETENTIONS[3]).all_ready();
    let stale = "{apiVersion: apps/v1, kind: StatefulSet, name: foo, uid: former, controller: true}";
    let patch = format!("metadata: {{ownerReferences: [{stale}]}}");
    bench.patch(Kind::PersistentVolumeClaim, "datadir-foo-0", &patch);
    bench.patch(Kind::StatefulSet, "foo", "metadata: {labels: {touched: once}}").pass(1000);
    let claim = bench.get(Kind::PersistentVolumeClaim, "datadir-foo-0").expect("it");
    assert_eq!(claim.meta.owners.iter().map(|owner| owner.uid.as_str()).collect::<Vec<_>>(), ["former"]);
}

#[test]
fn a_reference_that_lost_its_controller_flag_gets_it_back() {
    let mut bench = Bench::new();
    bench.set(1, RETENTIONS[3]).all_ready();
    let mut reference = bench.reference(Kind::StatefulSet, "foo");
    reference.take(&["controller"]);
    let patch = format!("metadata: {{ownerReferences: [{}]}}", json::to_compact(&reference));
    bench.patch(Kind::PersistentVolumeClaim, "datadir-foo-0", &patch);
    let owners =
        |bench: &Bench| bench.get(Kind::PersistentVolumeClaim, "datadir-foo-0").expect("it").meta.owners.clone();
    assert!(!owners(&bench)[0].controller);
    bench.patch(Kind::StatefulSet, "foo", "metadata: {labels: {touched: once}}").pass(1000);
    assert!(owners(&bench)[0].controller);
}

#[test]
fn a_claim_of_a_former_pod_blocks_its_successor_until_it_is_gone() {
    for retention in [RETENTIONS[2], RETENTIONS[4]] {
        let mut bench = Bench::new();
        bench.set(3, retention).all_ready();
        bench.scale(2).pass(1000);
        assert_eq!(bench.owners("datadir-foo-2"), ["Pod"]);
        let before = bench.get(Kind::PersistentVolumeClaim, "datadir-foo-2").expect("it").meta.resource_version;
        bench.scale(3).told();
        for _ in 0..10 {
            bench.patch(Kind::StatefulSet, "foo", "metadata: {labels: {touched: again}}");
            bench.patch(Kind::StatefulSet, "foo", "metadata: {labels: {touched: null}}").pass(1000);
        }
        assert!(bench.told().is_empty(), "foo-2 does not come");
        let claim = bench.get(Kind::PersistentVolumeClaim, "datadir-foo-2").expect("it");
        assert_eq!(claim.meta.resource_version, before, "nobody touches its claim");
        bench.delete(Kind::PersistentVolumeClaim, "datadir-foo-2");
        bench.patch(Kind::StatefulSet, "foo", "metadata: {labels: {touched: again}}").all_ready();
        assert_eq!(bench.pods(), ["foo-0", "foo-1", "foo-2"]);
    }
}

#[test]
fn the_claim_of_an_adopted_pod_follows_the_policy() {
    for retention in &RETENTIONS[1..] {
        let mut bench = Bench::new();
        bench.set(1, retention).all_ready();
        bench.orderly = false;
        bench.patch(Kind::PersistentVolumeClaim, "datadir-foo-0", "metadata: {ownerReferences: null}");
        bench.patch(Kind::Pod, "foo-0", "metadata: {ownerReferences: null}").pass(1000);
        assert!(bench.get(Kind::Pod, "foo-0").expect("it").controller().is_some(), "adopted again");
        let expected: &[&str] = if retention.contains("whenDeleted: Delete") { &["StatefulSet"] } else { &[] };
        assert_eq!(bench.owners("datadir-foo-0"), expected, "{retention}");
    }
}
