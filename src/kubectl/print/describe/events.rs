//! The events of an object.

use super::super::cells;
use super::World;
use super::writer::Writer;
use crate::api::{Kind, Object, Shared};
use crate::time::Time;
use crate::value::{Text, Value};

/// The section `Events:`, oldest first.
pub fn events(out: &mut Writer, object: &Object, world: &mut World<'_>) {
    let mut events = events_of(object, world);
    if events.is_empty() {
        out.field(0, "Events", "<none>");
        return;
    }
    crate::sorted::sort_by_key(&mut events, &|event: &Shared| {
        event.tree.at(&["lastTimestamp"]).as_str().and_then(Time::parse)
    });
    out.line(0, "Events:");
    out.line(1, "Type\tReason\tAge\tFrom\tMessage");
    out.line(1, "----\t------\t----\t----\t-------");
    for event in &events {
        let tree = &event.tree;
        let source = match tree.at(&["source", "component"]).str_or_empty() {
            "" => tree.at(&["reportingComponent"]).str_or_empty(),
            source => source,
        };
        let message = tree.at(&["message"]).str_or_empty().trim();
        let message = match tree.at(&["involvedObject", "fieldPath"]).str_or_empty() {
            "" => message.to_owned(),
            path => format!("{path}: {message}"),
        };
        let text = |key: &str| tree.at(&[key]).str_or_empty();
        let age = interval(tree, world.now);
        out.line(1, &[text("type"), text("reason"), &age, source, &message].join("\t"));
    }
}

fn events_of(object: &Object, world: &mut World<'_>) -> Vec<Shared> {
    let mut events = (world.list)(Kind::Event, &Text::default());
    events.retain(|event| {
        let involved = event.tree.at(&["involvedObject"]);
        let text = |key: &str| involved.at(&[key]).str_or_empty();
        // The kubelet's events about its node carry the node's name for a uid.
        let is_uid =
            text("uid") == object.meta.uid.as_str() || object.kind == Kind::Node && text("uid") == text("name");
        is_uid
            && text("name") == object.meta.name.as_str()
            && text("kind") == object.kind.name()
            && text("namespace") == object.meta.namespace.as_str()
    });
    events
}

/// How long ago an event was seen last, and since when how often.
pub fn interval(tree: &Value, now: Time) -> String {
    let event_time = tree.at(&["eventTime"]);
    let first = if event_time.is_null() { tree.at(&["firstTimestamp"]) } else { event_time };
    let first = cells::since(first, now);
    let series = tree.at(&["series"]);
    let (last, count) = if series.is_null() {
        (tree.at(&["lastTimestamp"]), tree.at(&["count"]).as_i64().filter(|&count| count > 1))
    } else {
        (series.at(&["lastObservedTime"]), Some(series.at(&["count"]).as_i64().unwrap_or(0)))
    };
    match count {
        Some(count) => format!("{} (x{count} over {first})", cells::since(last, now)),
        None => first,
    }
}
