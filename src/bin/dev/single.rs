//! The built page as one file, `single.html`: a classic script with the engine's bytes inside.
//!
//! It runs where nothing may be fetched: from a disk, offline, in a sandboxed frame whose server sends no
//! `Access-Control-Allow-Origin`, in a course package. It has no Content-Security-Policy of its own: all of it is inline.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Writes `single.html` into the folder that holds the built page.
pub fn write(dist: &Path) -> Result<(), String> {
    let page = text(dist, "index.html")?;
    let (mut head, body) = page.split_once("</head>").ok_or("index.html has no head")?;
    let mut kept = String::new();
    let (mut scripts, mut glue, mut parts) = (String::new(), String::new(), Vec::new());
    while let Some((before, rest)) = head.split_once('<') {
        kept.push_str(before);
        let (tag, after) = rest.split_once('>').ok_or("index.html ends inside a tag")?;
        head = after;
        let file = |name: &str| attribute(tag, name).map(|address| address.trim_start_matches("./").to_owned());
        match tag.split(' ').next().unwrap_or_default() {
            "script" => {
                let file = file("src").ok_or("a script of index.html has no file")?;
                // A module's names are its own; so are those of a script in braces. What early.js keeps is for all.
                let is_module = tag.contains("type=\"module\"");
                let code = text(dist, &file)?;
                let _ = if is_module { writeln!(scripts, "{{\n{code}\n}}") } else { writeln!(scripts, "{code}") };
                head = after.strip_prefix("</script>").unwrap_or(after);
            }
            "link" if tag.contains("rel=\"stylesheet\"") => {
                let css = text(dist, &file("href").ok_or("the style sheet has no file")?)?;
                let _ = write!(kept, "<style>\n{css}</style>");
            }
            "link" if tag.contains("id=\"engine\"") => {
                glue = text(dist, &file("href").ok_or("the engine has no file")?)?;
                let names = ["data-wasm", "data-part-1", "data-part-2"];
                parts = names.into_iter().filter_map(file).map(|name| bytes(dist, &name)).collect::<Result<_, _>>()?;
            }
            "link" if tag.contains("rel=\"manifest\"") => {}
            "meta" if tag.contains("Content-Security-Policy") => {}
            _ => {
                let _ = write!(kept, "<{tag}>");
            }
        }
    }
    let (first, later) = parts.split_first().ok_or("the engine's bytes have no file")?;
    let engine = engine(&glue, first, later) + &lessons(dist)?;
    let (body, end) = body.rsplit_once("</body>").ok_or("index.html has no body")?;
    let single = format!("{kept}{head}</head>{body}<script>\n{engine}{scripts}</script>\n</body>{end}");
    fs::write(dist.join("single.html"), &single).map_err(|error| format!("single.html: {error}"))?;
    println!("{}: {} bytes", dist.join("single.html").display(), single.len());
    Ok(())
}

fn text(dist: &Path, name: &str) -> Result<String, String> {
    let path = dist.join(name);
    fs::read_to_string(&path).map_err(|error| format!("{}: {error} (build the page first)", path.display()))
}

fn bytes(dist: &Path, name: &str) -> Result<Vec<u8>, String> {
    fs::read(dist.join(name)).map_err(|error| format!("{name}: {error}"))
}

/// The lessons, by their names.
fn lessons(dist: &Path) -> Result<String, String> {
    let mut code = String::from("globalThis.lessonsInside = {};\n");
    let folder = dist.join("lessons");
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    let files = fs::read_dir(&folder).map_err(unreadable)?.map(|file| Ok(file?.path()));
    let mut files = files.collect::<Result<Vec<_>, _>>().map_err(unreadable)?;
    files.sort();
    for file in files {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        // A template literal holds everything but what ends it or begins a part of it; nothing closes the script.
        let text = text(dist, &format!("lessons/{name}.md"))?.replace('\\', "\\\\").replace('`', "\\`");
        let text = text.replace("${", "\\${").replace("</", "<\\/").replace("<!--", "<\\!--");
        let _ = writeln!(code, "lessonsInside[\"{name}\"] = `{text}`;");
    }
    Ok(code)
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// The engine's glue, a module, as a function that makes a fresh engine each time it is called.
fn engine(glue: &str, first: &[u8], later: &[Vec<u8>]) -> String {
    let mut code = String::from("globalThis.engineInside = () => {\n");
    for line in glue.lines().filter(|line| !line.starts_with("export {")) {
        let line = line.strip_prefix("export ").unwrap_or(line).replace("import.meta.url", "document.baseURI");
        code.push_str(&line);
        code.push('\n');
    }
    code.push_str("const read = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));\n");
    code.push_str("return { default: __wbg_init, bytes: read(\"");
    base64(first, &mut code);
    code.push_str("\"), parts: [");
    for part in later {
        code.push_str("read(\"");
        base64(part, &mut code);
        code.push_str("\"), ");
    }
    code.push_str("] };\n};\n");
    code
}

fn base64(bytes: &[u8], out: &mut String) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for group in bytes.chunks(3) {
        let at = |nth: usize| u32::from(group.get(nth).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for nth in 0..4 {
            let letter = LETTERS.get((bits >> (18 - 6 * nth) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if nth > group.len() { '=' } else { char::from(letter) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_written_as_every_browser_reads_them() {
        for (bytes, letters) in [("", ""), ("M", "TQ=="), ("Ma", "TWE="), ("Man", "TWFu"), ("\0asm", "AGFzbQ==")] {
            let mut out = String::new();
            base64(bytes.as_bytes(), &mut out);
            assert_eq!(out, letters);
        }
    }

    #[test]
    fn the_glue_becomes_a_function_that_needs_no_module() {
        let glue =
            "export function digest() {}\nlet at = import.meta.url;\nexport { initSync, __wbg_init as default };\n";
        let code = engine(glue, b"\0asm", &[b"\0".to_vec()]);
        assert!(!code.contains("export") && !code.contains("import.meta"), "{code}");
        assert!(code.contains("bytes: read(\"AGFzbQ==\"), parts: [read(\"AA==\"), ]"), "{code}");
        assert!(code.contains("function digest() {}\nlet at = document.baseURI;"), "{code}");
    }
}
