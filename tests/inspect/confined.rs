//! What the child may not do, tried from inside it.

use std::fs::File;
use std::io::Read;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use harness::{binary, files};
use inspect::{Shape, judge};

/// Things whoever takes over the child would want to do, and whether each worked.
fn tries(address: std::net::SocketAddr, file: std::path::PathBuf) -> Vec<(&'static str, bool)> {
    let other = file.with_extension("other");
    vec![
        ("connect", TcpStream::connect(address).is_ok()),
        ("listen", TcpListener::bind("127.0.0.1:0").is_ok()),
        ("send a datagram", UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("make a socket file", UnixListener::bind(file.with_extension("sock")).is_ok()),
        ("start a program", Command::new("/bin/true").status().is_ok()),
        ("start a thread", std::thread::Builder::new().spawn(|| ()).is_ok_and(|thread| thread.join().is_ok())),
        ("open a file", File::open(&file).is_ok()),
        ("write a file", std::fs::write(&other, b"x").is_ok()),
        ("rename a file", std::fs::rename(&other, &file).is_ok()),
        ("list a folder", std::fs::read_dir("/proc").is_ok()),
        ("delete a file", std::fs::remove_file(&file).is_ok()),
    ]
}

/// The filter holds for the thread that asks for it, so it can be tried here without a program of its own.
#[test]
fn nothing_can_be_opened_reached_or_started() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, b"x").expect("written");
    let free = tries(address, file.clone());
    assert!(free.iter().all(|(_, worked)| *worked), "without the filter everything works: {free:?}");
    std::fs::write(&file, b"x").expect("written");
    let mut open = File::open(&file).expect("opened before");
    let picture = files::png(300, 200);
    let forbidden = std::thread::spawn(move || {
        inspect::forbid().expect("forbidden");
        let tried = tries(address, file);
        let mut read = Vec::new();
        let reads = open.read_to_end(&mut read).is_ok() && read == b"x";
        (tried, reads, judge(Shape::Png, &picture).is_ok())
    });
    let (tried, reads, works) = forbidden.join().expect("the thread lives");
    assert!(tried.iter().all(|(_, worked)| !worked), "with it nothing does: {tried:?}");
    assert!(reads && works, "but what is open is read, and pictures are made");
}

/// The child, waiting for bytes that do not come.
struct Waiting(Child);
impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_child_has_bound_itself_before_it_reads_a_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(binary());
    command.args(["inspect", "png", "536870912", "10"]).current_dir(folder.path());
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = Waiting(command.spawn().expect("started"));
    let about = |what: &str| std::fs::read_to_string(format!("/proc/{}/{what}", child.0.id())).expect("it runs");
    let began = Instant::now();
    while !about("status").contains("Seccomp:\t2") {
        assert!(began.elapsed() < Duration::from_secs(20), "no filter:\n{}", about("status"));
        std::thread::yield_now();
    }
    assert!(about("status").contains("NoNewPrivs:\t1"));
    assert!(about("status").contains("Threads:\t1"));
    for (name, most) in [
        ("Max cpu time", "10"),
        ("Max address space", "536870912"),
        ("Max file size", "67108864"),
        ("Max open files", "16"),
        ("Max processes", "0"),
        ("Max core file size", "0"),
    ] {
        let limits = about("limits");
        let line = limits.lines().find(|line| line.starts_with(name)).expect("a line");
        let both: Vec<_> = line[name.len()..].split_whitespace().take(2).collect();
        assert_eq!(both, [most, most], "{name}: soft and hard");
    }
    let open: Vec<_> = std::fs::read_dir(format!("/proc/{}/fd", child.0.id())).expect("it runs").flatten().collect();
    let open: Vec<_> = open.iter().filter_map(|one| std::fs::read_link(one.path()).ok()).collect();
    for result in ["full", "small", "large"] {
        assert!(open.contains(&folder.path().join(result)), "{result} is open: {open:?}");
    }
    assert!(!open.iter().any(|one| one.display().to_string().starts_with("socket:")), "no socket is: {open:?}");
}

#[test]
fn the_command_is_nobody_elses() {
    let out = Command::new(binary()).args(["inspect"]).output().expect("it runs");
    assert!(!out.status.success() && out.stdout.is_empty());
    let help = Command::new(binary()).args(["--help"]).output().expect("it runs");
    assert!(!String::from_utf8_lossy(&help.stdout).contains("inspect"), "hidden");
}
