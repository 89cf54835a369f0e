//! Where the caret stands in a half-written manifest: in which field of which kind, and what is typed of a word.
//!
//! The text is read line by line, by its indentation: what is half written is no YAML yet.

use crate::api::Kind;
use crate::api::schema::{self, Shape, TypeRef};

/// A place in a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The kind of the document; `None` where it is not said yet.
    pub kind: Option<Kind>,
    /// The fields from the root down to where the caret is, without the places in lists.
    pub path: Vec<&'a str>,
    /// Whether the value of the last of them is being typed; else it is the name of a field below them.
    pub in_value: bool,
    /// What is typed of the word so far.
    pub written: &'a str,
    /// Where the word begins, bytes.
    pub from: usize,
    /// The column in which the field's name begins.
    pub column: usize,
    /// The rest of the line behind the caret.
    pub behind: &'a str,
    /// The fields that stand there already.
    pub beside: Vec<&'a str>,
    /// Whether this is between braces, in one line.
    pub flow: bool,
}

/// A line that is not empty and no comment.
#[derive(Clone, Copy)]
struct Row<'a> {
    /// The column of its first dash, where it has one.
    dash: Option<usize>,
    /// The column behind its dashes.
    column: usize,
    /// Its field, where it names one.
    key: Option<&'a str>,
}

impl Row<'_> {
    fn start(&self) -> usize {
        self.dash.unwrap_or(self.column)
    }
}

/// Reads a line; `None` where it says nothing.
fn row(line: &str) -> Option<Row<'_>> {
    let mut rest = line.trim_start_matches(' ');
    let mut column = line.len() - rest.len();
    if rest.is_empty() || rest.starts_with('#') {
        return None;
    }
    let mut dash = None;
    while let Some(inner) = rest.strip_prefix("- ").or_else(|| (rest == "-").then_some("")) {
        dash = dash.or(Some(column));
        let after = inner.trim_start_matches(' ');
        column += rest.len() - after.len();
        rest = after;
    }
    let key = rest.split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with(' '));
    Some(Row { dash, column, key: key.map(|(key, _)| key.trim_matches(['"', '\''])) })
}

/// The lines of the document that a line belongs to: from, to (not including).
fn document(lines: &[&str], at: usize) -> (usize, usize) {
    let bar = |line: &&str| line.starts_with("---");
    let from = lines.iter().take(at).rposition(bar).map_or(0, |nth| nth + 1);
    let to = lines.iter().skip(at).position(bar).map_or(lines.len(), |nth| at + nth);
    (from, to)
}

/// The value of a field at the root of a document.
fn at_root<'a>(lines: &[&'a str], wanted: &str) -> Option<&'a str> {
    lines.iter().find_map(|line| {
        let value = line.strip_prefix(wanted)?.strip_prefix(':')?;
        Some(value.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']))
    })
}

/// The kind that a document says it is.
pub fn kind_of(lines: &[&str]) -> Option<Kind> {
    let name = at_root(lines, "kind")?;
    Kind::ALL.iter().copied().find(|kind| kind.name() == name)
}

/// The fields above a line, from the root down. The line begins in `column`, or as an item with its dash in `dash`.
fn above<'a>(lines: &[&'a str], column: usize, dash: Option<usize>) -> Vec<&'a str> {
    let mut path = Vec::new();
    let (mut limit, mut item) = (column, dash);
    for line in lines.iter().rev() {
        if item == Some(0) && limit == 0 {
            break;
        }
        let Some(found) = row(line) else { continue };
        match (item, found.key) {
            // Below a dash: the list's own field stands left of it, or right above it.
            (Some(dash), Some(key)) if found.column < dash || (found.column == dash && found.dash.is_none()) => {
                path.push(key);
                (limit, item) = (found.column, found.dash);
            }
            (None, Some(key)) if found.column < limit => {
                path.push(key);
                (limit, item) = (found.column, found.dash);
            }
            // The item that the line belongs to begins here.
            (None, _) if found.dash.is_some_and(|dash| dash < limit) => item = found.dash,
            _ => {}
        }
    }
    path.reverse();
    path
}

/// The fields beside a line that begins in `column`; a dash begins another item.
fn beside<'a>(lines: &[&'a str], at: usize, column: usize, dash: bool) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut look = |line: &&'a str, down: bool| -> bool {
        let Some(other) = row(line) else { return true };
        let new_item = other.dash.is_some_and(|dash| dash < column);
        if other.start() < column && !new_item || down && new_item {
            return false;
        }
        if other.column == column {
            found.extend(other.key);
        }
        !new_item
    };
    if !dash {
        let _ = lines.iter().take(at).rev().all(|line| look(line, false));
    }
    let _ = lines.iter().skip(at + 1).all(|line| look(line, true));
    found
}

