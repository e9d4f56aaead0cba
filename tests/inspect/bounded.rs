//! Whatever becomes of the child, there is a verdict, and the next file is looked at.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use harness::{binary, files};
use inspect::{Asked, Inspector, Limits, Verdict};

use crate::look_by;

const FAILED: Verdict = Verdict::Refused("checker_failed");

async fn verdict(inspector: &Inspector, name: &str, bytes: &[u8]) -> Verdict {
    look_by(inspector, name, "", bytes).await.expect("a verdict").verdict
}

#[tokio::test]
async fn a_child_out_of_memory_is_a_refused_file() {
    // enough to start and for a small picture, not for the pixels of a large one
    let limits = Limits { memory: 200 * 1024 * 1024, ..Limits::default() };
    let inspector = Inspector::with_limits(binary(), 1, limits);
    assert_eq!(verdict(&inspector, "a.png", &files::png(5_000, 4_900)).await, FAILED);
    assert!(matches!(verdict(&inspector, "a.png", &files::png(50, 50)).await, Verdict::Fine(_)), "the next is fine");
}

#[tokio::test]
async fn a_child_out_of_processor_time_is_a_refused_file() {
    let limits = Limits { cpu_seconds: 1, ..Limits::default() };
    let inspector = Inspector::with_limits(binary(), 1, limits);
    assert_eq!(verdict(&inspector, "a.gif", &files::gif_flood()).await, FAILED);
    assert!(matches!(verdict(&inspector, "a.png", &files::png(50, 50)).await, Verdict::Fine(_)), "the next is fine");
}

#[tokio::test]
async fn a_child_out_of_time_is_a_refused_file_and_gone() {
    let limits = Limits { wall: Duration::from_millis(1), ..Limits::default() };
    let inspector = Inspector::with_limits(binary(), 1, limits);
    let folder = Folder::new(&files::png(4_000, 4_000));
    assert_eq!(folder.asked_of(&inspector).await.expect("a verdict"), FAILED);
    assert_eq!(children_in(&folder.results), Vec::<String>::new(), "the child is gone when the verdict is there");
}

#[tokio::test]
async fn a_child_that_is_killed_is_a_refused_file() {
    let inspector = Inspector::new(binary(), 1);
    let folder = Folder::new(&files::png(5_000, 5_000));
    let (verdict, ()) = tokio::join!(folder.asked_of(&inspector), kill(&folder.results));
    assert_eq!(verdict.expect("a verdict"), FAILED);
    let next = Folder::new(&files::png(50, 50));
    assert!(matches!(next.asked_of(&inspector).await, Ok(Verdict::Fine(_))), "the next is fine");
}

async fn kill(folder: &Path) {
    let child = the_child(folder).await;
    let done = std::process::Command::new("kill").args(["-9", &child]).status().expect("kill runs");
    assert!(done.success());
}

#[tokio::test]
async fn whoever_stops_waiting_takes_the_child_along() {
    let inspector = Inspector::new(binary(), 1);
    let folder = Folder::new(&files::png(5_000, 5_000));
    tokio::select! {
        verdict = folder.asked_of(&inspector) => panic!("too quick to be dropped: {verdict:?}"),
        _ = the_child(&folder.results) => (),
    }
    let began = Instant::now();
    while !children_in(&folder.results).is_empty() {
        assert!(began.elapsed() < Duration::from_secs(10), "it is still there");
        tokio::task::yield_now().await;
    }
    let next = Folder::new(&files::png(50, 50));
    assert!(matches!(next.asked_of(&inspector).await, Ok(Verdict::Fine(_))), "its place is free again");
}

#[tokio::test]
async fn no_program_is_an_error_to_be_tried_again() {
    let inspector = Inspector::new(PathBuf::from("/nowhere/porchlight"), 1);
    let folder = Folder::new(&files::png(50, 50));
    assert!(folder.asked_of(&inspector).await.is_err());
    assert_eq!(folder.asked_of(&inspector).await.err().map(|error| error.code()), Some("internal"));
}

