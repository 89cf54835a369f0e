//! Revisions and their history (control: A4, A10, A11; set: B21; utils: C23, C24; compatibility: E8).

use playground::api::Kind;
use playground::controller::statefulset::revisions;
use playground::value::{Value, json};

use super::bench::{Bench, with_all_policies};

/// Name and number of every revision, by number.
fn numbered(bench: &Bench) -> Vec<(String, i64)> {
    let mut all = bench.list(Kind::ControllerRevision);
    revisions::sort(&mut all);
    all.iter().map(|revision| (revision.meta.name.to_string(), revisions::number(revision))).collect()
}

#[test]
fn a_new_set_has_one_revision_which_is_current_and_next() {
    with_all_policies(|_, policies| {
        let mut bench = Bench::new();
        bench.set(3, policies);
        let (current, update) = bench.revisions();
        assert_eq!(current, update);
        assert_eq!(numbered(&bench), [(current.to_string(), 1)], "{policies}");
    });
}

#[test]
fn a_new_template_makes_a_revision_and_the_same_one_again_none() {
    let mut bench = Bench::new();
    bench.set(3, "").all_ready();
    let (first, _) = bench.revisions();
    bench.image("foo");
    let (current, update) = bench.revisions();
    assert_eq!(current, first);
    assert_eq!(numbered(&bench), [(first.to_string(), 1), (update.to_string(), 2)]);
    bench.patch(Kind::StatefulSet, "foo", "metadata: {labels: {touched: again}}").pass(60_000);
    assert_eq!(numbered(&bench).len(), 2);
}

#[test]
fn an_older_template_gets_the_highest_number_and_keeps_its_name() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready().image("foo").all_ready().image("bar").all_ready();
    let names: Vec<String> = numbered(&bench).into_iter().map(|(name, _)| name).collect();
    bench.image("foo");
    let expected = [(names[0].clone(), 1), (names[2].clone(), 3), (names[1].clone(), 4)];
    assert_eq!(numbered(&bench), expected);
}

#[test]
fn of_the_revisions_that_nothing_uses_only_so_many_are_kept() {
    for limit in [0, 5, 10] {
        with_all_policies(|_, policies| {
            let mut bench = Bench::new();
            bench.set(1, &format!("revisionHistoryLimit: {limit}\n{policies}")).all_ready();
            for number in 0..12 {
                bench.image(&format!("image-{number}"));
                let kept = bench.list(Kind::ControllerRevision).len();
                assert!(kept <= limit + 2, "{kept} of limit {limit} after {number}, {policies}");
                bench.all_ready();
                let kept = bench.list(Kind::ControllerRevision).len();
                assert!(kept <= limit + 1, "{kept} of limit {limit} at rest, {policies}");
            }
        });
    }
}

#[test]
fn fifteen_updates_in_a_row_that_never_finish_keep_to_the_limit_too() {
    let mut bench = Bench::new();
    bench.set(3, "revisionHistoryLimit: 2").all_ready();
    for number in 0..15 {
        bench.image(&format!("image-{number}")).pass(60_000);
        assert!(bench.list(Kind::ControllerRevision).len() <= 2 + 3, "limit, current, update and the pod between");
    }
}

#[test]
fn an_orphaned_revision_is_taken_over() {
    let mut bench = Bench::new();
    bench.set(1, "").all_ready();
    let name = bench.revisions().0;
    bench.patch(Kind::ControllerRevision, &name, "metadata: {ownerReferences: null}");
    assert!(bench.get(Kind::ControllerRevision, &name).expect("it").controller().is_none());
    bench.patch(Kind::StatefulSet, "foo", "metadata: {labels: {touched: once}}");
    let owner = bench.get(Kind::ControllerRevision, &name).expect("it").controller().cloned().expect("an owner");
    assert!(owner.controller && owner.name == *"foo");
}

#[test]
fn each_revision_gives_its_own_template_back_and_carries_the_annotations_of_its_set() {
    let mut bench = Bench::new();
    bench.set(1, "").patch(Kind::StatefulSet, "foo", "metadata: {annotations: {foo: bar}}");
    let mut templates = Vec::new();
    for image in ["one", "two", "three"] {
        bench.image(image).all_ready();
        templates.push(bench.get(Kind::StatefulSet, "foo").expect("a set").tree.at(&["spec", "template"]).clone());
    }
    let mut all = bench.list(Kind::ControllerRevision);
    revisions::sort(&mut all);
    let given: Vec<Value> =
        all[1..].iter().map(|revision| revisions::template_of(revision.tree.at(&["data"]))).collect();
    assert_eq!(given, templates);
    assert_eq!(all[1].annotation("foo"), Some("bar"));
    assert_eq!(all[0].annotation("foo"), None, "the first one was made before the annotation");
}

#[test]
fn a_revision_of_an_earlier_kubernetes_has_the_hash_that_it_was_given() {
    // A template as 1.34 wrote it, and the same with the null moment that 1.33 wrote.
    let template = |moment: &str| {
        format!(
            r#"{{"spec":{{"template":{{"$patch":"replace","metadata":{{"annotations":{{"test":"value"}},{moment}"labels":{{"app":"foo"}}}},"spec":{{"containers":[{{"image":"test","imagePullPolicy":"Always","name":"test","resources":{{}},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File"}}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{{}},"terminationGracePeriodSeconds":30}}}}}}}}"#
        )
    };
    for (moment, hash) in [("", "776999688b"), (r#""creationTimestamp":null,"#, "c77f6d978")] {
        let data = json::parse(&template(moment)).expect("JSON");
        assert_eq!(revisions::hash(&data, 0), hash);
    }
}
