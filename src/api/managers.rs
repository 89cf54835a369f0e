//! Who manages which fields of an object: metadata.managedFields.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Kind;
use super::fields::{Difference, Fields};
use crate::map;
use crate::sorted::sort_by;
use crate::time::Time;
use crate::value::{Text, Value};

/// One who manages fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manager {
    /// Its name: `kubectl-client-side-apply`.
    pub name: Text,
    /// Whether it applied them, rather than wrote them.
    pub applied: bool,
    /// The part of the object through which it wrote: `status`, `scale`, or nothing.
    pub subresource: &'static str,
    /// When it last took a field.
    pub since: Time,
    /// Its fields.
    pub fields: Fields,
}

/// Everybody who manages fields of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Managers(Rc<Vec<Manager>>);

impl Managers {
    /// Who manages what after a write by `writer` (whose own fields are those it holds besides, none at first).
    #[must_use]
    pub fn written(&self, writer: Manager, difference: &Difference) -> Self {
        if difference.taken.is_empty() && difference.removed.is_empty() {
            return self.clone();
        }
        let mut all = Vec::with_capacity(self.0.len() + 1);
        let mut own = Manager { fields: difference.taken.clone(), ..writer };
        for manager in self.0.iter() {
            let mut left = manager.clone();
            left.fields = left.fields.without(&difference.removed);
            if manager.is(&own) {
                left.fields.add(&difference.taken);
                own.fields = left.fields;
                if difference.taken.is_empty() {
                    own.since = left.since;
                }
                continue;
            }
            left.fields = left.fields.without(&difference.taken);
            if !left.fields.is_empty() {
                all.push(left);
            }
        }
        if !own.fields.is_empty() {
            all.push(own);
        }
        Self(Rc::new(all))
    }

    /// Who manages what after `applier` applied a manifest with these fields.
    #[must_use]
    pub fn applied(&self, applier: Manager, difference: &Difference) -> Self {
        let before = self.0.iter().find(|manager| manager.is(&applier));
        let nothing_new = difference.taken.is_empty() && difference.removed.is_empty();
        if nothing_new && before.is_some_and(|before| before.fields == applier.fields) {
            return self.clone();
        }
        let mut all = Vec::with_capacity(self.0.len() + 1);
        for manager in self.0.iter().filter(|manager| !manager.is(&applier)) {
            let fields = manager.fields.without(&difference.removed).without(&difference.taken);
            if !fields.is_empty() {
                all.push(Manager { fields, ..manager.clone() });
            }
        }
        all.push(applier);
        Self(Rc::new(all))
    }

    /// The fields that one who applied a manifest held until now.
    pub fn held_by(&self, applier: &Manager) -> Fields {
        self.0.iter().find(|manager| manager.is(applier)).map(|manager| manager.fields.clone()).unwrap_or_default()
    }

    /// What all others manage.
    pub fn held_by_others(&self, applier: &Manager) -> Fields {
        let mut fields = Fields::default();
        for manager in self.0.iter().filter(|manager| !manager.is(applier)) {
            fields.add(&manager.fields);
        }
        fields
    }

    /// Fields that others would lose: who, and which, each with its path.
    pub fn conflicts(&self, applier: &Manager, taken: &Fields, kind: Kind) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for manager in self.0.iter().filter(|manager| !manager.is(applier)) {
            let mut paths = Vec::new();
            manager.fields.shared(taken).paths("", &mut paths);
            let who = manager.described(kind);
            found.extend(paths.into_iter().map(|path| (who.clone(), path)));
        }
        sort_by(&mut found, &|a, b| a.0.cmp(&b.0));
        found
    }

    /// The list as an object's metadata shows it; null where nobody manages anything.
    pub fn to_value(&self, kind: Kind) -> Value {
        if self.0.is_empty() {
            return Value::Null;
        }
        let mut all: Vec<&Manager> = self.0.iter().collect();
        sort_by(&mut all, &|a, b| a.before(b));
        Value::list_of(all.into_iter().map(|manager| manager.to_value(kind)).collect())
    }
}

impl Manager {
    fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.applied == other.applied && self.subresource == other.subresource
    }

    fn before(&self, other: &Self) -> Ordering {
        let key = |manager: &Self| (!manager.applied, manager.since.rfc3339());
        key(self)
            .cmp(&key(other))
            .then_with(|| self.name.cmp(&other.name))
            .then_with(|| self.subresource.cmp(other.subresource))
    }

    /// `"kubectl" with subresource "scale" using apps/v1`.
    fn described(&self, kind: Kind) -> String {
        let mut text = format!("\"{}\"", self.name);
        if !self.subresource.is_empty() {
            text = format!("{text} with subresource \"{}\"", self.subresource);
        }
        if !self.applied {
            text.push_str(" using ");
            text.push_str(kind.api_version());
        }
        text
    }

    fn to_value(&self, kind: Kind) -> Value {
        let mut tree = map! {
            "apiVersion" => kind.api_version(),
            "fieldsType" => "FieldsV1",
            "fieldsV1" => self.fields.to_value(),
            "manager" => &self.name,
            "operation" => if self.applied { "Apply" } else { "Update" },
            "time" => self.since.rfc3339(),
        };
        if !self.subresource.is_empty() {
            tree.set(&["subresource"], self.subresource);
        }
        tree
    }
}
