use super::*;
use crate::value::Value;
use crate::value::json::{MAX_DEPTH, to_compact_plain};
use crate::{list, map};

fn value(text: &str) -> Value {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).value
}

fn json(text: &str) -> String {
    to_compact_plain(&value(text))
}

fn complaint(text: &str) -> String {
    match parse(text) {
        Ok(document) => panic!("{text} was read as {}", to_compact_plain(&document.value)),
        Err(error) => error.to_string(),
    }
}

/// What kubectl would print of a file: its documents as JSON, then the error.
fn file(text: &str) -> Vec<String> {
    let told = documents(text).into_iter().map(|read| match read {
        Ok(document) => to_compact_plain(&document.value),
        Err(error) => error.of_file(),
    });
    told.collect()
}

#[test]
fn words_mean_what_they_meant_in_yaml_1_1() {
    assert_eq!(
        json("[yes, Off, y, yES, 0644, 0o17, 0x1F, 0b11, -0b11, 1_000, 089, 08.5, 1e1, 3.0, .5, .3_6, 1e, ~, nULL]"),
        r#"[true,false,true,"yES",420,15,31,3,-3,1000,89,8.5,10,3,0.5,0.36,"1e",null,"nULL"]"#
    );
    assert_eq!(
        json("[2001-01-01, 12:30:45, 18446744073709551616, 9223372036854775807, 1e400, <<, .]"),
        r#"["2001-01-01","12:30:45",18446744073709552000,9223372036854775807,"1e400","<<","."]"#
    );
    assert_eq!(
        json("[!custom x, !!str 12, !!int \"12\", !!float 3, ! 12, !!binary aGVsbG8=]".replace(',', " ,").as_str()),
        r#"["x","12",12,3,"12","hello"]"#
    );
    assert_eq!(json("{on: 1, 1.5: 2, 0x10: 3, 2001-01-01: 4}"), r#"{"1.5":2,"16":3,"2001-01-01":4,"true":1}"#);
}

#[test]
fn merged_keys_win_over_keys_before_and_lose_to_keys_after() {
    let text = "base: &b {x: 1, z: 2}\nweb:\n  x: 0\n  <<: *b\n  z: 3\n";
    assert_eq!(json(text), r#"{"base":{"x":1,"z":2},"web":{"x":1,"z":3}}"#);
    assert_eq!(json("a: 1\n<<: [{a: 2, b: 3}, {a: 4, c: 5}]"), r#"{"a":2,"b":3,"c":5}"#);
    assert_eq!(json("a: 1\na: 2\n"), r#"{"a":2}"#);
}

#[test]
fn complaints_have_the_words_and_lines_of_the_real_parser() {
    for (text, says) in [
        ("a: 'x\nb: y\nc: 'z'\n", "yaml: line 2: did not find expected key"),
        ("a: [b, c\nd: e\n", "yaml: line 1: did not find expected ',' or ']'"),
        ("a: {b: c]\n", "yaml: did not find expected ',' or '}'"),
        ("a: b\n\tc: d\n", "yaml: line 2: found a tab character that violates indentation"),
        ("a:\n\tb: c\n", "yaml: line 2: found character that cannot start any token"),
        ("a: b\nc\nd: e\n", "yaml: line 3: could not find expected ':'"),
        ("a: b: c\n", "yaml: mapping values are not allowed in this context"),
        ("a: - b\n", "yaml: block sequence entries are not allowed in this context"),
        ("a:\n  - b\n c\n", "yaml: line 2: did not find expected key"),
        ("a: |\n\tb\n", "yaml: line 2: found a tab character where an indentation space is expected"),
        ("a: *b\n", "yaml: unknown anchor 'b' referenced"),
        ("a: &b [*b]\n", "yaml: anchor 'b' value contains itself"),
        ("a: \"\\q\"\n", "yaml: found unknown escape character"),
        ("a: \"x\n", "yaml: line 2: found unexpected end of stream"),
        ("a: @x\n", "yaml: found character that cannot start any token"),
        ("a: b\n[]: x\n", "yaml: line 1: did not find expected key"),
        (
            "a: {{ .Values.x }}\n",
            "yaml: invalid map key: map[interface {}]interface {}{\".Values.x\":interface {}(nil)}",
        ),
        ("a: !!int b\n", "yaml: cannot decode !!str `b` as a !!int"),
        ("<<: 1\n", "yaml: map merge requires map or sequence of maps as the value"),
        ("a: \u{1}\n", "yaml: control characters are not allowed"),
        ("a: .inf\n", "json: unsupported value: +Inf"),
        ("~: x\n", "unsupported map key of type: %!s(<nil>), key: <nil>, value: \"x\""),
    ] {
        assert_eq!(complaint(text), says, "{text}");
    }
}

#[test]
fn an_error_also_knows_the_true_place() {
    let error = documents("a: b\n---\nc: d\ne: [f\n").pop().and_then(Result::err).expect("an error");
    assert_eq!(error.line, Some(2));
    assert_eq!(error.place, Place { line: 5, column: 1 });
}

#[test]
fn documents_are_cut_at_lines_that_begin_with_dashes() {
    assert_eq!(file("---\na: 1\n---\n# nothing\n---\n\n--- # more\nb: 2\n"), [r#"{"a":1}"#, r#"{"b":2}"#]);
    assert_eq!(file(""), [""; 0]);
    assert_eq!(file("# only this\n"), [""; 0]);
    assert_eq!(
        file("a: 1\n---\nb: 2\n---\n: : [\n"),
        [r#"{"a":1}"#, r#"{"b":2}"#, "error converting YAML to JSON: yaml: did not find expected key"]
    );
    // The document before a bad separator is lost with it.
    assert_eq!(file("a: 1\n--- b\n"), ["invalid Yaml document separator: b"]);
    assert_eq!(file("a: |\n  x"), [r#"{"a":"x\n"}"#]);
}

#[test]
fn a_file_with_a_brace_is_tried_as_json_first() {
    assert_eq!(file("{\"a\":1}\n{\"b\":2}\n"), [r#"{"a":1}"#, r#"{"b":2}"#]);
    assert_eq!(file("{'a': [1,],}\n"), [r#"{"a":[1]}"#]);
    assert_eq!(file("{\"a\":1}\n---\nb: 2\n"), [r#"{"a":1}"#, r#"{"b":2}"#]);
    // With fewer than four bytes left, YAML is not tried any more.
    assert_eq!(file("{'a': 1}\n"), [r#"{"a":1}"#]);
    assert_eq!(
        file("{\"a\":1} x\n"),
        [r#"{"a":1}"#, "json: offset 9: invalid character 'x' looking for beginning of value"]
    );
    assert_eq!(file("{\"a\":"), ["unexpected EOF"]);
    assert_eq!(file("{\"a\" 1"), ["json: offset 6: invalid character '1' after object key"]);
}

#[test]
fn fields_are_found_where_they_stand() {
    let text =
        "---\na: 1\n---\nspec:\n  items:\n  - name: x\n    labels: {app.io/name: y}\n  - &n\n    name: z\n  more: *n\n";
    let positions = documents(text).pop().and_then(Result::ok).expect("two documents").positions;
    let at = |path: &str| positions.find(path).map(|spot| (spot.key.line, spot.key.column, spot.value.column));
    assert_eq!(at("spec"), Some((4, 1, 3)));
    assert_eq!(at("spec.items[0].name"), Some((6, 5, 11)));
    assert_eq!(at("spec.items[0].labels[app.io/name]"), Some((7, 14, 27)));
    assert_eq!(at("spec.items[0].labels.app.io/name"), Some((7, 14, 27)));
    assert_eq!(at("spec.items[1].name"), Some((9, 5, 11)));
    assert_eq!(at("spec.items[2]"), None);
    assert_eq!(at("spec.more.name"), None);
    assert_eq!(positions.nearest("spec.more.name").key, Place { line: 10, column: 3 });
    assert_eq!(positions.nearest("spec.items[0].image").value, Place { line: 6, column: 5 });
    assert_eq!(positions.path_at(Place { line: 6, column: 9 }), "spec.items[0].name");
    assert_eq!(positions.path_at(Place { line: 7, column: 20 }), "spec.items[0].labels[app.io/name]");
}

#[test]
fn what_is_written_is_what_kubectl_writes() {
    for text in [
        "a: {}\nb: []\nc: null\nd:\n- - 1\n  - x: w\n    z: true\n- e: \"1\"\n",
        "a: \"yes\"\nb: 'x: y'\nc: \"\"\nd: '- a'\ne: \"2001-01-01\"\nf: \"12:30\"\ng: -a\nh: '@x'\ni: <<\n",
        "a: |\n  b\n   c\n\n  d\ne: |-\n  x\n  y\nf: |+\n  x\n\ng: |2\n   x\nh: \"x \\ny\"\ni: \"\\tx\"\n",
        "a: 1e+21\nb: 0.5\nc: 1e-05\nd: 1.2345675e+06\n",
        "a2: 1\na10: 1\na.b: 1\nA: 1\n",
        "? |-\n  a\n  b\n: - 1\n",
        "a: \"\\U0001F600\\e\\x01\"\nb: é\n",
    ] {
        let sorted = emit(&value(text));
        assert_eq!(emit(&value(&sorted)), sorted);
        if !text.starts_with("a2") {
            assert_eq!(sorted, text);
        }
    }
    assert_eq!(emit(&map! { "a10" => 1, "a2" => 1, "a.b" => 1, "A" => 1 }), "A: 1\na.b: 1\na2: 1\na10: 1\n");
    assert_eq!(emit_documents([&map! { "a" => 1 }, &list![1, "x"]]), "a: 1\n---\n- 1\n- x\n");
}

#[test]
fn long_lines_are_folded_at_blanks() {
    let word = "0123456789";
    let text = [word; 9].join(" ");
    let folded = format!("a: {}\n  {word}\n", [word; 8].join(" "));
    assert_eq!(emit(&map! { "a" => text.clone() }), folded);
    let quoted = format!("a: '{}:\n  {word}'\n", [word; 8].join(" "));
    assert_eq!(emit(&map! { "a" => format!("{}: {word}", [word; 8].join(" ")) }), quoted);
    // A key is never folded.
    assert_eq!(emit(&map! { "x" => map! {} }), "x: {}\n");
    assert_eq!(value(&folded), map! { "a" => text });
}

/// A small generator of its own, so that a failure can be repeated by its seed.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn text(&mut self) -> String {
        const LETTERS: &str = "ab  \t\n\n:#-'\"[]{}&*!|>%@`,?=~019.eEx_+TZ\r\u{85}\u{2028}é日😀\u{1}\u{feff}\\yn";
        let longest = [3, 8, 200][self.below(3) as usize];
        let letters: Vec<char> = LETTERS.chars().collect();
        let length = self.below(longest);
        (0..length).map(|_| letters[self.below(letters.len() as u64) as usize]).collect()
    }

    fn tree(&mut self, depth: u64) -> Value {
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => Value::Int(self.below(1000) as i64 - 500),
            3 => Value::Float(self.below(1_000_000) as f64 / 64.0 + 0.001),
            4 | 5 => Value::from(self.text()),
            6 | 7 => Value::list_of((0..self.below(4)).map(|_| self.tree(depth - 1)).collect()),
            _ => {
                let pairs = (0..self.below(4)).map(|_| (self.text(), self.tree(depth - 1)));
                Value::from(pairs.collect::<crate::value::Map>())
            }
        }
    }
}

#[test]
fn a_thousand_random_trees_survive_being_written_and_read() {
    for seed in 0..1000 {
        // A key `<<` would be read as a merge; a lone mark at the very end is the only other thing lost.
        let tree = map! { "t" => Draws(seed).tree(4) };
        let text = emit(&tree);
        assert_eq!(value(&text), tree, "seed {seed}:\n{text}");
        assert_eq!(crate::value::json::parse(&to_compact_plain(&tree)).expect("valid"), tree, "seed {seed}");
    }
}

#[test]
fn hostile_texts_are_refused_at_once() {
    for text in
        ["[".repeat(100_000), "{a: ".repeat(50_000), "- ".repeat(50_000), "? ".repeat(50_000), "[{".repeat(50_000)]
    {
        assert!(complaint(&text).contains("exceeded max depth"), "{}", complaint(&text));
    }
    let deep = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert_eq!(json(&deep), deep);
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let before = level - 1;
        bomb.push_str(&format!("a{level}: &a{level} [{}*a{before}]\n", format!("*a{before}, ").repeat(8)));
    }
    assert_eq!(complaint(&bomb), "yaml: document contains excessive aliasing");
    let mut chain = "a0: &a0 [x]\n".to_owned();
    for level in 1..2000 {
        chain.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert!(complaint(&chain).contains("exceeded max depth"));
    assert!(complaint(&"x".repeat(4 << 20)).contains("has more than"));
    // Many keys, many quotes, many open candidates: all in about the time it takes to read them.
    let many: String = (0..20_000).rev().map(|n| format!("k{n}: [a, {{b: c}}]\n")).collect();
    assert_eq!(value(&many).as_map().map(crate::value::Map::len), Some(20_000));
    assert!(parse(&"[a, ".repeat(200)).is_err());
    assert_eq!(json(&"\"".repeat(1 << 20)), "\"\"");
    assert!(parse(&"a: ".repeat(1 << 18)).is_err());
    assert!(parse(&format!("x: {}", "&a ".repeat(1 << 18))).is_err());
}
