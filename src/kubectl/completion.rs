//! What could stand in the place of a half-typed word: verbs, types, names, flags and their values, as
//! `kubectl completion` would offer them.

use super::command_line::types::{self, ResourceType};
use super::command_line::{Flag, GLOBAL, Takes};
use super::verbs::{self, CONTEXT, Verb};
use crate::value::Text;

/// What only the world around knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Live<'a> {
    /// The names of objects, by a word for their type.
    Names(&'a str),
    /// The files of the working directory.
    Files,
    /// The containers of a pod.
    Containers(&'a str),
    /// The labels of objects, as `key=value`, by a word for their type.
    Labels(&'a str),
}

/// What the words of a verb are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// None.
    None,
    /// A type, then names.
    Typed,
    /// The same, of these types only.
    Only(&'static [&'static str]),
    /// Names of this type, without its name before them.
    Named(&'static str),
    /// A pod, then its container.
    Inside,
    /// A type alone.
    Types,
    /// Verbs.
    Verbs,
    /// The one context.
    Contexts,
}

/// Which types have replicas, which can be rolled out, which have a template: of those that are simulated here.
const SETS: &[&str] = &["statefulsets"];
const TEMPLATES: &[&str] = &["pods", "statefulsets"];

fn words_of(verb: &Verb) -> Words {
    match verb.path {
        "get"
        | "describe"
        | "delete"
        | "edit"
        | "label"
        | "annotate"
        | "patch"
        | "wait"
        | "events"
        | "apply view-last-applied" => Words::Typed,
        "explain" => Words::Types,
        "expose" => Words::Only(&["pods", "services"]),
        "scale" | "autoscale" => Words::Only(SETS),
        "logs" | "exec" | "attach" | "port-forward" | "debug" => Words::Inside,
        "cordon" | "uncordon" | "drain" | "top node" => Words::Named("nodes"),
        "top pod" => Words::Named("pods"),
        "taint" => Words::Only(&["nodes"]),
        "help" => Words::Verbs,
        "config use-context" => Words::Contexts,
        path if path.starts_with("rollout ") => Words::Only(SETS),
        path if path.starts_with("set ") => Words::Only(TEMPLATES),
        _ => Words::None,
    }
}

/// Verbs whose words are names of several objects.
const SEVERAL: &[&str] = &["get", "describe", "delete", "cordon", "uncordon", "drain", "wait"];

/// The words that a flag takes, where only few make sense.
fn words_of_flag(flag: &str, verb: &str) -> &'static [&'static str] {
    match flag {
        "output" if verb == "version" => &["json", "yaml"],
        "output" if verb == "get" => &[
            "custom-columns=",
            "go-template=",
            "json",
            "jsonpath=",
            "jsonpath-as-json=",
            "kyaml",
            "name",
            "wide",
            "yaml",
        ],
        "output" if verb.starts_with("config") || verb == "api-resources" => &["name", "wide"],
        "output" => &["go-template=", "json", "jsonpath=", "kyaml", "name", "yaml"],
        "dry-run" => &["client", "none", "server"],
        "cascade" => &["background", "foreground", "orphan"],
        "validate" => &["ignore", "strict", "warn"],
        "type" if verb == "patch" => &["json", "merge", "strategic"],
        "type" if verb == "expose" => &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"],
        "for" => &["condition=Ready", "create", "delete", "jsonpath="],
        "subresource" => &["resize", "scale", "status"],
        "restart" => &["Always", "Never", "OnFailure"],
        "image-pull-policy" => &["Always", "IfNotPresent", "Never"],
        "context" | "cluster" | "user" => const { &[CONTEXT] },
        "sort-by" => &[".metadata.creationTimestamp", ".metadata.name"],
        "field-selector" => &["metadata.name=", "metadata.namespace=", "spec.nodeName=", "status.phase="],
        _ => &[],
    }
}

/// A line taken apart as far as it goes.
struct Parsed<'a> {
    verb: &'static Verb,
    words: Vec<&'a str>,
    namespace: &'a str,
    given: Vec<&'static str>,
    /// The flag whose value comes next.
    open: Option<&'static Flag>,
}

