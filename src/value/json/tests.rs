use super::*;
use crate::{list, map};

fn complaint(text: &str) -> String {
    parse(text).expect_err(text).to_string()
}

#[test]
fn bad_json_is_complained_about_in_go_s_words() {
    for (text, says) in [
        ("{bad", "invalid character 'b' looking for beginning of object key string"),
        ("", "unexpected end of JSON input"),
        ("{\"a\":", "unexpected end of JSON input"),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        ("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair"),
        ("[1 2]", "invalid character '2' after array element"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
        ("tru3", "invalid character '3' in literal true (expecting 'e')"),
        ("1 x", "invalid character 'x' after top-level value"),
        ("01", "invalid character '1' after top-level value"),
        ("-x", "invalid character 'x' in numeric literal"),
        ("1.x", "invalid character 'x' after decimal point in numeric literal"),
        ("1ex", "invalid character 'x' in exponent of numeric literal"),
        ("\"\\q\"", "invalid character 'q' in string escape code"),
        ("\"\\u12x\"", "invalid character 'x' in \\u hexadecimal character escape"),
        ("\"a\nb\"", "invalid character '\\n' in string literal"),
        ("'a'", "invalid character '\\'' looking for beginning of value"),
    ] {
        assert_eq!(complaint(text), says, "{text}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    assert_eq!(complaint(&"[".repeat(100_000)), "invalid character '[' exceeded max depth");
    assert_eq!(complaint(&"{\"a\":".repeat(100_000)), "invalid character '{' exceeded max depth");
    let deep = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert_eq!(to_compact(&parse(&deep).expect("as deep as allowed")), deep);
}

#[test]
fn the_last_of_doubled_keys_counts_and_keys_are_sorted() {
    let tree = parse(r#"{"b":1,"a":2,"b":{"c":[]}}"#).expect("valid");
    assert_eq!(tree, map! { "a" => 2, "b" => map! { "c" => list![] } });
    assert_eq!(to_compact(&tree), r#"{"a":2,"b":{"c":[]}}"#);
}

#[test]
fn a_hundred_thousand_keys_in_reverse_order_are_read_at_once() {
    let pairs: Vec<String> = (0..100_000).rev().map(|n| format!("\"{n:06}\":{n}")).collect();
    let text = format!("{{{}}}", pairs.join(","));
    let tree = parse(&text).expect("valid");
    assert_eq!(tree.get("000007").and_then(Value::as_i64), Some(7));
}

#[test]
fn texts_are_escaped_as_go_escapes_them() {
    let tree = map! { "a" => "<a&b>\u{2028}\u{1}\u{8}\u{c}\n\"\\é😀\u{7f}" };
    assert_eq!(to_compact(&tree), "{\"a\":\"\\u003ca\\u0026b\\u003e\\u2028\\u0001\\b\\f\\n\\\"\\\\é😀\u{7f}\"}");
    assert_eq!(to_compact_plain(&map! { "a" => "<&>" }), r#"{"a":"<&>"}"#);
    assert_eq!(parse(&to_compact(&tree)).expect("valid"), tree);
    assert_eq!(parse(r#""\ud83d\ude00 \ud83d \u0041""#).expect("valid"), Value::from("😀 \u{FFFD} A"));
}

#[test]
fn pretty_json_has_four_spaces_a_level() {
    let tree = map! { "a" => list![1, map! {}], "b" => list![] };
    assert_eq!(to_pretty(&tree), "{\n    \"a\": [\n        1,\n        {}\n    ],\n    \"b\": []\n}");
}

#[test]
fn numbers_are_spelled_as_go_spells_them() {
    for (text, json, yaml) in [
        ("1.0", "1", "1"),
        ("-0.0", "0", "0"),
        ("1e1", "10", "10"),
        ("4611686018427387904.0", "4611686018427388000", "4611686018427388000"),
        ("9223372036854775808", "9223372036854776000", "9.223372036854776e+18"),
        ("1e21", "1e+21", "1e+21"),
        ("1e-7", "1e-7", "1e-07"),
        ("0.00001", "0.00001", "1e-05"),
        ("0.000125", "0.000125", "0.000125"),
        ("123456.5", "123456.5", "123456.5"),
        ("1234567.5", "1234567.5", "1.2345675e+06"),
        ("-2.5", "-2.5", "-2.5"),
    ] {
        let tree = parse(text).expect(text);
        assert_eq!(to_compact(&tree), json, "{text}");
        if let Value::Float(number) = tree {
            assert_eq!(general(&format!("{number:e}")), yaml, "{text}");
        }
    }
    assert_eq!(parse("9223372036854775807").expect("valid"), Value::Int(i64::MAX));
}
