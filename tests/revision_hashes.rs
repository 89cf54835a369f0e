//! Every ControllerRevision that a real control plane made gets the same hash here.

use playground::controller::statefulset::revisions;
use playground::value::json;

#[test]
fn all_recorded_revisions_hash_to_their_recorded_names() {
    let text = include_str!("conformance/controller-revision-hashes.json");
    let scenarios = json::parse(text).expect("the recorded revisions are JSON");
    let mut seen = 0;
    for (scenario, revisions) in scenarios.pairs() {
        for (name, revision) in revisions.pairs() {
            let data = revision.at(&["data"]);
            let hash = revisions::hash(data, 0);
            assert_eq!(Some(hash.as_str()), revision.at(&["hash"]).as_str(), "{scenario}/{name}");
            let set = revision.at(&["statefulset"]).str_or_empty();
            assert_eq!(revisions::name(set, &hash), *name, "{scenario}");
            seen += 1;
        }
    }
    assert!(seen >= 115, "only {seen} revisions were recorded");
    println!("{seen} revisions");
}

#[test]
fn a_collision_gives_another_name() {
    let data = json::parse(r#"{"spec":{"template":{"$patch":"replace"}}}"#).expect("JSON");
    assert_ne!(revisions::hash(&data, 0), revisions::hash(&data, 1));
}
