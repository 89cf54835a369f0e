//! One scenario: its recording, its replay, and how far they agree.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use playground::replay::{Replay, Scenario as Steps};
use playground::value::{Value, json};

use super::facets::{Digest, digest, renames, timings};
use super::gaps::Gaps;
use super::normal::{Normal, Renames};
use super::transcript;

pub struct Scenario {
    pub name: String,
    folder: PathBuf,
}

pub struct Verdict {
    /// Equal and counted, part by part.
    pub scores: [(usize, usize); 5],
    pub differences: Vec<String>,
}

/// One run, recorded or replayed, as it is compared.
struct Run {
    digest: Digest,
    timing: BTreeMap<String, i64>,
    steps: BTreeMap<i64, Vec<String>>,
    argv: BTreeMap<i64, Value>,
    namespaces: BTreeSet<String>,
}

/// Every recording in the project.
pub fn all() -> Vec<Scenario> {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(base)
        .expect("tests/conformance is there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("steps.json").exists())
        .collect();
    folders.sort();
    folders
        .into_iter()
        .map(|folder| Scenario {
            name: folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            folder,
        })
        .collect()
}

impl Scenario {
    /// Replays and compares; what took how long is added to the gaps.
    pub fn judge(&self, recorded_gaps: &mut Gaps, our_gaps: &mut Gaps) -> Verdict {
        let normal = Normal::new();
        let text = |name: &str| std::fs::read_to_string(self.folder.join(name)).expect("a recording is whole");
        let steps = Steps::read(&text("steps.json"), self.files()).expect("steps.json can be read");
        let namespace = steps.namespace.to_string();
        let recorded = Replay::run(&steps).expect("the replay runs");
        let real_watch = lines(&self.watch());
        let our_watch = lines(&recorded.watch);
        recorded_gaps.collect(&real_watch);
        our_gaps.collect(&our_watch);
        let mut real = Run::of(&normal, &namespace, &lines(&text("transcript.jsonl")), &real_watch, None);
        let shared = real.namespaces.clone();
        let mut ours = Run::of(&normal, &namespace, &lines(&recorded.transcript), &our_watch, Some(&shared));
        let differing: Vec<i64> = ours
            .argv
            .iter()
            .filter(|(index, argv)| real.argv.get(index) != Some(argv))
            .map(|(index, _)| *index)
            .collect();
        for index in differing {
            ours.steps.remove(&index);
        }
        self.compare(&mut real, &ours)
    }

    fn compare(&self, real: &mut Run, ours: &Run) -> Verdict {
        let masks = masks();
        let mask = |part: &str, key: &str| masks.at(&[&self.name, part, key]).clone();
        let mut scores = [(0, 0); 5];
        let mut differences = Vec::new();
        let mut count = |part: usize, same: bool, what: &dyn Fn() -> String| {
            scores[part].1 += 1;
            scores[part].0 += usize::from(same);
            if !same {
                differences.push(what());
            }
        };
        for (index, want) in &real.steps {
            let mask = mask("steps", &index.to_string());
            if mask.as_str() != Some("skip") {
                let have = ours.steps.get(index);
                let same = same(&mask, want, have.map(Vec::as_slice));
                count(0, same, &|| format!("step {index} {}\n{}", words(&real.argv, *index), unlike(want, have)));
            }
        }
        for (key, want) in &real.digest.objects {
            let mask = mask("objects", key);
            if mask.as_str() != Some("skip") {
                let have = ours.digest.objects.get(key);
                count(1, same(&mask, want, have.map(Vec::as_slice)), &|| {
                    format!("objects {key}\n{}", unlike(want, have))
                });
            }
        }
        let mask_order = mask("order", "all");
        if !real.digest.order.is_empty() && mask_order.as_str() != Some("skip") {
            let (want, have) = (&real.digest.order, Some(&ours.digest.order));
            count(2, same(&mask_order, want, have.map(Vec::as_slice)), &|| format!("order\n{}", unlike(want, have)));
        }
        for key in &real.digest.events {
            if mask("events", key).as_str() != Some("skip") {
                count(3, ours.digest.events.contains(key), &|| format!("events: not here: {key}"));
            }
        }
        for (key, want) in &real.timing {
            if mask("timing", key).as_str() != Some("skip") {
                let have = ours.timing.get(key);
                count(4, have.is_some_and(|have| near(*want, *have)), &|| {
                    format!("timing {key}: real {want}, here {have:?}")
                });
            }
        }
        let also = |part: &str, key: &str| {
            let listed = masks.at(&[&self.name, "also", part]).items();
            listed.iter().any(|item| item.as_str() == Some(key))
        };
        for key in ours.digest.objects.keys() {
            let extra = !real.digest.objects.contains_key(key) && !key.starts_with("PersistentVolume//");
            if extra && !also("objects", key) {
                count(1, false, &|| format!("objects: Kubernetes had no {key}"));
            }
        }
        for key in &ours.digest.events {
            if !real.digest.events.contains(key) && !also("events", key) {
                count(3, false, &|| format!("events: Kubernetes had no {key}"));
            }
        }
        Verdict { scores, differences }
    }

    fn files(&self) -> Vec<(String, String)> {
        let base = self.folder.join("manifests");
        let mut files = Vec::new();
        collect(&base, &base, &mut files);
        files
    }

    fn watch(&self) -> String {
        let plain = self.folder.join("watch.jsonl");
        if plain.exists() {
            return std::fs::read_to_string(plain).expect("a recording is whole");
        }
        let packed = std::fs::File::open(self.folder.join("watch.jsonl.gz")).expect("a recording has its watch");
        let mut text = String::new();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).expect("a recording can be unpacked");
        text
    }
}