#[tokio::test]
async fn a_program_that_talks_nonsense_is_a_refused_file() {
    for program in ["/bin/true", "/bin/false", "/bin/echo", "/usr/bin/yes"] {
        let inspector = Inspector::new(PathBuf::from(program), 1);
        let folder = Folder::new(&files::png(50, 50));
        assert_eq!(folder.asked_of(&inspector).await.expect("a verdict"), FAILED, "{program}");
    }
}

#[tokio::test]
async fn what_a_child_claims_is_not_believed() {
    let size = r#"{"kind":"png","width":5,"height":5}"#;
    let claim = format!(r#"{{"fine":{{"full":{size},"small":{size},"large":{size},"secret":false}}}}"#);
    let write = |bytes: &str| format!("for f in full small large; do printf '{bytes}' > $f; done; echo '{claim}'");
    let png = r"\211PNG\r\n\032\n0123456789";
    let huge = write(png).replace(r#""width":5"#, r#""width":500000"#);
    for (what, script) in [
        ("no file", format!("echo '{claim}'")),
        ("a script instead of a picture", write("<script>alert(1)</script>")),
        ("a link to somebody's file", format!("for f in full small large; do ln -s /bin/sh $f; done; echo '{claim}'")),
        ("sides beyond ours", huge),
        ("a reason nobody knows", r#"echo '{"refused":"<script>"}'"#.to_owned()),
        ("more than the line", format!("echo '{}'", claim.replace("\"secret\"", "\"name\":\"x\",\"secret\""))),
        ("a picture, and then it fails", format!("{}; exit 1", write(png))),
    ] {
        assert_eq!(by_script(&script).await, FAILED, "{what}");
    }
    assert!(matches!(by_script(&write(png)).await, Verdict::Fine(_)), "else this would prove nothing");
}

#[tokio::test]
async fn the_child_is_told_nothing_about_the_person() {
    let script = r#"tr '\0' ' ' < /proc/self/environ > full; echo "$@" >> full; exit 1"#;
    let folder = tempfile::tempdir().expect("a folder");
    let inspector = Inspector::new(scripted(folder.path(), script), 1);
    let looked = look_by(&inspector, "Anna Berg.png", "image/png", &files::png(9, 9)).await.expect("a verdict");
    let told = std::fs::read_to_string(looked.folder.path().join("results/full")).expect("written");
    assert!(!told.contains("Anna") && !told.contains("HOME=") && !told.contains("CARGO"), "{told}");
    assert!(told.contains("inspect png"), "{told}");
}

async fn by_script(script: &str) -> Verdict {
    let folder = tempfile::tempdir().expect("a folder");
    let inspector = Inspector::new(scripted(folder.path(), script), 1);
    Folder::new(&files::png(9, 9)).asked_of(&inspector).await.expect("a verdict")
}

fn scripted(folder: &Path, script: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let program = folder.join("program");
    std::fs::write(&program, format!("#!/bin/sh\ncat > /dev/null\n{script}\n")).expect("written");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).expect("made a program");
    program
}

/// A picture in a folder whose path stays known while it is looked at.
struct Folder {
    _all: tempfile::TempDir,
    input: PathBuf,
    results: PathBuf,
}

impl Folder {
    fn new(bytes: &[u8]) -> Self {
        let all = tempfile::tempdir().expect("a folder");
        let (input, results) = (all.path().join("input"), all.path().join("results"));
        std::fs::write(&input, bytes).expect("written");
        std::fs::create_dir(&results).expect("made");
        Self { _all: all, input, results }
    }

    async fn asked_of(&self, inspector: &Inspector) -> kernel::Result<Verdict> {
        let asked = Asked { input: &self.input, folder: &self.results, name: "a.png", declared: "" };
        inspector.inspect(asked).await
    }
}

/// Ids of processes that work in this folder.
fn children_in(folder: &Path) -> Vec<String> {
    let folder = folder.canonicalize().expect("there");
    let all = std::fs::read_dir("/proc").expect("a list").flatten();
    all.filter(|process| std::fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd == folder))
        .filter_map(|process| process.file_name().into_string().ok())
        .collect()
}

async fn the_child(folder: &Path) -> String {
    let began = Instant::now();
    loop {
        if let Some(child) = children_in(folder).into_iter().next() {
            return child;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "no child was started");
        tokio::task::yield_now().await;
    }
}
