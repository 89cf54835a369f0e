//! Which function comes with which part, by its name.

use std::collections::HashMap;

/// The parts but the last, each as the names of its functions.
pub struct Lists {
    part_of: HashMap<String, usize>,
    /// How many parts there are.
    pub count: usize,
}

impl Lists {
    /// Those of the page: what draws its first picture, what the first minutes of the lab need, and the rest.
    pub fn of_the_page() -> Self {
        Self::new(&[include_str!("picture.txt"), include_str!("lab.txt")])
    }

    /// A name a line; the first list that has it counts.
    pub fn new(lists: &[&str]) -> Self {
        let mut part_of = HashMap::new();
        for (part, list) in lists.iter().enumerate() {
            for name in list.lines() {
                part_of.entry(name.to_owned()).or_insert(part);
            }
        }
        Self { part_of, count: lists.len() + 1 }
    }

    /// The part that a function comes with. What has no name was made by wasm-bindgen, and comes first.
    pub fn part(&self, symbol: Option<&str>) -> usize {
        symbol.map_or(0, |symbol| self.part_of.get(&listed(symbol)).copied().unwrap_or(self.count - 1))
    }
}

/// A function's name as the lists have it: readable, without hashes, and without the numbers of closures and of copies.
/// Those would make a list stale that need not be; a closure of ours comes with the function it stands in.
pub fn listed(symbol: &str) -> String {
    // Of what is made in several crates the linker keeps copies: `….245`.
    let symbol = match symbol.rsplit_once('.') {
        Some((one, copy)) if copy.bytes().all(|byte| byte.is_ascii_digit()) => one,
        _ => symbol,
    };
    let name = format!("{:#}", rustc_demangle::demangle(symbol));
    let mut rest = name.as_str();
    if rest.trim_start_matches('<').starts_with("playground::") {
        while let Some((outer, "")) =
            rest.rsplit_once("::{closure#").map(|(outer, number)| (outer, after_number(number)))
        {
            rest = outer;
        }
    }
    let mut out = String::with_capacity(name.len());
    while let Some((before, behind)) = rest.split_once("{closure#") {
        out.push_str(before);
        out.push_str("{closure}");
        rest = after_number(behind);
    }
    out.push_str(rest);
    out
}

/// What stands behind `12}`.
fn after_number(text: &str) -> &str {
    text.trim_start_matches(|digit: char| digit.is_ascii_digit()).trim_start_matches('}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_comes_with_the_first_part_that_names_it() {
        let lists = Lists::new(&["a\nb\n", "b\nc\n"]);
        let part = |name| lists.part(Some(name));
        assert_eq!((part("a"), part("b"), part("c"), part("d"), lists.part(None)), (0, 0, 1, 2, 0));
    }

    #[test]
    fn names_have_neither_hashes_nor_numbers_of_closures() {
        let list = |symbol: &str| listed(symbol);
        assert_eq!(list("_RNvMNtCs6vRPxPKkKnw_10playground3simNtB2_5World4step"), "<playground::sim::World>::step");
        assert_eq!(list("_RNCNvNtCs6vRPxPKkKnw_10playground3sim4step0B5_"), "playground::sim::step");
        assert_eq!(list("_RNCNvNtCs6vRPxPKkKnw_4core3fmt4step0B5_"), "core::fmt::step::{closure}");
        assert_eq!(list("_RNvMNtCs6vRPxPKkKnw_10playground3simNtB2_5World4step.245"), "<playground::sim::World>::step");
        assert_eq!(list("__wbindgen_malloc"), "__wbindgen_malloc");
    }
}
