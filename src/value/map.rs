//! A map with its keys in byte order.

use super::{Text, Value};

/// Up to so many keys are looked through one by one.
const SHORT: usize = 20;

/// Sorted pairs; lookups in long ones are binary searches. Objects of Kubernetes have few keys per level, so this is smaller
/// and quicker than a tree, and it prints in the order in which Kubernetes prints.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    pairs: Vec<(Text, Value)>,
}

impl Map {
    /// An empty map.
    pub const fn new() -> Self {
        Self { pairs: Vec::new() }
    }

    /// How many keys it has.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether it has no key.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.pairs.binary_search_by(|(k, _)| k.as_str().cmp(key))
    }

    /// Where a key stands. In a short list, looking at lengths first is quicker than comparing texts by halves.
    fn place(&self, key: &str) -> Option<usize> {
        if self.pairs.len() > SHORT {
            return self.find(key).ok();
        }
        self.pairs.iter().position(|(held, _)| {
            let held = held.as_str();
            held.len() == key.len() && (std::ptr::eq(held.as_ptr(), key.as_ptr()) || held == key)
        })
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let at = self.place(key)?;
        self.pairs.get(at).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let at = self.place(key)?;
        self.pairs.get_mut(at).map(|(_, value)| value)
    }

    /// Whether the key is there, even with a null.
    pub fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_some()
    }

    /// Sets a key.
    #[inline]
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Value>) {
        self.put(key.into(), value.into());
    }

    #[inline(never)]
    fn put(&mut self, key: Text, value: Value) {
        *self.slot(key) = value;
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.find(key).ok()?;
        Some(self.pairs.remove(at).1)
    }

    /// The value of a key, made null first where it is missing.
    #[inline]
    pub fn entry(&mut self, key: impl Into<Text>) -> &mut Value {
        self.slot(key.into())
    }

    #[inline(never)]
    fn slot(&mut self, key: Text) -> &mut Value {
        let at = match self.find(&key) {
            Ok(at) => at,
            Err(at) => {
                self.pairs.insert(at, (key, Value::Null));
                at
            }
        };
        // `at` was found or made just now.
        #[allow(clippy::indexing_slicing)]
        let (_, value) = &mut self.pairs[at];
        value
    }

    /// Keys and values in key order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Text, &Value)> + ExactSizeIterator {
        self.pairs.iter().map(|(k, v)| (k, v))
    }

    /// Keys and values in key order, the values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Text, &mut Value)> {
        self.pairs.iter_mut().map(|(k, v)| (&*k, v))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &Text> {
        self.pairs.iter().map(|(k, _)| k)
    }

    /// Keeps only the pairs for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&Text, &mut Value) -> bool) {
        self.pairs.retain_mut(|(k, v)| keep(k, v));
    }
}

impl From<Vec<(Text, Value)>> for Map {
    /// Of several pairs with one key the last one counts.
    #[inline(never)]
    fn from(pairs: Vec<(Text, Value)>) -> Self {
        let mut map = Self { pairs: Vec::with_capacity(pairs.len()) };
        for (key, value) in pairs {
            map.put(key, value);
        }
        map
    }
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut map = Self::new();
        for (key, value) in pairs {
            map.insert(key, value);
        }
        map
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a Text, &'a Value);
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 'a>;
    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}
