//! A file for each lesson that tells other sites how to show it in their pages (oEmbed): `oembed/NAME.json`.

use std::fs;
use std::path::Path;

use playground::ui::model::LESSONS;

/// Writes them into the folder that holds the built page; `home` is where that is going to be served.
pub fn write(dist: &Path, home: &str) -> Result<(), String> {
    let folder = dist.join("oembed");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    for (name, title, _) in LESSONS {
        fs::write(folder.join(format!("{name}.json")), card(home, name, title)).map_err(failed)?;
    }
    println!("{}: {} lessons", folder.display(), LESSONS.len());
    Ok(())
}

fn card(home: &str, name: &str, title: &str) -> String {
    let home = home.trim_end_matches('/');
    format!(
        "{{\"version\":\"1.0\",\"type\":\"rich\",\"provider_name\":\"StatefulSet Playground\",\"provider_url\":\"{home}/\",\
         \"title\":\"{title}\",\"width\":960,\"height\":640,\"html\":\"<iframe src=\\\"{home}/?embed=1&amp;lesson={name}\\\" \
         title=\\\"{title}\\\" width=\\\"960\\\" height=\\\"640\\\" style=\\\"border:0\\\" loading=\\\"lazy\\\" \
         allow=\\\"fullscreen; clipboard-write\\\" sandbox=\\\"allow-scripts allow-popups allow-downloads\\\"></iframe>\"}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground::value::json;

    #[test]
    fn a_card_is_json_whose_frame_shows_the_lesson() {
        let card = card("https://example.org/playground/", "order", "One by one, or all at once");
        let card = json::parse(&card).ok().unwrap();
        let html = card.get("html").and_then(|html| html.as_str()).unwrap_or_default();
        assert!(html.starts_with("<iframe src=\"https://example.org/playground/?embed=1&amp;lesson=order\""), "{html}");
    }
}
