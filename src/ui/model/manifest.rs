//! The manifest in the editor: what it plans, and what the API server would say to it, at the line concerned.
//!
//! Text is read line by line, so that a plan and a place can be found while the text is half typed; whether it is
//! right is for kubectl and the API server alone to say, by a dry run against a copy of the world.

use super::outlook::outlook;
use super::scene::Plan;
use crate::api::Kind;
use crate::apiserver::unified;
use crate::history::Files;
use crate::kubectl::{Invocation, ProcessId, Stream};
use crate::sim::{Intent, World};
use crate::value::Text;

/// The lab's own manifest.
pub const FIRST: &str = include_str!("stateful.yaml");

/// At most so many occurrences are spent on a dry run.
const DRY_RUN_STEPS: usize = 200;

/// A complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line it is about, from 1; `None` where none could be found.
    pub line: Option<usize>,
    /// What is wrong, as kubectl says it.
    pub text: String,
}

/// What kubectl and the API server say to the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Complaints; empty when all is well.
    pub problems: Vec<Problem>,
    /// What kubectl would warn of, though it does it.
    pub warnings: Vec<String>,
    /// What applying it would do, a row an object: `statefulset.apps/mehdb created`.
    pub would: Vec<String>,
    /// What would come of it, a sentence a set: `rolls mehdb-1, then mehdb-0`.
    pub outlook: Vec<String>,
    /// What `kubectl diff` prints, where it is wanted.
    pub diff: String,
}

impl Verdict {
    /// What is said to [`FIRST`] in a world in which nothing has happened yet, whichever it is. The still picture in
    /// index.html says it before there is any engine; known here too, it spares the opening page kubectl, the API server and
    /// all controllers, which come with a later part of it.
    pub fn of_the_first() -> Self {
        let would = ["statefulset.apps/mehdb created", "service/mehdb created"].map(str::to_owned).to_vec();
        Self { would, outlook: vec!["creates mehdb-0, then mehdb-1".to_owned()], ..Self::default() }
    }

    /// What Apply will do, in one sentence.
    pub fn sentence(&self) -> String {
        match self.outlook.as_slice() {
            [] if self.would.iter().all(|row| row.ends_with(" unchanged")) => "changes nothing".into(),
            [] => {
                // A list that is replaced as a whole counts as configured, and yet no pod is made of it.
                let set =
                    |row: &String| Some(row.strip_prefix("statefulset.apps/")?.strip_suffix(" configured")?.to_owned());
                match self.would.iter().find_map(set) {
                    Some(name) => format!("changes no pod of {name}"),
                    None => self.would.join(", "),
                }
            }
            outlook => outlook.join("; "),
        }
    }
}

/// One key of the text with its place.
struct Spot {
    line: usize,
    document: usize,
    path: String,
    value: String,
}

/// Every `key:` of the text with its path: `spec.template.spec.containers[0].image`.
fn spots(text: &str) -> Vec<Spot> {
    let mut found = Vec::new();
    let mut stack: Vec<(usize, String, usize)> = Vec::new();
    let mut document = 0;
    for (number, row) in text.lines().enumerate() {
        if row.starts_with("---") {
            document += 1;
            stack.clear();
            continue;
        }
        let mut rest = row.trim_start();
        let mut indent = row.len() - rest.len();
        if rest.starts_with('#') || rest.is_empty() {
            continue;
        }
        while let Some(item) = rest.strip_prefix("- ").or_else(|| (rest == "-").then_some("")) {
            // A dash may stand below its key or right of it; counted in halves it is always inside.
            let depth = 2 * indent + 1;
            let mut index = 0;
            while let Some((at, _, count)) = stack.last().filter(|(at, ..)| *at >= depth) {
                index = if *at == depth { count + 1 } else { index };
                stack.pop();
            }
            stack.push((depth, format!("[{index}]"), index));
            found.push(Spot { line: number + 1, document, path: path_of(&stack), value: String::new() });
            let inner = item.trim_start();
            indent += rest.len() - inner.len();
            rest = inner;
        }
        let Some((key, value)) = rest.split_once(':').filter(|(_, v)| v.is_empty() || v.starts_with(' ')) else {
            continue;
        };
        stack.retain(|(at, ..)| *at < 2 * indent);
        stack.push((2 * indent, key.trim_matches(['"', '\'']).to_owned(), 0));
        let value = value.split(" #").next().unwrap_or("").trim().trim_matches(['"', '\'']).to_owned();
        found.push(Spot { line: number + 1, document, path: path_of(&stack), value });
    }
    found
}

fn path_of(stack: &[(usize, String, usize)]) -> String {
    let mut path = String::new();
    for (_, part, _) in stack {
        if !path.is_empty() && !part.starts_with('[') {
            path.push('.');
        }
        path.push_str(part);
    }
    path
}

