//! Requests and limits of a whole pod, as its status sums them up.

use crate::api::Object;
use crate::value::{Map, Text, Value};

/// status.resources: the sum over the containers; an empty map where nothing is asked for.
pub(super) fn of_pod(pod: &Object) -> Value {
    let containers = pod.tree.at(&["spec", "containers"]).items();
    let mut sum = Value::empty_map();
    for part in ["limits", "requests"] {
        let mut total = Map::new();
        for container in containers {
            for (name, amount) in container.at(&["resources", part]).pairs() {
                let text = match total.get(name) {
                    Some(held) => add(held.str_or_empty(), amount.str_or_empty()),
                    None => amount.text(),
                };
                total.insert(name.clone(), text);
            }
        }
        if !total.is_empty() {
            sum.map_mut().insert(part, total);
        }
    }
    sum
}

/// The sum of two quantities of the same unit; of different ones, in thousandths or whole numbers.
fn add(a: &str, b: &str) -> Text {
    let split = |text: &str| {
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        let number = text.get(..digits).and_then(|d| d.parse::<i64>().ok());
        (number, text.get(digits..).unwrap_or("").to_owned())
    };
    match (split(a), split(b)) {
        ((Some(x), unit), (Some(y), other)) if unit == other => Text::from(format!("{}{unit}", x + y)),
        ((Some(x), unit), (Some(y), other)) if unit == "m" && other.is_empty() => {
            Text::from(format!("{}m", x + y * 1000))
        }
        ((Some(x), unit), (Some(y), other)) if unit.is_empty() && other == "m" => {
            Text::from(format!("{}m", x * 1000 + y))
        }
        ((Some(x), unit), (Some(y), other)) if unit == "Gi" && other == "Mi" => {
            Text::from(format!("{}Mi", x * 1024 + y))
        }
        ((Some(x), unit), (Some(y), other)) if unit == "Mi" && other == "Gi" => {
            Text::from(format!("{}Mi", x + y * 1024))
        }
        _ => Text::copy(a),
    }
}
