//! The real scanner: the one `CLAMD_URL` names, or one of our own where the program is installed.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use harness::files;
use net::scan::{ScanConfig, Scanned, Scanner};

/// Its signature of the test file, as `sigtool --md5` writes it.
const SIGNATURE: &str = "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n";

/// A scanner, and what must live as long as it.
struct Real {
    scanner: Scanner,
    own: Option<Own>,
}

struct Own {
    child: Child,
    folder: tempfile::TempDir,
}
impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// None where there is no such program: `cargo xtask test` installs it.
async fn real() -> Option<Real> {
    if let Ok(url) = std::env::var("CLAMD_URL") {
        return Some(Real { scanner: scanner(url), own: None });
    }
    let program = ["/usr/sbin/clamd", "/usr/local/sbin/clamd", "/opt/homebrew/sbin/clamd"];
    let Some(program) = program.into_iter().find(|path| Path::new(path).is_file()) else {
        eprintln!("clamd is not installed: the real scanner was not asked");
        return None;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("clamd.ctl");
    let child = started(program, folder.path(), &socket);
    let own = Own { child, folder };
    let scanner = scanner(format!("clamd://{}", socket.display()));
    ready(&scanner).await;
    Some(Real { scanner, own: Some(own) })
}

fn started(program: &str, folder: &Path, socket: &Path) -> Child {
    std::fs::create_dir(folder.join("signatures")).expect("made");
    std::fs::write(folder.join("signatures/test.hdb"), SIGNATURE).expect("written");
    let settings = format!(
        "DatabaseDirectory {0}/signatures\nLocalSocket {1}\nTemporaryDirectory {0}\nForeground yes\nAlertExceedsMax yes\n\
         StreamMaxLength 30M\nMaxFileSize 26M\nMaxScanSize 60M\n",
        folder.display(),
        socket.display()
    );
    let file = folder.join("clamd.conf");
    std::fs::write(&file, settings).expect("written");
    let mut command = Command::new(program);
    command.arg("--config-file").arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("clamd starts")
}

fn scanner(url: String) -> Scanner {
    // the hand-made signatures have no date
    let config = ScanConfig { scan: url, scan_timeout_ms: 30_000, scan_signature_hours: 0 };
    Scanner::new(&config).expect("a scanner")
}

async fn ready(scanner: &Scanner) {
    let began = Instant::now();
    while let Scanned::Away(why) = scan(scanner, b"hello").await {
        assert!(began.elapsed() < Duration::from_secs(20), "clamd does not answer: {why}");
        tokio::task::yield_now().await;
    }
}

async fn scan(scanner: &Scanner, bytes: &[u8]) -> Scanned {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    scanner.scan(file.path()).await
}

#[tokio::test]
async fn the_real_scanner_finds_the_test_signature_raw_and_in_a_document() {
    let Some(real) = real().await else { return };
    for bytes in [files::eicar(), files::eicar_docx()] {
        let found = scan(&real.scanner, &bytes).await;
        assert!(matches!(&found, Scanned::Infected(name) if name.contains("Eicar-Test-Signature")), "{found:?}");
    }
    for bytes in [files::docx(), files::png(30, 30), b"hello".to_vec(), Vec::new()] {
        assert_eq!(scan(&real.scanner, &bytes).await, Scanned::Clean);
    }
}

#[tokio::test]
async fn what_the_real_scanner_does_not_look_at_is_too_large() {
    let Some(real) = real().await else { return };
    assert_eq!(scan(&real.scanner, &vec![0; 31 * 1024 * 1024]).await, Scanned::TooLarge, "more than it takes");
    assert_eq!(scan(&real.scanner, &vec![0; 28 * 1024 * 1024]).await, Scanned::TooLarge, "more than it looks at");
    assert_eq!(scan(&real.scanner, &vec![0; 25 * 1024 * 1024]).await, Scanned::Clean);
}

#[tokio::test]
async fn a_scanner_whose_signatures_have_no_date_is_not_believed_where_their_age_is_asked() {
    let Some(real) = real().await else { return };
    let Some(own) = &real.own else { return };
    let socket = own.folder.path().join("clamd.ctl");
    let config = ScanConfig { scan: format!("clamd://{}", socket.display()), ..ScanConfig::default() };
    let strict = Scanner::new(&config).expect("a scanner");
    assert!(matches!(scan(&strict, b"hello").await, Scanned::Away(_)));
}
