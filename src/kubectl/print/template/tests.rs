//! Templates as people write them.

use super::*;
use crate::{list, map};

fn set() -> Value {
    map! {
        "metadata" => map! { "name" => "web", "labels" => map! { "app" => "nginx", "app.kubernetes.io/part" => "x" } },
        "spec" => map! {
            "replicas" => 3,
            "big" => 3_000_000,
            "nothing" => Value::Null,
            "containers" => list![
                map! { "name" => "app", "image" => "nginx:1.27" },
                map! { "name" => "side", "image" => "busybox" },
            ],
        },
    }
}

fn printed(template: &str) -> String {
    match Template::parse(template).map(|template| template.execute(&set())) {
        Ok(Ok(text)) => text,
        Ok(Err((out, error))) => format!("{out}! {error}"),
        Err(error) => format!("? {error}"),
    }
}

#[test]
fn fields_loops_and_conditions() {
    for (template, text) in [
        ("{{.metadata.name}}", "web"),
        ("{{.spec.replicas}} {{.spec.big}} {{.nope.x}} {{.spec.nothing}}", "3 3000000 <no value> <no value>"),
        ("{{range .spec.containers}}{{.name}}={{.image}};{{end}}", "app=nginx:1.27;side=busybox;"),
        ("{{range $i, $c := .spec.containers}}{{$i}}{{$c.name}} {{end}}", "0app 1side "),
        ("{{range $k, $v := .metadata.labels}}{{$k}}={{$v}},{{end}}", "app=nginx,app.kubernetes.io/part=x,"),
        ("{{range .nope}}a{{else}}none{{end}}", "none"),
        ("{{if eq .metadata.name \"db\"}}d{{else if gt (len .spec.containers) 1}}many{{else}}one{{end}}", "many"),
        ("{{with .metadata}}{{.name}}{{$.spec.replicas}}{{end}}", "web3"),
        (
            "{{$n := .metadata.name}}{{range .spec.containers}}{{if eq .name \"side\"}}{{$n = .image}}{{end}}{{end}}{{$n}}",
            "busybox",
        ),
        ("a  {{- /* gone */ -}}  b {{- .metadata.name -}} c", "abwebc"),
        ("{{range .spec.containers}}{{if eq .name \"side\"}}{{break}}{{end}}{{.name}}{{end}}", "app"),
        ("{{define \"x\"}}<{{.}}>{{end}}{{template \"x\" .metadata.name}}", "<web>"),
        ("{{.metadata.labels}}", "map[app:nginx app.kubernetes.io/part:x]"),
    ] {
        assert_eq!(printed(template), text, "{template}");
    }
}

#[test]
fn functions() {
    for (template, text) in [
        ("{{index .metadata.labels \"app.kubernetes.io/part\"}}", "x"),
        ("{{(index .spec.containers 1).name}}", "side"),
        ("{{.spec.containers | len | printf \"%03d\"}}", "002"),
        ("{{printf \"%-6s|%5d|%q|%v\" .metadata.name .spec.replicas \"a\" true}}", "web   |    3|\"a\"|true"),
        ("{{printf \"%d\" .spec.replicas}}", "3"),
        ("{{if gt .spec.replicas 2}}many{{end}}", "many"),
        ("{{print 1 2 \"x\" 3}}", "1 2x3"),
        ("{{and .metadata.name .nope}}/{{or .nope \"y\"}}/{{not .nope}}", "<no value>/y/true"),
        ("{{base64decode \"aGVsbG8=\"}}", "hello"),
        ("{{exists .metadata \"name\"}} {{exists .metadata \"nope\"}}", "true false"),
        ("{{slice \"abcdef\" 1 3}}", "bc"),
        ("{{html \"<a>\"}}", "&lt;a&gt;"),
    ] {
        assert_eq!(printed(template), text, "{template}");
    }
}

#[test]
fn errors_read_as_gos() {
    for (template, text) in [
        ("{{.spec", "? template: output:1: unclosed action"),
        ("{{foo}}", "? template: output:1: function \"foo\" not defined"),
        ("{{range .a}}", "? template: output:1: unexpected EOF"),
        ("{{end}}", "? template: output:1: unexpected {{end}}"),
        ("{{$x}}", "? template: output:1: undefined variable \"$x\""),
        ("{{.a-b}}", "? template: output:1: bad character U+002D '-'"),
        (
            "x{{.metadata.name.y}}",
            "x! template: output:1:12: executing \"output\" at <.metadata.name.y>: can't evaluate field y in type interface {}",
        ),
        (
            "{{eq .spec.replicas \"3\"}}",
            "! template: output:1:2: executing \"output\" at <eq .spec.replicas \"3\">: error calling eq: incompatible types for comparison",
        ),
        (
            "{{index .spec.containers 7}}",
            "! template: output:1:2: executing \"output\" at <index .spec.containers 7>: error calling index: index out of range: 7",
        ),
        (
            "{{range .metadata.name}}{{end}}",
            "! template: output:1:8: executing \"output\" at <.metadata.name>: range can't iterate over web",
        ),
    ] {
        assert_eq!(printed(template), text, "{template}");
    }
}
