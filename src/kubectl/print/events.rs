//! The table of `kubectl events`.

use super::{cells, describe, layout};
use crate::api::Shared;
use crate::time::Time;

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
