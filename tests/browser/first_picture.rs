//! The picture in index.html is the one the engine draws first, so that it takes over unseen.
//!
//! `FIRST_PICTURE_UPDATE=1` writes the engine's picture into index.html; build the page again after it.

use std::path::Path;

use super::page::{DESKTOP, Page};

/// An element's inside with the values of its fields as they stand in a file.
const PICTURE: &str = "const root = document.querySelector('#app').cloneNode(true); \
    const fields = document.querySelectorAll('#app textarea'); \
    root.querySelectorAll('textarea').forEach((field, nth) => { field.textContent = fields[nth].value; }); \
    root.querySelectorAll('[selected]').forEach(option => option.setAttribute('selected', '')); \
    return root.innerHTML;";

const BEGIN: &str = "<div id=\"app\">";
const END: &str = "<noscript>";

#[tokio::test]
async fn the_first_picture_is_the_one_the_engine_draws() {
    let page = Page::open("", DESKTOP).await;
    page.until_ready().await;
    let drawn = page.script(PICTURE, &[]).await.as_str().expect("the page has a picture").to_owned();
    page.close().await;

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("index.html");
    let text = std::fs::read_to_string(&file).expect("index.html can be read");
    let (head, rest) = text.split_once(BEGIN).expect("the picture begins");
    let (kept, tail) = rest.split_once(END).expect("the picture ends");
    let kept = kept.trim().trim_end_matches("</div>").trim_end();
    if std::env::var_os("FIRST_PICTURE_UPDATE").is_some() {
        let lines = drawn
            .replace("<section", "\n<section")
            .replace("<main", "\n<main")
            .replace("<header class=\"head\"", "\n<header class=\"head\"");
        std::fs::write(&file, format!("{head}{BEGIN}\n{lines}\n</div>\n{END}{tail}"))
            .expect("index.html can be written");
    } else {
        let flat = |html: &str| html.replace("\n<", "<").replace(">\n", ">").trim().to_owned();
        let (kept, drawn) = (flat(kept).replace("selected>", "selected=\"\">"), flat(&drawn));
        let same = kept.chars().zip(drawn.chars()).take_while(|(kept, drawn)| kept == drawn).count();
        let from = |text: &str| text.chars().skip(same.saturating_sub(60)).take(160).collect::<String>();
        assert!(
            kept == drawn,
            "index.html shows something else than the engine; FIRST_PICTURE_UPDATE=1 mends it\nfile:   {}\nengine: {}",
            from(&kept),
            from(&drawn)
        );
    }
}
