//! `cargo serve`: installs what building the page needs, by version and only where it is missing, then serves it.
//! `cargo tools` only installs. `cargo single` puts the built page into one file; `cargo oembed ADDRESS` writes a card for
//! each lesson.

mod oembed;
mod single;
mod tidy;

use std::process::{Command, ExitCode};

/// The version of Trunk that the page is built with.
const TRUNK: &str = "0.21.14";
/// The lock file says which wasm-bindgen the page is compiled against; the command must be the very same.
const LOCK: &str = include_str!("../../../Cargo.lock");

/// What cuts the page's WebAssembly into parts: a program of its own, so that nobody else waits for what it is made of.
const PARTS: &[&str] = &["run", "--quiet", "--no-default-features", "--features", "parts", "--bin", "parts", "--"];

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = match words.split_first() {
        Some((task, rest)) => (task.as_str(), rest),
        None => ("", &[][..]),
    };
    let result = match task {
        "tools" => install_tools(),
        "serve" => install_tools().and_then(|()| serve(rest)),
        "single" => single::write(std::path::Path::new("dist")),
        // Trunk asks for this (Trunk.toml), and only a release is tidied and cut into parts.
        "tidy" => match (std::env::var("TRUNK_PROFILE"), std::env::var("TRUNK_STAGING_DIR")) {
            (Ok(profile), Ok(folder)) if profile == "release" => tidy::write(std::path::Path::new(&folder))
                .and_then(|()| run("cargo", &[PARTS, &["split", &folder]].concat())),
            _ => Ok(()),
        },
        "oembed" => match rest {
            [home] => oembed::write(std::path::Path::new("dist"), home),
            _ => Err("usage: cargo oembed ADDRESS: where the page is going to be served".into()),
        },
        _ => Err("usage: cargo serve [TRUNK OPTIONS] | cargo tools | cargo single | cargo oembed ADDRESS".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn install_tools() -> Result<(), String> {
    let bindgen = locked_version("wasm-bindgen").ok_or("Cargo.lock names no wasm-bindgen")?;
    // A target that is there already costs nothing; without rustup, the compiler will say what is missing.
    let _ = run("rustup", &["target", "add", "wasm32-unknown-unknown"]);
    install("trunk", TRUNK, &["--locked"], "about eight minutes on two cores")?;
    install("wasm-bindgen-cli", &bindgen, &[], "about three minutes on two cores")
}

/// Installs a command unless exactly this version of it is there.
fn install(package: &str, version: &str, flags: &[&str], how_long: &str) -> Result<(), String> {
    let command = package.trim_end_matches("-cli");
    let installed = Command::new(command)
        .arg("--version")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == version));
    if installed {
        return Ok(());
    }
    eprintln!("Installing {package} {version} (once, {how_long})");
    let mut words = vec!["install", package, "--version", version];
    words.extend(flags);
    run("cargo", &words)
}

fn serve(options: &[String]) -> Result<(), String> {
    let mut words = vec!["serve"];
    words.extend(options.iter().map(String::as_str));
    run("trunk", &words)
}

fn run(command: &str, words: &[&str]) -> Result<(), String> {
    let status = Command::new(command)
        .args(words)
        // Trunk reads NO_COLOR as its own flag and refuses `1`.
        .env_remove("NO_COLOR")
        .status()
        .map_err(|error| format!("{command}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command} {} failed: {status}", words.join(" "))) }
}

/// The version of a package in Cargo.lock.
fn locked_version(package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = LOCK.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}
