//! A dozen conversations as they happen in a small shop.

use kernel::wire::{Context, Status};

/// One line of a conversation; agents are numbers in the team.
pub enum Line {
    /// The visitor says.
    Visitor(&'static str),
    /// An agent says.
    Agent(usize, &'static str),
    /// An agent notes.
    Note(usize, &'static str),
    /// The visitor sends files, with words or without.
    Shows(&'static str, &'static [Sample]),
    /// An agent sends files, with words or without.
    Hands(usize, &'static str, &'static [Sample]),
}

/// A file somebody sends.
pub struct Sample {
    /// As its sender named it.
    pub name: &'static str,
    /// What the browser says it is.
    pub declared: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

/// A parcel that was dropped.
pub const PARCEL: Sample =
    Sample { name: "IMG_2043.jpg", declared: "image/jpeg", bytes: include_bytes!("files/parcel.jpg") };
/// Where a lamp is to stand.
pub const LIVING_ROOM: Sample =
    Sample { name: "Our living room.jpg", declared: "image/jpeg", bytes: include_bytes!("files/living-room.jpg") };
/// Shades in stock.
pub const SHADES: Sample =
    Sample { name: "Shades.jpg", declared: "image/jpeg", bytes: include_bytes!("files/shades.jpg") };
/// A paper.
pub const INVOICE: Sample =
    Sample { name: "Invoice 2041.pdf", declared: "application/pdf", bytes: include_bytes!("files/invoice-2041.pdf") };
const ORDER: Sample =
    Sample { name: "hotel-order.csv", declared: "text/csv", bytes: include_bytes!("files/hotel-order.csv") };

/// One conversation.
pub struct Story {
    /// The visitor's name, if they gave one.
    pub name: Option<&'static str>,
    /// Their address, if they gave one.
    pub email: Option<&'static str>,
    /// When it began.
    pub minutes_ago: u64,
    /// Where it stands now.
    pub status: Status,
    /// Who has it.
    pub assignee: Option<usize>,
    /// Whether the visitor saw the answers.
    pub seen: bool,
    /// Product and price.
    pub about: Option<(&'static str, &'static str)>,
    /// What was said.
    pub lines: &'static [Line],
}

impl Story {
    /// What it is about, as the wire shows it.
    pub fn context(&self) -> Option<Context> {
        self.about.map(|(title, price)| Context {
            title: title.to_owned(),
            image: None,
            price: Some(price.to_owned()),
            url: Some("https://lumen.example/lamps/harbour".to_owned()),
        })
    }
}

use Line::{Agent, Hands, Note, Shows, Visitor};

const HARBOUR: Option<(&str, &str)> = Some(("Harbour lamp, oak", "€149"));
const PIER: Option<(&str, &str)> = Some(("Pier floor lamp", "€289"));

/// All of them.
pub const STORIES: [Story; 12] = [
    Story {
        name: Some("Elena Marchetti"),
        email: Some("elena@example.com"),
        minutes_ago: 2_700,
        status: Status::Resolved,
        assignee: Some(0),
        seen: true,
        about: HARBOUR,
        lines: &[
            Visitor("Hi, is the shade removable for cleaning?"),
            Agent(
                0,
                "Hello Elena! Yes: unscrew the ring under the bulb and lift it off. Cold water and mild soap are fine.",
            ),
            Visitor("Perfect, thank you. I'll order one."),
        ],
    },
    Story {
        name: Some("Tomás Rivera"),
        email: None,
        minutes_ago: 2_300,
        status: Status::Resolved,
        assignee: Some(1),
        seen: true,
        about: PIER,
        lines: &[
            Visitor("Do you ship to Portugal?"),
            Agent(1, "We do, €9 flat, four to six working days."),
            Visitor("Great."),
        ],
    },
    Story {
        name: Some("Sophie Laurent"),
        email: Some("sophie@example.org"),
        minutes_ago: 1_600,
        status: Status::Pending,
        assignee: Some(1),
        seen: true,
        about: HARBOUR,
        lines: &[
            Visitor("My lamp arrived with a crack in the foot. Order 20418."),
            Agent(1, "I am sorry about that, Sophie. Could you tell me whether the crack goes through to the felt?"),
            Visitor("It does, about four centimetres. The box looked like this."),
            Shows("", &[PARCEL]),
            Note(1, "Third cracked foot from batch 0318. Told the workshop, replacement goes out on Monday."),
            Agent(1, "Thank you. A new one leaves on Monday; keep the old one, no need to send it back."),
        ],
    },
    Story {
        name: None,
        email: None,
        minutes_ago: 1_450,
        status: Status::Archived,
        assignee: None,
        seen: false,
        about: None,
        lines: &[Visitor("best seo service cheap price first page guaranteed")],
    },
    Story {
        name: Some("Ingrid Aas"),
        email: Some("ingrid@example.com"),
        minutes_ago: 700,
        status: Status::Resolved,
        assignee: Some(0),
        seen: true,
        about: None,
        lines: &[
            Visitor("Can I get the invoice made out to my company?"),
            Agent(0, "Of course. Send us the name and VAT number and we will correct it today."),
            Visitor("Aas Interiør AS, NO 914 778 271 MVA"),
            Hands(0, "Done: here is the corrected invoice.", &[INVOICE]),
        ],
    },
    Story {
        name: Some("Daniel Osei"),
        email: None,
        minutes_ago: 320,
        status: Status::Snoozed,
        assignee: Some(0),
        seen: true,
        about: PIER,
        lines: &[
            Visitor("When will the Pier lamp in black be back?"),
            Agent(0, "The next batch is due in the first week of December. Shall I write to you then?"),
            Visitor("Yes please!"),
        ],
    },
    Story {
        name: Some("Marta Kowalska"),
        email: Some("marta@example.net"),
        minutes_ago: 190,
        status: Status::Open,
        assignee: Some(1),
        seen: true,
        about: HARBOUR,
        lines: &[
            Visitor("Does the dimmer work with smart bulbs?"),
            Agent(
                1,
                "With most of them it is better to leave the dimmer at full and dim by the app. Which bulbs do you use?",
            ),
            Visitor("Hue White Ambiance, E27. And which shades are there?"),
            Hands(1, "Linen, sand and sage.", &[SHADES]),
        ],
    },
    Story {
        name: Some("Ahmed Farouk"),
        email: None,
        minutes_ago: 120,
        status: Status::Open,
        assignee: Some(0),
        seen: false,
        about: PIER,
        lines: &[
            Shows("Is the cable long enough for a socket 3 m away? This is where it would stand.", &[LIVING_ROOM]),
            Agent(0, "It is 2.5 m, but we can fit a 4 m cable at no extra cost. Just say so in the order's comment."),
        ],
    },
    Story {
        name: Some("Wei Chen"),
        email: Some("wei@example.com"),
        minutes_ago: 64,
        status: Status::Open,
        assignee: None,
        seen: false,
        about: HARBOUR,
        lines: &[
            Visitor("Hello, we would like 24 Harbour lamps for a hotel in Bergen."),
            Shows("Is there a price for that quantity, and could you deliver by mid December?", &[ORDER]),
        ],
    },
    Story {
        name: None,
        email: None,
        minutes_ago: 31,
        status: Status::Open,
        assignee: None,
        seen: false,
        about: HARBOUR,
        lines: &[Visitor("what colour is the cable?")],
    },
    Story {
        name: Some("Lucía Fernández"),
        email: None,
        minutes_ago: 14,
        status: Status::Open,
        assignee: Some(0),
        seen: true,
        about: None,
        lines: &[
            Visitor("I typed the wrong street in my order, number 20455. Can you still change it?"),
            Agent(0, "Yes, it has not left yet. What is the right address?"),
            Visitor("Calle de Alcalá 48, 2º, 28014 Madrid. Thank you so much!"),
        ],
    },
    Story {
        name: Some("Robert Hale"),
        email: Some("robert@example.com"),
        minutes_ago: 4,
        status: Status::Open,
        assignee: None,
        seen: false,
        about: PIER,
        lines: &[Visitor(
            "Hi! The checkout says my card is refused, but the bank says all is fine. Can I pay by invoice?",
        )],
    },
];
