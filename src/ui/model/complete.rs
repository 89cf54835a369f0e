//! What a half-typed line in a terminal could become: what the Tab key would write, and between what it chooses.

use crate::api::{Kind, Object};
use crate::history::Files;
use crate::kubectl::{Live, complete, split_words};
use crate::sim::World;
use crate::value::Text;

/// The words that a line can begin with.
const FIRST: [&str; 5] = ["kubectl", "cat", "clear", "help", "ls"];

/// What can be made of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The line as far as it is clear.
    pub line: Text,
    /// The line without its last word.
    pub stem: Text,
    /// What that word could be.
    pub words: Vec<Text>,
}

/// The line with its last word completed; `None` where nothing is typed or nothing can be said.
pub fn completion(line: &str, world: &World, files: &Files) -> Option<Completion> {
    if line.trim().is_empty() {
        return None;
    }
    let (first, rest) = line.trim_start().split_once(' ').unwrap_or((line.trim_start(), ""));
    let at_first = !line.trim_start().contains(' ');
    let file_names = || files.keys().cloned().collect::<Vec<Text>>();
    let last = line.rsplit(' ').next().unwrap_or_default();
    let mut words = match first {
        _ if at_first => FIRST.iter().map(|word| Text::from(*word)).collect(),
        "kubectl" | "k" => {
            let mut words = split_words(line).ok()?;
            if line.ends_with(' ') {
                words.push(Text::default());
            }
            // A word with quotes in it is not written as it is read.
            words.last().filter(|word| word.as_str() == last)?;
            complete(&words, &|live, namespace| look(world, files, live, namespace))
        }
        "cat" if !rest.is_empty() || line.ends_with(' ') => file_names(),
        _ => return None,
    };
    words.retain(|word| word.starts_with(last));
    crate::sorted::sort(&mut words);
    let common = common_start(&words)?;
    let stem = line.get(..line.len() - last.len())?;
    let open = common.ends_with(['=', '/', ',', '-']);
    let done = if words.len() == 1 && !open { " " } else { "" };
    Some(Completion { line: format!("{stem}{common}{done}").into(), stem: Text::copy(stem), words })
}

/// What there is.
fn look(world: &World, files: &Files, live: Live<'_>, namespace: &str) -> Vec<Text> {
    let chosen = world.namespace();
    let namespace = [namespace, &*chosen, "default"].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let of = |word: &str| {
        let kind = kind_of(word);
        let place = kind.map_or("", |kind| if kind.is_namespaced() { namespace } else { "" });
        kind.into_iter().flat_map(|kind| world.store().list(kind, place))
    };
    match live {
        Live::Names(word) => of(word).map(|object| object.meta.name.clone()).collect(),
        Live::Files => files.keys().cloned().collect(),
        Live::Containers(pod) => {
            let found = world.store().get(Kind::Pod, namespace, pod.rsplit('/').next().unwrap_or(pod));
            let containers = found.iter().flat_map(|pod| pod.tree.at(&["spec", "containers"]).items());
            containers.map(|container| Text::copy(container.at(&["name"]).str_or_empty())).collect()
        }
        Live::Labels(word) => {
            let mut all: Vec<Text> = of(word).flat_map(|object| labels(object)).collect();
            crate::sorted::sort(&mut all);
            all.dedup();
            all
        }
    }
}

fn labels(object: &Object) -> Vec<Text> {
    let pairs = object.tree.at(&["metadata", "labels"]).pairs();
    pairs.map(|(key, value)| Text::from(format!("{key}={}", value.str_or_empty()))).collect()
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
    while !first.is_char_boundary(length) {
        length -= 1;
    }
    first.get(..length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::{Folder, Lab};

    #[test]
    fn tab_goes_as_far_as_is_clear() {
        let world = Lab::new().unwrap().world;
        let files = Folder::default().all();
        let cases = [
            ("ku", Some("kubectl ")),
            ("kubectl desc", Some("kubectl describe ")),
            ("k get statef", Some("k get statefulsets ")),
            ("kubectl describe node n", Some("kubectl describe node node-")),
            ("kubectl get pods -n kube-s", Some("kubectl get pods -n kube-system ")),
            ("kubectl apply -f ", Some("kubectl apply -f stateful.yaml ")),
            ("kubectl get pods --sel", Some("kubectl get pods --selector ")),
            ("kubectl get pods -o=", None),
            ("kubectl get pods -o jsonpath", Some("kubectl get pods -o jsonpath")),
            ("cat st", Some("cat stateful.yaml ")),
            ("kubectl get nothing-like-it", None),
            ("kubectl patch sts 'me", None),
            ("", None),
            ("  ", None),
        ];
        for (line, completed) in cases {
            let found = completion(line, &world, &files).map(|found| found.line);
            assert_eq!(found.as_deref(), completed, "{line}");
        }
    }

    #[test]
    fn where_it_is_not_clear_it_is_said_between_what() {
        let world = Lab::new().unwrap().world;
        let found = completion("kubectl describe node n", &world, &Files::default()).unwrap();
        assert_eq!(found.stem, "kubectl describe node ");
        assert_eq!(found.words.iter().map(Text::as_str).collect::<Vec<_>>(), ["node-1", "node-2", "node-3"]);
    }
}
