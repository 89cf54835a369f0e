//! The tree every object is: null, booleans, numbers, text, lists, and maps with their keys in byte order.
//!
//! Trees are shared: a clone costs a reference count, a change copies only what it touches. Kubernetes prints
//! and hashes maps with sorted keys, so the map itself keeps them sorted.

mod map;
mod text;

pub mod float;
pub mod json;
pub mod yaml;

pub use map::Map;
pub use text::{Text, checksum};

use std::rc::Rc;

/// One node of a tree.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// JSON null.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Text),
    /// A list, shared until changed.
    List(Rc<Vec<Value>>),
    /// A map with sorted keys, shared until changed.
    Map(Rc<Map>),
}

impl PartialEq for Value {
    /// Equal trees; shared ones are equal without a look inside.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::List(a), Self::List(b)) => Rc::ptr_eq(a, b) || a == b,
            (Self::Map(a), Self::Map(b)) => Rc::ptr_eq(a, b) || a == b,
            _ => false,
        }
    }
}

/// What `at` answers where nothing is.
const NULL: &Value = &Value::Null;

impl Value {
    /// An empty map.
    pub fn empty_map() -> Self {
        Self::Map(Rc::default())
    }

    /// A map of these pairs; of several with one key the last one counts.
    #[inline(never)]
    pub fn of_pairs(pairs: Vec<(Text, Value)>) -> Self {
        Self::from(Map::from(pairs))
    }

    /// A list of these values.
    #[inline(never)]
    pub fn list_of(items: Vec<Value>) -> Self {
        Self::List(Rc::new(items))
    }

    /// A list of texts.
    pub fn texts<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::list_of(items.into_iter().map(|t| Self::Text(t.into())).collect())
    }

    /// Whether both are the same list or map in memory: equal without a look inside.
    pub fn shares(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => Rc::ptr_eq(a, b),
            (Self::Map(a), Self::Map(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value of a key, when this is a map that has it (a null counts).
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Map(map) => map.get(key),
            _ => None,
        }
    }

    /// The value at the end of a path of keys; null where the path breaks off.
    pub fn at(&self, path: &[&str]) -> &Value {
        let mut node = self;
        for key in path {
            match node.get(key) {
                Some(child) => node = child,
                None => return NULL,
            }
        }
        node
    }

    /// The text, when this is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text or, for anything else, the empty string.
    pub fn str_or_empty(&self) -> &str {
        self.as_str().unwrap_or("")
    }

    /// The text, shared; empty for anything else.
    pub fn text(&self) -> Text {
        match self {
            Self::Text(text) => text.clone(),
            _ => Text::default(),
        }
    }

    /// The whole number, when this is one.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// The boolean, when this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// The map, when this is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Keys and values of a map; none for anything else.
    pub fn pairs(&self) -> impl Iterator<Item = (&Text, &Value)> {
        self.as_map().into_iter().flat_map(Map::iter)
    }

    /// The map, to be changed; anything else becomes an empty map first.
    pub fn map_mut(&mut self) -> &mut Map {
        if !matches!(self, Self::Map(_)) {
            *self = Self::empty_map();
        }
        match self {
            Self::Map(map) => Rc::make_mut(map),
            // The line above made it a map.
            _ => unreachable!(),
        }
    }

    /// The items, to be changed; anything else becomes an empty list first.
    pub fn items_mut(&mut self) -> &mut Vec<Value> {
        if !matches!(self, Self::List(_)) {
            *self = Self::list_of(Vec::new());
        }
        match self {
            Self::List(items) => Rc::make_mut(items),
            // The line above made it a list.
            _ => unreachable!(),
        }
    }

    /// The node at the end of a path of keys, to be changed; missing maps are made on the way.
    #[inline(never)]
    pub fn at_mut(&mut self, path: &[&'static str]) -> &mut Value {
        let mut node = self;
        for key in path {
            node = node.map_mut().entry(*key);
        }
        node
    }

    /// Sets what stands at the end of a path of keys; missing maps are made on the way.
    #[inline]
    pub fn set(&mut self, path: &[&'static str], value: impl Into<Value>) {
        self.put(path, value.into());
    }

    #[inline(never)]
    fn put(&mut self, path: &[&'static str], value: Value) {
        *self.at_mut(path) = value;
    }

    /// Takes away what stands at the end of a path of keys, and answers it. Makes nothing on the way.
    pub fn take(&mut self, path: &[&str]) -> Option<Value> {
        let (last, parents) = path.split_last()?;
        self.at(parents).get(last)?;
        let mut node = self;
        for key in parents {
            node = node.map_mut().get_mut(key)?;
        }
        node.map_mut().remove(last)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<i32> for Value {
    fn from(n: i32) -> Self {
        Self::Int(n.into())
    }
}

impl From<&'static str> for Value {
    fn from(s: &'static str) -> Self {
        Self::Text(s.into())
    }
}

impl From<String> for Value {
    fn from(s: String) -> Self {
        Self::Text(s.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<&Text> for Value {
    fn from(text: &Text) -> Self {
        Self::Text(text.clone())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(Rc::new(map))
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::list_of(items)
    }
}

/// Writes a tree as it would stand in a manifest: `map! { "name" => "web", "ports" => list![80] }`.
#[macro_export]
macro_rules! map {
    ($($key:expr => $value:expr),* $(,)?) => {
        $crate::value::Value::of_pairs(vec![
            $( ($crate::value::Text::from($key), $crate::value::Value::from($value)) ),*
        ])
    };
}

/// A list of values, each anything that a [`value::Value`](crate::value::Value) can be made from.
#[macro_export]
macro_rules! list {
    ($($value:expr),* $(,)?) => {
        $crate::value::Value::list_of(vec![$($crate::value::Value::from($value)),*])
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_clone_is_shared_until_it_is_changed() {
        let first = map! { "spec" => map! { "replicas" => 2 } };
        let mut second = first.clone();
        second.set(&["spec", "replicas"], 4);
        assert_eq!(first.at(&["spec", "replicas"]).as_i64(), Some(2));
        assert_eq!(second.at(&["spec", "replicas"]).as_i64(), Some(4));
    }

    #[test]
    fn keys_stand_in_byte_order() {
        let tree = map! { "b" => 1, "B" => 2, "$patch" => "replace" };
        let keys: Vec<&str> = tree.pairs().map(|(k, _)| k.as_str()).collect();
        assert_eq!(keys, ["$patch", "B", "b"]);
    }

    #[test]
    fn a_broken_path_is_null_and_taking_from_it_makes_nothing() {
        let mut tree = map! { "a" => list![1, "x", true] };
        assert!(tree.at(&["a", "b", "c"]).is_null());
        assert_eq!(tree.take(&["q", "r"]), None);
        assert_eq!(tree, map! { "a" => list![1, "x", true] });
        assert_eq!(tree.take(&["a"]), Some(list![1, "x", true]));
    }
}
