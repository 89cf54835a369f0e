//! The program that drives a browser: begun for each page, and ended with it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// The driver's process; when it goes, whatever it started goes too, also after a failed test.
pub struct Driver {
    pub process: Child,
    /// The folder of its browser, which tells that browser from others too.
    pub profile: std::path::PathBuf,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = Command::new("pkill").arg("-9").arg("-f").arg(&self.profile).status();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// A driver's process and its port; none where another took the port away from it.
pub fn driver() -> Option<(Child, String)> {
    let mut process = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver can be started");
    let out = process.stdout.take().expect("chromedriver speaks");
    let mut lines = BufReader::new(out).lines();
    let named =
        |line: String| Some(line.split_once("started successfully on port ")?.1.trim_end_matches('.').to_owned());
    let port = lines.by_ref().map_while(Result::ok).find_map(named);
    std::thread::spawn(move || for _ in lines {});
    if port.is_none() {
        let _ = process.wait();
    }
    Some((process, port?))
}
