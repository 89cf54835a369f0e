//! SHA-256 (FIPS 180-4), for the digests of images.

use std::fmt::Write as _;

/// The first 32 bits of the fractional parts of the square roots of the first eight primes.
const BEGINNING: [u32; 8] = {
    let mut table = [0; 8];
    // Carried out by the compiler, which refuses an index out of bounds.
    #[allow(clippy::indexing_slicing)]
    {
        let (mut at, mut number) = (0, 2_u128);
        while at < 8 {
            if is_prime(number) {
                table[at] = (number << 64).isqrt() as u32;
                at += 1;
            }
            number += 1;
        }
    }
    table
};

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
const ROUNDS: [u32; 64] = {
    let mut table = [0; 64];
    #[allow(clippy::indexing_slicing)]
    {
        let (mut at, mut number) = (0, 2_u128);
        while at < 64 {
            if is_prime(number) {
                table[at] = cube_root(number << 96) as u32;
                at += 1;
            }
            number += 1;
        }
    }
    table
};

const fn is_prime(number: u128) -> bool {
    let mut divisor = 2;
    while divisor * divisor <= number {
        if number.is_multiple_of(divisor) {
            return false;
        }
        divisor += 1;
    }
    true
}

const fn cube_root(number: u128) -> u128 {
    let (mut low, mut high) = (0_u128, 1 << 36);
    while low + 1 < high {
        let middle = u128::midpoint(low, high);
        if middle * middle * middle <= number {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// The digest of a text as 64 hexadecimal digits.
pub(super) fn sha256(text: &str) -> String {
    let mut state = BEGINNING;
    for chunk in padded(text.as_bytes()).chunks(64) {
        mix(&mut state, chunk);
    }
    let mut digits = String::with_capacity(64);
    for word in state {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{word:08x}");
    }
    digits
}

/// The message, a one bit, zeros up to the last eight bytes of a block, and its length in bits.
fn padded(message: &[u8]) -> Vec<u8> {
    let mut bytes = message.to_vec();
    bytes.push(0x80);
    while bytes.len() % 64 != 56 {
        bytes.push(0);
    }
    bytes.extend((message.len() as u64 * 8).to_be_bytes());
    bytes
}

// The standard names the eight words by single letters.
#[allow(clippy::many_single_char_names)]
fn mix(state: &mut [u32; 8], chunk: &[u8]) {
    let mut words: Vec<u32> =
        chunk.chunks(4).map(|bytes| bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte))).collect();
    let word =
        |words: &[u32], back: usize| words.len().checked_sub(back).and_then(|at| words.get(at)).copied().unwrap_or(0);
    for _ in 16..64 {
        let (a, b) = (word(&words, 15), word(&words, 2));
        let small = a.rotate_right(7) ^ a.rotate_right(18) ^ a >> 3;
        let large = b.rotate_right(17) ^ b.rotate_right(19) ^ b >> 10;
        let next = word(&words, 16).wrapping_add(small).wrapping_add(word(&words, 7)).wrapping_add(large);
        words.push(next);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (word, constant) in words.iter().zip(ROUNDS) {
        let large = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = e & f ^ !e & g;
        let first = h.wrapping_add(large).wrapping_add(choice).wrapping_add(constant).wrapping_add(*word);
        let small = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = a & b ^ a & c ^ b & c;
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(small.wrapping_add(majority)));
    }
    for (held, new) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *held = held.wrapping_add(new);
    }
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn the_standards_examples_hash_to_their_digests() {
        assert_eq!(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(
            sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        );
    }
}
