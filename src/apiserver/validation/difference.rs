//! Unified differences of two texts, three lines of context: how Kubernetes shows a change that it forbids.

use crate::sorted::SortedMap;
use std::fmt::Write;
use std::ops::Range;

const CONTEXT: usize = 3;
/// From this many lines on a text is long.
const LONG: usize = 200;

/// One line of a difference.
#[derive(Clone, Copy, PartialEq)]
enum Edit<'a> {
    Keep(&'a str),
    Remove(&'a str),
    Add(&'a str),
}

/// The unified difference of two texts, without file names; empty where they are equal.
pub(crate) fn unified(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let edits = edits(&old, &new);
    let mut text = String::new();
    let mut at = 0;
    while let Some(first) = next_change(&edits, at) {
        // A hunk ends where more than twice the context is unchanged.
        let mut last = first;
        while let Some(next) = next_change(&edits, last + 1) {
            if next - last - 1 > 2 * CONTEXT {
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

/// The edits that make `new` of `old`.
fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Edit<'a>> {
    let mut edits = Vec::new();
    let (mut i, mut j) = (0, 0);
    let end = Block { old: old.len(), new: new.len(), size: 0 };
    for block in matching_blocks(old, new).into_iter().chain([end]) {
        edits.extend(slice(old, i, block.old).iter().map(|line| Edit::Remove(line)));
        edits.extend(slice(new, j, block.new).iter().map(|line| Edit::Add(line)));
        (i, j) = (block.old + block.size, block.new + block.size);
        edits.extend(slice(old, block.old, i).iter().map(|line| Edit::Keep(line)));
    }
    edits
}

fn slice<'a, 'b>(lines: &'b [&'a str], from: usize, to: usize) -> &'b [&'a str] {
    lines.get(from..to).unwrap_or(&[])
}

/// Lines that are the same on both sides.
#[derive(Clone, Copy)]
struct Block {
    old: usize,
    new: usize,
    size: usize,
}

/// A stretch of both sides that is still to be compared.
struct Stretch {
    old: Range<usize>,
    new: Range<usize>,
}

/// The longest block of equal lines, then the longest on either side of it, and so on; in order.
fn matching_blocks(old: &[&str], new: &[&str]) -> Vec<Block> {
    let places = places(new);
    let mut todo = vec![Stretch { old: 0..old.len(), new: 0..new.len() }];
    let mut blocks = Vec::new();
    while let Some(stretch) = todo.pop() {
        let block = longest(old, new, &places, &stretch);
        if block.size == 0 {
            continue;
        }
        blocks.push(block);
        todo.push(Stretch { old: stretch.old.start..block.old, new: stretch.new.start..block.new });
        todo.push(Stretch {
            old: block.old + block.size..stretch.old.end,
            new: block.new + block.size..stretch.new.end,
        });
    }
    crate::sorted::sort_by_key(&mut blocks, &|block| block.old);
    blocks
}

/// Where each line stands on the new side. In long texts a block does not begin at a line that is everywhere.
fn places<'a>(new: &[&'a str]) -> SortedMap<&'a str, Vec<usize>> {
    let mut places: SortedMap<&str, Vec<usize>> = SortedMap::new();
    for (at, line) in new.iter().enumerate() {
        places.or_default(line).push(at);
    }
    if new.len() >= LONG {
        let most = new.len() / 100 + 1;
        places.retain(|_, places| places.len() <= most);
    }
    places
}

/// The longest block in a stretch; of equally long ones the first.
fn longest(old: &[&str], new: &[&str], places: &SortedMap<&str, Vec<usize>>, within: &Stretch) -> Block {
    let mut best = Block { old: within.old.start, new: within.new.start, size: 0 };
    // How long the block is that ends at a line of the new side and at the last line of the old side.
    let mut lengths: SortedMap<usize, usize> = SortedMap::new();
    for i in within.old.clone() {
        let mut next = SortedMap::new();
        let here = old.get(i).and_then(|line| places.get(line)).map_or(&[][..], Vec::as_slice);
        for j in here.iter().copied().filter(|j| within.new.contains(j)) {
            let before = j.checked_sub(1).and_then(|j| lengths.get(&j)).copied();
            let size = before.unwrap_or(0) + 1;
            next.insert(j, size);
            if size > best.size {
                best = Block { old: i + 1 - size, new: j + 1 - size, size };
            }
        }
        lengths = next;
    }
    // A block may grow over lines at which none begins.
    let same = |i: usize, j: usize| old.get(i) == new.get(j);
    while best.old > within.old.start && best.new > within.new.start && same(best.old - 1, best.new - 1) {
        best = Block { old: best.old - 1, new: best.new - 1, size: best.size + 1 };
    }
    while best.old + best.size < within.old.end
        && best.new + best.size < within.new.end
        && same(best.old + best.size, best.new + best.size)
    {
        best.size += 1;
    }
    best
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
        assert_eq!(unified(old, &old.replace('5', "five")), "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
        assert_eq!(unified("1\n", "1\n2\n"), "@@ -1 +1,2 @@\n 1\n+2\n");
    }

    #[test]
    fn what_is_new_stands_before_the_longest_block_that_stayed() {
        let old = "[\n{\nb\nc\nd\n}\n]\n";
        let new = "[\n{\na\n},\n{\nb\nc\nd\n}\n]\n";
        assert_eq!(unified(old, new), "@@ -1,4 +1,7 @@\n [\n+{\n+a\n+},\n {\n b\n c\n");
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
