//! The people behind the phones.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// A WhatsApp user.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct User {
    /// How the simulator calls them: the phone they began with, for good.
    pub key: String,
    /// What one dials, digits only.
    pub phone: String,
    /// What Meta calls them; differs from the phone in Brazil, Mexico and Argentina.
    pub wa_id: String,
    /// Profile name.
    pub name: String,
    /// ISO country of the business-scoped ids.
    pub country: String,
    /// Username, if adopted: hides the phone.
    pub username: Option<String>,
    /// Business-scoped user id by portfolio.
    pub bsuids: BTreeMap<String, String>,
    /// Ids of earlier numbers, as (portfolio, id).
    pub former: Vec<(String, String)>,
    /// Sends read receipts.
    pub receipts: bool,
    /// Has WhatsApp at all.
    pub on_whatsapp: bool,
    /// Until when the phone is switched off.
    pub offline_until: i64,
    /// Number ids whose chat is open on the screen.
    pub open: BTreeSet<String>,
    /// Number ids the user blocked.
    pub blocked: BTreeSet<String>,
    /// No marketing from these numbers any more.
    pub stopped: BTreeSet<String>,
    /// Part of Meta's experiment that receives no marketing.
    pub experiment: bool,
    /// Too old an app to receive.
    pub outdated: bool,
    /// In the portfolio's contact book: the phone stays visible.
    pub in_book: bool,
    /// Last contact in either direction by number id.
    pub contact: BTreeMap<String, i64>,
    /// Last message or call to each number: opens the window.
    pub wrote: BTreeMap<String, i64>,
    /// End of the free-entry-point window by number id.
    pub entry: BTreeMap<String, i64>,
    /// Hash of the identity keys, changes with the phone.
    pub identity_hash: String,
}

impl Default for User {
    fn default() -> Self {
        Self {
            key: String::new(),
            phone: String::new(),
            wa_id: String::new(),
            name: "Somebody".to_owned(),
            country: "US".to_owned(),
            username: None,
            bsuids: BTreeMap::new(),
            former: Vec::new(),
            receipts: true,
            on_whatsapp: true,
            offline_until: 0,
            open: BTreeSet::new(),
            blocked: BTreeSet::new(),
            stopped: BTreeSet::new(),
            experiment: false,
            outdated: false,
            in_book: false,
            contact: BTreeMap::new(),
            wrote: BTreeMap::new(),
            entry: BTreeMap::new(),
            identity_hash: String::new(),
        }
    }
}

impl User {
    /// Whether this number may see the phone: no username, or contact within 30 days, or in the contact book.
    pub fn shows_phone(&self, number: &str, now: i64) -> bool {
        let recent = self.contact.get(number).is_some_and(|at| now - at <= 30 * super::DAY);
        self.username.is_none() || self.in_book || recent
    }

    /// When the 24-hour window towards a number closes.
    pub fn window_until(&self, number: &str) -> i64 {
        self.wrote.get(number).map_or(0, |at| at + super::DAY)
    }
}
