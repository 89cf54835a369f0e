//! Label selectors: matchLabels and matchExpressions of an object, and the text after `-l`.

use crate::value::{Map, Text, Value};

/// A parsed label selector. The empty selector matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// All must hold.
    pub requirements: Vec<Requirement>,
}

/// One requirement of a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The label's key.
    pub key: Text,
    /// How its value is judged.
    pub operator: Operator,
    /// The values it is judged by.
    pub values: Vec<Text>,
}

/// How a requirement judges a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl Selector {
    /// Reads a metav1.LabelSelector.
    ///
    /// # Errors
    /// The name of an operator that does not exist.
    pub fn from_label_selector(tree: &Value) -> Result<Self, String> {
        let mut requirements: Vec<Requirement> = tree
            .at(&["matchLabels"])
            .pairs()
            .map(|(key, value)| Requirement {
                key: key.clone(),
                operator: Operator::In,
                values: vec![value.text()],
            })
            .collect();
        for expression in tree.at(&["matchExpressions"]).items() {
            let operator = match expression.at(&["operator"]).str_or_empty() {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                other => return Err(other.to_owned()),
            };
            requirements.push(Requirement {
                key: expression.at(&["key"]).text(),
                operator,
                values: expression
                    .at(&["values"])
                    .items()
                    .iter()
                    .map(Value::text)
                    .collect(),
            });
        }
        Ok(Self { requirements })
    }

    /// Whether these labels satisfy every requirement.
    pub fn matches(&self, labels: &Map) -> bool {
        self.requirements.iter().all(|r| r.matches(labels))
    }
}

impl Requirement {
    fn matches(&self, labels: &Map) -> bool {
        let value = labels.get(&self.key).and_then(Value::as_str);
        let listed = || value.is_some_and(|v| self.values.iter().any(|w| *w == *v));
        match self.operator {
            Operator::In => listed(),
            Operator::NotIn => !listed(),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}
