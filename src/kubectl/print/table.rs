//! The tables of `kubectl get`.

use super::{cells, layout};
use crate::api::{Kind, Object, Shared};
use crate::apiserver::Change;
use crate::time::Time;
use crate::value::{Map, Text, Value};

/// How a table is printed.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)]
pub struct Options {
    /// Print the header line (not with `--no-headers`).
    pub headers: bool,
    /// `--show-labels`.
    pub show_labels: bool,
    /// `-L`.
    pub label_columns: Vec<Text>,
    /// Prefix names with their kind: several kinds were asked for, or `--show-kind`.
    pub with_kind: bool,
    /// `-A`.
    pub all_namespaces: bool,
    /// `-o wide`.
    pub wide: bool,
    /// `--output-watch-events`.
    pub output_watch_events: bool,
    /// Not `--server-print=false`, which shows NAME and AGE of every kind.
    pub server_print: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            headers: true,
            show_labels: false,
            label_columns: Vec::new(),
            with_kind: false,
            all_namespaces: false,
            wide: false,
            output_watch_events: false,
            server_print: true,
        }
    }
}

/// Prints one table, row by row or at once, and remembers the widths of its columns.
#[derive(Clone, Debug)]
pub struct TablePrinter {
    options: Options,
    widths: Vec<usize>,
    header_printed: bool,
}

impl TablePrinter {
    /// A table of which nothing is printed yet.
    pub fn new(options: Options) -> Self {
        Self { options, widths: Vec::new(), header_printed: false }
    }

    /// Header and rows of these objects; nothing without objects.
    pub fn list(&mut self, kind: Kind, items: &[Shared], now: Time) -> String {
        let mut lines = Vec::with_capacity(items.len() + 1);
        if items.is_empty() {
            return String::new();
        }
        self.header(kind, &mut lines);
        lines.extend(items.iter().map(|item| self.cells(Change::Added, item, now)));
        layout::rows(&mut self.widths, &lines)
    }

    /// The row of one change in a watch (with the header before the first row of all). `change` shows only with
    /// `output_watch_events`.
    pub fn row(&mut self, change: Change, item: &Shared, now: Time) -> String {
        let mut lines = Vec::with_capacity(2);
        self.header(item.kind, &mut lines);
        lines.push(self.cells(change, item, now));
        layout::rows(&mut self.widths, &lines)
    }

    fn header(&mut self, kind: Kind, lines: &mut Vec<Vec<String>>) {
        if self.header_printed || !self.options.headers {
            return;
        }
        self.header_printed = true;
        let options = &self.options;
        let mut cells = Vec::new();
        if options.output_watch_events {
            cells.push("EVENT".to_owned());
        }
        if options.all_namespaces && kind.is_namespaced() {
            cells.push("NAMESPACE".to_owned());
        }
        let columns = cells::columns(kind, options.server_print);
        cells.extend(columns.filter(|c| options.wide || !c.wide).map(|c| c.header.to_owned()));
        for key in &options.label_columns {
            let short = key.rsplit('/').next().unwrap_or(key);
            cells.push(short.to_ascii_uppercase());
        }
        if options.show_labels {
            cells.push("LABELS".to_owned());
        }
        lines.push(cells);
    }

    fn cells(&self, change: Change, item: &Object, now: Time) -> Vec<String> {
        let options = &self.options;
        let mut row = Vec::new();
        if options.output_watch_events {
            row.push(change.as_str().to_owned());
        }
        if options.all_namespaces && item.kind.is_namespaced() {
            row.push(item.meta.namespace.to_string());
        }
        let made = if options.server_print { cells::cells(item, now) } else { cells::name_and_age(item, now) };
        for (column, cell) in cells::columns(item.kind, options.server_print).zip(made) {
            if column.wide && !options.wide {
                continue;
            }
            row.push(if column.is_name() && options.with_kind {
                format!("{}/{}", item.kind.qualified_singular(), one_line(cell))
            } else {
                one_line(cell)
            });
        }
        for key in &options.label_columns {
            row.push(item.label(key).unwrap_or("").to_owned());
        }
        if options.show_labels {
            row.push(labels(item.labels()));
        }
        row
    }
}

/// `a=1,b=2`, or `<none>` without labels.
pub fn labels(labels: &Map) -> String {
    if labels.is_empty() {
        return "<none>".to_owned();
    }
    let pairs: Vec<String> = labels.iter().map(|(k, v)| format!("{k}={}", Value::str_or_empty(v))).collect();
    pairs.join(",")
}

/// A cell shows its first line only; `...` says that there is more.
fn one_line(cell: String) -> String {
    match cell.find(['\n', '\r', '\u{c}']) {
        Some(end) => format!("{}...", cell.get(..end).unwrap_or("")),
        None => cell,
    }
}

/// A table of ready-made cells, laid out as `kubectl get` does (for `api-resources` and its like).
pub fn plain_table(headers: &[&str], rows: &[Vec<String>]) -> String {
    let mut lines: Vec<Vec<String>> = Vec::with_capacity(rows.len() + 1);
    if !headers.is_empty() {
        lines.push(headers.iter().map(|&header| header.to_owned()).collect());
    }
    lines.extend_from_slice(rows);
    layout::rows(&mut Vec::new(), &lines)
}
