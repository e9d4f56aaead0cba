//! Passwords: what is accepted, and the bench where they are hashed.
//!
//! Hashing takes 19 MiB and tens of milliseconds on purpose, so only two run at once and few may wait: a flood of
//! log-ins is turned away instead of taking the processor from conversations.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Error, Result, Secret};
use tokio::sync::Semaphore;

const WORKERS: usize = 2;
const QUEUE: usize = 32;
/// Memory in KiB, passes, lanes (security.md T29).
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// Costs as much as a real one and fits no password: compared with when there is no account.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm8$bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm9ib2R5bm8";

/// A password that may be used; prints as `***`.
#[derive(Clone, Debug)]
pub(crate) struct Password(Secret<String>);

impl Password {
    /// 10 to 200 characters, not the address, not one or two characters over and over.
    pub fn parse(text: &str, email: &str) -> Result<Self> {
        let weak = |detail: &'static str| Err(Error::field("password", "weak_password", detail));
        let lower = text.to_lowercase();
        let distinct = lower.chars().collect::<std::collections::HashSet<_>>().len();
        let known = ["1234567890", "password", "qwertyuiop", "porchlight"];
        match text.chars().count() {
            0..10 => weak("A password has 10 characters or more."),
            201.. => weak("A password has 200 characters at most."),
            _ if distinct < 5 => weak("Use more different characters."),
            _ if lower == email || known.iter().any(|word| lower.replace(word, "").chars().count() < 4) => {
                weak("This password is too easy to guess.")
            }
            _ => Ok(Self(Secret::new(text.to_owned()))),
        }
    }
}

/// Where passwords are hashed and compared.
pub(crate) struct Bench {
    places: Arc<Semaphore>,
    workers: Arc<Semaphore>,
}

impl Default for Bench {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(WORKERS + QUEUE)), workers: Arc::new(Semaphore::new(WORKERS)) }
    }
}

impl Bench {
    /// The form in which a password is stored.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let text = password.0.clone();
        self.work(move || hasher()?.hash_password(text.reveal().as_bytes()).map(|h| h.to_string()).map_err(broken))
            .await
    }

    /// Whether `password` is the stored one; without a stored one the work is done all the same and the answer is no.
    pub async fn fits(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        let text: String = password.chars().take(201).collect();
        let exists = stored.is_some();
        let stored = stored.unwrap_or(NOBODY).to_owned();
        let fits = self.work(move || {
            let hash = PasswordHash::new(&stored).map_err(broken)?;
            Ok(hasher()?.verify_password(text.as_bytes(), &hash).is_ok())
        });
        Ok(fits.await? && exists)
    }

    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let busy = || Error::unavailable("log_in_busy", "Many people log in just now; try again in a moment.");
        let _place = self.places.clone().try_acquire_owned().map_err(|_| busy())?;
        let worker = self.workers.clone().acquire_owned().await.map_err(Error::internal)?;
        // the permit goes with the work: a caller who hangs up must not free a worker that still works
        let done = tokio::task::spawn_blocking(move || {
            let _worker = worker;
            job()
        });
        done.await.map_err(Error::internal)?
    }
}

fn hasher() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(broken)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("password hashing: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn auth_01_hashes_are_argon2id_of_the_asked_cost_and_salted() {
        let bench = Bench::default();
        let password = Password::parse("correct horse battery", "a@b.de").expect("long enough");
        let one = bench.hash(&password).await.expect("hashes");
        let two = bench.hash(&password).await.expect("hashes");
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
        assert!(bench.fits("correct horse battery", Some(&one)).await.expect("compares"));
        assert!(!bench.fits("correct horse batterz", Some(&one)).await.expect("compares"));
    }

    #[tokio::test]
    async fn auth_02_nobody_costs_as_much_and_never_fits() {
        let bench = Bench::default();
        PasswordHash::new(NOBODY).expect("the stand-in is a hash like others");
        assert!(!bench.fits("nobody", None).await.expect("compares"));
    }

    #[tokio::test]
    async fn auth_07_the_bench_turns_a_flood_away() {
        let bench = Bench::default();
        let all = (0..WORKERS + QUEUE + 5).map(|_| bench.fits("some password", None));
        let outcomes = futures::future::join_all(all).await;
        let refused: Vec<_> = outcomes.iter().filter_map(|o| o.as_ref().err()).map(Error::code).collect();
        assert_eq!(refused, vec!["log_in_busy"; 5]);
    }

    #[test]
    fn easy_passwords_are_refused() {
        for weak in ["short", "aaaaaaaaaaaa", "mia@example.com", "password12", "1234567890", &"x1y2z3".repeat(40)] {
            assert!(Password::parse(weak, "mia@example.com").is_err(), "{weak}");
        }
        assert!(Password::parse("a garden of fig trees", "mia@example.com").is_ok());
    }
}
