//! What has changed of an object: since the last thing that somebody did, and since it was looked at last.

use std::rc::Rc;

use super::inspect::{Sight, Subject};
use super::lab::Lab;
use super::state::{Panel, State};
use crate::api::Shared;
use crate::history::{Act, Moment};
use crate::time::Time;
use crate::value::{Value, json};

/// At most so many fields are told of.
const LISTED: usize = 60;

/// At most so many objects are remembered as they were looked at.
const LOOKS: usize = 64;

/// One field that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `status.conditions[Ready].status`.
    pub field: String,
    /// What it was; empty where it was not there.
    pub from: String,
    /// What it is; empty where it is gone.
    pub to: String,
}

/// What has changed since some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// Since when, in a few words: `before you ran kubectl …`.
    pub what: String,
    /// When that was.
    pub at: Time,
    /// Field by field.
    pub changes: Vec<Change>,
}

/// What is remembered to tell it.
#[derive(Clone, Debug, Default)]
pub struct Yore {
    /// The cluster right before the last act: the branch, the number of acts before, and what stood there.
    before: Option<(u32, usize, Rc<Lab>)>,
    /// Objects as they were when they were looked at last, the latest look last.
    looks: Vec<(Subject, Time, Option<Shared>)>,
    /// The object looked at now, as it was when that look began or the one before it ended.
    base: Option<(Time, Option<Shared>)>,
}

/// Takes note that something else is looked at from now on.
pub(super) fn looks_at(state: &mut State, next: Option<&Subject>) {
    let Some(next) = next.filter(|next| state.selected.as_ref() != Some(*next)) else { return };
    let object = |key: &Subject| state.lab().world.store().get(key.kind, &key.namespace, &key.name).cloned();
    let (now, left) = (state.time.now(), state.selected.as_ref().map(|key| (key.clone(), object(key))));
    let fresh = (now, object(next));
    let yore = &mut state.yore;
    if let Some((key, object)) = left {
        yore.looks.retain(|(known, ..)| *known != key);
        yore.looks.push((key, now, object));
        if yore.looks.len() > LOOKS {
            yore.looks.remove(0);
        }
    }
    let last = yore.looks.iter().find(|(known, ..)| known == next);
    yore.base = Some(last.map_or(fresh, |(_, at, object)| (*at, object.clone())));
}

/// Brings what stood before the last act up to date, where it is shown.
pub(super) fn recall(state: &mut State) {
    if state.panel != Panel::Inspector || state.sight != Sight::Changes {
        return;
    }
    let branch = state.time.branch();
    let (number, acted) = (branch.number, branch.moment().acted);
    let Some(last) = acted.checked_sub(1) else {
        state.yore.before = None;
        return;
    };
    if state.yore.before.as_ref().is_some_and(|(known, acts, _)| (*known, *acts) == (number, last)) {
        return;
    }
    let Some(entry) = branch.entries().get(last) else { return };
    let mut then = branch.clone();
    then.seek_to(Moment { step: entry.step, acted: last, at: entry.at });
    state.yore.before = Some((number, last, Rc::new(then.lab().clone())));
}

/// What has changed of the thing looked at.
pub fn changes(state: &State) -> Vec<Since> {
    let Some(key) = &state.selected else { return Vec::new() };
    let now = state.lab().world.store().get(key.kind, &key.namespace, &key.name);
    let mut found = Vec::new();
    if let Some((_, last, lab)) = &state.yore.before
        && let Some(entry) = state.time.branch().entries().get(*last)
    {
        let then = lab.world.store().get(key.kind, &key.namespace, &key.name);
        let what = format!("since the last act: {}", done(&entry.act));
        found.push(Since { what, at: entry.at, changes: between(then, now) });
    }
    if let Some((at, then)) = &state.yore.base {
        found.push(Since { what: "since you looked at it last".into(), at: *at, changes: between(then.as_ref(), now) });
    }
    found
}

fn done(act: &Act) -> String {
    match act {
        Act::Line { line, .. } => line.clone(),
        Act::Interrupt(_) => "Ctrl-C".into(),
        Act::CloseEditor(_, saved) => if saved.is_some() { "saved in the editor" } else { "the editor closed" }.into(),
        Act::Fault(fault) => fault.told(),
    }
}

fn between(then: Option<&Shared>, now: Option<&Shared>) -> Vec<Change> {
    let mut found = Vec::new();
    let gone = |from, to| Change { field: "the object".into(), from, to };
    match (then, now) {
        (None, None) => {}
        (None, Some(now)) => found.push(gone(String::new(), told(&now.meta.uid))),
        (Some(then), None) => found.push(gone(told(&then.meta.uid), String::new())),
        (Some(then), Some(now)) => compare("", &then.tree, &now.tree, &mut found),
    }
    found
}

