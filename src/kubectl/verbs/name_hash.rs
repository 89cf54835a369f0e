//! `--append-hash`: what a ConfigMap or a Secret holds becomes the end of its name.

use sha2::{Digest, Sha256};

use crate::map;
use crate::value::{Map, Value, json};

/// The sixteen hexadecimal digits; some are consonants instead, so that no words come about.
const DIGITS: &[u8; 16] = b"gh2k456789mbcdtf";

/// The ten letters: the first forty bits of the SHA-256 of kind, name and content.
pub fn of(tree: &Value) -> String {
    let mut content = map! {
        "data" => tree.at(&["data"]).as_map().cloned().unwrap_or_else(Map::new),
        "kind" => tree.at(&["kind"]).text(),
        "name" => tree.at(&["metadata", "name"]).text(),
    };
    if tree.at(&["kind"]).as_str() == Some("Secret") {
        content.set(&["type"], tree.at(&["type"]).text());
    }
    let mut letters = String::new();
    for byte in Sha256::digest(json::to_compact(&content)).iter().take(5) {
        for digit in [byte >> 4, byte & 15] {
            letters.extend(DIGITS.get(usize::from(digit)).map(|letter| char::from(*letter)));
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letters_are_those_of_kubernetes() {
        let config =
            map! { "kind" => "ConfigMap", "data" => map! { "one" => "" }, "metadata" => map! { "name" => "" } };
        assert_eq!(of(&config), "9g67k2htb6");
        let secret = map! { "kind" => "Secret", "type" => "my-type", "data" => map! { "one" => "" }, "metadata" => map! { "name" => "" } };
        assert_eq!(of(&secret), "74bd68bm66");
    }
}
