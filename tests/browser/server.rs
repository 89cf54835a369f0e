//! A file server for the built page, and another origin that frames it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a server answers with.
pub enum Content {
    /// The files of a folder.
    Folder(PathBuf),
    /// The same from a server that lets no other origin read them.
    Closed(PathBuf),
    /// The files of a folder while the switch is on; no answer at all while it is off.
    Switched(PathBuf, Arc<AtomicBool>),
    /// The files of a folder; those whose names are in the list are answered when they are taken out of it.
    Withheld(PathBuf, Arc<Mutex<Vec<String>>>),
    /// One page for every address.
    Page(String),
}

/// Serves on a free port of this machine until the process ends; answers its origin.
pub fn serve(content: Content) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let origin = format!("http://{}", listener.local_addr().expect("it has an address"));
    let content = Arc::new(content);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let content = content.clone();
            std::thread::spawn(move || answer(stream, &content));
        }
    });
    origin
}

fn answer(mut stream: TcpStream, content: &Content) {
    let mut request = [0; 8192];
    let Ok(length) = stream.read(&mut request) else { return };
    let text = String::from_utf8_lossy(&request[..length]).into_owned();
    let path = text.split(' ').nth(1).unwrap_or("/");
    let path = path.split(['?', '#']).next().unwrap_or("/");
    if matches!(content, Content::Switched(_, on) if !on.load(Ordering::Relaxed)) {
        return;
    }
    if let Content::Withheld(_, names) = content {
        while names.lock().is_ok_and(|names| names.iter().any(|name| path.ends_with(name.as_str()))) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    let (status, kind, body) = match content {
        Content::Page(page) => ("200 OK", "text/html", page.clone().into_bytes()),
        Content::Folder(folder)
        | Content::Closed(folder)
        | Content::Switched(folder, _)
        | Content::Withheld(folder, _) => file(folder, path),
    };
    // A sandboxed frame has no origin of its own, so its fetches need this header.
    let open = if matches!(content, Content::Closed(_)) { "" } else { "Access-Control-Allow-Origin: *\r\n" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{open}Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

fn file(folder: &Path, path: &str) -> (&'static str, &'static str, Vec<u8>) {
    let name = path.trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    };
    match std::fs::read(folder.join(name)) {
        Ok(body) if !name.contains("..") => ("200 OK", kind, body),
        _ => ("404 Not Found", "text/plain", b"not found".to_vec()),
    }
}
