//! A lesson: one Markdown file that anybody can write (`static/lessons` has ours), and the list of them.
//!
//! `# ` its title, `## ` a chapter, below it its sentences. A fenced block runs: `$ kubectl …` in the first terminal,
//! `2$ kubectl …` in the second one, where it has the prompt; `! node-stops node-2` breaks something, as `Fault::read`
//! reads it; a node named `@mehdb-1` is the one that this pod is on. A fenced block with a language and a name (```` ```yaml parallel.yaml ````) is a file. A comment directs,
//! each of its parts behind a semicolon: `look ID` points at something, `set NAME` says which set is meant from here on
//! (mehdb of the lab, unless said otherwise), `speed N` how quickly the chapter is told, and `until …` what has to come
//! about before it ends, each part behind a comma:
//!
//! | part | holds when |
//! |---|---|
//! | `0-3 ready` | the seats 0 to 3 look so: `empty`, `pending`, `creating`, `running`, `ready`, `ending`, `error`, `unknown` |
//! | `0 new` | another pod sits in seat 0 than when the chapter began |
//! | `1 B` | the pod in seat 1 has revision B |
//! | `1 lit`, `1 dark` | the DNS name of seat 1 answers, or does not |
//! | `claims 4` | so many claims of the set are there |
//! | `after 60` | so many simulated seconds have passed since the chapter began |
//! | `says not Ready` | the controller's line contains these words |

use super::scene::{SetScene, Standing};
use crate::history::Act;
use crate::sim::Fault;
use crate::time::Time;
use crate::value::Text;

/// A lesson of ours: its name in addresses, its title, what it is about in a few words.
pub type Listed = (&'static str, &'static str, &'static str);

/// Our lessons, in the order in which they are best taken.
pub const LESSONS: [Listed; 7] = [
    ("seats", "Seats, not faces", "the guided story"),
    ("identity", "A name for life", "DNS, and the pod that comes back"),
    ("order", "One by one, or all at once", "OrderedReady beside Parallel"),
    ("storage", "Claims stay", "and what the retention policy deletes"),
    ("rollout", "Updates, a canary, the trap", "partition, a broken image, undo"),
    ("trouble", "The node that went silent", "and the danger of --force"),
    ("lab-18", "Lab 18, step by step", "the lab itself, with its true answers"),
];

/// A lesson, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lesson {
    /// What it is called.
    pub title: Text,
    /// What it tells, in order; never empty.
    pub chapters: Vec<Chapter>,
    /// Its files: name and text.
    pub files: Vec<(Text, Text)>,
}

/// One thing that is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chapter {
    /// What it is about.
    pub title: Text,
    /// What is to be seen, in a few sentences.
    pub text: Text,
    /// The id of what it points at.
    pub points: Text,
    /// The set that it is about.
    pub set: Text,
    /// How quickly it is told, simulated seconds in a second.
    pub speed: i64,
    /// What is done when it begins, each as it is written.
    pub does: Vec<(Text, Act)>,
    /// What has to come about before it ends.
    until: Vec<Goal>,
}

/// One thing that has to come about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Goal {
    Looks(i64, i64, Text),
    New(i64),
    Lit(i64, bool),
    Revision(i64, char),
    Claims(usize),
    After(i64),
    Says(Text),
}

impl Lesson {
    /// Reads a lesson.
    ///
    /// # Errors
    /// The line, and what is wrong there.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut lesson = Self::default();
        let (mut set, mut speed): (Text, i64) = ("mehdb".into(), SPEED);
        let mut fence: Option<(Text, String)> = None;
        for (nth, line) in text.lines().enumerate() {
            let wrong = |what: &str| format!("Line {}: {what}", nth + 1);
            if let Some((name, inside)) = &mut fence {
                if line == "```" {
                    if !name.is_empty() {
                        lesson.files.push((name.clone(), Text::copy(inside)));
                    }
                    fence = None;
                } else if !name.is_empty() {
                    inside.push_str(line);
                    inside.push('\n');
                } else if !line.trim().is_empty() {
                    let act = act(line).ok_or_else(|| wrong("neither a kubectl line nor something that breaks"))?;
                    let chapter = lesson.chapters.last_mut().ok_or_else(|| wrong("this stands before any chapter"))?;
                    chapter.does.push((Text::copy(line.trim_start_matches(['$', '!', ' '])), act));
                }
            } else if let Some(info) = line.strip_prefix("```") {
                fence = Some((Text::copy(info.split(' ').nth(1).unwrap_or_default()), String::new()));
            } else if let Some(title) = line.strip_prefix("# ") {
                lesson.title = Text::copy(title);
            } else if let Some(title) = line.strip_prefix("## ") {
                let (title, set) = (Text::copy(title), set.clone());
                lesson.chapters.push(Chapter { title, set, speed, ..Chapter::default() });
            } else if let Some(directs) = line.strip_prefix("<!--") {
                for part in directs.trim_end_matches("-->").split(';').map(str::trim) {
                    let (word, rest) = part.split_once(' ').unwrap_or((part, ""));
                    let chapter = lesson.chapters.last_mut();
                    match (word, chapter) {
                        ("set", chapter) => {
                            set = Text::copy(rest);
                            if let Some(chapter) = chapter {
                                chapter.set = set.clone();
                            }
                        }
                        ("speed", chapter) => {
                            let number = rest.parse().map_err(|_| wrong("no speed"))?;
                            match chapter {
                                Some(chapter) => chapter.speed = number,
                                None => speed = number,
                            }
                        }
                        ("look", Some(chapter)) => chapter.points = Text::copy(rest),
                        ("until", Some(chapter)) => {
                            let goals = rest.split(',').map(|part| goal(part.trim()));
                            chapter.until = goals.collect::<Option<_>>().ok_or_else(|| wrong("not known: until"))?;
                        }
                        _ => return Err(wrong(&format!("not known here: {word}"))),
                    }
                }
            } else if let Some(chapter) = lesson.chapters.last_mut().filter(|_| !line.trim().is_empty()) {
                let between = if chapter.text.is_empty() { "" } else { " " };
                chapter.text = format!("{}{between}{}", chapter.text, line.trim()).into();
            }
        }
        if lesson.chapters.is_empty() { Err("There is no chapter in it.".into()) } else { Ok(lesson) }
    }
}

