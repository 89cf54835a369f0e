//! Label selectors: matchLabels and matchExpressions of an object, and the text after `-l`.

mod fields;
mod parse;

pub use fields::{FieldRequirement, parse_fields};

use std::fmt;

use crate::value::{Map, Text, Value};

/// A parsed label selector. The empty selector matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// All must hold. They stand in the order of their keys.
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
    /// `=`.
    Equals,
    /// `==`.
    DoubleEquals,
    /// `!=`: also holds where the label is missing.
    NotEquals,
    /// `>`: both are whole numbers.
    GreaterThan,
    /// `<`: both are whole numbers.
    LessThan,
}

impl Selector {
    /// Reads a metav1.LabelSelector. A missing one gives the empty selector; whether that means all or none is for
    /// the reader of the field to know.
    ///
    /// # Errors
    /// The name of an operator that does not exist.
    pub fn from_label_selector(tree: &Value) -> Result<Self, String> {
        let mut requirements: Vec<Requirement> =
            tree.at(&["matchLabels"]).pairs().map(|(key, value)| Requirement::equals(key, value)).collect();
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
                values: expression.at(&["values"]).items().iter().map(Value::text).collect(),
            });
        }
        Ok(Self::of(requirements))
    }

    /// A selector of labels that must all be equal, such as a Service's.
    pub fn from_labels(labels: &Value) -> Self {
        Self { requirements: labels.pairs().map(|(key, value)| Requirement::equals(key, value)).collect() }
    }

    fn of(mut requirements: Vec<Requirement>) -> Self {
        crate::sorted::sort_by(&mut requirements, &|a, b| a.key.cmp(&b.key));
        Self { requirements }
    }

    /// Whether it asks for nothing, and so matches everything.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether these labels satisfy every requirement.
    pub fn matches(&self, labels: &Map) -> bool {
        self.requirements.iter().all(|r| r.matches(labels))
    }
}

impl Requirement {
    fn equals(key: &Text, value: &Value) -> Self {
        Self { key: key.clone(), operator: Operator::Equals, values: vec![value.text()] }
    }

    fn matches(&self, labels: &Map) -> bool {
        let value = labels.get(&self.key).and_then(Value::as_str);
        let listed = || value.is_some_and(|v| self.values.iter().any(|w| *w == *v));
        match self.operator {
            Operator::In | Operator::Equals | Operator::DoubleEquals => listed(),
            Operator::NotIn | Operator::NotEquals => !listed(),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan => self.compared(value).is_some_and(|(has, limit)| has > limit),
            Operator::LessThan => self.compared(value).is_some_and(|(has, limit)| has < limit),
        }
    }

    /// The label and the limit as numbers, where both are.
    fn compared(&self, value: Option<&str>) -> Option<(i64, i64)> {
        let limit = self.values.first()?.parse().ok()?;
        Some((value?.parse().ok()?, limit))
    }
}

/// The canonical text, as kubectl prints selectors: `app=web,tier in (a,b),!old`.
impl fmt::Display for Selector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, requirement) in self.requirements.iter().enumerate() {
            if at > 0 {
                out.write_str(",")?;
            }
            requirement.fmt(out)?;
        }
        Ok(())
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.values.first().map_or("", Text::as_str);
        let key = &self.key;
        let word = match self.operator {
            Operator::Exists => return out.write_str(key),
            Operator::DoesNotExist => return write!(out, "!{key}"),
            Operator::Equals => return write!(out, "{key}={first}"),
            Operator::DoubleEquals => return write!(out, "{key}=={first}"),
            Operator::NotEquals => return write!(out, "{key}!={first}"),
            Operator::GreaterThan => return write!(out, "{key}>{first}"),
            Operator::LessThan => return write!(out, "{key}<{first}"),
            Operator::In => "in",
            Operator::NotIn => "notin",
        };
        let mut values: Vec<&str> = self.values.iter().map(Text::as_str).collect();
        crate::sorted::sort(&mut values);
        write!(out, "{key} {word} ({})", values.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{list, map};

    #[test]
    fn a_set_selector_prints_in_the_order_of_its_keys() {
        let tree = map! {
            "matchLabels" => map! { "app" => "web", "tier" => "db" },
            "matchExpressions" => list![
                map! { "key" => "zone", "operator" => "In", "values" => list!["b", "a"] },
                map! { "key" => "env", "operator" => "DoesNotExist" },
                map! { "key" => "build", "operator" => "Exists" },
            ],
        };
        let selector = Selector::from_label_selector(&tree).unwrap();
        assert_eq!(selector.to_string(), "app=web,build,!env,tier=db,zone in (a,b)");
        assert_eq!(
            Selector::from_label_selector(
                &map! { "matchExpressions" => list![map! { "key" => "a", "operator" => "Is" }] }
            ),
            Err("Is".to_owned())
        );
    }

    #[test]
    fn missing_labels_satisfy_what_denies() {
        let labels = map! { "app" => "web", "n" => "5" };
        let labels = labels.as_map().unwrap();
        let holds = |text: &str| Selector::parse(text).unwrap().matches(labels);
        for yes in
            ["app=web", "app==web", "app", "!tier", "tier!=db", "tier notin (a)", "app in (x,web)", "n>4", "n<6", ""]
        {
            assert!(holds(yes), "{yes}");
        }
        for no in ["app=x", "!app", "app!=web", "tier", "tier in (a)", "n>5", "app>1"] {
            assert!(!holds(no), "{no}");
        }
    }
}