/// Where the caret stands, a byte of the text. `None` inside comments and between documents.
pub fn place(text: &str, caret: usize) -> Option<Place<'_>> {
    let head = text.get(..caret)?;
    let start = head.rfind('\n').map_or(0, |at| at + 1);
    let at = head.matches('\n').count();
    let lines: Vec<&str> = text.split('\n').collect();
    let whole = lines.get(at).copied().unwrap_or_default();
    let (before, behind) = whole.split_at_checked(caret - start)?;
    if whole.starts_with("---") || before.trim_start().starts_with('#') || before.contains(" #") {
        return None;
    }
    let (from, to) = document(&lines, at);
    let document = lines.get(from..to)?;
    let upper = lines.get(from..at)?;
    let blank = Row { dash: None, column: before.len(), key: None };
    let this = row(before).unwrap_or(blank);
    let mut path = above(upper, this.column, this.dash);
    let mut in_value = this.key.is_some();
    let mut flow = false;
    let (written, beside) = if let Some(key) = this.key {
        path.push(key);
        let value = before.split_once(": ").map_or("", |(_, value)| value);
        let written = value.rsplit([' ', '[', '{', ',', '"', '\'']).next().unwrap_or_default();
        let inside = between(value);
        flow = inside.is_some();
        let (fields, valued, beside) = inside.unwrap_or((Vec::new(), true, Vec::new()));
        path.extend(fields);
        in_value = valued;
        (written, beside)
    } else {
        let word = before.get(this.column..).unwrap_or_default();
        (word, beside(document, at - from, this.column, this.dash.is_some()))
    };
    // `replicas:` without the blank behind it: there is no value yet.
    if this.key.is_some() && !before.contains(": ") {
        return None;
    }
    let kind = kind_of(document);
    Some(Place {
        kind,
        path,
        in_value,
        written,
        from: caret - written.len(),
        column: this.column,
        behind,
        beside,
        flow,
    })
}

/// What is open at the end of a value between braces: the fields down to there, whether the value of the last of them is
/// being typed, and the fields before it. `None` where no brace is open.
fn between(value: &str) -> Option<(Vec<&str>, bool, Vec<&str>)> {
    /// A brace (or bracket), the field in it that is at its value, those before.
    type Open<'a> = (bool, Option<&'a str>, Vec<&'a str>);
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut quote = None;
    let mut word = 0;
    for (at, letter) in value.char_indices() {
        match letter {
            _ if quote.is_some() => {
                quote = quote.filter(|open| *open != letter);
                continue;
            }
            '"' | '\'' => {
                quote = Some(letter);
                continue;
            }
            '{' | '[' => open.push((letter == '{', None, Vec::new())),
            '}' | ']' => drop(open.pop()),
            ':' => {
                if let Some((true, key @ None, _)) = open.last_mut() {
                    *key = value.get(word..at).map(|word| word.trim().trim_matches(['"', '\'']));
                }
            }
            ',' => {
                if let Some((_, key, before)) = open.last_mut() {
                    before.extend(key.take());
                }
            }
            _ => continue,
        }
        word = at + letter.len_utf8();
    }
    if !open.iter().any(|(brace, _, _)| *brace) {
        return None;
    }
    let (brace, key, before) = open.last().cloned()?;
    Some((open.iter().filter_map(|(_, key, _)| *key).collect(), !brace || key.is_some(), before))
}

/// The field that a line (from 0) names, as its path from the root, and the kind it is of.
pub fn field_at(text: &str, line: usize) -> Option<(Kind, Vec<&str>)> {
    let lines: Vec<&str> = text.split('\n').collect();
    let this = row(lines.get(line)?)?;
    let (from, to) = document(&lines, line);
    let mut path = above(lines.get(from..line)?, this.column, this.dash);
    path.extend(this.key);
    Some((kind_of(lines.get(from..to)?)?, path))
}

/// The type at the end of a path.
pub fn type_at(kind: Kind, path: &[&str]) -> Option<TypeRef> {
    let mut ty = schema::root(kind);
    for name in path {
        // The keys of a map of texts are anybody's.
        ty = match ty.shape() {
            Shape::Map(value) if value.inner().is_none() => return None,
            _ => ty.field(name)?.ty(),
        };
    }
    Some(ty)
}

/// One object of a text: its kind and name as they stand there, and its first line, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// `StatefulSet/mehdb`.
    pub title: String,
    /// Its first line, from 0.
    pub line: usize,
}

