//! One connection that delivers webhooks, signed, some of them twice.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};
use graph_sim::Setup;
use graph_sim::webhook::sha256_hex;
use tokio::time::sleep;

use super::Board;
use crate::client::Client;
use crate::product::Doors;

/// One in so many calls is a repeat.
const REPEAT: u64 = 20;
/// People who write over one connection.
const PEOPLE: u64 = 4;
/// How often a call is made again while nobody answers.
const TRIES: u32 = 600;

/// A connection with its own people.
pub struct Poster {
    number: usize,
    client: Client,
    doors: Doors,
    path: String,
    calls: u64,
    said: u64,
    last: String,
}

impl Poster {
    /// Connects.
    pub async fn new(number: usize, doors: Doors, path: &str) -> Result<Self> {
        let client = Client::connect(doors.public).await?;
        Ok(Self { number, client, doors, path: path.to_owned(), calls: 0, said: 0, last: String::new() })
    }

    /// Delivers the next message, or the last one again. Times count from when it was due.
    pub async fn posts(&mut self, board: &Board, due: Instant) -> Result<()> {
        self.calls += 1;
        let is_repeat = self.said > 0 && self.calls.is_multiple_of(REPEAT);
        if is_repeat {
            board.repeats.set(board.repeats.get() + 1);
        } else {
            self.said += 1;
            self.last = self.body()?;
            board.messages.set(board.messages.get() + 1);
            if board.listens.get() {
                board.waiting.borrow_mut().insert(self.words(), due);
            }
        }
        self.until_acknowledged(board).await?;
        board.answered.set(board.answered.get() + 1);
        board.answers.borrow_mut().add(due.elapsed());
        Ok(())
    }

    async fn until_acknowledged(&mut self, board: &Board) -> Result<()> {
        let signature = sha256_hex(Setup::SECRET, self.last.as_bytes());
        let headers = format!("x-hub-signature-256: sha256={signature}\r\n");
        for _ in 0..TRIES {
            match self.client.post(&self.path, &headers, &self.last).await.map(|answer| answer.status) {
                Ok(200) => return Ok(()),
                Ok(503) | Err(_) => (),
                Ok(other) => bail!("the door answered {other}"),
            }
            board.again.set(board.again.get() + 1);
            sleep(Duration::from_millis(50)).await;
            if let Ok(client) = Client::connect(self.doors.public).await {
                self.client = client;
            }
        }
        bail!("nobody acknowledges")
    }

    fn words(&self) -> String {
        format!("w-{}-{}", self.number, self.said)
    }

    /// As Meta writes it, about 600 bytes.
    fn body(&self) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let person = self.number as u64 * PEOPLE + self.said % PEOPLE;
        let (phone, wamid) =
            (16_500_000_000 + person, format!("wamid.HBgLMTY1MDAwMDAwMDAVAgASGBQ{:06}x{:012}", self.number, self.said));
        Ok(format!(
            concat!(
                r#"{{"object":"whatsapp_business_account","entry":[{{"id":"{waba}","changes":[{{"value":{{"messaging_product":"whatsapp","#,
                r#""metadata":{{"display_phone_number":"15550783881","phone_number_id":"{number}"}},"contacts":[{{"profile":{{"name":"Person {person}"}},"wa_id":"{phone}"}}],"#,
                r#""messages":[{{"from":"{phone}","id":"{wamid}","timestamp":"{now}","#,
                r#""text":{{"body":"{words} and then the words of a usual sentence, long enough that the whole delivery has the size that deliveries have"}},"type":"text"}}]}},"field":"messages"}}]}}]}}"#
            ),
            waba = Setup::WABA,
            number = Setup::NUMBER,
            person = person,
            phone = phone,
            wamid = wamid,
            now = now,
            words = self.words(),
        ))
    }
}

/// The first word of a message in an event.
pub fn words_of(event: &str) -> Option<&str> {
    let mark = r#""body":"w-"#;
    let at = event.find(mark)? + mark.len() - 2;
    event[at..].split([' ', '"']).next()
}
