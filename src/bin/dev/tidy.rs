//! What only we read is left out of what is sent: comments and indentation of scripts and style sheets.
//!
//! Trunk's own way of doing that also takes the quotes from index.html, by which `single` and `static/offline.js` read it.

use std::fs;
use std::path::Path;

/// Tidies the scripts and style sheets in a folder.
pub fn write(folder: &Path) -> Result<(), String> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| format!("{path}: {error}")
    };
    for file in fs::read_dir(folder).map_err(failed(folder))? {
        let path = file.map_err(failed(folder))?.path();
        let tidy = match path.extension().and_then(|end| end.to_str()) {
            Some("js") => script,
            Some("css") => sheet,
            _ => continue,
        };
        let text = fs::read_to_string(&path).map_err(failed(&path))?;
        fs::write(&path, tidy(&text)).map_err(failed(&path))?;
    }
    Ok(())
}

/// A script without the lines that are comments, and without indentation: none of ours has a text of several lines.
fn script(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Blanks that mean nothing, and what is left without them.
const NARROW: &[(&str, &str)] =
    &[(" { ", "{"), (" {", "{"), ("{ ", "{"), (": ", ":"), ("; }", "}"), (" }", "}"), ("; ", ";"), ("} ", "}")];

/// A style sheet without comments, and without blanks that mean nothing.
fn sheet(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut bare = String::new();
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
    }
    bare.push_str(rest);
    for line in bare.lines().map(str::trim).filter(|line| !line.is_empty()) {
        for (nth, piece) in line.split('"').enumerate() {
            let mut piece = piece.to_owned();
            if nth > 0 {
                out.push('"');
            }
            // Every other piece is a text that is shown.
            for (wide, narrow) in NARROW.iter().filter(|_| nth.is_multiple_of(2)) {
                piece = piece.replace(wide, narrow);
            }
            out.push_str(&piece);
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_does_is_the_same() {
        assert_eq!(script("// Why.\nconst a = 1; // one\n\n  f(\"//x\");\n"), "const a = 1; // one\nf(\"//x\");\n");
        let sheet = sheet(
            "/* Why. */\n.a { color: red; margin: 0 1px; }\n@media (min-width: 1px) {\n  .b:hover { top: 0 }/* so */ .c { x: y; }\n}\n.d::after { content: \"here: a row; \"; x: y }\n",
        );
        assert_eq!(
            sheet,
            ".a{color:red;margin:0 1px}\n@media (min-width:1px){\n.b:hover{top:0}.c{x:y}\n}\n.d::after{content:\"here: a row; \";x:y}\n"
        );
    }
}
