//! Secrets: strong enough, young enough, apart.

use kernel::Clock;

use super::Line;
use crate::Config;

pub fn look(config: &Config, clock: &Clock) -> Vec<Line> {
    vec![signing(config), sealing(config, clock)]
}

fn signing(config: &Config) -> Line {
    let secret = config.auth.secret.reveal();
    let todo = "Give auth.secret the output of `openssl rand -hex 32`.";
    let mut letters: Vec<_> = secret.bytes().collect();
    letters.sort_unstable();
    letters.dedup();
    match (secret.len(), letters.len()) {
        (0, _) => Line::fail("secrets", "auth.secret is not set.", todo),
        (length, _) if length < 32 => Line::fail("secrets", format!("auth.secret has only {length} bytes."), todo),
        (_, kinds) if kinds < 10 => Line::warn("secrets", "auth.secret looks as if it could be guessed.", todo),
        _ => Line::ok("secrets", "auth.secret is long and varied."),
    }
}

/// A key is named by the year it was made in.
fn sealing(config: &Config, clock: &Clock) -> Line {
    let todo = "Put a new key in front of auth.vault and keep the old ones: \"<year>:$(openssl rand -base64 32)\".";
    let Some(first) = config.auth.vault.first() else {
        return Line::warn("vault", "auth.vault is empty: changing auth.secret would lose what is sealed.", todo);
    };
    let name = first.reveal().split(':').next().unwrap_or_default();
    let year = name.get(..4).and_then(|year| year.parse::<i64>().ok());
    let now = 1_970 + clock.now().millis() / 31_556_952_000;
    match year {
        Some(year) if now - year > 1 => Line::warn("vault", format!("The key that seals is of {year}."), todo),
        _ => Line::ok("vault", format!("{} key(s); the first one seals.", config.auth.vault.len())),
    }
}
