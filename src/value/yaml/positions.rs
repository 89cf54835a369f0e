//! Where the fields of a document stand in its text.

use crate::value::Text;

/// A place in a text as people count: from one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// Where a field stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Where its key begins; for an item of a list where its value begins.
    pub key: Place,
    /// Where its value begins.
    pub value: Place,
}

struct Entry {
    /// The key; none for an item of a list.
    name: Option<Text>,
    /// The number among the items of its list.
    index: usize,
    spot: Spot,
    /// The first entry that is not inside this one.
    end: usize,
}

/// The places of all fields of a document, by paths as the API server writes them:
/// `spec.template.spec.containers[0].image`, `metadata.labels[app.kubernetes.io/name]`. What an alias brings in
/// stands where the alias stands.
#[derive(Default)]
pub struct Positions {
    root: Spot,
    entries: Vec<Entry>,
}

impl Positions {
    pub(super) fn set_root(&mut self, root: Spot) {
        self.root = root;
    }

    /// Notes a field; the fields inside it follow before `close`.
    pub(super) fn open(&mut self, name: Option<Text>, index: usize, spot: Spot) -> usize {
        self.entries.push(Entry { name, index, spot, end: 0 });
        self.entries.len() - 1
    }

    pub(super) fn close(&mut self, entry: usize) {
        let end = self.entries.len();
        if let Some(entry) = self.entries.get_mut(entry) {
            entry.end = end;
        }
    }

    /// Where the field is; none where the text does not have it.
    pub fn find(&self, path: &str) -> Option<Spot> {
        let (spot, rest) = self.walk(path);
        rest.is_empty().then_some(spot)
    }

    /// Where the field is or, where the text does not have it, the innermost field around it that it has.
    pub fn nearest(&self, path: &str) -> Spot {
        self.walk(path).0
    }

    /// As far down the path as fields are known; answers what is left of the path.
    fn walk<'p>(&self, path: &'p str) -> (Spot, &'p str) {
        let (mut spot, mut rest) = (self.root, path);
        let (mut at, mut end) = (0, self.entries.len());
        while !rest.is_empty() {
            // Keys may hold dots, so the longest key that fits counts, and of doubled keys the last.
            let mut best: Option<(&Entry, usize, &str)> = None;
            let mut child = at;
            while let Some(entry) = self.entries.get(child).filter(|_| child < end) {
                if let Some(left) = entry.after(rest)
                    && best.is_none_or(|(_, _, before)| left.len() <= before.len())
                {
                    best = Some((entry, child, left));
                }
                child = entry.end.max(child + 1);
            }
            let Some((entry, number, left)) = best else {
                break;
            };
            (spot, rest, at, end) = (entry.spot, left, number + 1, entry.end);
        }
        (spot, rest)
    }

    /// The path of the innermost field whose key or value begins at or before a place: where a cursor is.
    pub fn path_at(&self, place: Place) -> String {
        let mut path = String::new();
        let (mut at, mut end) = (0, self.entries.len());
        loop {
            let mut inner: Option<(&Entry, usize)> = None;
            let mut child = at;
            while let Some(entry) = self.entries.get(child).filter(|_| child < end) {
                if entry.spot.key <= place {
                    inner = Some((entry, child));
                }
                child = entry.end.max(child + 1);
            }
            let Some((entry, number)) = inner else {
                return path;
            };
            match &entry.name {
                None => path.extend(["[", &entry.index.to_string(), "]"]),
                Some(name) if name.contains(['.', '/', '[']) => {
                    path.push('[');
                    path.push_str(name);
                    path.push(']');
                }
                Some(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
            }
            (at, end) = (number + 1, entry.end);
        }
    }
}

impl Entry {
    /// What is left of a path after this entry's own step, where the path takes it.
    fn after<'p>(&self, path: &'p str) -> Option<&'p str> {
        let bracketed = path.strip_prefix('[');
        let left = match (&self.name, bracketed) {
            (None, Some(inside)) => inside.strip_prefix(&*self.index.to_string())?.strip_prefix(']')?,
            (None, None) => return None,
            (Some(name), Some(inside)) => inside.strip_prefix(name.as_str())?.strip_prefix(']')?,
            (Some(name), None) => path.strip_prefix(name.as_str())?,
        };
        match left.as_bytes().first() {
            None | Some(b'[') => Some(left),
            Some(b'.') => left.get(1..),
            Some(_) => None,
        }
    }
}
