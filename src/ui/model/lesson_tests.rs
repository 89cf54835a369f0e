//! Every lesson, performed to its end: what its sentences say is what happens.

use super::super::action::Action;
use super::super::guide::GuideAction;
use super::super::options::Options;
use super::super::state::State;
use super::super::update::update;
use super::super::why::Answer;
use crate::api::{Key, Kind};
use crate::ui::model::Seat;

/// A reader who goes through a lesson.
struct Reader {
    state: State,
    /// Everything that was to be seen in the chapter: for each frame that changed, the pods' states.
    seen: Vec<String>,
    /// The set whose pods are noted in it.
    noted: [&'static str; 2],
}

impl Reader {
    fn of(name: &str) -> Self {
        let path = format!("{}/static/lessons/{name}.md", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap();
        let mut state = State::new(Options::default()).unwrap();
        update(&mut state, Action::Tell(name.into(), text));
        let mut reader = Self { state, seen: Vec::new(), noted: ["mehdb", "quick"] };
        reader.listen();
        reader
    }

    /// Lets the chapter be told at its own pace; it must come about, not be given up.
    fn listen(&mut self) {
        self.seen.clear();
        for _ in 0..60_000 {
            let line = self.noted.map(|set| self.pods(set)).join(" | ");
            if self.seen.last() != Some(&line) {
                self.seen.push(line);
            }
            let guide = self.state.guide.as_ref().unwrap();
            let chapter = guide.chapter().unwrap().clone();
            if guide.done {
                let now = self.state.scene.sets.iter().find(|set| *set.name == *chapter.set);
                let (now, at) = (now.cloned().unwrap_or_default(), self.state.time.now());
                assert!(guide.has_come(&now, at), "{}: given up", chapter.title);
                return;
            }
            update(&mut self.state, Action::Frame(16_000));
        }
        panic!("it never ends");
    }

    /// On to the chapter of this title, which has to be the next one.
    fn on(&mut self, title: &str) {
        update(&mut self.state, Action::Guide(GuideAction::Next));
        let chapter = self.state.guide.as_ref().and_then(|guide| guide.chapter()).unwrap().title.clone();
        assert_eq!(chapter, title);
        let refused = self.printed(0);
        assert!(!refused.contains("Error") && !refused.contains("error:"), "{title}: {refused}");
        self.listen();
    }

    fn wait(&mut self, ms: i64) {
        let at = self.state.time.now().plus(ms);
        update(&mut self.state, Action::Until(at));
    }

    /// Nothing more is told.
    fn ends(&mut self) {
        assert!(self.state.guide.as_ref().unwrap().is_last());
    }

    fn pods(&self, set: &str) -> String {
        let set = self.state.scene.sets.iter().find(|scene| *scene.name == *set);
        let look = |seat: &std::rc::Rc<Seat>| seat.pod.as_ref().map_or("-", |pod| pod.look.as_str()).to_owned();
        set.map(|set| set.seats.iter().map(look).collect::<Vec<_>>().join(" ")).unwrap_or_default()
    }

    fn seat(&self, name: &str) -> Seat {
        let mut seats = self.state.scene.sets.iter().flat_map(|set| &set.seats);
        (**seats.find(|seat| seat.name == name).unwrap()).clone()
    }

    fn revisions(&self) -> String {
        let set = self.state.scene.sets.iter().find(|scene| *scene.name == *"mehdb").unwrap();
        set.seats.iter().filter_map(|seat| seat.pod.as_ref()?.revision.map(|revision| revision.0)).collect()
    }

    fn waits(&self) -> String {
        let set = self.state.scene.sets.iter().find(|scene| *scene.name == *"mehdb").unwrap();
        assert!(set.controller.waits, "{:?}", set.controller);
        set.controller.text.to_string()
    }

    fn count(&self, kind: Kind) -> usize {
        self.state.lab().world.store().list(kind, "").count()
    }

    fn printed(&self, terminal: usize) -> String {
        let rows = self.state.lab().terminals.get(terminal).map(|terminal| terminal.rows());
        rows.into_iter().flatten().map(|row| row.text.to_string() + "\n").collect()
    }
}

#[test]
fn identity_a_name_answers_only_while_its_pod_is_ready_and_outlives_it() {
    let mut reader = Reader::of("identity");
    reader.on("Running does not answer");
    assert_eq!((reader.pods("mehdb").as_str(), reader.seat("mehdb-0").dns.address.as_str()), ("running -", ""));
    reader.on("Ready answers");
    let old = reader.seat("mehdb-1");
    assert_eq!(old.dns.name, "mehdb-1.mehdb");
    assert!(!old.dns.address.is_empty() && old.dns.address != reader.seat("mehdb-0").dns.address);
    reader.on("What do you think?");
    reader.on("The same name, another pod");
    let new = reader.seat("mehdb-1");
    assert_ne!(new.pod.as_ref().map(|pod| &pod.uid), old.pod.as_ref().map(|pod| &pod.uid));
    assert_ne!(new.dns.address, old.dns.address, "another address");
    assert_eq!((&new.dns.name, &new.claims[0].volume), (&old.dns.name, &old.claims[0].volume));
    reader.on("Kept away");
    let away = reader.seat("mehdb-1");
    assert_eq!((away.dns.address.as_str(), away.pod.map(|pod| pod.restarts)), ("", Some(0)));
    reader.on("And back");
    assert_eq!(reader.seat("mehdb-1").dns.address, new.dns.address);
    reader.ends();
}

#[test]
fn order_parallel_concerns_scaling_and_not_updates() {
    let mut reader = Reader::of("order");
    reader.on("All at once");
    assert_eq!(reader.pods("quick"), "ready ready ready");
    assert!(reader.pods("mehdb").ends_with(" - -"), "{}", reader.pods("mehdb"));
    reader.on("One by one");
    let mehdb: Vec<&str> = reader.seen.iter().filter_map(|line| line.split(" | ").next()).collect();
    assert!(mehdb.iter().all(|line| {
        let pods: Vec<&str> = line.split(' ').collect();
        pods.windows(2).all(|pair| pair[1] == "-" || pair[0] == "ready")
    }));
    reader.on("Down again");
    assert!(reader.seen.iter().any(|line| line.ends_with("| ready ending ending")), "{:#?}", reader.seen);
    assert!(reader.seen.iter().all(|line| !line.contains("ending ending |")), "{:#?}", reader.seen);
    assert!(reader.seen.iter().any(|line| line.starts_with("ready ready ending |")), "{:#?}", reader.seen);
    assert!(
        reader.seen.iter().any(|line| line.starts_with("ready ending ") && !line.starts_with("ready ending ending"))
    );
    reader.on("What do you think?");
    reader.on("Parallel is about scaling");
    let quick: Vec<&str> = reader.seen.iter().filter_map(|line| line.split(" | ").nth(1)).collect();
    assert!(quick.iter().all(|line| line.split(' ').filter(|pod| *pod != "ready").count() < 2), "{quick:#?}");
    assert_eq!(quick.iter().find(|line| line.contains("ending")), Some(&"ready ready ending"));
    reader.ends();
}

#[test]
fn storage_claims_stay_until_the_policy_says_otherwise() {
    let mut reader = Reader::of("storage");
    let volume = reader.seat("mehdb-1").claims[0].volume.clone();
    reader.on("Scale down");
    assert_eq!(reader.seat("mehdb-1").claims[0].volume, volume);
    reader.on("Scale up");
    assert_eq!(reader.seat("mehdb-1").claims[0].volume, volume);
    reader.on("Delete the set");
    let count = |reader: &Reader| {
        let kinds = [Kind::StatefulSet, Kind::Pod, Kind::PersistentVolumeClaim, Kind::PersistentVolume];
        kinds.map(|kind| reader.count(kind))
    };
    assert_eq!(count(&reader), [0, 0, 2, 2]);
    reader.on("Another policy");
    assert_eq!(reader.seat("mehdb-1").claims[0].volume, volume, "on its old data");
    reader.on("The bill is smaller");
    reader.wait(20_000);
    assert_eq!(count(&reader), [1, 1, 1, 1]);
    reader.ends();
}

#[test]
fn rollout_a_canary_stays_alone_and_an_undo_does_not_heal() {
    let mut reader = Reader::of("rollout");
    assert_eq!(reader.revisions(), "AAA");
    reader.on("A canary");
    reader.wait(120_000);
    assert_eq!(reader.revisions(), "AAB", "for good");
    reader.on("What do you think?");
    reader.on("Below the partition");
    assert_eq!(reader.revisions(), "AAB");
    reader.on("Out with it");
    assert_eq!(reader.revisions(), "BBB");
    let first = reader.seen.iter().find(|line| line.contains("ending"));
    assert_eq!(first.map(String::as_str), Some("ready ending ready | "));
    reader.on("A broken image");
    assert_eq!(reader.pods("mehdb"), "ready ready error");
    reader.on("The trap");
    assert_eq!((reader.pods("mehdb").as_str(), reader.revisions().as_str()), ("ready ready error", "BBC"));
    assert!(reader.waits().contains("mehdb-2"), "{}", reader.waits());
    assert!(reader.printed(0).contains("statefulset.apps/mehdb rolled back"), "{}", reader.printed(0));
    reader.on("Out of it");
    assert_eq!((reader.pods("mehdb").as_str(), reader.revisions().as_str()), ("ready ready ready", "BBB"));
    reader.ends();
}

#[test]
fn trouble_a_silent_node_keeps_its_pod_and_force_does_not_ask_it() {
    let mut reader = Reader::of("trouble");
    let node = |reader: &Reader, name: &str| reader.seat(name).pod.map(|pod| pod.node.to_string()).unwrap_or_default();
    assert_ne!(node(&reader, "mehdb-0"), node(&reader, "mehdb-1"));
    let old = reader.seat("mehdb-1").pod.map(|pod| (pod.uid, pod.node)).unwrap();
    reader.on("Silence");
    assert_eq!(reader.pods("mehdb"), "ready unknown");
    reader.on("Five minutes");
    let pod = |reader: &Reader| {
        let store = reader.state.lab().world.store();
        store.get(Kind::Pod, "lab-18", "mehdb-1").map(|pod| (pod.meta.uid.clone(), pod.meta.deletion.is_some()))
    };
    assert_eq!(pod(&reader), Some((old.0.clone(), true)), "Terminating, and the same one");
    assert!(reader.waits().contains("mehdb-1"), "{}", reader.waits());
    reader.on("No twin");
    reader.on("The node comes back");
    assert_eq!(reader.pods("mehdb"), "ready ready");
    let cut = node(&reader, "mehdb-1");
    reader.on("By force");
    assert_ne!(node(&reader, "mehdb-1"), "", "it has a place");
    assert!(reader.state.lab().world.is_silent(&cut), "the node that was cut off is the pod's");
    let kept = reader.state.lab().world.store().get(Kind::Pod, "lab-18", "mehdb-1").map(|pod| pod.meta.uid.clone());
    assert!(kept.is_some_and(|uid| uid != old.0), "another pod, at once");
    assert!(reader.printed(0).contains("force deleted"), "{}", reader.printed(0));
    reader.on("And its disk?");
    assert_eq!(reader.pods("mehdb"), "ready creating");
    let why = Answer::tree_of(reader.state.lab(), &Key::new(Kind::Pod, "lab-18", "mehdb-1"));
    let first = why.first_blocker().map(|first| first.text.to_string()).unwrap_or_default();
    assert!(first.contains("still attached to") && first.contains("after 6 minutes"), "{first}");
    reader.ends();
}

#[test]
fn lab_18_is_performed_step_by_step() {
    let mut reader = Reader::of("lab-18");
    reader.on("Create the set");
    reader.on("Look at all of it");
    assert!(reader.printed(0).contains("service/mehdb   ClusterIP   None"), "{}", reader.printed(0));
    reader.on("Watch");
    reader.on("Scale up");
    assert_eq!(reader.count(Kind::Pod), 4);
    reader.on("Scale down by a patch");
    let watched = reader.printed(1);
    let (first, second) =
        (watched.find("mehdb-3   1/1     Terminating"), watched.find("mehdb-2   1/1     Terminating"));
    assert!(first.is_some() && first < second, "{watched}");
    reader.on("Count the claims");
    assert_eq!(reader.printed(0).matches("data-mehdb-").count(), 6, "two before, four now");
    reader.on("Tidy up");
    assert_eq!((reader.count(Kind::PersistentVolumeClaim), reader.count(Kind::Pod)), (0, 0));
    assert!(reader.state.done.iter().all(|done| *done), "and the lab counts it as done: {:?}", reader.state.done);
    reader.ends();
}
