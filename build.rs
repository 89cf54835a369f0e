//! Turns the `OpenAPI` of the served kinds into one compact table of static numbers and a string of names.
//!
//! `schema.json` is what a v1.36.2 API server serves, without prose; `go-types.txt` adds what it does not tell
//! of Kubernetes' own types. The rows are described where they are read, in `src/api/schema.rs`.

// A missing key of a JSON document reads as null; a build may also stop with a message.
#![allow(clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

use serde_json::{Map, Value};

const SCHEMA: &str = "src/api/schema/schema.json";
const GO_TYPES: &str = "src/api/schema/go-types.txt";
const GO_ORDER: &str = "src/api/schema/go-order.txt";
/// "None", for a number of the table.
const NONE: usize = 0xffff;

const REQUIRED: usize = 1;
const POINTER: usize = 2;
const ALWAYS: usize = 4;
const REPLACE: usize = 8;
const RETAIN_KEYS: usize = 16;
const MERGE: usize = 32;
const ATOMIC_MAP: usize = 64;

/// What `go-types.txt` says of one field.
#[derive(Clone, Default)]
struct Fact {
    pointer: bool,
    always: bool,
    name: String,
}

/// Rows that are kept once however often they are used.
struct Pool<T>(Vec<T>);

impl<T: PartialEq> Pool<T> {
    fn number(&mut self, row: T) -> usize {
        self.0.iter().position(|r| *r == row).unwrap_or_else(|| {
            self.0.push(row);
            self.0.len() - 1
        })
    }
}

struct Table {
    names: Pool<String>,
    enums: Pool<Vec<usize>>,
    lists: Pool<(usize, usize, Vec<usize>)>,
    types: Pool<(usize, usize, usize)>,
    structs: Vec<String>,
    facts: BTreeMap<(String, String), Fact>,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={SCHEMA}");
    println!("cargo::rerun-if-changed={GO_TYPES}");
    println!("cargo::rerun-if-changed={GO_ORDER}");
    let document: Value = serde_json::from_str(&fs::read_to_string(SCHEMA)?)?;
    let definitions = document["definitions"].as_object().ok_or("no definitions")?;
    let target = Path::new(&env::var("OUT_DIR")?).join("schema_table.rs");
    fs::write(target, render(definitions, &fs::read_to_string(GO_TYPES)?, &fs::read_to_string(GO_ORDER)?)?)?;
    Ok(())
}

fn render(definitions: &Map<String, Value>, go_types: &str, go_order: &str) -> Result<String, Box<dyn Error>> {
    let mut by_name: Vec<(&str, &Map<String, Value>)> = definitions
        .iter()
        .filter_map(|(name, definition)| Some((last(name), definition["properties"].as_object()?)))
        .collect();
    // Types without properties are the special ones, such as Quantity; and empty structs there are none.
    by_name.sort_unstable_by_key(|(name, _)| *name);
    let mut table = Table {
        names: Pool(vec![String::new()]),
        enums: Pool(Vec::new()),
        lists: Pool(Vec::new()),
        types: Pool(Vec::new()),
        structs: by_name.iter().map(|(name, _)| (*name).to_owned()).collect(),
        facts: facts(go_types),
    };
    let mut orders = orders(go_order);
    let (mut structs, mut fields, mut count) = (String::new(), String::new(), 0);
    for (name, properties) in &by_name {
        let mut order = orders.remove(*name).unwrap_or_default();
        if !order.contains(&"kind") {
            order.splice(0..0, ["kind", "apiVersion"]);
        }
        if let Some(field) =
            order.iter().find(|field| !matches!(**field, "kind" | "apiVersion") && !properties.contains_key(**field))
        {
            return Err(format!("{GO_ORDER} names {name}.{field}, which does not exist").into());
        }
        let required: Vec<&str> = definitions
            .iter()
            .find(|(long, _)| last(long) == *name)
            .and_then(|(_, definition)| definition["required"].as_array())
            .map(|list| list.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        for (field, property) in *properties {
            let (name, ty, marks, list) = table.field(name, field, property, required.contains(&field.as_str()))?;
            let place = order.iter().position(|known| known == field).unwrap_or(order.len());
            write!(fields, "F({name},{ty},{marks},{list},{place}),")?;
            count += 1;
        }
        write!(structs, "S({},{count}),", table.names.number((*name).to_owned()))?;
    }
    if let Some((name, _)) = orders.first_key_value() {
        return Err(format!("{GO_ORDER} names {name}, which does not exist").into());
    }
    if let Some(((name, field), _)) = table.facts.first_key_value() {
        return Err(format!("{GO_TYPES} names {name}.{field}, which does not exist").into());
    }
    let mut out = String::new();
    let names = table.names.0.concat();
    let mut end = 0;
    let ends: Vec<String> = table
        .names
        .0
        .iter()
        .map(|name| {
            end += name.len();
            end.to_string()
        })
        .collect();
    writeln!(out, "static NAMES: &str = {names:?};")?;
    array(&mut out, "NAME_ENDS", "u16", &ends.join(","));
    let types: Vec<String> = table.types.0.iter().map(|row| format!("T{row:?}")).collect();
    array(&mut out, "TYPES", "T", &types.join(","));
    array(&mut out, "STRUCTS", "S", &structs);
    array(&mut out, "FIELDS", "F", &fields);
    let enums: Vec<String> = table.enums.0.iter().map(|e| format!("&{e:?}")).collect();
    array(&mut out, "ENUMS", "&[u16]", &enums.join(","));
    let lists: Vec<String> =
        table.lists.0.iter().map(|(kind, key, keys)| format!("L({kind},{key},&{keys:?})")).collect();
    array(&mut out, "LISTS", "L", &lists.join(","));
    Ok(out)
}

fn array(out: &mut String, name: &str, of: &str, rows: &str) {
    for part in ["static ", name, ": &[", of, "] = &[", rows, "];\n"] {
        out.push_str(part);
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The declared order of fields, by type.
fn orders(text: &str) -> BTreeMap<&str, Vec<&str>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.collect()))
        })
        .collect()
}

