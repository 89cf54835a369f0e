//! Texts packed for a link: repetitions become references, bytes become letters that no address changes.
//!
//! Four bytes of checksum, then groups of a byte of flags and eight items: a byte as it is, or a reference back into what
//! was unpacked before (two bytes of distance, one of length). What is unpacked begins behind a fixed text of words that
//! sessions are full of; it may never change while links of version 1 are about.

use super::session::LONGEST;
use crate::value::checksum;

/// What every session looks back to at first.
const BEFORE: &str = include_str!("pack-words-1.txt");

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The shortest repetition that is worth a reference: it takes three bytes.
const SHORTEST: usize = 4;
const LONGEST_COPY: usize = SHORTEST + 255;
const FARTHEST: usize = 65_535;
/// At most so many earlier places are looked at for each repetition.
const LOOKS: usize = 48;
const BUCKETS: usize = 1 << 12;

/// Packs a text into letters, digits, `-` and `_`.
pub fn pack(text: &str) -> String {
    let all: Vec<u8> = [BEFORE.as_bytes(), text.as_bytes()].concat();
    let mut out = checksum(text).to_le_bytes().to_vec();
    let mut flags_at = 0;
    let mut items = 0;
    let mut chains = Chains { heads: vec![usize::MAX; BUCKETS], before: vec![usize::MAX; all.len()] };
    for at in 0..BEFORE.len() {
        chains.enter(&all, at);
    }
    let mut at = BEFORE.len();
    while at < all.len() {
        if items % 8 == 0 {
            flags_at = out.len();
            out.push(0);
        }
        let (from, length) = chains.longest(&all, at);
        let length = if length >= SHORTEST {
            if let Some(flags) = out.get_mut(flags_at) {
                *flags |= 1 << (items % 8);
            }
            let distance = at - from;
            out.extend([(distance & 255) as u8, (distance >> 8) as u8, (length - SHORTEST) as u8]);
            length
        } else {
            out.extend(all.get(at));
            1
        };
        for passed in at..at + length {
            chains.enter(&all, passed);
        }
        at += length;
        items += 1;
    }
    letters(&out)
}

/// Unpacks what `pack` made; `None` for anything else. What comes out has a bound, whatever comes in.
pub fn unpack(packed: &str) -> Option<String> {
    let bytes = bytes(packed)?;
    let (sum, mut rest) = bytes.split_at_checked(4)?;
    let mut all = BEFORE.as_bytes().to_vec();
    while let Some((flags, more)) = rest.split_first() {
        rest = more;
        for nth in 0..8 {
            if rest.is_empty() || all.len() > LONGEST + BEFORE.len() {
                break;
            }
            if flags >> nth & 1 == 0 {
                let (byte, more) = rest.split_first()?;
                all.push(*byte);
                rest = more;
                continue;
            }
            let (&[low, high, length], more) = rest.split_first_chunk::<3>()?;
            rest = more;
            let from = all.len().checked_sub(usize::from(low) | usize::from(high) << 8)?;
            for at in from..from + usize::from(length) + SHORTEST {
                all.push(*all.get(at)?);
            }
        }
        if all.len() > LONGEST + BEFORE.len() {
            return None;
        }
    }
    let text = String::from_utf8(all.split_off(BEFORE.len())).ok()?;
    (checksum(&text).to_le_bytes() == sum).then_some(text)
}

/// Where the same few bytes stood before.
struct Chains {
    heads: Vec<usize>,
    before: Vec<usize>,
}

impl Chains {
    fn bucket(all: &[u8], at: usize) -> Option<usize> {
        let four = all.get(at..at + SHORTEST)?;
        let mixed = four.iter().fold(0_u32, |mix, byte| mix.wrapping_mul(0x9e37_79b1).wrapping_add(u32::from(*byte)));
        Some(mixed.wrapping_mul(0x9e37_79b1) as usize >> 16 & (BUCKETS - 1))
    }

    fn enter(&mut self, all: &[u8], at: usize) {
        let Some(head) = Self::bucket(all, at).and_then(|bucket| self.heads.get_mut(bucket)) else { return };
        let last = std::mem::replace(head, at);
        if let Some(before) = self.before.get_mut(at) {
            *before = last;
        }
    }

    fn longest(&self, all: &[u8], at: usize) -> (usize, usize) {
        let mut best = (0, 0);
        let mut candidate = Self::bucket(all, at).and_then(|bucket| self.heads.get(bucket).copied());
        for _ in 0..LOOKS {
            let Some(from) = candidate.filter(|from| *from < at && at - from <= FARTHEST) else { break };
            let here = all.get(at..).unwrap_or_default().iter();
            let same = all.get(from..).unwrap_or_default().iter().zip(here).take(LONGEST_COPY);
            let length = same.take_while(|(a, b)| a == b).count();
            if length > best.1 {
                best = (from, length);
            }
            candidate = self.before.get(from).copied();
        }
        best
    }
}

fn letters(bytes: &[u8]) -> String {
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for nth in 0..=three.len() {
            let letter = LETTERS.get((bits >> (18 - 6 * nth) & 63) as usize);
            text.extend(letter.map(|letter| char::from(*letter)));
        }
    }
    text
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for four in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for letter in four {
            bits = bits << 6 | LETTERS.iter().position(|known| known == letter)? as u32;
        }
        bits <<= 6 * (4 - four.len());
        let [_, high, middle, low] = bits.to_be_bytes();
        bytes.extend([high, middle, low].iter().take(four.len().checked_sub(1).filter(|n| *n > 0)?));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_unpacks_to_itself() {
        let long = BEFORE.repeat(9) + "and more";
        let cases =
            ["", "a", "ab", "abc", "abcd", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "größe ≠ 1 Gi", BEFORE, &long];
        for text in cases {
            assert_eq!(unpack(&pack(text)).as_deref(), Some(text));
        }
    }

    #[test]
    fn the_lab_fits_into_a_short_link() {
        let text = format!(
            "act 0 0 press 0 kubectl apply -f stateful.yaml -n lab-18\n{}",
            include_str!("../ui/model/stateful.yaml")
        );
        let packed = pack(&text);
        assert!(packed.len() < 80, "{} letters", packed.len());
    }

    #[test]
    fn a_link_of_earlier_days_opens_and_is_written_the_same_today() {
        let text = "kubectl scale sts mehdb --replicas=4";
        assert_eq!(pack(text), "P2lznAFcBiA");
        assert_eq!(unpack("P2lznAFcBiA"), Some(text.into()));
    }

    #[test]
    fn a_damaged_link_is_known_to_be_damaged() {
        let packed = pack("kubectl scale sts mehdb --replicas=4 -n lab-18 and some words that stand nowhere else");
        for at in 0..packed.len() {
            let (head, tail) = packed.split_at(at);
            let letter = if tail.starts_with('A') { 'B' } else { 'A' };
            assert_eq!(unpack(head), None, "cut at {at}");
            let changed = format!("{head}{letter}{}", &tail[1..]);
            // The last letters may hold bits that say nothing.
            assert!(unpack(&changed).is_none() || at + 1 == packed.len(), "changed at {at}");
        }
        assert_eq!(unpack("§"), None);
        assert_eq!(unpack("????"), None);
    }

    #[test]
    fn what_is_unpacked_has_a_bound() {
        // One byte, then references to it that are as long as can be: 16 bytes become some kilobytes each.
        let mut bomb = vec![0, 0, 0, 0];
        for _ in 0..20_000 {
            bomb.push(255);
            bomb.extend([1_u8, 0, 255].repeat(8));
        }
        assert_eq!(unpack(&letters(&bomb)), None);
    }
}
