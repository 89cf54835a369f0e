//! What a half-typed line could become: the word that the Tab key would write.

use crate::api::Kind;
use crate::kubectl::{complete, split_words};
use crate::sim::World;
use crate::value::Text;

/// The line with its last word completed as far as it is clear; `None` where nothing can be said.
pub fn suggestion(line: &str, world: &World) -> Option<Text> {
    if line.trim().is_empty() || line.ends_with(['\'', '"']) {
        return None;
    }
    let mut words = split_words(line).ok()?;
    if line.ends_with(' ') {
        words.push(Text::default());
    }
    let last = words.last()?.clone();
    let namespace = words.windows(2).find_map(|pair| match pair {
        [flag, name] if *flag == "-n" || *flag == "--namespace" => Some(name.clone()),
        _ => None,
    });
    let names = |kind: &str| {
        let Some(kind) = kind_of(kind) else { return Vec::new() };
        let place = namespace.clone().unwrap_or_else(|| "default".into());
        let place = if kind.is_namespaced() { place } else { Text::default() };
        world.store().list(kind, &place).map(|object| object.meta.name.clone()).collect()
    };
    let before = words.iter().rev().nth(1).map(Text::as_str);
    let found = match before {
        Some("-n" | "--namespace") => {
            let mut all = world.store().list(Kind::Namespace, "").map(|o| o.meta.name.clone()).collect::<Vec<_>>();
            all.retain(|name| name.starts_with(last.as_str()));
            all
        }
        _ => complete(&words, &names),
    };
    let common = common_start(&found)?;
    let rest = common.strip_prefix(last.as_str()).filter(|rest| !rest.is_empty())?;
    let done = if found.len() == 1 { " " } else { "" };
    Some(format!("{line}{rest}{done}").into())
}

fn kind_of(word: &str) -> Option<Kind> {
    Kind::ALL.iter().copied().find(|kind| {
        let info = kind.info();
        info.plural == word || info.singular == word || info.short_names.contains(&word)
    })
}

/// The letters that all of these begin with.
fn common_start(words: &[Text]) -> Option<&str> {
    let (first, others) = words.split_first()?;
    let mut length = first.len();
    for word in others {
        let same = first.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        length = length.min(same);
    }
    first.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::Lab;

    #[test]
    fn tab_goes_as_far_as_is_clear() {
        let world = Lab::new().unwrap().world;
        let cases = [
            ("kubectl desc", Some("kubectl describe ")),
            ("kubectl get statef", Some("kubectl get statefulsets ")),
            ("kubectl describe node n", Some("kubectl describe node node-")),
            ("kubectl get pods -n kube-s", Some("kubectl get pods -n kube-system ")),
            ("kubectl get nothing-like-it", None),
            ("", None),
        ];
        for (line, completed) in cases {
            assert_eq!(suggestion(line, &world).as_deref(), completed, "{line}");
        }
    }
}
