//! How many pods a budget expects, and how many of them have to be healthy.

use std::fmt::Write as _;

use crate::api::{Kind, Object, Shared};
use crate::controller::Cache;
use crate::value::{Text, Value};

/// What a budget expects.
#[derive(Debug, Default)]
pub(super) struct Expected {
    /// How many pods there should be.
    pub pods: i64,
    /// How many of them have to be healthy.
    pub healthy: i64,
    /// Whether a pod has no controller, so that nobody knows how many there should be.
    pub unmanaged: bool,
}

impl Expected {
    /// Counts for a budget and the pods that it selects.
    ///
    /// # Errors
    /// A pod's controller is not there.
    pub fn of(budget: &Object, pods: &[Shared], cache: &Cache) -> Result<Self, String> {
        let spec = budget.tree.at(&["spec"]);
        let (most, least) = (spec.at(&["maxUnavailable"]), spec.at(&["minAvailable"]));
        if !most.is_null() {
            let scale = Self::scale(pods, cache)?;
            let healthy = (scale.pods - portion(most, scale.pods)).max(0);
            return Ok(Self { healthy, ..scale });
        }
        if let Some(healthy) = least.as_i64() {
            let pods = i64::try_from(pods.len()).unwrap_or(i64::MAX);
            return Ok(Self { pods, healthy, unmanaged: false });
        }
        if least.is_null() {
            return Ok(Self::default());
        }
        let scale = Self::scale(pods, cache)?;
        Ok(Self { healthy: portion(least, scale.pods), ..scale })
    }

    /// The sum of the replicas of all controllers of these pods.
    fn scale(pods: &[Shared], cache: &Cache) -> Result<Self, String> {
        let mut expected = Self::default();
        let mut seen: Vec<Text> = Vec::new();
        for pod in pods {
            let Some(owner) = pod.controller() else {
                expected.unmanaged = true;
                continue;
            };
            if seen.contains(&owner.uid) {
                continue;
            }
            let set = cache.get(Kind::StatefulSet, &pod.meta.namespace, &owner.name);
            let set = set.filter(|set| set.meta.uid == owner.uid && owner.kind == *"StatefulSet");
            let Some(view) = set.and_then(|set| set.as_stateful_set()) else {
                return Err(format!("found no controllers for pod \"{}\"", pod.meta.name));
            };
            expected.pods += view.replicas;
            seen.push(owner.uid.clone());
        }
        Ok(expected)
    }
}

/// A number, or a percentage of the whole rounded up.
fn portion(value: &Value, whole: i64) -> i64 {
    match value.as_i64() {
        Some(number) => number,
        None => value
            .str_or_empty()
            .strip_suffix('%')
            .and_then(|text| text.parse::<i64>().ok())
            .map_or(0, |percent| (percent.saturating_mul(whole) + 99).div_euclid(100)),
    }
}

/// A label selector as Go prints the structure.
pub(super) fn selector_text(selector: &Value) -> String {
    let mut text = String::from("&LabelSelector{MatchLabels:map[string]string{");
    for (key, value) in selector.at(&["matchLabels"]).pairs() {
        let _ = write!(text, "{key}: {},", value.str_or_empty());
    }
    text.push_str("},MatchExpressions:[]LabelSelectorRequirement{");
    for expression in selector.at(&["matchExpressions"]).items() {
        let values: Vec<&str> = expression.at(&["values"]).items().iter().map(Value::str_or_empty).collect();
        let part = |key: &str| expression.at(&[key]).text();
        let (key, operator) = (part("key"), part("operator"));
        let _ =
            write!(text, "LabelSelectorRequirement{{Key:{key},Operator:{operator},Values:[{}],}},", values.join(" "));
    }
    text.push_str("},}");
    text
}
