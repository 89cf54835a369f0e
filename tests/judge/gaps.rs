//! How long things take: gaps between the states of pods and claims, recorded and here, over all scenarios. Nothing is
//! asserted of them; the table shows where a latency of the recorded world's profile is off.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use playground::value::Value;

/// Gaps by kind, ms.
#[derive(Default)]
pub struct Gaps(BTreeMap<String, Vec<i64>>);

/// When an object reached which state.
type Moments = BTreeMap<&'static str, i64>;

/// From which state to which a gap is measured.
const OF_PODS: [(&str, &str); 9] = [
    ("added", "scheduled"),
    ("scheduled", "first status"),
    ("first status", "sandbox"),
    ("first status", "running"),
    ("running", "ready"),
    ("deleting", "terminal"),
    ("terminal", "grace 0"),
    ("grace 0", "gone"),
    ("deleting", "gone"),
];
const OF_CLAIMS: [(&str, &str); 3] = [("added", "volume"), ("volume", "bound"), ("deleting", "gone")];

fn condition(object: &Value, kind: &str) -> bool {
    let conditions = object.at(&["status", "conditions"]).items();
    conditions.iter().any(|c| c.at(&["type"]).as_str() == Some(kind) && c.at(&["status"]).as_str() == Some("True"))
}

/// The states that a version of an object is in.
fn states(kind: &str, object: &Value) -> Vec<&'static str> {
    let (spec, status) = (object.at(&["spec"]), object.at(&["status"]));
    let phase = status.at(&["phase"]).str_or_empty();
    let deleting = !object.at(&["metadata", "deletionTimestamp"]).is_null();
    let mut found = vec!["added"];
    let mut add = |holds: bool, state| {
        if holds {
            found.push(state);
        }
    };
    add(deleting, "deleting");
    if kind == "Pod" {
        let containers = status.at(&["containerStatuses"]).items();
        let running = containers.iter().any(|container| container.at(&["state"]).get("running").is_some());
        add(!spec.at(&["nodeName"]).is_null(), "scheduled");
        add(!containers.is_empty(), "first status");
        add(condition(object, "PodReadyToStartContainers"), "sandbox");
        add(running, "running");
        add(condition(object, "Ready"), "ready");
        add(deleting && matches!(phase, "Succeeded" | "Failed"), "terminal");
        add(object.at(&["metadata", "deletionGracePeriodSeconds"]).as_i64() == Some(0), "grace 0");
    } else {
        add(!spec.at(&["volumeName"]).is_null(), "volume");
        add(phase == "Bound", "bound");
    }
    found
}

impl Gaps {
    /// Takes in what a watch tells of pods and claims.
    pub fn collect(&mut self, watch: &[Value]) {
        let mut known: BTreeMap<String, Moments> = BTreeMap::new();
        for event in watch {
            let (kind, change) = (event.at(&["kind"]).str_or_empty(), event.at(&["type"]).str_or_empty());
            let gaps: &[(&str, &str)] = match kind {
                "Pod" => &OF_PODS,
                "PersistentVolumeClaim" => &OF_CLAIMS,
                _ => continue,
            };
            if change == "LISTED" {
                continue;
            }
            let object = event.at(&["object"]);
            let moments = known.entry(object.at(&["metadata", "uid"]).str_or_empty().to_owned()).or_default();
            let mut reached = states(kind, object);
            if change == "DELETED" {
                reached.push("gone");
            }
            for state in reached {
                if moments.contains_key(state) {
                    continue;
                }
                let ms = event.at(&["ms"]).as_i64().unwrap_or(0);
                moments.insert(state, ms);
                for (from, to) in gaps.iter().filter(|(_, to)| *to == state) {
                    if let Some(before) = moments.get(from) {
                        self.0.entry(format!("{kind} {from} → {to}")).or_default().push(ms - before);
                    }
                }
            }
        }
    }
}

/// One line per kind of gap: how many, and the tenth, quarter, half, three quarters and nine tenths of them.
pub fn table(mut recorded: Gaps, mut here: Gaps) -> String {
    let mut text = String::from("Gaps in ms at 10, 25, 50, 75, 90 %, recorded | here\n");
    for (kind, real) in &mut recorded.0 {
        let ours = here.0.entry(kind.clone()).or_default();
        let _ = writeln!(text, "{kind:44} {} | {}", quantiles(real), quantiles(ours));
    }
    text
}

fn quantiles(gaps: &mut [i64]) -> String {
    gaps.sort_unstable();
    let at = |percent: usize| gaps.get(gaps.len() * percent / 100).map_or("-".to_owned(), i64::to_string);
    let five = [10, 25, 50, 75, 90].map(|percent| format!("{:>6}", at(percent)));
    format!("{:>4} × {}", gaps.len(), five.concat())
}
