//! A little world for tests of single parts: an API server, a few parts, one agenda.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Context, Decision, Part};
use crate::api::{Kind, Shared};
use crate::apiserver::{ApiServer, Client, Gates, WatchEvent};
use crate::profile::Profile;
use crate::random::Seed;
use crate::time::Time;
use crate::value::{Text, Value};

/// What every part shares.
pub(crate) struct Surroundings {
    pub server: ApiServer,
    pub profile: Profile,
    pub seed: Seed,
    pub decisions: Vec<Decision>,
}

/// A part whose kind of alarm is hidden.
trait Actor {
    fn watches(&self, kind: Kind) -> bool;
    fn observe(&mut self, event: &WatchEvent, now: Time, world: &mut Surroundings) -> Vec<(Time, usize)>;
    fn wake(&mut self, alarm: usize, now: Time, world: &mut Surroundings) -> Vec<(Time, usize)>;
}

struct Slot<P: Part> {
    part: P,
    alarms: Vec<P::Alarm>,
}

impl<P: Part> Slot<P> {
    fn run(
        &mut self,
        now: Time,
        world: &mut Surroundings,
        act: impl FnOnce(&mut P, &mut Context<'_, P::Alarm>),
    ) -> Vec<(Time, usize)> {
        let mut alarms = Vec::new();
        let mut context = Context {
            client: Client::new(&mut world.server, now),
            now,
            seed: world.seed,
            profile: &world.profile,
            alarms: &mut alarms,
            decisions: &mut world.decisions,
        };
        act(&mut self.part, &mut context);
        let mut set = Vec::new();
        for (at, alarm) in alarms {
            set.push((at, self.alarms.len()));
            self.alarms.push(alarm);
        }
        set
    }
}

impl<P: Part> Actor for Slot<P> {
    fn watches(&self, kind: Kind) -> bool {
        P::WATCHES.contains(&kind)
    }

    fn observe(&mut self, event: &WatchEvent, now: Time, world: &mut Surroundings) -> Vec<(Time, usize)> {
        self.run(now, world, |part, context| part.observe(event, context))
    }

    fn wake(&mut self, alarm: usize, now: Time, world: &mut Surroundings) -> Vec<(Time, usize)> {
        let alarm = self.alarms[alarm].clone();
        self.run(now, world, |part, context| part.wake(alarm, context))
    }
}

enum Due {
    Event(usize, Rc<WatchEvent>),
    Alarm(usize, usize),
}

/// The little world.
pub(crate) struct Bench {
    pub world: Surroundings,
    pub now: Time,
    actors: Vec<(i64, Box<dyn Actor>)>,
    agenda: BTreeMap<(Time, u64), Due>,
    sequence: u64,
    /// Every change so far, with its moment.
    pub history: Vec<Rc<WatchEvent>>,
}

impl Bench {
    /// An empty world of the recorded profile, with its StorageClasses and the namespace `default`.
    pub(crate) fn new() -> Self {
        let profile = Profile::named("recorded").unwrap();
        let mut bench = Self {
            world: Surroundings {
                server: ApiServer::new(Seed(7), Gates::default()),
                profile,
                seed: Seed(7),
                decisions: Vec::new(),
            },
            now: Time(0),
            actors: Vec::new(),
            agenda: BTreeMap::new(),
            sequence: 0,
            history: Vec::new(),
        };
        bench.create("kind: Namespace\napiVersion: v1\nmetadata: {name: default}");
        bench.create("kind: ServiceAccount\napiVersion: v1\nmetadata: {name: default}");
        for class in bench.world.profile.storage_classes.clone() {
            bench.create(&format!(
                "kind: StorageClass\napiVersion: storage.k8s.io/v1\nmetadata: {{name: {}, annotations: \
                 {{storageclass.kubernetes.io/is-default-class: '{}'}}}}\nprovisioner: {}\nreclaimPolicy: {}\n\
                 volumeBindingMode: {}\nallowVolumeExpansion: {}",
                class.name,
                class.default,
                class.provisioner,
                class.reclaim_policy,
                class.binding_mode,
                class.expandable
            ));
        }
        bench
    }

    /// Adds a part that hears of changes after so many milliseconds; it is told of everything there is.
    pub(crate) fn with<P: Part + 'static>(mut self, part: P, latency: i64) -> Self {
        let index = self.actors.len();
        self.actors.push((latency, Box::new(Slot { part, alarms: Vec::new() })));
        for event in self.history.clone() {
            self.deliver(index, event);
        }
        self
    }

    fn deliver(&mut self, index: usize, event: Rc<WatchEvent>) {
        let (latency, actor) = &self.actors[index];
        if actor.watches(event.object.kind) {
            self.sequence += 1;
            let at = event.at.plus(*latency).max(self.now);
            self.agenda.insert((at, self.sequence), Due::Event(index, event));
        }
    }

    fn announce(&mut self) {
        for event in self.world.server.take_announced() {
            self.history.push(event.clone());
            for index in 0..self.actors.len() {
                self.deliver(index, event.clone());
            }
        }
    }

