//! What no two real runs agree on is made equal: uids, addresses, ages, times, node choice.

use std::collections::BTreeMap;

use fancy_regex::{Captures, Regex};

/// The rules, in order: what is looked for, and what stands in its place.
const RULES: &[(&str, &str)] = &[
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uid>"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", "<time>"),
    (r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", "<time>"),
    (r"\b[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ ", "<klog> "),
    (r"\b(?:10|127|172|192)\.\d+\.\d+\.\d+\b", "<ip>"),
    (r#"(resourceVersion"?: ?"?)\d+"#, "${1}<rv>"),
    (r"kube-api-access-[a-z0-9]{5}", "kube-api-access-<rand>"),
    (r"\bnode-[0-9]\b", "<node>"),
    (r"(?:containerd|fake|docker|cri-o)://[0-9a-z<>-]+", "<container>"),
    (r"/tmp/[\w./-]+", "<path>"),
    (r"\bin \d+(?:\.\d+)?(?:ms|s|µs) \(\d+(?:\.\d+)?(?:ms|s|µs) including waiting\)", "in <dur>"),
    (r"(?<![=\w./:-])(?:\d+[ydhms]){1,2}(?![\w=/])(?: ago\b)?", "<age>"),
    (r"<invalid>", "<age>"),
    (r"\(x\d+ over <age>\)", "(xN over <age>)"),
    (r"<age>  ?\(xN over <age>\)", "<age>"),
    (r#"Container image ("[^"]*") already present on machine and can be accessed by the pod"#, "Pulled $1"),
    (r#"Successfully pulled image ("[^"]*") in <dur>\. Image size: \d+ bytes\."#, "Pulled $1"),
    (r" {2,}", "  "),
    (r"-{3,}", "---"),
];

/// Artefacts of the set-up that was recorded, and what depends on which node had an image.
const NOISE: &[&str] = &["MissingClusterDNS", "openshift", "KubeAPIReadyz", "Pulling image \"", "  Pulling  "];

/// The compiled rules.
pub struct Normal {
    rules: Vec<(Regex, &'static str)>,
}

impl Normal {
    pub fn new() -> Self {
        let rules = RULES.iter().map(|(pattern, to)| (Regex::new(pattern).expect("a rule compiles"), *to)).collect();
        Self { rules }
    }

    /// The lines of a text, each normalised; trailing empty ones are dropped.
    pub fn lines(&self, text: &str) -> Vec<String> {
        let mut lines: Vec<String> =
            text.split('\n').filter(|line| !is_noise(line)).map(|line| self.line(line)).collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }

    /// The lines of a text in one.
    pub fn text(&self, text: &str) -> String {
        self.lines(text).join(" ")
    }

    fn line(&self, line: &str) -> String {
        let mut line = line.trim_end().to_owned();
        for (rule, to) in &self.rules {
            if rule.is_match(&line).unwrap_or(false) {
                line = rule.replace_all(&line, *to).into_owned();
            }
        }
        line.trim_end().to_owned()
    }
}

pub fn is_noise(text: &str) -> bool {
    NOISE.iter().any(|noise| text.contains(noise))
}

/// Replaces whole words by others: the random ends of generated names, by order of creation.
pub struct Renames {
    words: BTreeMap<String, String>,
    rule: Option<Regex>,
}

impl Renames {
    pub fn new(words: BTreeMap<String, String>) -> Self {
        let mut longest: Vec<&String> = words.keys().collect();
        longest.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let parts: Vec<String> = longest.iter().map(|word| fancy_regex::escape(word).into_owned()).collect();
        let pattern = format!("(?<![a-z0-9])({})(?![a-z0-9])", parts.join("|"));
        let rule = (!parts.is_empty()).then(|| Regex::new(&pattern).expect("names compile"));
        Self { words, rule }
    }

    pub fn apply(&self, text: &str) -> String {
        match &self.rule {
            None => text.to_owned(),
            Some(rule) => rule
                .replace_all(text, |found: &Captures<'_>| {
                    let word = found.get(1).map_or("", |m| m.as_str());
                    self.words.get(word).cloned().unwrap_or_else(|| word.to_owned())
                })
                .into_owned(),
        }
    }

    pub fn contains(&self, word: &str) -> bool {
        self.words.contains_key(word)
    }
}
