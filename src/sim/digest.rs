//! A fingerprint of what happened: equal runs have equal digests, natively and in WebAssembly.

use super::Step;
use crate::value::{Value, json};

/// FNV-1a (64 bit) over every change and decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Takes a step in.
    pub fn step(&mut self, step: &Step) {
        self.bytes(&step.at.0.to_le_bytes());
        self.bytes(step.actor.as_bytes());
        for change in &step.changes {
            self.bytes(change.change.as_str().as_bytes());
            self.bytes(json::to_compact(&change.object.tree).as_bytes());
        }
        for decision in &step.decisions {
            self.bytes(decision.did.as_bytes());
            self.bytes(decision.because.as_bytes());
        }
    }

    /// Takes a text in.
    pub fn add(&mut self, text: &str) {
        self.bytes(text.as_bytes());
        self.bytes(&[0xff]);
    }

    /// Takes a tree in, without writing it down first: of a thousand pods that would take a tenth of a second.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.word(0),
            Value::Bool(held) => self.word(1 + u64::from(*held)),
            Value::Int(held) => self.words(3, &held.to_le_bytes()),
            Value::Float(held) => self.words(4, &held.to_bits().to_le_bytes()),
            Value::Text(held) => self.words(5, held.as_bytes()),
            Value::List(held) => {
                self.words(6, &(held.len() as u64).to_le_bytes());
                held.iter().for_each(|item| self.value(item));
            }
            Value::Map(held) => {
                self.words(7, &(held.len() as u64).to_le_bytes());
                for (key, item) in held.iter() {
                    self.words(5, key.as_bytes());
                    self.value(item);
                }
            }
        }
    }

    /// A kind of value, its length and its bytes, eight at a time.
    fn words(&mut self, kind: u64, bytes: &[u8]) {
        self.word(kind | (bytes.len() as u64) << 3);
        for chunk in bytes.chunks(8) {
            self.word(chunk.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn word(&mut self, word: u64) {
        // Turned, so that the high bits of a word reach the low ones of the digest too.
        self.0 = (self.0 ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// Sixteen hexadecimal digits.
    pub fn text(self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{list, map};

    fn of(value: Value) -> String {
        let mut digest = Digest::default();
        digest.value(&value);
        digest.text()
    }

    #[test]
    fn trees_that_differ_in_anything_have_other_digests() {
        let trees = [
            Value::Null,
            Value::from(0),
            Value::from(""),
            Value::from(false),
            list![],
            list![Value::Null],
            map! {},
            map! { "a" => "bc" },
            map! { "ab" => "c" },
            map! { "a" => list!["b", "c"] },
            list![list!["a"], "b"],
            list!["a", list!["b"]],
            Value::from("a longer text of many words"),
            Value::from("a longer text of many wordz"),
        ];
        let mut digests: Vec<String> = trees.into_iter().map(of).collect();
        let all = digests.len();
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), all);
    }

    #[test]
    fn equal_trees_have_one_digest_on_every_machine() {
        assert_eq!(of(map! { "name" => "mehdb-0", "ordinal" => 0 }), of(map! { "ordinal" => 0, "name" => "mehdb-0" }));
        assert_eq!(of(map! { "name" => "mehdb-0", "ordinal" => 0 }), "eb639849df34356f");
    }
}
