//! What pods ask for and nodes have: CPU in thousandths, memory in bytes, pods.

use crate::api::Object;
use crate::value::{Text, Value};

/// Amounts of the three resources that are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    /// Thousandths of a CPU.
    pub cpu: i64,
    /// Bytes.
    pub memory: i64,
    /// Bytes of local scratch space.
    pub storage: i64,
    pub pods: i64,
}

impl Amounts {
    pub fn add(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.memory += other.memory;
        self.storage += other.storage;
        self.pods += other.pods;
    }

    pub fn subtract(&mut self, other: Self) {
        self.cpu -= other.cpu;
        self.memory -= other.memory;
        self.storage -= other.storage;
        self.pods -= other.pods;
    }

    fn at_least(&mut self, other: Self) {
        self.cpu = self.cpu.max(other.cpu);
        self.memory = self.memory.max(other.memory);
        self.storage = self.storage.max(other.storage);
    }
}

/// A quantity in thousandths: `100m`, `0.5`, `2`, `64Mi`, `1e3`.
fn thousandths(quantity: &Value) -> i64 {
    let text = match quantity {
        Value::Int(n) => return n.saturating_mul(1000),
        Value::Text(text) => text.as_str(),
        _ => return 0,
    };
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let parts = if fraction.is_empty() {
        0
    } else {
        let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
        digits.parse::<i64>().unwrap_or(0)
    };
    let millionths = i128::from(whole.parse::<i64>().unwrap_or(0)) * 1_000_000 + i128::from(parts);
    let kibi = |power: u32| 1024_i128.pow(power) * 1000;
    let scale: i128 = match unit {
        "n" | "u" => 0,
        "m" => 1,
        "k" => 1_000_000,
        "M" => 1_000_000_000,
        "G" => 1_000_000_000_000,
        "T" => 1_000_000_000_000_000,
        "Ki" => kibi(1),
        "Mi" => kibi(2),
        "Gi" => kibi(3),
        "Ti" => kibi(4),
        "Pi" => kibi(5),
        _ => match unit.strip_prefix(['e', 'E']).map(str::parse::<u32>) {
            Some(Ok(power)) if power <= 15 => 1000 * 10_i128.pow(power),
            _ => 1000,
        },
    };
    i64::try_from(millionths * scale / 1_000_000).unwrap_or(i64::MAX)
}

/// A size in bytes.
pub(super) fn bytes(size: &Text) -> i64 {
    thousandths(&Value::Text(size.clone())) / 1000
}

fn amounts(resources: &Value) -> Amounts {
    Amounts {
        cpu: thousandths(resources.at(&["cpu"])),
        memory: thousandths(resources.at(&["memory"])) / 1000,
        storage: thousandths(resources.at(&["ephemeral-storage"])) / 1000,
        pods: thousandths(resources.at(&["pods"])) / 1000,
    }
}

/// What a node has for pods.
pub(super) fn allocatable(node: &Object) -> Amounts {
    amounts(node.tree.at(&["status", "allocatable"]))
}

/// What a pod asks for: the sum of its containers and sidecars, or what an init container needs if that is more.
pub(super) fn requests(pod: &Object) -> Amounts {
    let spec = pod.tree.at(&["spec"]);
    let of = |container: &Value| amounts(container.at(&["resources", "requests"]));
    let mut sidecars = Amounts::default();
    let mut peak = Amounts::default();
    for container in spec.at(&["initContainers"]).items() {
        if container.at(&["restartPolicy"]).as_str() == Some("Always") {
            sidecars.add(of(container));
            peak.at_least(sidecars);
        } else {
            let mut needs = sidecars;
            needs.add(of(container));
            peak.at_least(needs);
        }
    }
    let mut sum = sidecars;
    for container in spec.at(&["containers"]).items() {
        sum.add(of(container));
    }
    sum.at_least(peak);
    sum.pods = 1;
    sum
}

/// The same for scoring, where a container that asks for nothing counts as 100m and 200Mi.
pub(super) fn assumed_requests(pod: &Object) -> Amounts {
    let mut sum = Amounts::default();
    for container in pod.tree.at(&["spec", "containers"]).items() {
        let mut needs = amounts(container.at(&["resources", "requests"]));
        if needs.cpu == 0 {
            needs.cpu = 100;
        }
        if needs.memory == 0 {
            needs.memory = 200 << 20;
        }
        sum.add(needs);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_of_all_forms_are_read() {
        for (text, value) in [
            ("100m", 100),
            ("0.5", 500),
            ("2", 2000),
            ("1Ki", 1_024_000),
            ("1e3", 1_000_000),
            ("1.5Gi", 1_610_612_736_000),
        ] {
            assert_eq!(thousandths(&Value::Text(Text::copy(text))), value, "{text}");
        }
    }
}
