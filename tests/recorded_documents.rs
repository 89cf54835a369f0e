//! What a real kubectl printed as YAML or JSON is read and written again, byte for byte.

use playground::value::{Value, json, yaml};
use std::path::Path;

fn recorded_outputs(format: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut found = Vec::new();
    for scenario in std::fs::read_dir(folder).expect("the recordings are there").flatten() {
        let Ok(transcript) = std::fs::read_to_string(scenario.path().join("transcript.jsonl")) else {
            continue;
        };
        for line in transcript.lines() {
            let step = json::parse(line).expect("every line of a transcript is JSON");
            let output = step.at(&["stdout"]).str_or_empty();
            let words: Vec<&str> = step.at(&["argv"]).items().iter().filter_map(Value::as_str).collect();
            // The last `-o` counts.
            let asked = words.windows(2).rfind(|pair| pair[0] == "-o").is_some_and(|pair| pair[1] == format);
            // The versions of kubectl itself are printed by other means.
            if asked && !output.is_empty() && words.first() != Some(&"version") {
                let name = scenario.file_name().to_string_lossy().into_owned();
                found.push((format!("{name}: kubectl {}", words.join(" ")), output.to_owned()));
            }
        }
    }
    found
}

#[test]
fn recorded_yaml_is_written_as_it_was_printed() {
    let outputs = recorded_outputs("yaml");
    assert!(!outputs.is_empty());
    for (command, output) in outputs {
        let documents: Vec<Value> = yaml::documents(&output)
            .into_iter()
            .map(|read| read.unwrap_or_else(|error| panic!("{command}: {error}")).value)
            .collect();
        assert_eq!(yaml::emit_documents(&documents), output, "{command}");
    }
}

#[test]
fn recorded_json_is_written_as_it_was_printed() {
    for (command, output) in recorded_outputs("json") {
        let tree = json::parse(&output).unwrap_or_else(|error| panic!("{command}: {error}"));
        let narrow = output.starts_with("{\n  \"");
        let written = if narrow { json::to_pretty_narrow(&tree) } else { json::to_pretty(&tree) };
        assert_eq!(written + "\n", output, "{command}");
    }
}

#[test]
fn a_lab_file_knows_where_its_fields_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/01-lab-18/manifests");
    let mut files = 0;
    for file in std::fs::read_dir(path).expect("the lab has files").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a file can be read");
        for document in yaml::documents(&text) {
            let document = document.unwrap_or_else(|error| panic!("{}: {error}", file.path().display()));
            let kind = document.positions.find("kind").expect("every object has a kind");
            let line = text.lines().nth(kind.value.line - 1).expect("the line is there");
            let word = document.value.at(&["kind"]).str_or_empty();
            assert!(line[kind.value.column - 1..].trim_start_matches('"').starts_with(word), "{line}");
            files += 1;
        }
    }
    assert!(files > 0);
}