fn facts(text: &str) -> BTreeMap<(String, String), Fact> {
    let mut facts = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let owner = words.next().unwrap_or_default();
        for word in words {
            let (marked, name) = word.split_once('=').unwrap_or((word, ""));
            let field = marked.trim_start_matches(['*', '!']);
            let marks = &marked[..marked.len() - field.len()];
            let name = if name.is_empty() || name.contains('.') { name.to_owned() } else { format!("v1.{name}") };
            let fact = Fact { pointer: marks.contains('*'), always: marks.contains('!'), name };
            facts.insert((owner.to_owned(), field.to_owned()), fact);
        }
    }
    facts
}

impl Table {
    fn field(
        &mut self,
        owner: &str,
        field: &str,
        property: &Value,
        required: bool,
    ) -> Result<(usize, usize, usize, usize), Box<dyn Error>> {
        let fact = self.facts.remove(&(owner.to_owned(), field.to_owned())).unwrap_or_default();
        let strategy = property["patch-strategy"].as_str().unwrap_or("");
        let marks = [
            (required, REQUIRED),
            (fact.pointer, POINTER),
            (fact.always || required, ALWAYS),
            (strategy.contains("replace"), REPLACE),
            (strategy.contains("retainKeys"), RETAIN_KEYS),
            (strategy.contains("merge"), MERGE),
            (property["map-type"] == "atomic", ATOMIC_MAP),
        ];
        let flags = marks.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum();
        let ty = self.ty(property, &fact.name)?;
        let list = self.list(property);
        Ok((self.names.number(field.to_owned()), ty, flags, list))
    }

    fn list(&mut self, property: &Value) -> usize {
        let kind = match property["list-type"].as_str() {
            Some("map") => 2,
            Some("set") => 1,
            Some(_) => 0,
            None => return 0xff,
        };
        let key = property["patch-merge-key"].as_str().unwrap_or("");
        let key = self.names.number(key.to_owned());
        let keys: Vec<String> = property["list-map-keys"]
            .as_array()
            .map(|keys| keys.iter().filter_map(|k| k.as_str().map(str::to_owned)).collect())
            .unwrap_or_default();
        let keys = keys.into_iter().map(|key| self.names.number(key)).collect();
        self.lists.number((kind, key, keys))
    }

    /// The number of a type: its tag, its argument, and its Go name where that does not follow from the rest.
    fn ty(&mut self, property: &Value, go: &str) -> Result<usize, Box<dyn Error>> {
        if let Some(reference) = property["ref"].as_str() {
            let name = last(reference);
            let row = match name {
                "Quantity" => (5, 0, 0),
                "IntOrString" => (6, 0, 0),
                "Time" => (7, 0, 0),
                "MicroTime" => (8, 0, 0),
                "RawExtension" | "FieldsV1" => (9, 0, 0),
                _ => {
                    let at = self.structs.iter().position(|s| s == name);
                    (10, at.ok_or_else(|| format!("no type {name}"))?, 0)
                }
            };
            return Ok(self.types.number(row));
        }
        let go_number = self.names.number(go.to_owned());
        let row = match (property["type"].as_str(), property["format"].as_str()) {
            (Some("string"), Some("byte")) => (4, 0, 0),
            (Some("string"), _) => {
                let values = property["enum"].as_array().map(|values| {
                    let values: Vec<usize> = values
                        .iter()
                        .filter_map(Value::as_str)
                        .map(|value| self.names.number(value.to_owned()))
                        .collect();
                    self.enums.number(values)
                });
                (0, values.unwrap_or(NONE), go_number)
            }
            (Some("integer"), Some("int32")) => (1, 0, 0),
            (Some("integer"), _) => (2, 0, 0),
            (Some("boolean"), _) => (3, 0, 0),
            (Some("array"), _) => (11, self.ty(&property["items"], go)?, 0),
            (Some("object"), _) => (12, self.ty(&property["additionalProperties"], "")?, go_number),
            other => return Err(format!("no such type: {other:?}").into()),
        };
        Ok(self.types.number(row))
    }
}
