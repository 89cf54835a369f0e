//! What kubectl printed of real objects, our printers print of the same objects, to the byte.
//!
//! `tests/print/*.jsonl` hold recorded objects, the moment, and the recorded output; one case per line.

#![allow(clippy::expect_used)]

use std::rc::Rc;

use playground::api::{Kind, Object, Shared};
use playground::apiserver::Change;
use playground::kubectl::print::{self, Options, TablePrinter};
use playground::time::Time;
use playground::value::{Value, json};

struct Case(Value);

impl Case {
    fn read(lines: &str) -> Vec<Self> {
        lines.lines().map(|line| Self(json::parse(line).expect("a case is JSON"))).collect()
    }

    fn text(&self, key: &str) -> &str {
        self.0.at(&[key]).str_or_empty()
    }

    fn now(&self) -> Time {
        moment(self.0.at(&["now"]))
    }

    fn objects(&self, key: &str) -> Vec<Shared> {
        self.0.at(&[key]).items().iter().map(object).collect()
    }

    fn kind(&self) -> Kind {
        let name = self.text("kind");
        *Kind::ALL.iter().find(|kind| kind.name() == name).expect("a served kind")
    }

    fn options(&self) -> Options {
        let options = self.0.at(&["options"]);
        let flag = |key: &str| options.at(&[key]).as_bool() == Some(true);
        Options {
            headers: !flag("no_headers"),
            show_labels: flag("show_labels"),
            label_columns: options.at(&["labels"]).items().iter().map(Value::text).collect(),
            all_namespaces: flag("all"),
            wide: flag("wide"),
            ..Options::default()
        }
    }
}

fn moment(value: &Value) -> Time {
    value.as_str().and_then(Time::parse).expect("a moment")
}

fn object(tree: &Value) -> Shared {
    let text = |key: &str| tree.at(&[key]).str_or_empty();
    let kind = Kind::of_manifest(text("apiVersion"), text("kind")).expect("a served kind");
    Rc::new(Object::new(kind, tree.clone()))
}

#[test]
fn tables_are_those_of_kubectl() {
    for case in Case::read(include_str!("print/get.jsonl")) {
        let printed = TablePrinter::new(case.options()).list(case.kind(), &case.objects("objects"), case.now());
        assert_eq!(printed, case.text("output"), "{}", case.text("name"));
    }
}

#[test]
fn watches_print_a_row_for_every_change_and_never_shrink_a_column() {
    for case in Case::read(include_str!("print/watch.jsonl")) {
        let mut table = TablePrinter::new(case.options());
        let mut printed = table.list(case.kind(), &case.objects("objects"), case.now());
        for row in case.0.at(&["rows"]).items() {
            let change = match row.at(&["type"]).str_or_empty() {
                "ADDED" => Change::Added,
                "DELETED" => Change::Deleted,
                _ => Change::Modified,
            };
            printed.push_str(&table.row(change, &object(row.at(&["object"])), moment(row.at(&["now"]))));
        }
        assert_eq!(printed, case.text("output"), "{}", case.text("name"));
    }
}

#[test]
fn descriptions_are_those_of_kubectl() {
    for case in Case::read(include_str!("print/describe.jsonl")) {
        let mut known = case.objects("others");
        let [described] = case.objects("objects").try_into().expect("one object");
        known.push(described.clone());
        let mut list = |kind, namespace: &playground::value::Text| {
            let wanted =
                |other: &&Shared| other.kind == kind && (namespace.is_empty() || other.meta.namespace == *namespace);
            known.iter().filter(wanted).cloned().collect()
        };
        let printed = print::describe_among(&described, &mut list, case.now(), true);
        assert_eq!(printed, case.text("output"), "{}", case.text("name"));
    }
}