/// The first StatefulSet of the text, as far as it can be read.
pub fn plan(text: &str) -> Option<Plan> {
    let spots = spots(text);
    let document = spots.iter().find(|s| s.path == "kind" && s.value == "StatefulSet")?.document;
    let value = |path: &str| {
        let spot = spots.iter().find(|s| s.document == document && s.path == path);
        spot.map(|s| Text::copy(&s.value)).unwrap_or_default()
    };
    let name = value("metadata.name");
    (!name.is_empty()).then(|| Plan {
        name,
        replicas: value("spec.replicas").parse().unwrap_or(1),
        has_claims: spots.iter().any(|s| s.document == document && s.path == "spec.volumeClaimTemplates"),
        service: value("spec.serviceName"),
        container: value("spec.template.spec.containers[0].name"),
        image: value("spec.template.spec.containers[0].image"),
    })
}

/// The line a complaint is about: the one it names, or the one of the longest path it names.
fn line_of(text: &str, complaint: &str) -> Option<usize> {
    if let Some((_, rest)) = complaint.split_once("line ") {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if let Ok(line) = digits.parse() {
            return Some(line);
        }
    }
    let spots = spots(text);
    let kinds: Vec<&Spot> = spots.iter().filter(|s| s.path == "kind" && complaint.contains(&s.value)).collect();
    let here = |s: &&Spot| kinds.is_empty() || kinds.iter().any(|k| k.document == s.document);
    complaint
        .split([' ', '"', ',', '\n'])
        .map(|word| word.trim_end_matches(':'))
        .filter(|word| word.contains('.') || spots.iter().any(|s| s.path == **word))
        .find_map(|path| {
            spots
                .iter()
                .filter(here)
                .filter(|s| {
                    path == s.path || path.strip_prefix(s.path.as_str()).is_some_and(|r| r.starts_with(['.', '[']))
                })
                .max_by_key(|s| s.path.len())
        })
        .map(|spot| spot.line)
}

/// What would be said to `kubectl apply` of this file in this world now.
pub fn judge(before: &World, files: &Files, file: &str, namespace: &str, wants_diff: bool) -> Verdict {
    let empty = |row: &str| row.trim().is_empty() || row.trim_start().starts_with('#') || row.starts_with("---");
    if files.get(file).is_some_and(|text| text.lines().all(empty)) {
        return Verdict::default();
    }
    let mut world = before.clone();
    let mut run = |words: &[&str]| {
        let invocation = Invocation {
            argv: words.iter().map(|word| Text::copy(word)).collect(),
            files: files.clone(),
            ..Invocation::default()
        };
        let Some(id) = world.submit(Intent::Run(invocation)) else { return (String::new(), String::new()) };
        for _ in 0..DRY_RUN_STEPS {
            if world.process(id).is_none_or(|p| p.exit.is_some()) || world.step().is_none() {
                break;
            }
        }
        let (mut out, mut err) = (String::new(), String::new());
        for line in world.process(id).into_iter().flat_map(|p| p.output.iter()) {
            if line.stream == Stream::Out { &mut out } else { &mut err }.push_str(&line.text);
        }
        (out, err)
    };
    if !namespace.is_empty() && before.store().get(Kind::Namespace, "", namespace).is_none() {
        run(&["create", "ns", namespace]);
    }
    let place = if namespace.is_empty() { vec![] } else { vec!["-n", namespace] };
    let words = [&["apply", "-f", file][..], &place].concat();
    let (out, said) = run(&[words.as_slice(), &["--dry-run=server"]].concat());
    let (mut err, mut warnings) = (String::new(), Vec::new());
    for line in said.split_inclusive('\n') {
        match line.strip_prefix("Warning: ") {
            Some(warning) => warnings.push(warning.trim_end().to_owned()),
            None => err.push_str(line),
        }
    }
    let diff =
        if wants_diff && err.is_empty() { run(&[&["diff", "-f", file][..], &place].concat()).0 } else { String::new() };
    let outlook = if err.is_empty() {
        run(&words);
        outlook(before, world)
    } else {
        Vec::new()
    };
    let text = files.get(file).map(Text::as_str).unwrap_or_default();
    Verdict {
        problems: complaints(&err)
            .into_iter()
            .map(|text_of| Problem { line: line_of(text, &text_of), text: text_of })
            .collect(),
        warnings,
        would: out.lines().map(|row| row.trim_end_matches(" (server dry run)").to_owned()).collect(),
        outlook,
        diff,
    }
}

