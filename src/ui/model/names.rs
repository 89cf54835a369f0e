//! Names of objects in any text: every one of them leads to its object.

use crate::api::{Key, Kind};
use crate::apiserver::Store;
use crate::sorted::SortedMap;
use crate::value::Text;

/// What a name may be the name of, the likeliest first.
const KINDS: [Kind; 9] = [
    Kind::Pod,
    Kind::PersistentVolumeClaim,
    Kind::PersistentVolume,
    Kind::Node,
    Kind::StatefulSet,
    Kind::Service,
    Kind::ControllerRevision,
    Kind::StorageClass,
    Kind::Namespace,
];

/// A piece of a text, and the object it names.
pub type Named<'t> = (&'t str, Option<Key>);

/// A text in pieces, the names of objects of this namespace (and of none) apart.
pub fn names<'t>(store: &Store, namespace: &Text, text: &'t str) -> Vec<Named<'t>> {
    let mut known: SortedMap<&str, Option<Key>> = SortedMap::new();
    let mut pieces: Vec<Named<'t>> = Vec::new();
    let (mut plain, mut at) = (0, 0);
    let is_name = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '.');
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let long = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
        if long == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let word = rest.get(..long).unwrap_or_default().trim_end_matches(['.', '-']);
        // Words of the language are no names: those have a dash, or stand after their kind, a colon or a quote.
        let before = text.get(..at).unwrap_or_default();
        let kind = |kind: &Kind| before.strip_suffix('/').is_some_and(|text| text.ends_with(kind.info().singular));
        let told = word.contains('-')
            || before.ends_with(['"', '='])
            || before.trim_end().ends_with([':', ','])
            || KINDS.iter().any(kind);
        let key = if told && word.len() > 1 {
            known.get(word).cloned().unwrap_or_else(|| {
                let key = find(store, namespace, word);
                known.insert(word, key.clone());
                key
            })
        } else {
            None
        };
        if let Some(key) = key {
            pieces.push((text.get(plain..at).unwrap_or_default(), None));
            pieces.push((word, Some(key)));
            plain = at + word.len();
        }
        at += long;
    }
    pieces.push((text.get(plain..).unwrap_or_default(), None));
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

fn find(store: &Store, namespace: &Text, name: &str) -> Option<Key> {
    // Everybody's namespace and service account: a link there says nothing.
    if name == "default" {
        return None;
    }
    let found = |kind: &Kind| {
        [namespace.as_str(), ""].into_iter().find_map(|namespace| store.get(*kind, namespace, name)).map(|o| o.key())
    };
    KINDS.iter().find_map(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map;
    use crate::time::Time;

    fn store() -> Store {
        let mut store = Store::default();
        for (kind, namespace, name) in [
            (Kind::Pod, "lab", "web-0"),
            (Kind::StatefulSet, "lab", "web"),
            (Kind::Service, "lab", "web"),
            (Kind::Node, "", "node-1"),
            (Kind::PersistentVolumeClaim, "lab", "data-web-0"),
        ] {
            store.put(Time(0), kind, map! { "metadata" => map! { "namespace" => namespace, "name" => name } });
        }
        store
    }

    fn links(text: &str) -> String {
        let store = store();
        let pieces = names(&store, &"lab".into(), text);
        assert_eq!(pieces.iter().map(|(text, _)| *text).collect::<String>(), text, "nothing is lost");
        let links = pieces.iter().filter_map(|(text, key)| Some(format!("{text}={}", key.as_ref()?.kind.name())));
        links.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_name_in_a_sentence_leads_to_its_object() {
        let text = "create Claim data-web-0 Pod web-0 in StatefulSet web success";
        assert_eq!(links(text), "data-web-0=PersistentVolumeClaim web-0=Pod");
        assert_eq!(links("Node:  node-1/10.0.0.1"), "node-1=Node");
        assert_eq!(links("  name: web"), "web=StatefulSet");
        assert_eq!(links("statefulset/web: create"), "web=StatefulSet");
        assert_eq!(links("image: registry/somebody/web:1"), "");
        assert_eq!(links("Successfully assigned lab/web-0 to node-1."), "web-0=Pod node-1=Node");
    }

    #[test]
    fn words_numbers_and_strangers_are_no_names() {
        assert_eq!(links("the web is wide; web-1 and 10.0.0.1 – ünïcode"), "");
        assert_eq!(links(""), "");
    }
}
