//! `--append-hash`: what a ConfigMap or a Secret holds becomes the end of its name.

use crate::map;
use crate::value::{Map, Value, json};

/// The ten letters: of the SHA-256 of kind, name and content the first forty bits, as hexadecimal digits of which some are
/// consonants instead, so that no words come about.
pub fn of(tree: &Value) -> String {
    let mut content = map! {
        "data" => tree.at(&["data"]).as_map().cloned().unwrap_or_else(Map::new),
        "kind" => tree.at(&["kind"]).text(),
        "name" => tree.at(&["metadata", "name"]).text(),
    };
    if tree.at(&["kind"]).as_str() == Some("Secret") {
        content.set(&["type"], tree.at(&["type"]).text());
    }
    let [first, second, ..] = sha256(json::to_compact(&content).as_bytes());
    let digits = format!("{first:08x}{:02x}", second >> 24);
    let consonant = |digit| match digit {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    };
    digits.chars().map(consonant).collect()
}

/// FIPS 180-4.
#[allow(clippy::many_single_char_names, reason = "the letters of the standard")]
fn sha256(bytes: &[u8]) -> [u32; 8] {
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((bytes.len() as u64 * 8).to_be_bytes());
    let mut hash: [u32; 8] =
        [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
    for block in padded.chunks(64) {
        // Sixteen words of the block, each followed by those that are made of them as they are needed.
        let mut words: Vec<u32> =
            block.chunks(4).map(|four| four.iter().fold(0, |word, byte| word << 8 | u32::from(*byte))).collect();
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = hash;
        for (round, constant) in ROUNDS.iter().enumerate() {
            let word = |back: usize| words.get((round + 16).wrapping_sub(back)).copied().unwrap_or(0);
            let (late, early) = (word(2), word(15));
            let next = (late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10)
                .wrapping_add(word(7))
                .wrapping_add(early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3)
                .wrapping_add(word(16));
            let more = h
                .wrapping_add(e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25))
                .wrapping_add(e & f ^ !e & g)
                .wrapping_add(*constant)
                .wrapping_add(word(16));
            let most =
                (a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22)).wrapping_add(a & b ^ a & c ^ b & c);
            (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(more), c, b, a, more.wrapping_add(most));
            words.push(next);
        }
        for (sum, part) in hash.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *sum = sum.wrapping_add(part);
        }
    }
    hash
}

const ROUNDS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_standard() {
        assert_eq!(sha256(b"abc")[..2], [0xba78_16bf, 0x8f01_cfea]);
        let two_blocks = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
        assert_eq!(sha256(two_blocks)[..2], [0x248d_6a61, 0xd206_38b8]);
    }

    #[test]
    fn the_letters_are_those_of_kubernetes() {
        let config =
            map! { "kind" => "ConfigMap", "data" => map! { "one" => "" }, "metadata" => map! { "name" => "" } };
        assert_eq!(of(&config), "9g67k2htb6");
        let secret = map! { "kind" => "Secret", "type" => "my-type", "data" => map! { "one" => "" }, "metadata" => map! { "name" => "" } };
        assert_eq!(of(&secret), "74bd68bm66");
    }
}
