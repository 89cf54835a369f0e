//! Help, from the table of verbs. The prose is ours; kubectl's own is not copied.

use std::fmt::Write as _;

use super::table::{self, Verb};
use crate::kubectl::command_line::{Flag, Takes};
use crate::kubectl::errors::Failure;
use crate::kubectl::run::{Next, Outcome, Run};
use crate::value::Value;

/// Begins `kubectl help [verb…]`.
pub fn start(run: &mut Run<'_, '_>) -> Outcome {
    let mut verb = table::root();
    for word in &run.command.words {
        let Some(below) = table::below(verb, word) else {
            return Err(Failure::plain(format!(
                "Unknown help topic [{}]",
                run.command.words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(" ")
            )));
        };
        verb = below;
    }
    tell(run, verb);
    Ok(Next::End)
}

/// The help of the verb with this path.
pub fn of(run: &mut Run<'_, '_>, path: &str) {
    let verb = table::all().find(|verb| verb.path == path).unwrap_or(table::root());
    tell(run, verb);
}

/// A command that only has others below it, and is content with being called alone.
pub fn topics(run: &mut Run<'_, '_>) -> Outcome {
    tell(run, run.command.verb);
    Ok(Next::End)
}

/// A command that only has others below it: it shows them, or does not know the word.
pub fn group(run: &mut Run<'_, '_>) -> Outcome {
    let command = run.command;
    if !command.words.is_empty() {
        let words = super::create::joined(&command.words);
        return Err(command.usage(format!("unknown command {}", crate::kubectl::command_line::quoted(&words))));
    }
    tell(run, command.verb);
    if !command.verb.path.is_empty() {
        run.console.code = 1;
    }
    Ok(Next::End)
}

fn tell(run: &mut Run<'_, '_>, verb: &'static Verb) {
    let mut text = String::new();
    if verb.path.is_empty() {
        text.push_str("kubectl of the StatefulSet Playground speaks to a simulated cluster.\n\nCommands:\n");
    } else {
        text.push_str(verb.about);
        text.push_str(".\n");
        if !verb.aliases.is_empty() {
            let _ = writeln!(text, "\nAliases: {}", verb.aliases.join(", "));
        }
        if table::children(verb).next().is_some() {
            text.push_str("\nCommands:\n");
        }
    }
    let width = table::children(verb).map(|child| child.name().len()).max().unwrap_or(0) + 3;
    for child in table::children(verb) {
        let _ = writeln!(text, "  {:width$}{}", child.name(), child.about);
    }
    let flags: Vec<&Flag> = verb.flags.iter().flat_map(|set| set.iter()).collect();
    if !flags.is_empty() {
        text.push_str("\nFlags:\n");
        for flag in flags {
            let _ = writeln!(text, "  {}", flag_line(flag));
        }
    }
    let _ = writeln!(text, "\nUsage:\n  {} [words] [flags]", verb.full_path());
    run.out(&text);
}

pub fn flag_line(flag: &Flag) -> String {
    let value = match flag.takes {
        Takes::Bool => "",
        Takes::Text => "=TEXT",
        Takes::TextOr(_) => "[=TEXT]",
        Takes::Int => "=NUMBER",
        Takes::Duration => "=DURATION",
    };
    match flag.short {
        Some(letter) => format!("-{letter}, --{}{value}", flag.name),
        None => format!("    --{}{value}", flag.name),
    }
}

/// JSON with two spaces to a level, as a few commands print it.
pub fn two_space_json(tree: &Value) -> String {
    let text = crate::value::json::to_pretty(tree);
    let mut narrow = String::with_capacity(text.len());
    for line in text.lines() {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        narrow.extend(std::iter::repeat_n(' ', spaces / 2));
        narrow.push_str(line.trim_start_matches(' '));
        narrow.push('\n');
    }
    narrow
}