fn told(uid: &str) -> String {
    format!("there, uid {uid}")
}

/// Field by field; items of a list by their name or type, or else by their place.
fn compare(field: &str, from: &Value, to: &Value, found: &mut Vec<Change>) {
    if from == to || found.len() >= LISTED || field == "metadata.resourceVersion" {
        return;
    }
    let below = |name: &str| if field.is_empty() { name.to_owned() } else { format!("{field}.{name}") };
    if from.as_map().is_some() && to.as_map().is_some() {
        for (name, value) in from.pairs() {
            compare(&below(name), value, to.at(&[name]), found);
        }
        for (name, value) in to.pairs().filter(|(name, _)| from.get(name).is_none()) {
            compare(&below(name), &Value::Null, value, found);
        }
    } else if let (true, true) = (!from.items().is_empty(), !to.items().is_empty()) {
        let name = |nth: usize, item: &Value| {
            let named = ["type", "name", "uid"].iter().find_map(|key| item.at(&[key]).as_str());
            named.map_or_else(|| nth.to_string(), ToOwned::to_owned)
        };
        let named = |list: &Value| -> Vec<(String, Value)> {
            list.items().iter().enumerate().map(|(nth, item)| (name(nth, item), item.clone())).collect()
        };
        let (old, new) = (named(from), named(to));
        let other = |list: &[(String, Value)], name: &str| {
            list.iter().find(|(known, _)| known == name).map_or(Value::Null, |(_, item)| item.clone())
        };
        for (name, item) in &old {
            compare(&format!("{field}[{name}]"), item, &other(&new, name), found);
        }
        for (name, item) in new.iter().filter(|(name, _)| !old.iter().any(|(known, _)| known == name)) {
            compare(&format!("{field}[{name}]"), &Value::Null, item, found);
        }
    } else {
        found.push(Change { field: field.to_owned(), from: short(from), to: short(to) });
    }
}

fn short(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    let text = value.as_str().map_or_else(|| json::to_compact(value), ToOwned::to_owned);
    if text.chars().count() > 80 { text.chars().take(79).chain(['…']).collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::action::Action;
    use super::super::options::Options;
    use super::super::update::update;
    use super::*;
    use crate::api::{Key, Kind};
    use crate::{list, map};

    fn pass(state: &mut State, seconds: i64) {
        let to = state.time.now().plus(seconds * 1000);
        while state.time.now() < to {
            update(state, Action::Frame(200_000));
        }
    }

    fn fields(since: &Since) -> Vec<&str> {
        since.changes.iter().map(|change| change.field.as_str()).collect()
    }

    #[test]
    fn what_an_act_brought_about_is_told_field_by_field() {
        let mut state = State::new(Options::default()).unwrap();
        update(&mut state, Action::Apply);
        pass(&mut state, 200);
        let set = Key::new(Kind::StatefulSet, "lab-18", "mehdb");
        let pod = Key::new(Kind::Pod, "lab-18", "mehdb-0");
        update(&mut state, Action::Select(Some(set.clone())));
        update(&mut state, Action::Sight(Sight::Changes));
        update(&mut state, Action::Select(Some(pod)));
        update(&mut state, Action::Replicas(3));
        update(&mut state, Action::Scale);
        pass(&mut state, 1);
        update(&mut state, Action::Select(Some(set)));
        let told = changes(&state);
        assert!(told[0].what.contains("kubectl scale sts mehdb --replicas=3"), "{}", told[0].what);
        let replicas = told[0].changes.iter().find(|change| change.field == "spec.replicas").unwrap();
        assert_eq!((replicas.from.as_str(), replicas.to.as_str()), ("2", "3"));
        assert!(fields(&told[1]).contains(&"spec.replicas"), "it was looked at before: {:?}", fields(&told[1]));

        update(&mut state, Action::Seek(Time(30_000)));
        let told = changes(&state);
        assert!(told[0].what.contains("kubectl apply"), "in the past, the last act is another: {}", told[0].what);
        assert_eq!(fields(&told[0]), ["the object"], "before it, the set was not there");
    }

    #[test]
    fn items_of_lists_are_known_by_their_names() {
        let item = |status: &'static str| list![map! {"type" => "Ready", "status" => status}];
        let (from, to) = (map! {"a" => 1, "c" => item("False")}, map! {"b" => 2, "c" => item("True")});
        let mut found = Vec::new();
        compare("", &from, &to, &mut found);
        let told: Vec<String> = found.iter().map(|c| format!("{}: {} → {}", c.field, c.from, c.to)).collect();
        assert_eq!(told, ["a: 1 → ", "c[Ready].status: False → True", "b:  → 2"]);
    }
}