impl Run {
    fn of(
        normal: &Normal,
        namespace: &str,
        transcript: &[Value],
        watch: &[Value],
        namespaces: Option<&BTreeSet<String>>,
    ) -> Self {
        let names: Renames = renames(watch);
        let own: BTreeSet<String> = std::iter::once(namespace.to_owned())
            .chain(watch.iter().map(|event| event.at(&["namespace"]).str_or_empty().to_owned()))
            .collect();
        let namespaces = namespaces.cloned().unwrap_or(own);
        let mut steps = BTreeMap::new();
        let mut argv = BTreeMap::new();
        for line in transcript {
            let index = line.at(&["i"]).as_i64().unwrap_or(-1);
            argv.insert(index, line.at(&["argv"]).clone());
            steps.insert(index, transcript::step_value(normal, line, &namespaces, &names));
        }
        Self { digest: digest(normal, watch, &names), timing: timings(watch, &names), steps, argv, namespaces }
    }
}

/// Every file below a folder, by its path from `base`.
fn collect(base: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(base, &path, files);
        } else if let (Ok(name), Ok(bytes)) = (path.strip_prefix(base), std::fs::read(&path)) {
            files.push((name.to_string_lossy().into_owned(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| json::parse(line).expect("a line of a recording is JSON"))
        .collect()
}

fn masks() -> Value {
    json::parse(include_str!("../conformance/masks.json")).expect("the masks are JSON")
}

fn near(a: i64, b: i64) -> bool {
    let tolerance = (a.max(b) / 4).max(700);
    (a - b).abs() <= tolerance
}

/// Equal; or, under a mask, everything that two real runs shared in that order and nothing that neither showed.
fn same(mask: &Value, want: &[String], have: Option<&[String]>) -> bool {
    let Some(have) = have else { return false };
    if mask.is_null() {
        return want == have;
    }
    let mut rest = have.iter();
    let keeps = mask.at(&["keep"]).items().iter().all(|index| {
        let line = index.as_i64().and_then(|index| want.get(index as usize));
        line.is_some_and(|line| rest.any(|other| other == line))
    });
    let also = mask.at(&["also"]).items();
    keeps && have.iter().all(|line| want.contains(line) || also.iter().any(|other| other.as_str() == Some(line)))
}

fn words(argv: &BTreeMap<i64, Value>, index: i64) -> String {
    let words = argv.get(&index).map_or(&[][..], |words| words.items());
    words.iter().map(Value::str_or_empty).collect::<Vec<_>>().join(" ")
}

/// The first lines in which two sequences differ.
fn unlike(want: &[String], have: Option<&Vec<String>>) -> String {
    let Some(have) = have else { return "      not in the replay".into() };
    let at = want.iter().zip(have).take_while(|(a, b)| a == b).count();
    let cut = |text: Option<&String>| text.map_or("(nothing)".into(), |t| t.chars().take(400).collect::<String>());
    format!("      real {}\n      ours {}", cut(want.get(at)), cut(have.get(at)))
}