/// The documents of a text, in order. Empty ones are left out.
pub fn outline(text: &str) -> Vec<Heading> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at <= lines.len() {
        let (from, to) = document(&lines, at.min(lines.len()));
        let part = lines.get(from..to).unwrap_or_default();
        if let Some(first) = part.iter().position(|line| row(line).is_some()) {
            let kind = at_root(part, "kind").filter(|kind| !kind.is_empty()).unwrap_or("?");
            let name = part.iter().skip_while(|line| !line.starts_with("metadata:")).find_map(|line| {
                let name = line.trim_start_matches("metadata:").trim_start_matches([' ', '{']).strip_prefix("name:")?;
                Some(name.split([' ', '}', ',']).find(|word| !word.is_empty()).unwrap_or_default().trim_matches('"'))
            });
            let title = match name {
                Some(name) if !name.is_empty() => format!("{kind}/{name}"),
                _ => kind.to_owned(),
            };
            found.push(Heading { title, line: from + first });
        }
        at = to + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::model::FIRST;

    /// The place at the bar in this text.
    fn at(text: &str) -> Option<(String, bool, String, Vec<String>)> {
        let caret = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let place = place(&text, caret)?;
        let beside = place.beside.iter().map(ToString::to_string).collect();
        Some((place.path.join("."), place.in_value, place.written.to_owned(), beside))
    }

    fn is(text: &str, path: &str, in_value: bool, written: &str, beside: &[&str]) {
        let wanted = (path.to_owned(), in_value, written.to_owned(), beside.iter().map(ToString::to_string).collect());
        assert_eq!(at(text), Some(wanted), "{text}");
    }

    #[test]
    fn the_caret_knows_its_field_by_the_indentation() {
        is("kind: StatefulSet\nsp|", "", false, "sp", &["kind"]);
        is("spec:\n  replicas: 2\n  se|\n  template:\n", "spec", false, "se", &["replicas", "template"]);
        is("spec:\n  template:\n    spec:\n      |", "spec.template.spec", false, "", &[]);
        let item = "spec:\n  containers:\n  - name: a\n    im|\n    ports: []\n  - name: b\n    env: []\n";
        is(item, "spec.containers", false, "im", &["name", "ports"]);
        is("spec:\n  containers:\n    - name: a\n    - |\n", "spec.containers", false, "", &[]);
        is("spec:\n  containers:\n  - na|\n    image: x\n", "spec.containers", false, "na", &["image"]);
        is("spec:\n  a:\n  - b:\n      c: 1\n      d|\n", "spec.a.b", false, "d", &["c"]);
        is("spec:\n  template:\n    x: 1\n  po|", "spec", false, "po", &["template"]);
    }

    #[test]
    fn behind_the_colon_it_is_a_value() {
        is("spec:\n  podManagementPolicy: Par|", "spec.podManagementPolicy", true, "Par", &[]);
        is("spec:\n  accessModes: [ \"ReadWr|\" ]", "spec.accessModes", true, "ReadWr", &[]);
        is("spec:\n  containers:\n  - imagePullPolicy: |", "spec.containers.imagePullPolicy", true, "", &[]);
        assert_eq!(at("spec:|"), None);
        assert_eq!(at("spec: # every|"), None);
        assert_eq!(at("---|"), None);
    }

    #[test]
    fn between_braces_it_is_the_same_in_one_line() {
        is("spec:\n  selector: {|}", "spec.selector", false, "", &[]);
        is("spec:\n  a: {b: 1, c|}", "spec.a", false, "c", &["b"]);
        is("spec:\n  a: {b: 1, c: {d: x, e: |", "spec.a.c.e", true, "", &["d"]);
        is("spec:\n  a: {b: [{c: 1, \"d\": y|", "spec.a.b.d", true, "y", &["c"]);
        is("spec:\n  a: {b: [x, y|", "spec.a.b", true, "y", &[]);
        is("spec:\n  a: {b: {c: 1}, d|", "spec.a", false, "d", &["b"]);
        is("spec:\n  a: {b: 1} |", "spec.a", true, "", &[]);
    }

    #[test]
    fn a_line_knows_its_field_in_its_own_document() {
        let line = |wanted: &str| FIRST.lines().position(|line| line.trim_start().starts_with(wanted)).unwrap();
        let told = |wanted: &str| {
            let (kind, path) = field_at(FIRST, line(wanted)).unwrap();
            format!("{} {}", kind.name(), path.join("."))
        };
        assert_eq!(told("clusterIP"), "Service spec.clusterIP");
        assert_eq!(told("replicas"), "StatefulSet spec.replicas");
        assert_eq!(told("image:"), "StatefulSet spec.template.spec.containers.image");
        assert_eq!(told("storage:"), "StatefulSet spec.volumeClaimTemplates.spec.resources.requests.storage");
    }

    #[test]
    fn documents_are_listed_with_their_lines() {
        let headings = outline(
            "# first\n---\n---\nkind: Service\nmetadata:\n  name: \"a\"\n---\nkind: Pod\nmetadata: {name: b}\n---\n# nothing\n---\nspec:\n  x: 1",
        );
        let shown: Vec<_> = headings.iter().map(|heading| (heading.title.as_str(), heading.line)).collect();
        assert_eq!(shown, [("Service/a", 3), ("Pod/b", 7), ("?", 12)]);
        assert_eq!(outline("").len(), 0);
    }

    #[test]
    fn no_text_and_no_caret_makes_it_stumble() {
        let text = "é: ü\n- - é\n\t- x:\n  - -\n---\n  a: {b: [c, \"d\n#\n- ";
        for caret in 0..=text.len() + 1 {
            let _ = place(text, caret);
        }
        for line in 0..12 {
            let _ = field_at(text, line);
        }
    }
}
