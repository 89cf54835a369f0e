//! Columns of text, as kubectl's two tab writers lay them out (`reference/printing.md` §4).

/// The narrowest column of a table of `get`.
pub const TABLE_MINIMUM: usize = 6;
/// Spaces after the longest cell of a table's column.
pub const TABLE_PADDING: usize = 3;

/// Lays out rows with one width per column, the last column not padded. `widths` is raised to what these rows need
/// and is kept between calls by a watch, so that columns never shrink.
pub fn rows(widths: &mut Vec<usize>, rows: &[Vec<String>]) -> String {
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let needed = (width_of(cell) + TABLE_PADDING).max(TABLE_MINIMUM);
            match widths.get_mut(column) {
                Some(width) => *width = needed.max(*width),
                None => widths.push(needed),
            }
        }
    }
    let mut out = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            out.push_str(cell);
            if column + 1 < row.len() {
                let width = widths.get(column).copied().unwrap_or(0);
                spaces(&mut out, width.saturating_sub(width_of(cell)));
            }
        }
        out.push('\n');
    }
    out
}

/// Lays out lines whose cells are separated by tabs, as the tab writer of `describe` does: a column is as wide as its
/// longest cell plus `padding` within each run of neighbouring lines that have it; a line's last cell is not padded.
pub fn tabbed(text: &str, minimum: usize, padding: usize) -> String {
    let lines: Vec<Vec<&str>> = text.split('\n').map(|line| line.split('\t').collect()).collect();
    let mut widths: Vec<Vec<usize>> = lines.iter().map(|line| vec![0; line.len().saturating_sub(1)]).collect();
    measure(&lines, &mut widths, minimum, padding);
    let mut out = String::with_capacity(text.len() * 2);
    for (at, (line, widths)) in lines.iter().zip(&widths).enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for (column, cell) in line.iter().enumerate() {
            out.push_str(cell);
            if let Some(width) = widths.get(column) {
                spaces(&mut out, width.saturating_sub(width_of(cell)));
            }
        }
    }
    out
}

/// Finds the width of each tab-ended cell: the widest of the unbroken run of lines above and below that have a cell
/// in the same column.
fn measure(lines: &[Vec<&str>], widths: &mut [Vec<usize>], minimum: usize, padding: usize) {
    let most = widths.iter().map(Vec::len).max().unwrap_or(0);
    for column in 0..most {
        let mut start = 0;
        while start < lines.len() {
            let run = widths.iter().skip(start).take_while(|line| line.len() > column).count();
            let widest = lines
                .iter()
                .skip(start)
                .take(run)
                .filter_map(|line| line.get(column))
                .map(|cell| width_of(cell))
                .max()
                .unwrap_or(0);
            for line in widths.iter_mut().skip(start).take(run) {
                if let Some(width) = line.get_mut(column) {
                    *width = (widest + padding).max(minimum);
                }
            }
            start += run.max(1);
        }
    }
}

/// How many characters wide a cell is.
fn width_of(cell: &str) -> usize {
    cell.chars().count()
}

/// `10.0.0.1:80`, `[fd00::1]:80`.
pub fn host_and_port(host: &str, port: &str) -> String {
    if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// Adds so many spaces.
pub fn spaces(out: &mut String, count: usize) {
    for _ in 0..count {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    #[test]
    fn a_watch_remembers_how_wide_its_columns_were() {
        let mut widths = Vec::new();
        let head = rows(&mut widths, &[row(&["NAME", "READY", "AGE"]), row(&["web-0", "1/1", "5s"])]);
        assert_eq!(head, "NAME    READY   AGE\nweb-0   1/1     5s\n");
        assert_eq!(rows(&mut widths, &[row(&["a-longer-name", "0/1", "6s"])]), "a-longer-name   0/1     6s\n");
        assert_eq!(rows(&mut widths, &[row(&["web-0", "", "7s"])]), "web-0                   7s\n");
    }

    #[test]
    fn a_column_without_headers_is_at_least_six_wide() {
        let mut widths = Vec::new();
        assert_eq!(rows(&mut widths, &[row(&["a", "0", "9s"])]), "a     0     9s\n");
    }

    #[test]
    fn a_line_without_a_tab_ends_a_block_of_describe() {
        let text = "Name:\tweb\nNamespace:\tdefault\nLimits:\n  cpu:\t1\n  Liveness:\tno\nLast:\t";
        let laid_out = tabbed(text, 0, 2);
        assert_eq!(
            laid_out,
            "Name:       web\nNamespace:  default\nLimits:\n  cpu:       1\n  Liveness:  no\nLast:        "
        );
    }
}