fn flags_of(verb: &'static Verb) -> impl Iterator<Item = &'static Flag> {
    verb.flags.iter().flat_map(|set| set.iter()).chain(GLOBAL)
}

fn parsed(before: &[Text]) -> Parsed<'_> {
    let mut found = Parsed { verb: verbs::root(), words: Vec::new(), namespace: "", given: Vec::new(), open: None };
    for word in before {
        let word = word.as_str();
        if let Some(flag) = found.open.take() {
            if flag.name == "namespace" {
                found.namespace = word;
            }
        } else if let Some(body) = word.strip_prefix("--") {
            let (name, value) = body.split_once('=').map_or((body, None), |(name, value)| (name, Some(value)));
            let Some(flag) = flags_of(found.verb).find(|flag| flag.name == name) else { continue };
            found.given.push(flag.name);
            match value {
                Some(value) if name == "namespace" => found.namespace = value,
                None if takes_next(flag) => found.open = Some(flag),
                _ => {}
            }
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            for (at, letter) in letters.char_indices() {
                let Some(flag) = flags_of(found.verb).find(|flag| flag.short == Some(letter)) else { break };
                found.given.push(flag.name);
                if flag.takes == Takes::Bool {
                    continue;
                }
                let value = letters.get(at + letter.len_utf8()..).unwrap_or_default();
                if value.is_empty() && takes_next(flag) {
                    found.open = Some(flag);
                } else if flag.name == "namespace" {
                    found.namespace = value.trim_start_matches('=');
                }
                break;
            }
        } else {
            match verbs::below(found.verb, word).filter(|_| found.words.is_empty()) {
                Some(below) => found.verb = below,
                None => found.words.push(word),
            }
        }
    }
    found
}

fn takes_next(flag: &Flag) -> bool {
    !matches!(flag.takes, Takes::Bool | Takes::TextOr(_))
}

/// What could stand in the place of the last of these words, in order; `live` answers with what there is in a
/// namespace (empty for the one in use).
pub fn complete(words: &[Text], live: &dyn Fn(Live<'_>, &str) -> Vec<Text>) -> Vec<Text> {
    let Some((last, before)) = words.split_last() else { return Vec::new() };
    let line = parsed(before);
    let value = |flag: &Flag, before: &str, written: &str| {
        let known: Vec<Text> = match (flag.name, line.words.as_slice()) {
            ("namespace", _) => live(Live::Names("namespaces"), ""),
            ("filename" | "patch-file", _) => live(Live::Files, ""),
            ("container", [pod, ..]) => live(Live::Containers(pod), line.namespace),
            ("selector", [kind, ..]) => live(Live::Labels(kind), line.namespace),
            (name, _) => words_of_flag(name, line.verb.path).iter().map(|word| Text::from(*word)).collect(),
        };
        offered(known.iter().map(Text::as_str), before, written)
    };
    if let Some(flag) = line.open {
        return value(flag, "", last);
    }
    if let Some(body) = last.strip_prefix("--") {
        if let Some((name, written)) = body.split_once('=') {
            let flag = flags_of(line.verb).find(|flag| flag.name == name);
            return flag.map(|flag| value(flag, &format!("--{name}="), written)).unwrap_or_default();
        }
        let free = flags_of(line.verb).filter(|flag| !line.given.contains(&flag.name));
        return offered(free.map(|flag| flag.name), "--", body);
    }
    if last.starts_with('-') {
        return if last.as_str() == "-" { vec!["--".into()] } else { Vec::new() };
    }
    let below = verbs::children(line.verb).map(Verb::name);
    let mut found = match line.words.as_slice() {
        [] => offered(below, "", last),
        _ => Vec::new(),
    };
    found.extend(of_words(&line, last, live));
    found
}

fn of_words(line: &Parsed<'_>, last: &str, live: &dyn Fn(Live<'_>, &str) -> Vec<Text>) -> Vec<Text> {
    let names = |kind: &str, prefix: &str, written: &str| {
        let mut all = live(Live::Names(kind), line.namespace);
        all.retain(|name| !line.words.contains(&name.as_str()));
        offered(all.iter().map(Text::as_str), prefix, written)
    };
    let words = words_of(line.verb);
    if let (Words::Typed | Words::Only(_) | Words::Inside, Some((kind, written))) = (words, last.split_once('/')) {
        return names(kind, &format!("{kind}/"), written);
    }
    let simulated = || types::types().filter(|kind| kind.kind.is_some()).map(|kind: ResourceType| kind.plural);
    match (words, line.words.as_slice()) {
        (Words::Typed, []) => {
            // `get sts,po`: the last of them is being typed.
            let (before, written) = last.rsplit_once(',').map_or(("", last), |(before, written)| (before, written));
            let prefix = if before.is_empty() { String::new() } else { format!("{before},") };
            let all = matches!(line.verb.path, "get" | "delete").then_some("all");
            offered(all.into_iter().chain(simulated()), &prefix, written)
        }
        (Words::Types, []) => offered(simulated(), "", last),
        (Words::Only(kinds), []) => offered(kinds.iter().copied(), "", last),
        (Words::Typed | Words::Only(_), [kind, names_before @ ..])
            if !kind.contains('/') && (names_before.is_empty() || SEVERAL.contains(&line.verb.path)) =>
        {
            names(kind, "", last)
        }
        (Words::Named(kind), before) if before.is_empty() || SEVERAL.contains(&line.verb.path) => names(kind, "", last),
        (Words::Inside, []) => names("pods", "", last),
        (Words::Inside, [pod]) if line.verb.path == "logs" => {
            offered(live(Live::Containers(pod), line.namespace).iter().map(Text::as_str), "", last)
        }
        (Words::Verbs, []) => offered(verbs::top_level(), "", last),
        (Words::Contexts, []) => offered([CONTEXT].into_iter(), "", last),
        _ => Vec::new(),
    }
}