/// What would come of it if this were saved now in the editor of a command that waits.
pub fn judge_edit(before: &World, id: ProcessId, text: &Text, wants_diff: bool) -> Verdict {
    let Some(process) = before.process(id) else { return Verdict::default() };
    let Some(open) = process.editing() else { return Verdict::default() };
    if open.text == *text {
        let problems = problems(text, reasons(text));
        let would = if problems.is_empty() { vec!["changes nothing yet".to_owned()] } else { Vec::new() };
        return Verdict { problems, would, ..Verdict::default() };
    }
    let mut world = before.clone();
    world.submit(Intent::CloseEditor(id, Some(text.clone())));
    let waits =
        |world: &World| world.process(id).and_then(|process| process.editing()).filter(|now| *now != open).cloned();
    for _ in 0..DRY_RUN_STEPS {
        let done = waits(&world).is_some() || world.process(id).is_none_or(|process| process.exit.is_some());
        if done || world.step().is_none() {
            break;
        }
    }
    let (mut would, mut said) = (Vec::new(), waits(&world).map(|again| reasons(&again.text)).unwrap_or_default());
    let told = world.process(id).map(|process| process.output.clone()).unwrap_or_default();
    for line in told.iter().skip(process.output.len()).flat_map(|line| line.text.lines().map(|row| (line.stream, row)))
    {
        match line {
            (Stream::Out, row) => would.push(row.to_owned()),
            (Stream::Err, row) if row.starts_with("Edit cancelled") => would.push(row.to_owned()),
            (Stream::Err, row) if said.is_empty() && row.starts_with("error: ") => said.push(row.to_owned()),
            _ => {}
        }
    }
    let problems = problems(text, said);
    let diff = if wants_diff { unified(&open.text, text) } else { String::new() };
    let outlook = if problems.is_empty() { outlook(before, world) } else { Vec::new() };
    Verdict { problems, would, outlook, diff, ..Verdict::default() }
}

/// The reasons at the head of a file that is opened again.
fn reasons(text: &str) -> Vec<String> {
    let rows = text.lines().take_while(|row| row.starts_with('#'));
    let reason = |row: &str| {
        let row = row.strip_prefix("# * ").or_else(|| row.strip_prefix("# ").filter(|row| row.starts_with(SYNTAX)))?;
        Some(row.rsplit_once("\"The edited file failed validation\": ").map_or(row, |(_, why)| why).to_owned())
    };
    rows.filter_map(reason).collect()
}

/// How a reason begins that has nothing below it.
const SYNTAX: &str = "The edited file had a syntax error: ";

/// Complaints about a file in an editor, with their lines: those of the parser are counted without the comments.
fn problems(text: &str, said: Vec<String>) -> Vec<Problem> {
    let counted = |line: usize| {
        let rows = text.lines().enumerate().filter(|(_, row)| !row.trim_start().starts_with('#'));
        rows.map(|(at, _)| at + 1).nth(line.saturating_sub(1))
    };
    let problem = |said: String| {
        let line = line_of(text, &said);
        Problem { line: if said.starts_with("yaml: ") { line.and_then(counted) } else { line }, text: said }
    };
    said.into_iter().map(problem).collect()
}

/// Standard error, one complaint each: those that begin with a `*` belong to the one above.
fn complaints(err: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut head = String::new();
    for row in err.lines().filter(|row| !row.trim().is_empty()) {
        if let Some(item) = row.trim_start().strip_prefix("* ") {
            if found.last() == Some(&head) {
                found.pop();
            }
            found.push(item.to_owned());
        } else {
            row.clone_into(&mut head);
            found.push(row.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labs_manifest_plans_two_seats_with_claims() {
        let plan = plan(FIRST).unwrap();
        assert_eq!((plan.name.as_str(), plan.replicas, plan.has_claims), ("mehdb", 2, true));
        assert_eq!(plan.container, "shard");
        assert_eq!(plan.image, "quay.io/mhausenblas/mehdb:0.6");
    }

    #[test]
    fn a_complaint_finds_its_line() {
        let cases = [
            (
                "error: error parsing stateful.yaml: error converting YAML to JSON: yaml: line 7: did not find expected key",
                Some("    matchLabels:"),
            ),
            (
                "StatefulSet in version \"v1\" cannot be handled: strict decoding error: unknown field \"spec.replicas\"",
                Some("  replicas: 2"),
            ),
            (
                "The StatefulSet \"mehdb\" is invalid: spec.template.spec.containers[0].image: Required value",
                Some("        image: quay.io/mhausenblas/mehdb:0.6"),
            ),
            ("spec.template.spec.containers[0].env[0].nothing: Invalid value", Some("        - name: MEHDB_DATADIR")),
            ("The Service \"mehdb\" is invalid: spec.ports[0].port: Invalid value", Some("  - port: 9876")),
            ("Error from server (NotFound): namespaces \"lab-18\" not found", None),
        ];
        for (complaint, line) in cases {
            let found = line_of(FIRST, complaint).and_then(|n| FIRST.lines().nth(n - 1));
            assert_eq!(found, line, "{complaint}");
        }
    }

    #[test]
    fn a_list_of_complaints_is_taken_apart() {
        let err = "The StatefulSet \"web\" is invalid: \n* spec.a: Required value\n* spec.b: Required value\n";
        assert_eq!(complaints(err), ["spec.a: Required value", "spec.b: Required value"]);
        assert_eq!(complaints("error: no objects\n"), ["error: no objects"]);
    }
}
