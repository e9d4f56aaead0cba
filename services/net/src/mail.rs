//! Letters, into a folder or to a mail server.
//!
//! A letter that could break out of its headers is refused before anything is dialled; what the
//! server says is sorted into *later* and *never*, because a job must know which.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::Url;

use crate::told::{self, Ended};
use crate::{NetConfig, Setup};

/// One letter to one person, in two renderings.
#[derive(Clone)]
pub struct Letter {
    /// The address, with or without a name.
    pub to: String,
    /// One line.
    pub subject: String,
    /// For readers without HTML.
    pub text: String,
    /// For the others.
    pub html: String,
}

/// Why a letter did not go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// Trying again later may help; the words are for the log.
    Later(String),
    /// It never will: bad address, refused for good.
    Never(String),
}

/// Where letters go; cheap to clone.
#[derive(Clone)]
pub struct Mail {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Folder(Arc<Path>),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Mail {
    pub(crate) fn new(config: &NetConfig) -> Result<Self, Setup> {
        let from = config.mail_from.parse().map_err(|error| Setup::MailFrom(format!("{error}")))?;
        let url = Url::parse(config.mail.reveal()).map_err(|error| Setup::Mail(error.to_string()))?;
        let way = match url.scheme() {
            "folder" => Way::Folder(folder(&url)?.into()),
            "smtp" | "smtps" => Way::Smtp(smtp(url, Duration::from_millis(config.mail_timeout_ms))?),
            other => return Err(Setup::Mail(format!("{other}: is none of folder:, smtp: and smtps:"))),
        };
        Ok(Self { from, way })
    }

    /// Hands the letter over. `Ok` means the folder or the server has taken it.
    pub async fn send(&self, letter: &Letter) -> Result<(), Undelivered> {
        told::call("mail", ended, self.hand_over(letter)).await
    }

    /// Says hello to the server; nothing when letters go into a folder that can be written to.
    pub(crate) async fn hello(&self, patience: Duration) -> Option<Result<(), String>> {
        match &self.way {
            Way::Folder(folder) => tokio::fs::create_dir_all(folder)
                .await
                .err()
                .map(|error| Err(format!("the folder of letters: {error}"))),
            Way::Smtp(server) => Some(match tokio::time::timeout(patience, server.test_connection()).await {
                Ok(Ok(true)) => Ok(()),
                Ok(Ok(false)) => Err("the server does not keep the connection".to_owned()),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("no answer in time".to_owned()),
            }),
        }
    }

    async fn hand_over(&self, letter: &Letter) -> Result<(), Undelivered> {
        let message = compose(&self.from, letter)?;
        match &self.way {
            Way::Folder(folder) => drop_into(folder, &message).await,
            Way::Smtp(server) => match server.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => Err(Undelivered::Never(error.to_string())),
                Err(error) => Err(Undelivered::Later(error.to_string())),
            },
        }
    }
}

fn ended(done: &Result<(), Undelivered>) -> Ended {
    match done {
        Ok(()) => Ended::well(),
        Err(Undelivered::Later(_)) => Ended::badly("later"),
        Err(Undelivered::Never(_)) => Ended::badly("never"),
    }
}

fn compose(from: &Mailbox, letter: &Letter) -> Result<Message, Undelivered> {
    let never = |what: &str| Undelivered::Never(what.to_owned());
    if letter.to.chars().chain(letter.subject.chars()).any(char::is_control) {
        return Err(never("a header holds a control character"));
    }
    let to: Mailbox = letter.to.parse().map_err(|_| never("the address cannot be read"))?;
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&letter.subject)
        .message_id(None)
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
        .map_err(|error| Undelivered::Never(error.to_string()))
}

fn folder(url: &Url) -> Result<PathBuf, Setup> {
    let bad = || Setup::Mail("folder: needs an absolute path, as in folder:///var/mail".to_owned());
    if url.host().is_some() || !url.path().starts_with('/') || url.path() == "/" {
        return Err(bad());
    }
    let mut as_file = url.clone();
    // the URL type decodes paths of `file:` only, and refuses to turn a strange scheme into it
    as_file = Url::parse(&format!("file://{}", as_file.path())).map_err(|_| bad())?;
    as_file.to_file_path().map_err(|()| bad())
}