/// Those that begin as is written, each behind what stands before it.
fn offered<'a>(known: impl Iterator<Item = &'a str>, before: &str, written: &str) -> Vec<Text> {
    known.filter(|word| word.starts_with(written)).map(|word| Text::from(format!("{before}{word}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a small cluster knows.
    fn known(live: Live<'_>, namespace: &str) -> Vec<Text> {
        let found: &[&'static str] = match (live, namespace) {
            (Live::Names("namespaces"), _) => &["default", "lab-18"],
            (Live::Names("po" | "pods" | "pod"), "lab-18") => &["mehdb-0", "mehdb-1"],
            (Live::Names("sts" | "statefulsets"), "lab-18") => &["mehdb"],
            (Live::Names("nodes"), _) => &["node-1", "node-2"],
            (Live::Files, _) => &["stateful.yaml", "web.yaml"],
            (Live::Containers("mehdb-0"), "lab-18") => &["shard"],
            (Live::Labels("pods"), "lab-18") => &["app=mehdb"],
            _ => &[],
        };
        found.iter().map(|word| Text::from(*word)).collect()
    }

    fn tab(line: &str) -> Vec<String> {
        let words: Vec<Text> = line.split(' ').map(Text::copy).collect();
        complete(&words, &known).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn verbs_types_and_names_are_completed() {
        assert_eq!(tab("des"), ["describe"]);
        assert_eq!(tab("rollout u"), ["undo"]);
        assert_eq!(tab("get statef"), ["statefulsets"]);
        assert_eq!(tab("get sts,persistentvolumec"), ["sts,persistentvolumeclaims"]);
        assert_eq!(tab("delete pod me -n lab-18"), ["lab-18"], "the last word is completed, not the one before");
        assert_eq!(tab("-n lab-18 delete pod me"), ["mehdb-0", "mehdb-1"]);
        assert_eq!(tab("delete -n lab-18 pod mehdb-0 me"), ["mehdb-1"], "each is named once");
        assert_eq!(tab("describe -n=lab-18 pod/"), ["pod/mehdb-0", "pod/mehdb-1"]);
        assert_eq!(tab("rollout --namespace lab-18 status sts/m"), ["sts/mehdb"]);
        assert_eq!(tab("scale -nlab-18 "), ["statefulsets"]);
        assert_eq!(tab("logs --namespace=lab-18 mehdb-0 "), ["shard"]);
        assert_eq!(tab("drain n"), ["node-1", "node-2"]);
        assert_eq!(tab("apply wh"), [""; 0], "apply has no words");
    }

    #[test]
    fn flags_and_their_values_are_completed() {
        assert_eq!(tab("get pods --all-n"), ["--all-namespaces"]);
        assert_eq!(tab("get pods --all-namespaces --all-n"), [""; 0], "a flag is given once");
        assert_eq!(tab("get pods -n "), ["default", "lab-18"]);
        assert_eq!(tab("get pods --namespace=l"), ["--namespace=lab-18"]);
        assert_eq!(tab("get pods -o w"), ["wide"]);
        assert_eq!(tab("get pods -n lab-18 -l "), ["app=mehdb"]);
        assert_eq!(tab("delete sts mehdb --cascade=o"), ["--cascade=orphan"]);
        assert_eq!(tab("apply -f w"), ["web.yaml"]);
        assert_eq!(tab("apply --dry-run=s"), ["--dry-run=server"]);
        assert_eq!(tab("get -w pods -n l"), ["lab-18"]);
        assert_eq!(tab("logs mehdb-0 -n lab-18 -c "), ["shard"]);
        assert_eq!(tab("get pods -"), ["--"]);
    }

    #[test]
    fn nothing_typed_makes_it_stumble() {
        for line in
            ["", "-", "--", "--=", "-é", "get -n", "é é é", "get --namespace==x ", "-- --", "get a/b/c", "get ,"]
        {
            for end in 0..=line.len() {
                if let Some(part) = line.get(..end) {
                    tab(part);
                }
            }
        }
    }
}
