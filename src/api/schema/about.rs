//! What fields are for, in our own words: a line each, for `kubectl explain` and for the editor.

use super::StructRef;

/// `Struct.field`, the number of the rule that tells more (0 for none), and the sentence. A star is every struct that
/// has no line of its own.
const LINES: &str = include_str!("about.txt");

/// What is said about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The rule of `reference/statefulset-controller.md` §8 that tells more; 0 for none.
    pub rule: u8,
    /// What it is for.
    pub text: &'static str,
}

/// What is said about a field of this struct; `None` where nothing is.
pub fn about(owner: StructRef, field: &str) -> Option<About> {
    of(owner.name(), field).or_else(|| of("*", field))
}

fn of(owner: &str, field: &str) -> Option<About> {
    LINES.lines().find_map(|line| {
        let rest = line.strip_prefix(owner)?.strip_prefix('.')?.strip_prefix(field)?.strip_prefix(' ')?;
        let (rule, text) = rest.split_once(' ')?;
        Some(About { rule: rule.parse().ok()?, text })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::schema::root_named;

    #[test]
    fn every_line_is_about_a_field_that_there_is() {
        let mut before = "";
        for line in LINES.lines() {
            let (name, _) = line.split_once(' ').unwrap();
            let (owner, field) = name.split_once('.').unwrap();
            let owner = if owner == "*" { "StatefulSet" } else { owner };
            let inner = root_named(owner).and_then(|ty| ty.inner()).unwrap_or_else(|| panic!("{line}"));
            assert!(inner.field(field).is_some(), "{line}");
            let said = about(inner, field).unwrap_or_else(|| panic!("{line}"));
            assert!(said.rule <= 26 && said.text.ends_with('.'), "{line}");
            assert!(before < name, "in the order of the alphabet: {before} {name}");
            before = name;
        }
    }

    #[test]
    fn every_field_of_a_set_is_told() {
        for name in ["StatefulSet", "StatefulSetSpec", "StatefulSetUpdateStrategy", "RollingUpdateStatefulSetStrategy"]
        {
            let inner = root_named(name).and_then(|ty| ty.inner()).unwrap();
            for field in inner.fields() {
                assert!(about(inner, field.name()).is_some(), "{name}.{}", field.name());
            }
        }
    }
}