/// Plain SMTP leaves this machine only with STARTTLS: letters carry links that log people in.
fn smtp(mut url: Url, timeout: Duration) -> Result<AsyncSmtpTransport<Tokio1Executor>, Setup> {
    let host = url.host_str().unwrap_or_default();
    let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    let says = url.query_pairs().any(|(key, _)| key == "tls");
    if url.scheme() == "smtp" && !local && !says {
        url.query_pairs_mut().append_pair("tls", "required");
    }
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str())
        // the error may repeat the URL and with it the password
        .map_err(|_| Setup::Mail("the SMTP address cannot be read".to_owned()))?;
    Ok(builder.timeout(Some(timeout)).pool_config(PoolConfig::new().max_size(4)).build())
}

/// Written beside and renamed, so that a reader of the folder never sees half a letter.
#[expect(clippy::disallowed_methods, reason = "a file name that sorts by time")]
async fn drop_into(folder: &Path, message: &Message) -> Result<(), Undelivered> {
    let name = uuid::Uuid::now_v7().simple().to_string();
    let draft = folder.join(format!(".{name}.part"));
    let done = folder.join(format!("{name}.eml"));
    let write = async {
        tokio::fs::create_dir_all(folder).await?;
        tokio::fs::write(&draft, message.formatted()).await?;
        tokio::fs::rename(&draft, &done).await
    };
    write.await.map_err(|error: std::io::Error| Undelivered::Later(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Secret;

    fn mail(url: &str) -> Result<Mail, Setup> {
        Mail::new(&NetConfig { mail: Secret::new(url.to_owned()), ..NetConfig::default() })
    }

    fn letter(to: &str, subject: &str) -> Letter {
        Letter {
            to: to.into(),
            subject: subject.into(),
            text: "Guten Tag, Zoë".into(),
            html: "<p>Guten Tag</p>".into(),
        }
    }

    #[tokio::test]
    async fn a_folder_holds_one_whole_file_per_letter() {
        let place = tempfile::tempdir().expect("a place to write");
        let mail = mail(&format!("folder://{}/a%20b", place.path().display())).expect("a folder");
        for subject in ["One", "Zwei ü"] {
            mail.send(&letter("Mia <mia@example.com>", subject)).await.expect("taken");
        }
        let mut files: Vec<_> = std::fs::read_dir(place.path().join("a b"))
            .expect("the folder was made")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        files.sort();
        assert_eq!(files.len(), 2);
        assert!(files.iter().all(|file| file.extension().is_some_and(|e| e == "eml")), "{files:?}");
        let first = std::fs::read_to_string(&files[0]).expect("readable");
        for part in ["Subject: One", "To: Mia <mia@example.com>", "text/plain", "text/html", "Message-ID:", "Date:"] {
            assert!(first.contains(part), "{part} is missing in {first}");
        }
    }

    #[tokio::test]
    async fn inj_headers_cannot_be_broken_out_of() {
        let place = tempfile::tempdir().expect("a place to write");
        let mail = mail(&format!("folder://{}", place.path().display())).expect("a folder");
        mail.send(&letter("mia@example.com", "fine")).await.expect("the plain one goes");
        for (to, subject) in [
            ("mia@example.com\r\nBcc: all@example.com", "x"),
            ("mia@example.com", "x\r\nBcc: all@example.com"),
            ("mia@example.com", "x\nBcc: all@example.com"),
            ("not an address", "x"),
            ("a@example.com, b@example.com", "x"),
        ] {
            assert!(matches!(mail.send(&letter(to, subject)).await, Err(Undelivered::Never(_))), "{to:?} {subject:?}");
        }
    }

    #[tokio::test]
    async fn a_server_that_is_away_means_later() {
        let mail = mail("smtp://127.0.0.1:9").expect("an address");
        assert!(matches!(mail.send(&letter("mia@example.com", "x")).await, Err(Undelivered::Later(_))));
    }

    #[tokio::test]
    async fn addresses_are_read_and_errors_do_not_repeat_the_password() {
        for good in ["smtps://u:p@mail.example.com", "smtp://mail.example.com:587", "smtp://localhost:25"] {
            assert!(mail(good).is_ok(), "{good}");
        }
        for bad in ["pop://x", "folder://relative", "folder:///", "smtp://u:hunter2@mail.example.com?tls=maybe"] {
            let Err(error) = mail(bad) else { panic!("{bad} was taken") };
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
