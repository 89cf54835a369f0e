//! What is said about one thing when it is looked at: its facts and its events.

use super::scene::Scene;
use crate::api::{Key, Kind};
use crate::apiserver::Store;
use crate::kubectl::print;
use crate::sim::World;
use crate::time::{Time, human_duration};
use crate::value::Text;

/// The thing looked at.
pub type Subject = Key;

/// How a thing is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Sight {
    /// The facts that matter.
    #[default]
    Facts,
    /// What `kubectl describe` prints.
    Describe,
    /// What `kubectl get -o yaml` prints.
    Yaml,
    /// What has changed.
    Changes,
}

impl Sight {
    /// Every one, as the page offers them: its name and its id.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Facts, "Facts", "sight-facts"),
        (Self::Describe, "Describe", "sight-describe"),
        (Self::Yaml, "YAML", "sight-yaml"),
        (Self::Changes, "Changes", "sight-changes"),
    ];
}

/// What kubectl prints of a thing; empty where it is gone.
pub fn printed(world: &World, subject: &Subject, sight: Sight) -> String {
    let Some(object) = world.store().get(subject.kind, &subject.namespace, &subject.name) else {
        return String::new();
    };
    match sight {
        Sight::Describe => world.inspect(|client| print::describe(object, client, world.now(), true)),
        Sight::Yaml => {
            print::objects(&print::Format::Yaml, std::slice::from_ref(object), true, false).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// One line of the inspector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is: `Node`.
    pub name: &'static str,
    /// What it says.
    pub text: String,
}

/// One event of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// Its own name, to tell it from others, and its namespace.
    pub key: Text,
    /// The namespace it is in.
    pub namespace: Text,
    /// How long ago it was last seen: `12s`.
    pub age: String,
    /// `Normal` or `Warning`.
    pub kind: Text,
    /// `SuccessfulCreate`.
    pub reason: Text,
    /// `pod/mehdb-0`.
    pub object: String,
    /// The message.
    pub message: Text,
    /// How often it was seen.
    pub count: i64,
}

/// The facts of a thing; the first says what became of it when it is gone.
pub fn facts(store: &Store, scene: &Scene, subject: &Subject) -> Vec<Fact> {
    let fact = |name: &'static str, text: &str| Fact { name, text: text.to_owned() };
    let Some(object) = store.get(subject.kind, &subject.namespace, &subject.name) else {
        return vec![fact("State", "it is gone")];
    };
    let mut facts = Vec::new();
    if let Some(view) = object.as_pod() {
        let seat = scene
            .sets
            .iter()
            .flat_map(|set| &set.seats)
            .find_map(|seat| seat.pod.as_ref().filter(|pod| pod.uid == object.meta.uid).map(|pod| (seat, pod)));
        if let Some((seat, pod)) = seat {
            facts.push(fact("State", &pod.state));
            facts.push(fact("Why", &pod.why));
            facts.push(Fact {
                name: "Revision",
                text: pod.revision.map_or(String::new(), |(l, _)| format!("{l} = {}", view.revision)),
            });
            facts.push(Fact {
                name: "DNS",
                text: if seat.dns.address.is_empty() {
                    format!("{} does not answer while the pod is not Ready", seat.dns.name)
                } else {
                    format!("{} answers {}", seat.dns.name, seat.dns.address)
                },
            });
        }
        facts.push(fact("Node", &view.node));
        facts.push(fact("IP", &view.ip));
        facts.push(fact("Claims", &view.claims.iter().map(Text::as_str).collect::<Vec<_>>().join(", ")));
        let images: Vec<&str> =
            object.tree.at(&["spec", "containers"]).items().iter().filter_map(|c| c.at(&["image"]).as_str()).collect();
        facts.push(fact("Image", &images.join(", ")));
    } else if let Some(view) = object.as_claim() {
        facts.push(fact("Phase", &view.phase));
        facts.push(fact("Volume", &view.volume));
        facts.push(fact("Asked for", &view.request));
        facts.push(fact("Capacity", &view.capacity));
        facts.push(fact("Class", view.class.as_deref().unwrap_or("")));
    } else if let Some(view) = object.as_node() {
        facts.push(fact("State", if view.ready { "Ready" } else { "NotReady: its kubelet is silent" }));
        facts.push(fact("Cordoned", if view.unschedulable { "yes: no new pod is put here" } else { "" }));
        facts.push(fact("Zone", &view.zone));
        facts.push(fact("Address", &view.address));
        facts.push(fact(
            "Taints",
            &view.taints.iter().map(|t| format!("{}:{}", t.key, t.effect)).collect::<Vec<_>>().join(", "),
        ));
    } else if let Some(view) = object.as_stateful_set() {
        facts.push(Fact {
            name: "Replicas",
            text: format!(
                "{} wanted, {} there, {} Ready, {} updated",
                view.replicas, view.status_replicas, view.ready_replicas, view.updated_replicas
            ),
        });
        facts.push(fact("Current", &view.current_revision));
        facts.push(fact("Update", &view.update_revision));
        facts.push(fact("Service", &view.service_name));
    }
    if object.is_terminating() {
        facts.push(fact(
            "Deletion",
            "asked for; the object is there until its finalizers and its grace period are through",
        ));
        facts.push(fact("Finalizers", &object.meta.finalizers.iter().map(Text::as_str).collect::<Vec<_>>().join(", ")));
    }
    facts.retain(|fact| !fact.text.is_empty());
    facts
}

/// Events, newest first, of one object or of all; at most `limit`.
pub fn events(store: &Store, now: Time, subject: Option<&Subject>, limit: usize) -> Vec<EventLine> {
    let mut found: Vec<(Time, u64, EventLine)> = store
        .list(Kind::Event, "")
        .filter(|event| {
            subject.is_none_or(|key| {
                let about = event.tree.at(&["involvedObject"]);
                about.at(&["kind"]).as_str() == Some(key.kind.name())
                    && about.at(&["name"]).as_str() == Some(key.name.as_str())
            })
        })
        .map(|event| {
            let text = |key: &str| event.tree.at(&[key]).text();
            let seen = ["lastTimestamp", "eventTime"]
                .iter()
                .find_map(|key| Time::parse(event.tree.at(&[key]).as_str()?))
                .unwrap_or(event.meta.created);
            let about = event.tree.at(&["involvedObject"]);
            let part = |key: &str| about.at(&[key]).str_or_empty();
            let line = EventLine {
                key: event.meta.name.clone(),
                namespace: event.meta.namespace.clone(),
                age: human_duration(now.since(seen)),
                kind: text("type"),
                reason: text("reason"),
                object: format!("{}/{}", part("kind").to_ascii_lowercase(), part("name")),
                message: text("message"),
                count: event.tree.at(&["count"]).as_i64().unwrap_or(1),
            };
            (seen, event.meta.resource_version, line)
        })
        .collect();
    crate::sorted::sort_by_key(&mut found, &|(seen, version, _)| std::cmp::Reverse((*seen, *version)));
    found.truncate(limit);
    found.into_iter().map(|(_, _, line)| line).collect()
}
