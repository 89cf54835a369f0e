//! Unified differences of two texts, three lines of context.

use std::fmt::Write;

const CONTEXT: usize = 3;
/// Beyond this many pairs of lines the middle is taken as replaced altogether: an answer at once matters more.
const MOST_PAIRS: usize = 1 << 21;

/// One line of a difference.
#[derive(Clone, Copy, PartialEq)]
enum Edit<'a> {
    Keep(&'a str),
    Remove(&'a str),
    Add(&'a str),
}

/// The unified difference of two texts, without file names; empty where they are equal.
pub(super) fn unified(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let edits = edits(&old, &new);
    let mut text = String::new();
    let mut at = 0;
    while let Some(first) = next_change(&edits, at) {
        // A hunk ends where more than twice the context is unchanged.
        let mut last = first;
        while let Some(next) = next_change(&edits, last + 1) {
            if next - last > 2 * CONTEXT {
                break;
            }
            last = next;
        }
        let start = first.saturating_sub(CONTEXT).max(at);
        let end = (last + 1 + CONTEXT).min(edits.len());
        hunk(&edits, start, end, &mut text);
        at = end;
    }
    text
}

fn next_change(edits: &[Edit], from: usize) -> Option<usize> {
    let changed = |edit: &Edit| !matches!(edit, Edit::Keep(_));
    edits.get(from..)?.iter().position(changed).map(|at| at + from)
}

fn hunk(edits: &[Edit], start: usize, end: usize, text: &mut String) {
    let count = |edits: &[Edit], side: fn(&Edit) -> bool| edits.iter().filter(|e| side(e)).count();
    let is_old: fn(&Edit) -> bool = |edit| !matches!(edit, Edit::Add(_));
    let is_new: fn(&Edit) -> bool = |edit| !matches!(edit, Edit::Remove(_));
    let (Some(before), Some(within)) = (edits.get(..start), edits.get(start..end)) else {
        return;
    };
    let range = |side: fn(&Edit) -> bool| {
        let (skipped, length) = (count(before, side), count(within, side));
        match length {
            1 => format!("{}", skipped + 1),
            0 => format!("{skipped},0"),
            _ => format!("{},{length}", skipped + 1),
        }
    };
    let _ = writeln!(text, "@@ -{} +{} @@", range(is_old), range(is_new));
    for edit in within {
        let (sign, line) = match edit {
            Edit::Keep(line) => (' ', line),
            Edit::Remove(line) => ('-', line),
            Edit::Add(line) => ('+', line),
        };
        text.push(sign);
        text.push_str(line);
        text.push('\n');
    }
}

/// The edits that make `new` of `old`: what is equal at both ends, and the longest common lines between.
fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Edit<'a>> {
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = old.iter().zip(new).take_while(same).count();
    let (old_rest, new_rest) = (rest(old, head), rest(new, head));
    let tail = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(same).count();
    let old_middle = old_rest.get(..old_rest.len() - tail).unwrap_or(&[]);
    let new_middle = new_rest.get(..new_rest.len() - tail).unwrap_or(&[]);
    let mut edits: Vec<Edit> = old.iter().take(head).map(|line| Edit::Keep(line)).collect();
    middle(old_middle, new_middle, &mut edits);
    edits.extend(rest(old_rest, old_rest.len() - tail).iter().map(|line| Edit::Keep(line)));
    edits
}

fn rest<'a, 'b>(lines: &'b [&'a str], from: usize) -> &'b [&'a str] {
    lines.get(from..).unwrap_or(&[])
}

fn middle<'a>(old: &[&'a str], new: &[&'a str], edits: &mut Vec<Edit<'a>>) {
    let width = new.len() + 1;
    // common[i][j]: how many lines old[i..] and new[j..] have in common, in one row-major table.
    let mut common = vec![0_u32; 0];
    let feasible = old.len().saturating_mul(new.len()) <= MOST_PAIRS;
    if feasible {
        common = vec![0; (old.len() + 1) * width];
        for (i, a) in old.iter().enumerate().rev() {
            for (j, b) in new.iter().enumerate().rev() {
                let best = if a == b {
                    get(&common, (i + 1) * width + j + 1) + 1
                } else {
                    get(&common, (i + 1) * width + j).max(get(&common, i * width + j + 1))
                };
                if let Some(cell) = common.get_mut(i * width + j) {
                    *cell = best;
                }
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    while let Some(a) = old.get(i) {
        let Some(b) = new.get(j) else { break };
        if feasible && a == b {
            edits.push(Edit::Keep(a));
            i += 1;
            j += 1;
        } else if !feasible || get(&common, (i + 1) * width + j) >= get(&common, i * width + j + 1) {
            edits.push(Edit::Remove(a));
            i += 1;
        } else {
            edits.push(Edit::Add(b));
            j += 1;
        }
    }
    edits.extend(rest(old, i).iter().map(|line| Edit::Remove(line)));
    edits.extend(rest(new, j).iter().map(|line| Edit::Add(line)));
}

fn get(table: &[u32], at: usize) -> u32 {
    table.get(at).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(unified("a\nb\n", "a\nb\n"), "");
    }

    #[test]
    fn a_change_has_three_lines_around_it() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        assert_eq!(
            unified(old, &old.replace('5', "five")),
            "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
        );
        assert_eq!(unified("1\n", "1\n2\n"), "@@ -1 +1,2 @@\n 1\n+2\n");
    }

    #[test]
    fn distant_changes_are_told_apart() {
        let old: String = (0..30).map(|n| format!("{n}\n")).collect();
        let new = old.replace("\n3\n", "\nthree\n").replace("\n25\n", "\n");
        let text = unified(&old, &new);
        assert_eq!(text.matches("@@ -").count(), 2);
        assert!(text.contains("@@ -23,7 +23,6 @@"), "{text}");
    }
}
