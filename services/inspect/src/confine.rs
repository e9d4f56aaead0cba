//! What the child takes from itself before it looks at a byte.
//!
//! First its resources, then, once the files it will write to are open, every system call that is not needed to
//! compute: it cannot open a file, connect, start a program, look into another process or make memory executable. What
//! is not on the list fails, so a library that tries something needless goes on without. It cannot signal anybody either,
//! not even itself: a child that gives up (out of memory) ends as a crash.

use std::time::Duration;

/// The child's bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of address space.
    pub memory: u64,
    /// Seconds of processor time.
    pub cpu_seconds: u64,
    /// Time from start to answer, kept by the parent. Generous: processor time is what bounds a bomb, and a machine
    /// under load must not refuse what it could have read.
    pub wall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 512 * 1024 * 1024, cpu_seconds: 10, wall: Duration::from_secs(60) }
    }
}

/// Most bytes of one file the child may write.
pub const MOST_OUTPUT: u64 = 64 * 1024 * 1024;

/// Whether the filter of system calls exists for this machine.
pub const IS_FILTERED: bool = cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")));

/// Bounds the whole process.
#[cfg(target_os = "linux")]
pub fn bound(memory: u64, cpu_seconds: u64) -> Result<(), String> {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let bounds = [
        (Resource::Core, 0),
        (Resource::Nproc, 0),
        (Resource::Nofile, 16),
        (Resource::Fsize, MOST_OUTPUT),
        (Resource::Cpu, cpu_seconds),
        (Resource::As, memory),
    ];
    for (resource, most) in bounds {
        let both = Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(resource, both).map_err(|error| format!("{resource:?} cannot be bounded: {error}"))?;
    }
    rustix::thread::set_no_new_privs(true).map_err(|error| format!("privileges cannot be given up: {error}"))
}

/// Elsewhere the parent's clock is the only bound; for development only.
#[cfg(not(target_os = "linux"))]
pub fn bound(_: u64, _: u64) -> Result<(), String> {
    Ok(())
}

/// Takes every needless system call from this thread and those it starts.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub fn forbid() -> Result<(), String> {
    let problem = |error: String| format!("system calls cannot be forbidden: {error}");
    let program = filter::program().map_err(|error| problem(error.to_string()))?;
    seccompiler::apply_filter(&program).map_err(|error| problem(error.to_string()))
}

/// No filter here.
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub fn forbid() -> Result<(), String> {
    Ok(())
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod filter {
    use seccompiler::{
        BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule,
    };

    type Rules = Vec<SeccompRule>;

    /// Reading, writing and closing what is open; memory; ends. No signals to others, no threads, no names of files.
    const FREE: [i64; 27] = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_pread64,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_pwrite64,
        libc::SYS_lseek,
        libc::SYS_fstat,
        libc::SYS_close,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_sigaltstack,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_restart_syscall,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];

    pub fn program() -> Result<BpfProgram, BackendError> {
        let mut rules: Vec<(i64, Rules)> = FREE.into_iter().map(|call| (call, Vec::new())).collect();
        // memory, but never memory that can be run
        let not_run = argument(2, SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64), 0)?;
        rules.push((libc::SYS_mmap, vec![not_run.clone()]));
        rules.push((libc::SYS_mprotect, vec![not_run]));
        // asking about an open file, as the standard library's own checks do; not who is told about it
        let asks = [libc::F_GETFD, libc::F_GETFL].map(|ask| argument(1, SeccompCmpOp::Eq, ask as u64));
        rules.push((libc::SYS_fcntl, asks.into_iter().collect::<Result<_, _>>()?));
        let refused = SeccompAction::Errno(libc::EPERM as u32);
        let arch = std::env::consts::ARCH.try_into()?;
        SeccompFilter::new(rules.into_iter().collect(), refused, SeccompAction::Allow, arch)?.try_into()
    }

    fn argument(index: u8, is: SeccompCmpOp, value: u64) -> Result<SeccompRule, BackendError> {
        SeccompRule::new(vec![SeccompCondition::new(index, SeccompCmpArgLen::Dword, is, value)?])
    }
}
