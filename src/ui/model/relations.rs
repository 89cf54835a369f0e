//! What an object has to do with others: who owns it, where it runs, what it uses; and its conditions.

use crate::api::{Key, Kind, Object};
use crate::apiserver::Store;
use crate::time::{Time, human_duration};
use crate::value::Text;

/// At most so many things of one kind are listed.
const LISTED: usize = 12;

/// One other object, and what it is to the one looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// `controlled by`, `runs on`.
    pub word: &'static str,
    /// Who.
    pub key: Key,
    /// Whether it is there.
    pub there: bool,
}

/// One of an object's conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `Ready`.
    pub kind: Text,
    /// `True`, `False`, `Unknown`.
    pub status: Text,
    /// Since when: `12s`; empty where it is not said.
    pub since: String,
    /// Reason and message, where there are any.
    pub why: String,
}

/// Everything that has to do with an object, its owners first, each with its own owner after it.
pub fn relations(store: &Store, object: &Object) -> Vec<Relation> {
    let mut found = Vec::new();
    let namespace = &object.meta.namespace;
    let mut add = |word: &'static str, kind: Kind, namespace: &Text, name: &str| {
        if !name.is_empty() {
            let there = store.get(kind, namespace, name).is_some();
            found.push(Relation { word, key: Key::new(kind, namespace.clone(), Text::copy(name)), there });
        }
    };
    let none = Text::default();
    let mut above: Vec<&Object> = vec![object];
    for depth in 0..4 {
        let Some(owned) = above.pop() else { break };
        for owner in owned.meta.owners.iter().take(LISTED) {
            let Some(kind) = Kind::ALL.iter().copied().find(|kind| kind.name() == owner.kind.as_str()) else {
                continue;
            };
            let word = match (depth, owner.controller) {
                (0, true) => "controlled by",
                (0, false) => "owned by",
                _ => "which is owned by",
            };
            add(word, kind, namespace, &owner.name);
            above.extend(store.get(kind, namespace, &owner.name).map(|owner| &**owner));
        }
    }
    if let Some(view) = object.as_pod() {
        add("runs on", Kind::Node, &none, &view.node);
        add("made of", Kind::ControllerRevision, namespace, &view.revision);
        for claim in &view.claims {
            add("uses", Kind::PersistentVolumeClaim, namespace, claim);
        }
        add("named by", Kind::Service, namespace, object.tree.at(&["spec", "subdomain"]).str_or_empty());
    } else if let Some(view) = object.as_claim() {
        add("bound to", Kind::PersistentVolume, &none, &view.volume);
        add("of class", Kind::StorageClass, &none, view.class.as_deref().unwrap_or(""));
        let uses = |pod: &&crate::api::Shared| pod.as_pod().is_some_and(|v| v.claims.contains(&object.meta.name));
        for pod in store.list(Kind::Pod, namespace).filter(uses).take(LISTED) {
            add("used by", Kind::Pod, namespace, &pod.meta.name);
        }
    } else if object.kind == Kind::PersistentVolume {
        let claim = |key: &str| object.tree.at(&["spec", "claimRef", key]).text();
        add("claimed by", Kind::PersistentVolumeClaim, &claim("namespace"), &claim("name"));
        add("of class", Kind::StorageClass, &none, object.tree.at(&["spec", "storageClassName"]).str_or_empty());
    } else if let Some(view) = object.as_stateful_set() {
        add("named by", Kind::Service, namespace, &view.service_name);
        add("was made of", Kind::ControllerRevision, namespace, &view.current_revision);
        if view.update_revision != view.current_revision {
            add("becomes", Kind::ControllerRevision, namespace, &view.update_revision);
        }
    } else if object.kind == Kind::Node {
        let here = |pod: &&crate::api::Shared| pod.as_pod().is_some_and(|view| view.node == object.meta.name);
        for pod in store.list(Kind::Pod, "").filter(here).take(LISTED) {
            add("runs", Kind::Pod, &pod.meta.namespace, &pod.meta.name);
        }
    }
    // What it owns itself.
    for kind in [Kind::Pod, Kind::PersistentVolumeClaim, Kind::ControllerRevision, Kind::EndpointSlice] {
        let owned = |other: &&crate::api::Shared| other.meta.owners.iter().any(|owner| owner.uid == object.meta.uid);
        for other in store.list(kind, namespace).filter(owned).take(LISTED) {
            add("owns", kind, namespace, &other.meta.name);
        }
    }
    found
}

/// An object's conditions as it tells them.
pub fn conditions(object: &Object, now: Time) -> Vec<Condition> {
    let told = |condition: &crate::value::Value| {
        let text = |key: &str| condition.at(&[key]).text();
        let since = condition.at(&["lastTransitionTime"]).as_str().and_then(Time::parse);
        let why = [text("reason"), text("message")].iter().map(Text::as_str).collect::<Vec<_>>().join(" ");
        Condition {
            kind: text("type"),
            status: text("status"),
            since: since.map(|at| human_duration(now.since(at))).unwrap_or_default(),
            why: why.trim().to_owned(),
        }
    };
    object.tree.at(&["status", "conditions"]).items().iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::options::Options;
    use super::super::state::State;
    use super::super::update::update;
    use super::*;

    fn told(state: &State, kind: Kind, namespace: &str, name: &str) -> Vec<String> {
        let store = state.lab().world.store();
        let object = store.get(kind, namespace, name).unwrap_or_else(|| panic!("{name} is there"));
        relations(store, object)
            .iter()
            .map(|r| {
                assert!(r.there, "{} is there", r.key.name);
                format!("{} {} {}", r.word, r.key.kind.info().singular, r.key.name)
            })
            .collect()
    }

    #[test]
    fn a_pod_and_its_claim_tell_whom_they_belong_to() {
        let mut state = State::new(Options::default()).unwrap();
        update(&mut state, Action::Apply);
        state.time.play_to(Time(300_000), usize::MAX);
        let pod = told(&state, Kind::Pod, "lab-18", "mehdb-0");
        assert_eq!(pod[0], "controlled by statefulset mehdb");
        assert!(pod.contains(&"uses persistentvolumeclaim data-mehdb-0".to_owned()), "{pod:?}");
        assert!(pod.iter().any(|r| r.starts_with("runs on node node-")), "{pod:?}");
        let claim = told(&state, Kind::PersistentVolumeClaim, "lab-18", "data-mehdb-0");
        assert!(claim.contains(&"used by pod mehdb-0".to_owned()), "{claim:?}");
        assert!(claim.contains(&"of class storageclass standard".to_owned()), "{claim:?}");
        let set = told(&state, Kind::StatefulSet, "lab-18", "mehdb");
        assert!(set.contains(&"owns pod mehdb-1".to_owned()), "{set:?}");

        let world = &state.lab().world;
        let pod = world.store().get(Kind::Pod, "lab-18", "mehdb-0").unwrap();
        let ready = conditions(pod, world.now()).into_iter().find(|c| c.kind == "Ready").unwrap();
        assert_eq!((ready.status.as_str(), ready.why.as_str()), ("True", ""));
        assert!(ready.since.ends_with(['s', 'm']), "{}", ready.since);
    }
}
