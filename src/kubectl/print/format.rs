//! The value of `-o`.

use std::rc::Rc;

use super::custom_columns::CustomColumns;
use super::jsonpath::JsonPath;
use super::template::Template;
use crate::value::Text;

/// How objects are printed.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Format {
    Table { wide: bool },
    Name,
    Yaml,
    Json,
    KYaml,
    JsonPath(Rc<JsonPath>),
    JsonPathAsJson(Rc<JsonPath>),
    CustomColumns(Rc<CustomColumns>),
    GoTemplate(Rc<Template>),
}

/// Which formats a command offers: the error text lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// `get`: tables and custom columns too.
    Get,
    /// `create`, `apply`, `scale` and their like.
    Plain,
}

impl Allowed {
    const fn list(self) -> &'static str {
        match self {
            Self::Get => concat!(
                "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,",
                "jsonpath-file,kyaml,name,template,templatefile,wide,yaml",
            ),
            Self::Plain => concat!(
                "go-template,go-template-file,json,jsonpath,jsonpath-as-json,",
                "jsonpath-file,kyaml,name,template,templatefile,yaml",
            ),
        }
    }
}

/// Reads the value of `-o`; without one it is a table. `template` is the value of `--template`, `read` reads a file
/// of the working directory (for `-o jsonpath-file=…` and its like).
///
/// # Errors
/// The text that kubectl prints after `error: ` (`reference/api-defaults-validation.md` §6).
pub fn format(
    output: Option<&str>,
    template: Option<&str>,
    no_headers: bool,
    allowed: Allowed,
    read: &dyn Fn(&str) -> Option<Text>,
) -> Result<Format, String> {
    let template = template.filter(|template| !template.is_empty());
    let output = match (output.unwrap_or(""), template) {
        ("", Some(_)) => "go-template",
        (output, _) => output,
    };
    match output.to_ascii_lowercase().as_str() {
        "yaml" => return Ok(Format::Yaml),
        "json" => return Ok(Format::Json),
        "kyaml" => return Ok(Format::KYaml),
        "name" => return Ok(Format::Name),
        "" => return Ok(Format::Table { wide: false }),
        _ => {}
    }
    if output == "wide" && allowed == Allowed::Get {
        return Ok(Format::Table { wide: true });
    }
    let (name, argument) = output.split_once('=').unwrap_or((output, ""));
    let argument = if argument.is_empty() { template.unwrap_or("") } else { argument };
    let file = |flag: &str| match read(argument) {
        Some(text) => Ok(text),
        None => Err(format!("error reading {flag}{argument}, open {argument}: no such file or directory")),
    };
    let needs_template =
        if argument.is_empty() { Err("template format specified but no template given".to_owned()) } else { Ok(()) };
    match name {
        "jsonpath" | "jsonpath-as-json" | "jsonpath-file" => {
            needs_template?;
            let source = if name == "jsonpath-file" { file("--template ")? } else { Text::copy(argument) };
            let path = JsonPath::parse(&source).map_err(|e| format!("error parsing jsonpath {source}, {e}"))?;
            Ok(if name == "jsonpath-as-json" {
                Format::JsonPathAsJson(Rc::new(path))
            } else {
                Format::JsonPath(Rc::new(path))
            })
        }
        "go-template" | "template" | "go-template-file" | "templatefile" => {
            needs_template?;
            let source = if name.ends_with("file") { file("--template ")? } else { Text::copy(argument) };
            let template = Template::parse(&source).map_err(|e| format!("error parsing template {source}, {e}"))?;
            Ok(Format::GoTemplate(Rc::new(template)))
        }
        "custom-columns" | "custom-columns-file" if allowed == Allowed::Get => {
            if argument.is_empty() {
                return Err("custom-columns format specified but no custom columns given".to_owned());
            }
            let columns = if name == "custom-columns" {
                CustomColumns::parse(argument, no_headers)?
            } else {
                CustomColumns::parse_file(&file("template ")?, no_headers)?
            };
            Ok(Format::CustomColumns(Rc::new(columns)))
        }
        _ => Err(format!(
            "unable to match a printer suitable for the output format \"{output}\", allowed formats are: {}",
            allowed.list()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(output: &str, allowed: Allowed) -> String {
        format(Some(output), None, false, allowed, &|_| None).err().unwrap_or_default()
    }

    #[test]
    fn what_cannot_be_printed_is_refused_in_kubectls_words() {
        assert_eq!(refused("jsonpath={.spec", Allowed::Get), "error parsing jsonpath {.spec, unclosed action");
        assert_eq!(refused("go-template", Allowed::Get), "template format specified but no template given");
        assert_eq!(
            refused("custom-columns=A", Allowed::Get),
            "unexpected custom-columns spec: A, expected <header>:<json-path-expr>"
        );
        assert_eq!(
            refused("jsonpath-file=nofile", Allowed::Get),
            "error reading --template nofile, open nofile: no such file or directory"
        );
        assert!(refused("bogus", Allowed::Get).ends_with("name,template,templatefile,wide,yaml"));
        assert!(refused("wide", Allowed::Plain).starts_with(
            "unable to match a printer suitable for the output format \"wide\", allowed formats are: go-template,"
        ));
    }

    #[test]
    fn a_template_alone_means_a_go_template() {
        let format = format(None, Some("{{.kind}}"), false, Allowed::Get, &|_| None);
        assert!(matches!(format, Ok(Format::GoTemplate(_))));
    }
}
