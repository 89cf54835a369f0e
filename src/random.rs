//! Chance without sequence: every draw is a function of (seed, subject, purpose).
//!
//! Because no draw depends on the draws before it, an extra command in one branch of history never changes the
//! image pull of an unrelated pod. No floats, so native and WebAssembly agree to the bit.

use std::fmt::Write as _;

/// The seed of a world. Equal seeds and equal journals give equal worlds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seed(pub u64);

/// Kubernetes' alphabet for generated names: no vowels, no digits that look like letters.
const SAFE_LETTERS: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";

impl Seed {
    /// 64 random bits for this subject and purpose.
    pub fn draw(self, subject: &str, purpose: &str) -> u64 {
        let mut state = mix(self.0 ^ 0x9e37_79b9_7f4a_7c15);
        for bytes in [subject.as_bytes(), b"/", purpose.as_bytes()] {
            for byte in bytes {
                state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        mix(state)
    }

    /// A number in `low..=high`; `low` when the range is empty.
    pub fn between(self, subject: &str, purpose: &str, low: i64, high: i64) -> i64 {
        let span = high.saturating_sub(low);
        if span <= 0 {
            return low;
        }
        low + (self.draw(subject, purpose) % (span as u64 + 1)) as i64
    }

    /// A version 4 UUID.
    pub fn uid(self, subject: &str) -> String {
        let (a, b) = (self.draw(subject, "uid-high"), self.draw(subject, "uid-low"));
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0x0fff,
            b >> 48 & 0x3fff | 0x8000,
            b & 0xffff_ffff_ffff
        )
    }

    /// `length` letters as Kubernetes appends them to a generateName.
    pub fn suffix(self, subject: &str, purpose: &str, length: usize) -> String {
        let mut bits = self.draw(subject, purpose);
        (0..length)
            .map(|_| {
                let letter = safe_letter(bits % 27);
                bits = mix(bits);
                letter
            })
            .collect()
    }

    /// `length` hexadecimal digits, as in a container id or an image digest.
    pub fn hex(self, subject: &str, purpose: &str, length: usize) -> String {
        let mut bits = self.draw(subject, purpose);
        let mut text = String::with_capacity(length + 16);
        while text.len() < length {
            let _ = write!(text, "{bits:016x}");
            bits = mix(bits);
        }
        text.truncate(length);
        text
    }
}

/// The letter of Kubernetes' safe alphabet at `index` modulo 27.
pub fn safe_letter(index: u64) -> char {
    char::from(SAFE_LETTERS.get((index % 27) as usize).copied().unwrap_or(b'b'))
}

/// The finaliser of splitmix64: every input bit reaches every output bit.
fn mix(mut z: u64) -> u64 {
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_nothing_but_seed_subject_and_purpose() {
        let seed = Seed(7);
        let first = seed.draw("web-0", "pull");
        let _ = seed.draw("web-1", "pull");
        assert_eq!(seed.draw("web-0", "pull"), first);
        assert_ne!(seed.draw("web-0", "start"), first);
        assert_ne!(Seed(8).draw("web-0", "pull"), first);
    }

    #[test]
    fn ranges_uids_and_suffixes_have_their_forms() {
        let seed = Seed(1);
        for subject in ["a", "b", "c", "d", "e"] {
            assert!((20..=1040).contains(&seed.between(subject, "clean up", 20, 1040)));
            let uid = seed.uid(subject);
            assert_eq!((uid.len(), uid.as_bytes().get(14)), (36, Some(&b'4')));
            assert_eq!(seed.suffix(subject, "name", 5).len(), 5);
            assert_eq!(seed.hex(subject, "container", 64).len(), 64);
        }
        assert_eq!(seed.between("a", "nothing", 5, 5), 5);
    }
}
