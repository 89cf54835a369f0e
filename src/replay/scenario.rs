//! A scenario as its `steps.json` and its manifests give it.

use std::rc::Rc;

use super::waits::Condition;
use crate::sorted::SortedMap;
use crate::value::{Text, Value, json};

/// A whole scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: Text,
    /// The namespace its waits speak of where they name none.
    pub namespace: Text,
    /// The world's profile: `recorded` or `life`.
    pub profile: Text,
    /// Feature gates switched on.
    pub gates: Vec<Text>,
    /// Its steps in order.
    pub steps: Vec<ScenarioStep>,
    /// The working directory of its commands.
    pub files: Rc<SortedMap<Text, Text>>,
}

/// One step and what is waited for after it.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct ScenarioStep {
    pub kind: StepKind,
    pub waits: Vec<Condition>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// Runs kubectl.
    Command {
        /// Its number.
        index: i64,
        /// The words after `kubectl`.
        argv: Vec<Text>,
        /// The file that is fed to it.
        stdin: Option<Text>,
        /// A watch that runs on beside the following steps.
        background: bool,
        /// The step just before which a background watch ends; `None`: it runs to the end.
        ends_before: Option<i64>,
        /// A remark, handed through.
        note: Value,
    },
    /// The kubelet of the node on which this pod is falls silent.
    NodeStop {
        /// The pod.
        of_pod: Text,
    },
    /// The kubelet that fell silent goes on.
    NodeStart,
}

impl Scenario {
    /// Reads `steps.json`; `files` are the manifests by relative path.
    ///
    /// # Errors
    /// A sentence that says what could not be read.
    pub fn read(steps: &str, files: Vec<(String, String)>) -> Result<Self, String> {
        let tree = json::parse(steps).map_err(|error| format!("steps.json: {error}"))?;
        let steps = tree.at(&["steps"]).items().iter().map(ScenarioStep::read).collect::<Result<_, _>>()?;
        Ok(Self {
            name: tree.at(&["name"]).text(),
            namespace: tree.at(&["namespace"]).text(),
            profile: tree.at(&["world", "profile"]).text(),
            gates: tree.at(&["world", "gates"]).items().iter().map(Value::text).collect(),
            steps,
            files: Rc::new(files.into_iter().map(|(name, text)| (name.into(), text.into())).collect()),
        })
    }
}

impl ScenarioStep {
    fn read(tree: &Value) -> Result<Self, String> {
        let waits = tree.at(&["wait_after"]).items().iter().map(Condition::read).collect::<Result<_, _>>()?;
        let kind = match tree.at(&["fault"]).as_str() {
            Some("node-stop") => StepKind::NodeStop { of_pod: tree.at(&["node_of_pod"]).text() },
            Some("node-start") => StepKind::NodeStart,
            Some(other) => return Err(format!("unknown fault {other}")),
            None => StepKind::Command {
                index: tree.at(&["i"]).as_i64().unwrap_or(-1),
                argv: tree.at(&["argv"]).items().iter().map(Value::text).collect(),
                stdin: tree.at(&["stdin"]).as_str().map(Text::copy),
                background: tree.at(&["background"]).as_bool().unwrap_or(false),
                ends_before: tree.at(&["ends_before"]).as_i64(),
                note: tree.at(&["note"]).clone(),
            },
        };
        Ok(Self { kind, waits })
    }
}
