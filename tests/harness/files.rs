//! Files people send, and files nobody should: all made here, none is kept in the repository.
//!
//! Hostile ones say in their doc comment what they are after.

mod documents;
mod hostile;
mod pictures;
mod recordings;

pub use documents::{csv, csv_with_secret, doc, docx, docx_with_macro, log, office, pdf, pptx, text, xls, xlsx, zip};
pub use hostile::{
    archive_entry, bomb_within, directory_of, eicar, eicar_docx, gif_flood, gif_js, jpeg_zip, lying_bomb_docx,
    pdf_html, pdf_zip, pixel_flood_gif, pixel_flood_jpeg, pixel_flood_png, pixel_flood_webp, svg_disguises,
    zip_bomb_docx,
};
pub use pictures::{
    SECRET_PLACE, gif, jpeg, jpeg_with_gps, noise, png, png_see_through, png_with_words, webp, webp_see_through,
};
pub use recordings::{aac, amr, m4a, mp3, mp4, ogg, three_gp, webm};

/// A file as somebody sends it: name, declared type, bytes.
pub type Sent = (&'static str, &'static str, Vec<u8>);

/// One ordinary file of every format, as a browser declares it.
pub fn ordinary() -> Vec<Sent> {
    vec![
        ("photo.jpg", "image/jpeg", jpeg(120, 80)),
        ("photo.JPEG", "image/jpeg", jpeg(80, 120)),
        ("screen.png", "image/png", png(200, 100)),
        ("sticker.webp", "image/webp", webp_see_through(64, 64)),
        ("wave.gif", "image/gif", gif(3)),
        ("order.pdf", "application/pdf", pdf()),
        ("notes.txt", "text/plain", text()),
        ("list.csv", "text/csv", csv()),
        ("server.log", "", log()),
        ("letter.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx()),
        ("table.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx()),
        ("talk.pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", pptx()),
        ("song.mp3", "audio/mpeg", mp3()),
        ("memo.m4a", "audio/x-m4a", m4a()),
        ("voice.ogg", "audio/ogg", ogg()),
        ("speech.aac", "audio/aac", aac()),
        ("speech.amr", "audio/amr", amr()),
        ("clip.mp4", "video/mp4", mp4()),
        ("phone.3gp", "video/3gpp", three_gp()),
        ("screen.webm", "video/webm", webm()),
        ("old.doc", "application/msword", doc()),
        ("old.xls", "application/vnd.ms-excel", xls()),
    ]
}
