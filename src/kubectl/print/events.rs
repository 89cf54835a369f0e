//! The table of `kubectl events`, and events in the form of `events.k8s.io`.

use std::rc::Rc;

use super::{cells, describe, layout};
use crate::api::{Kind, Object, Shared};
use crate::time::Time;
use crate::value::{Map, Text, Value};

/// What the fields of an event are called in `events.k8s.io`; all others keep their names.
const NEW_NAMES: &[(&str, &str)] = &[
    ("count", "deprecatedCount"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("involvedObject", "regarding"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("message", "note"),
    ("reportingComponent", "reportingController"),
    ("source", "deprecatedSource"),
];

/// An event as `get events.events.k8s.io -o yaml` has it.
pub fn new_event(event: &Shared) -> Shared {
    let mut tree = Map::default();
    for (key, value) in event.tree.pairs() {
        let key = NEW_NAMES.iter().find(|(old, _)| *key == **old).map_or(key.clone(), |(_, new)| Text::Static(new));
        let left_out = key.starts_with("reporting") && value.as_str() == Some("");
        if !left_out {
            tree.insert(key, value.clone());
        }
    }
    tree.insert("apiVersion", "events.k8s.io/v1");
    Rc::new(Object::new(Kind::Event, Value::from(tree)))
}

/// What `kubectl events` prints: sorted by time, columns LAST SEEN, TYPE, REASON, OBJECT, MESSAGE (NAMESPACE first
/// when `all_namespaces`). Empty without events; the caller says that nothing was found.
pub fn events_table(events: &[Shared], all_namespaces: bool, headers: bool, now: Time) -> String {
    if events.is_empty() {
        return String::new();
    }
    let mut events: Vec<&Shared> = events.iter().collect();
    crate::sorted::sort_by_key(&mut events, &|event| last_seen(event));
    let mut text = String::new();
    let namespaces = if all_namespaces { "NAMESPACE\t" } else { "" };
    if headers {
        text.push_str(namespaces);
        text.push_str("LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n");
    }
    for event in events {
        if all_namespaces {
            text.push_str(&event.meta.namespace);
            text.push('\t');
        }
        text.push_str(&row(event, now));
        text.push('\n');
    }
    layout::tabbed(&text, layout::TABLE_MINIMUM, layout::TABLE_PADDING)
}

/// One event as a line with tabs, for `kubectl events` and its watch.
fn row(event: &Shared, now: Time) -> String {
    let tree = &event.tree;
    let text = |path: &[&str]| tree.at(path).str_or_empty().to_owned();
    let subject = format!("{}/{}", text(&["involvedObject", "kind"]), text(&["involvedObject", "name"]));
    let cells = [
        describe::interval(tree, now),
        text(&["type"]),
        text(&["reason"]),
        subject,
        text(&["message"]).trim().to_owned(),
    ];
    cells.join("\t")
}

/// The moment by which events are sorted.
fn last_seen(event: &Shared) -> Option<Time> {
    let series = event.tree.at(&["series", "lastObservedTime"]);
    let last = event.tree.at(&["lastTimestamp"]);
    let moment = if !series.is_null() {
        series
    } else if !last.is_null() {
        last
    } else {
        cells::first_seen(&event.tree)
    };
    moment.as_str().and_then(Time::parse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map;

    #[test]
    fn the_fields_of_an_event_have_other_names_in_its_own_group() {
        let event = map! {
            "apiVersion" => "v1",
            "kind" => "Event",
            "metadata" => map! { "name" => "web.18", "namespace" => "default" },
            "involvedObject" => map! { "kind" => "StatefulSet", "name" => "web" },
            "reason" => "SuccessfulCreate",
            "message" => "create Pod web-0",
            "source" => map! { "component" => "statefulset-controller" },
            "firstTimestamp" => "2026-01-05T09:00:00Z",
            "lastTimestamp" => "2026-01-05T09:00:00Z",
            "count" => 1,
            "type" => "Normal",
            "eventTime" => Value::Null,
            "reportingComponent" => "statefulset-controller",
            "reportingInstance" => "",
        };
        let new = new_event(&Rc::new(Object::new(Kind::Event, event)));
        let keys: Vec<&str> = new.tree.pairs().map(|(key, _)| key.as_str()).collect();
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        assert_eq!(
            sorted,
            [
                "apiVersion",
                "deprecatedCount",
                "deprecatedFirstTimestamp",
                "deprecatedLastTimestamp",
                "deprecatedSource",
                "eventTime",
                "kind",
                "metadata",
                "note",
                "reason",
                "regarding",
                "reportingController",
                "type",
            ]
        );
        assert_eq!(new.tree.at(&["regarding", "name"]).str_or_empty(), "web");
        assert_eq!(new.tree.at(&["apiVersion"]).str_or_empty(), "events.k8s.io/v1");
    }
}
