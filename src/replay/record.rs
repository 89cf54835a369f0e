//! What a replay writes down, in the form of a recording.

use super::volume_names::VolumeNames;
use crate::api::Kind;
use crate::apiserver::WatchEvent;
use crate::kubectl::{Process, Stream};
use crate::map;
use crate::sim::Step;
use crate::value::{Text, Value, json};

/// The kinds that a recording watches.
const WATCHED: [Kind; 11] = [
    Kind::Namespace,
    Kind::StatefulSet,
    Kind::Pod,
    Kind::PersistentVolumeClaim,
    Kind::PersistentVolume,
    Kind::ControllerRevision,
    Kind::Service,
    Kind::EndpointSlice,
    Kind::Event,
    Kind::PodDisruptionBudget,
    Kind::Node,
];

/// Both files of a replay.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// `transcript.jsonl`.
    pub transcript: String,
    /// `watch.jsonl`.
    pub watch: String,
}

impl Recorded {
    /// Writes down the changes of a step.
    pub(super) fn step(&mut self, step: &Step) {
        for change in &step.changes {
            if WATCHED.contains(&change.object.kind) {
                self.watch.push_str(&json::to_compact(&line_of(change)));
                self.watch.push('\n');
            }
        }
    }

    /// Writes down a finished (or ended) command.
    pub(super) fn command(&mut self, line: &Value) {
        self.transcript.push_str(&json::to_compact(line));
        self.transcript.push('\n');
    }
}

fn line_of(change: &WatchEvent) -> Value {
    let object = &change.object;
    map! {
        "ms" => change.at.0,
        "type" => change.change.as_str(),
        "kind" => object.kind.name(),
        "namespace" => &object.meta.namespace,
        "name" => &object.meta.name,
        "rv" => object.meta.resource_version.to_string(),
        "object" => object.tree.clone(),
    }
}

/// A line of the transcript. `ended` names the step before which a background watch was ended.
pub(super) fn transcript_line(
    index: i64,
    process: &Process,
    names: &VolumeNames,
    stdin_file: Option<&Text>,
    note: &Value,
    background: Option<Option<i64>>,
) -> Value {
    let text = |stream: Stream| -> String {
        process.output.iter().filter(|line| line.stream == stream).map(|line| line.text.as_str()).collect()
    };
    let argv = Value::texts(names.to_recorded(&process.invocation.argv));
    let mut line = map! {
        "i" => index,
        "argv" => argv,
        "rc" => match process.exit {
            Some(code) => Value::Int(code.into()),
            None => "terminated by driver".into(),
        },
        "stdout" => text(Stream::Out),
        "stderr" => text(Stream::Err),
        "ms" => process.started.0,
    };
    if let Some(file) = stdin_file {
        line.set(&["stdin_file"], file);
    }
    if !note.is_null() {
        line.set(&["note"], note.clone());
    }
    if let Some(ended) = background {
        line.set(&["background"], true);
        line.set(&["ended_before_step"], ended.map_or(Value::Null, Value::Int));
        let lines: Vec<Value> = process
            .output
            .iter()
            .filter(|line| line.stream == Stream::Out)
            .flat_map(|line| {
                line.text
                    .lines()
                    .map(|text| {
                        Value::list_of(vec![Value::Int(line.at.since(process.started)), Text::copy(text).into()])
                    })
                    .collect::<Vec<_>>()
            })
            .collect();
        line.set(&["lines"], lines);
    }
    line
}