/// How quickly a chapter is told that says nothing of it, simulated seconds in a second.
const SPEED: i64 = 20;

/// What a line in a fenced block does.
fn act(line: &str) -> Option<Act> {
    let typed = |terminal, line: &str| {
        let line = line.strip_prefix("kubectl ").map(|_| line.to_owned())?;
        Some(Act::Line { terminal, foreground: terminal > 0, line })
    };
    match line.trim().split_once(' ')? {
        ("$", line) => typed(0, line),
        ("2$", line) => typed(1, line),
        ("!", fault) => Fault::read(fault).map(Act::Fault),
        _ => None,
    }
}

fn goal(part: &str) -> Option<Goal> {
    let (first, rest) = part.split_once(' ')?;
    Some(match first {
        "claims" => Goal::Claims(rest.parse().ok()?),
        "after" => Goal::After(rest.parse().ok()?),
        "says" => Goal::Says(Text::copy(rest)),
        seats => {
            let (from, to) = seats.split_once('-').unwrap_or((seats, seats));
            let (from, to) = (from.parse().ok()?, to.parse().ok()?);
            match rest {
                "new" => Goal::New(from),
                "lit" | "dark" => Goal::Lit(from, rest == "lit"),
                letter if letter.len() == 1 => Goal::Revision(from, letter.chars().next()?),
                look => Goal::Looks(from, to, Text::copy(look)),
            }
        }
    })
}

impl Chapter {
    /// Whether what it tells of has come about: the set now, and as it was when the chapter began.
    pub fn has_come(&self, now: &SetScene, then: &SetScene, at: Time, begun: Time) -> bool {
        let pod = |set: &SetScene, ordinal| set.seat(ordinal).and_then(|seat| seat.pod.clone());
        let guest = |set: &SetScene, ordinal| pod(set, ordinal).map(|pod| pod.uid);
        self.until.iter().all(|goal| match goal {
            Goal::Looks(from, to, look) => {
                (*from..=*to).all(|ordinal| pod(now, ordinal).map_or("empty", |pod| pod.look.as_str()) == look.as_str())
            }
            Goal::New(ordinal) => guest(now, *ordinal).is_some_and(|uid| Some(uid) != guest(then, *ordinal)),
            Goal::Revision(ordinal, letter) => {
                pod(now, *ordinal).and_then(|pod| pod.revision).is_some_and(|revision| revision.0 == *letter)
            }
            Goal::Lit(ordinal, lit) => now.seat(*ordinal).is_some_and(|seat| seat.dns.address.is_empty() != *lit),
            Goal::Claims(number) => now.seats.iter().map(|seat| seat.claims.len()).sum::<usize>() == *number,
            Goal::After(seconds) => at.since(begun) >= seconds * 1000,
            Goal::Says(words) => now.standing != Standing::Planned && now.controller.text.contains(words.as_str()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesson_is_a_markdown_file() {
        let text = "# Mine\n\n```yaml one.yaml\nkind: Pod\n```\n\n<!-- set web -->\n\n## First\nOne.\nTwo.\n\n```sh\n\
                    $ kubectl get pods\n2$ kubectl get pods -w\n! node-stops node-2\n```\n\
                    <!-- look seat-0; speed 60; until 0-1 ready, 1 B, claims 2 -->\n\n## Second\nThree.\n";
        let lesson = Lesson::read(text).unwrap();
        assert_eq!((lesson.title.as_str(), lesson.chapters.len()), ("Mine", 2));
        assert_eq!(lesson.files, [("one.yaml".into(), "kind: Pod\n".into())]);
        let first = &lesson.chapters[0];
        assert_eq!((first.text.as_str(), first.points.as_str(), first.set.as_str()), ("One. Two.", "seat-0", "web"));
        assert_eq!((first.speed, lesson.chapters[1].speed), (60, SPEED));
        let does: Vec<&str> = first.does.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(does, ["kubectl get pods", "2$ kubectl get pods -w", "node-stops node-2"]);
        assert!(matches!(&first.does[1].1, Act::Line { terminal: 1, foreground: true, .. }));
        assert_eq!(first.until.len(), 3);
    }

    #[test]
    fn what_is_wrong_with_a_lesson_is_said_with_its_line() {
        for (text, complaint) in [
            ("", "There is no chapter in it."),
            ("## A\n```sh\nrm -rf /\n```\n", "Line 3: neither a kubectl line nor something that breaks"),
            ("## A\n<!-- until soon -->\n", "Line 2: not known: until"),
            ("## A\n<!-- dance -->\n", "Line 2: not known here: dance"),
            ("<!-- look seat-0 -->\n## A\n", "Line 1: not known here: look"),
            ("```sh\n$ kubectl get pods\n```\n## A\n", "Line 2: this stands before any chapter"),
        ] {
            assert_eq!(Lesson::read(text), Err(complaint.to_owned()));
        }
    }
}

#[cfg(test)]
#[path = "lesson_tests.rs"]
mod performed;
