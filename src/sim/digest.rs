//! A fingerprint of what happened: equal runs have equal digests, natively and in WebAssembly.

use super::Step;
use crate::value::json;

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