    /// Lets so many milliseconds pass.
    pub(crate) fn pass(&mut self, ms: i64) -> &mut Self {
        let end = self.now.plus(ms);
        let mut steps = 0;
        while let Some((&(at, sequence), _)) = self.agenda.first_key_value() {
            if at > end {
                break;
            }
            steps += 1;
            assert!(steps < 100_000, "no end of it at {at:?}");
            let due = self.agenda.remove(&(at, sequence)).unwrap();
            self.now = at;
            let (index, alarms) = match due {
                Due::Event(index, event) => (index, self.actors[index].1.observe(&event, at, &mut self.world)),
                Due::Alarm(index, alarm) => (index, self.actors[index].1.wake(alarm, at, &mut self.world)),
            };
            for (at, alarm) in alarms {
                self.sequence += 1;
                self.agenda.insert((at, self.sequence), Due::Alarm(index, alarm));
            }
            self.announce();
        }
        self.now = end;
        self
    }

    /// A hand into the API server; call `done` after using it.
    pub(crate) fn act<R>(&mut self, act: impl FnOnce(&mut Client<'_>) -> R) -> R {
        let now = self.now;
        let result = act(&mut Client::new(&mut self.world.server, now));
        self.announce();
        result
    }

    /// Stores the object of a manifest; its namespace is `default` where it names none.
    pub(crate) fn create(&mut self, manifest: &str) -> Shared {
        let tree = yaml(manifest);
        let kind = Kind::of_manifest(tree.at(&["apiVersion"]).str_or_empty(), tree.at(&["kind"]).str_or_empty());
        let kind = kind.unwrap();
        let mut namespace = tree.at(&["metadata", "namespace"]).text();
        if namespace.is_empty() && kind.is_namespaced() {
            namespace = "default".into();
        }
        self.act(|client| client.create(kind, &namespace, tree)).unwrap()
    }

    /// An object as it is now.
    pub(crate) fn get(&self, kind: Kind, name: &str) -> Option<Shared> {
        let namespace = if kind.is_namespaced() { "default" } else { "" };
        self.world.server.store().get(kind, namespace, name).cloned()
    }

    /// Changes an object by a merge patch in YAML.
    pub(crate) fn patch(&mut self, kind: Kind, name: &str, patch: &str) -> Shared {
        let object = self.get(kind, name).unwrap();
        let patch = yaml(patch);
        self.act(|client| client.merge_patch(&object, patch)).unwrap()
    }

    /// Replaces an object's status by YAML.
    pub(crate) fn status(&mut self, kind: Kind, name: &str, status: &str) -> Shared {
        let object = self.get(kind, name).unwrap();
        let mut tree = object.tree.clone();
        tree.set(&["status"], yaml(status));
        self.act(|client| client.update_status(&object, tree)).unwrap()
    }

    /// Asks for an object's end.
    pub(crate) fn delete(&mut self, kind: Kind, name: &str, options: crate::apiserver::DeleteOptions) {
        let namespace: Text = if kind.is_namespaced() { "default".into() } else { "".into() };
        self.act(|client| client.delete(kind, &namespace, &Text::copy(name), options)).unwrap();
    }

    /// The messages of all events about objects of this name, with their counts: `Normal Reason x2 text`.
    pub(crate) fn events(&self, name: &str) -> Vec<String> {
        let mut events: Vec<&Shared> = self
            .world
            .server
            .store()
            .list(Kind::Event, "")
            .filter(|event| event.tree.at(&["involvedObject", "name"]).as_str() == Some(name))
            .collect();
        events.sort_by_key(|event| (event.meta.created, event.tree.at(&["reason"]).text()));
        let line = |event: &&Shared| {
            let text = |key: &str| event.tree.at(&[key]).str_or_empty().to_owned();
            let count = event.tree.at(&["count"]).as_i64().unwrap_or(0);
            format!("{} {} x{count} {}", text("type"), text("reason"), text("message"))
        };
        events.iter().map(line).collect()
    }

    /// What happened to the objects of a kind, one line each: `205 MODIFIED data-0 <what shows>`.
    pub(crate) fn story(&self, kind: Kind, show: impl Fn(&Value) -> String) -> Vec<String> {
        let of_kind = self.history.iter().filter(|event| event.object.kind == kind);
        let line = |event: &Rc<WatchEvent>| {
            let (change, name) = (event.change.as_str(), &event.object.meta.name);
            format!("{} {change} {name} {}", event.at.0, show(&event.object.tree))
        };
        of_kind.map(line).collect()
    }
}

/// A tree from YAML.
pub(crate) fn yaml(text: &str) -> Value {
    fn convert(node: serde_yaml::Value) -> Value {
        use serde_yaml::Value as Node;
        match node {
            Node::Null => Value::Null,
            Node::Bool(b) => Value::Bool(b),
            Node::Number(n) => n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap()), Value::Int),
            Node::String(s) => s.into(),
            Node::Sequence(items) => Value::list_of(items.into_iter().map(convert).collect()),
            Node::Mapping(pairs) => {
                let mut map = Value::empty_map();
                for (key, value) in pairs {
                    map.map_mut().insert(key.as_str().unwrap().to_owned(), convert(value));
                }
                map
            }
            Node::Tagged(tagged) => convert(tagged.value),
        }
    }
    convert(serde_yaml::from_str(text).unwrap())
}
