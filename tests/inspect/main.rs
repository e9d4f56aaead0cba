//! Files of strangers, looked at by the real child process and by the real scanner.
//!
//! Names carry the ids of the list in `docs/SECURITY.md` where there is one. What is refused is tested beside what is
//! allowed.

mod bounded;
mod clamd;
mod confined;
mod documents;
mod figures;
mod mutated;
mod pictures;
mod scanned;
mod types;

use std::path::PathBuf;

use harness::binary;
use inspect::{Asked, Fine, Inspector, Verdict};
use tempfile::TempDir;

/// What became of a file, with the folder its results lie in.
struct Looked {
    verdict: Verdict,
    folder: TempDir,
}

impl Looked {
    /// What may be kept; panics when it was refused.
    fn fine(&self) -> &Fine {
        match &self.verdict {
            Verdict::Fine(fine) => fine,
            Verdict::Refused(code) => panic!("refused: {code}"),
        }
    }

    /// The bytes that are kept instead of those that came.
    fn kept(&self) -> Vec<u8> {
        std::fs::read(self.fine().full.as_ref().expect("bytes of its own")).expect("readable")
    }

    /// Every byte that may be shown to anybody: the picture and its previews.
    fn shown(&self) -> Vec<u8> {
        let previews = self.fine().previews.iter().map(|preview| preview.path.clone());
        let paths: Vec<PathBuf> = self.fine().full.iter().cloned().chain(previews).collect();
        paths.iter().flat_map(|path| std::fs::read(path).expect("readable")).collect()
    }
}

fn inspector() -> Inspector {
    Inspector::new(binary(), 2)
}

/// Has the child look at a file.
async fn look(name: &str, declared: &str, bytes: &[u8]) -> Looked {
    look_by(&inspector(), name, declared, bytes).await.expect("a verdict")
}

async fn look_by(inspector: &Inspector, name: &str, declared: &str, bytes: &[u8]) -> kernel::Result<Looked> {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, results) = (folder.path().join("input"), folder.path().join("results"));
    std::fs::write(&input, bytes).expect("written");
    std::fs::create_dir(&results).expect("made");
    let verdict = inspector.inspect(Asked { input: &input, folder: &results, name, declared }).await?;
    Ok(Looked { verdict, folder })
}

/// The code a file is refused with; panics when it was not.
async fn refusal(name: &str, declared: &str, bytes: &[u8]) -> &'static str {
    match look(name, declared, bytes).await.verdict {
        Verdict::Refused(code) => code,
        Verdict::Fine(fine) => panic!("{name} ({declared}) was let in: {fine:?}"),
    }
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
