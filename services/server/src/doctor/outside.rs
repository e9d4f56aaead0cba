//! What the product talks to: the bus, the store of files, mail, DNS, the virus scanner, Meta.

use blobs::{Area, Blobs, Key};
use bytes::Bytes;
use futures::{StreamExt, stream};
use kernel::{Clock, Secret, TenantId};
use net::graph::{Call, Way};
use net::{Net, Scanner, probe};

use super::Line;
use crate::Config;
use crate::parts::plain;

pub async fn look(config: &Config) -> Vec<Line> {
    let (bus, blobs, mail, scan) = tokio::join!(bus(config), blobs(config), mail(config), scan(config));
    let mut lines = vec![bus, blobs, mail, scan];
    match Net::new(&config.net) {
        Ok(net) => lines.extend([dns(&net).await, graph(&net).await]),
        Err(error) => lines.push(Line::fail("net", format!("{error}."), "Mend the section [net].")),
    }
    lines
}

async fn bus(config: &Config) -> Line {
    if config.bus.is_local() {
        return Line::ok("bus", "One process: the bus is within it.");
    }
    let url = config.bus.url.reveal();
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (login, hosts) = rest.rsplit_once('@').map_or((None, rest), |(login, hosts)| (Some(login), hosts));
    let login = login.and_then(|login| login.split_once(':'));
    let login = login.map(|(user, password)| (user.to_owned(), Secret::new(password.to_owned())));
    let todo = "Everything works without it, only slower. Is the broker running, and are bus.url and its log-in right?";
    if scheme == "tls" || config.bus.credentials.is_some() || config.bus.tls_ca.is_some() {
        return Line::ok("bus", "NATS with TLS or a file of credentials is configured; this is not tried here.");
    }
    for host in hosts.split(',').map(str::trim) {
        if let Err(why) = probe::broker(host, login.clone()).await {
            return Line::fail("bus", format!("The broker at {host} cannot be used: {why}."), todo);
        }
    }
    Line::ok("bus", "Every broker answers and takes the log-in.")
}

async fn blobs(config: &Config) -> Line {
    let todo = "Look at [blobs]: the address, the key and its rights, and whether there is room.";
    match write_read_delete(config).await {
        Ok(()) => Line::ok("blobs", "Bytes can be written, read and deleted."),
        Err(error) => Line::fail("blobs", format!("Files cannot be kept: {}.", plain(error)), todo),
    }
}

async fn write_read_delete(config: &Config) -> kernel::Result<()> {
    let blobs = Blobs::connect(&config.blobs).await?;
    // a tenant of its own that nobody has
    let key = Key::new(TenantId::new(&Clock::System), Area::Quarantine);
    let body = stream::iter([Ok(Bytes::from_static(b"porchlight doctor"))]);
    blobs.put(&key, 64, body).await?;
    let read = async {
        let mut reading = blobs.read(&key, None).await?;
        let mut bytes = Vec::new();
        while let Some(part) = reading.body.next().await {
            bytes.extend_from_slice(&part?);
        }
        Ok::<_, kernel::Error>(bytes)
    };
    let read = read.await;
    blobs.delete(std::slice::from_ref(&key)).await?;
    match read? == b"porchlight doctor" {
        true => Ok(()),
        false => Err(kernel::Error::internal("what was read is not what was written")),
    }
}

async fn mail(config: &Config) -> Line {
    let todo = "Look at mail.url: host, port, user and password, and whether the way there is open.";
    match probe::mail(&config.net).await {
        Err(why) => Line::fail("mail", format!("Letters cannot be sent: {why}."), todo),
        Ok(()) if probe::keeps_letters(&config.net) => Line::warn(
            "mail",
            "Letters are written into a folder; nobody gets them.",
            "Set mail.url to a mail server, unless something else sends what is in the folder.",
        ),
        Ok(()) => Line::ok("mail", "The mail server takes the log-in and says hello."),
    }
}

async fn scan(config: &Config) -> Line {
    let todo = "Files wait in `checking` until it answers. Is clamd running, and does freshclam fetch signatures?";
    match Scanner::new(&config.files.scanner()) {
        None => {
            Line::warn("scanner", "Files are not scanned for viruses.", "Set files.scan to a clamd, if you want that.")
        }
        Some(scanner) => match scanner.hello().await {
            Ok(version) => Line::ok("scanner", format!("The virus scanner answers: {version}.")),
            Err(why) => Line::fail("scanner", format!("The virus scanner cannot be used: {why}."), todo),
        },
    }
}

async fn dns(net: &Net) -> Line {
    // a name that exists for as long as there are names
    let said = net.dns.txt("example.com").await;
    let silent: Vec<_> =
        said.voices.iter().filter(|said| said.outcome.as_ref().is_err_and(|fault| fault.is_soft())).collect();
    let names = silent.iter().map(|said| said.resolver.as_str()).collect::<Vec<_>>().join(", ");
    let todo = "Look at net.dns and whether port 53 is open: domains cannot be proven without.";
    match (silent.len(), said.voices.len()) {
        (0, number) => Line::ok("dns", format!("{number} resolver(s) answer.")),
        (some, number) if some < number => Line::warn("dns", format!("No answer from {names}."), todo),
        _ => Line::fail("dns", format!("No resolver answers ({names})."), todo),
    }
}

async fn graph(net: &Net) -> Line {
    let bearer = Secret::new("none".to_owned());
    let call = Call { way: Way::Get, path: &["me"], query: &[], bearer: &bearer, body: None };
    match net.graph.call(&call).await {
        // it refuses a token that is none: that is an answer
        Ok(answer) if answer.status < 500 => Line::ok("whatsapp", "Meta's Graph API answers."),
        Ok(answer) => {
            Line::warn("whatsapp", format!("Meta's Graph API answers with {}.", answer.status), "Try again later.")
        }
        Err(_) => Line::warn(
            "whatsapp",
            "Meta's Graph API cannot be reached.",
            "Only if you use WhatsApp: open the way to whatsapp.graph_url, and look at the machine's certificate authorities.",
        ),
    }
}
