//! Which shapes of the product are refused: those that would lose data, and those that cannot work.
//!
//! What only the database can say (whether it flushes) is asked when it is opened.

use anyhow::{Result, bail};

use crate::Config;
use crate::doors::FINISH;
use crate::parts::plain;

/// Says in one line what is wrong, if anything is.
pub fn check(config: &Config) -> Result<()> {
    if config.auth.secret.reveal().is_empty() {
        bail!("auth.secret is not set: give it the output of `openssl rand -hex 32`");
    }
    config.auth.secrets().check().map_err(plain)?;
    roles(config)?;
    leaving(config)
}

/// One of several processes: it must reach what the others reach.
fn roles(config: &Config) -> Result<()> {
    let roles = config.roles();
    if roles.are_none() {
        bail!("serve.roles is empty: name \"all\", or some of \"api\", \"realtime\" and \"worker\"");
    }
    if roles.are_all() && config.bus.is_local() {
        return Ok(());
    }
    let what = if roles.are_all() { "bus.url names a broker".to_owned() } else { format!("serve.roles is {roles}") };
    if config.store.url.starts_with("sqlite:") {
        bail!(
            "{what}, so there are several processes, and they cannot share an SQLite file: store.url must be PostgreSQL"
        );
    }
    if config.bus.is_local() {
        bail!("{what}, so there are several processes, which hear nothing of each other: bus.url must name NATS");
    }
    if config.blobs.url.reveal().starts_with("folder:") && !config.blobs.shared {
        bail!(
            "{what}, so there are several processes, and blobs.url is a folder: use an S3 store, or set blobs.shared = \
             true if the folder is on a file system that all of them share"
        );
    }
    if config.public.url.is_empty() {
        bail!("{what}, so there are several processes: public.url must be set, and be the same in all of them");
    }
    Ok(())
}

fn leaving(config: &Config) -> Result<()> {
    let http = &config.http;
    let least = http.unready_seconds + http.drain_seconds + FINISH;
    if http.stop_seconds < least {
        bail!(
            "http.stop_seconds is {} but must be {least} or more: unready_seconds, drain_seconds and {FINISH} for requests",
            http.stop_seconds
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOLO: [(&str, &str); 1] = [("auth.secret", "6b1f0d9c3e7a5248b0e4c1d7f2a9563874ce01fd")];
    const ONE_OF_MANY: [(&str, &str); 5] = [
        ("serve.roles", r#"["api"]"#),
        ("store.url", "postgres://porchlight@localhost/porchlight"),
        ("bus.url", "nats://localhost:4222"),
        ("blobs.url", "s3://files"),
        ("public.url", "https://chat.example.com"),
    ];

    fn said(settings: &[&[(&str, &str)]]) -> String {
        let checked = Config::load(None, &settings.concat()).and_then(|config| config.check());
        checked.err().map(|error| format!("{error:#}")).unwrap_or_default()
    }

    #[test]
    fn one_process_with_everything_and_one_of_several_are_accepted() {
        assert_eq!(said(&[&SOLO]), "");
        assert_eq!(said(&[&SOLO, &ONE_OF_MANY]), "");
        for roles in [r#"["realtime"]"#, r#"["worker", "api"]"#, r#"["all"]"#] {
            assert_eq!(said(&[&SOLO, &ONE_OF_MANY, &[("serve.roles", roles)]]), "", "{roles}");
        }
    }

    #[test]
    fn several_processes_on_sqlite_are_refused() {
        let wrong = [("store.url", "sqlite://data/porchlight.db")];
        assert!(said(&[&SOLO, &ONE_OF_MANY, &wrong]).contains("cannot share an SQLite file"));
        let all = [wrong[0], ("serve.roles", r#"["all"]"#)];
        assert!(said(&[&SOLO, &ONE_OF_MANY, &all]).contains("bus.url names a broker, so"));
    }

    #[test]
    fn several_processes_on_the_bus_of_one_are_refused() {
        for local in ["local", ""] {
            assert!(said(&[&SOLO, &ONE_OF_MANY, &[("bus.url", local)]]).contains("bus.url must name NATS"));
        }
    }

    #[test]
    fn several_processes_on_a_folder_are_refused_unless_it_is_said_to_be_shared() {
        let folder = [("blobs.url", "folder:///srv/files")];
        assert!(said(&[&SOLO, &ONE_OF_MANY, &folder]).contains("blobs.shared"));
        assert_eq!(said(&[&SOLO, &ONE_OF_MANY, &folder, &[("blobs.shared", "true")]]), "");
    }

    #[test]
    fn several_processes_without_a_name_of_their_own_are_refused() {
        assert!(said(&[&SOLO, &ONE_OF_MANY, &[("public.url", "")]]).contains("public.url must be set"));
    }

    #[test]
    fn no_role_an_unknown_role_and_an_unknown_key_are_refused() {
        assert!(said(&[&SOLO, &[("serve.roles", "[]")]]).contains("serve.roles is empty"));
        assert!(said(&[&SOLO, &[("serve.roles", r#"["apis"]"#)]]).contains("apis"));
        assert!(said(&[&SOLO, &[("serve.rolls", r#"["api"]"#)]]).contains("rolls"));
    }

    #[test]
    fn a_secret_that_is_missing_short_or_guessable_is_refused() {
        let of = |secret| said(&[&[("auth.secret", secret)]]);
        assert!(of("").contains("openssl rand"));
        assert!(of("too short to be one").contains("32 random bytes"));
        assert!(of("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").contains("32 random bytes"));
        let sealed = said(&[&SOLO, &[("auth.vault", r#"["2026:short"]"#)]]);
        assert!(sealed.contains("vault"), "{sealed}");
    }

    #[test]
    fn a_stop_that_is_shorter_than_its_parts_is_refused() {
        let hasty = [("http.drain_seconds", "15"), ("http.unready_seconds", "10"), ("http.stop_seconds", "20")];
        assert!(said(&[&SOLO, &hasty]).contains("must be 30 or more"));
    }
}
