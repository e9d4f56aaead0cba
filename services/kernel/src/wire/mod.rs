//! JSON shapes that events and REST answers share. `docs/API.md` is the prose, the OpenAPI document the reference.

mod conversation;
mod extra;
mod file;
mod merge;
mod message;
mod people;
mod search;
mod site;
mod whatsapp;
mod whatsapp_business;
mod whatsapp_import;

pub use conversation::{
    ChannelName, Contact, Context, Conversation, PageSeen, Receipts, Source, Status, WidgetName, Window,
};
pub use extra::{
    Answer, Card, Choice, Content, Extra, Failure, Forwarded, MediaKind, MediaState, OrderItem, Reaction, Referral,
};
pub use file::{
    File, FileCeiling, FileKind, FilePolicy, FileRetention, FileRules, FileScan, FileState, ScanPolicy, ScannerAway,
    TooLargeToScan, WidgetFiles,
};
pub use merge::ContactMerge;
pub use message::{Author, AuthorKind, Delivery, Message, Reach, Side, Visibility, preview};
pub use people::{Agent, AgentName, Tenant, TenantStatus};
pub use search::{FoundContact, FoundMessage, Stretch};
pub use site::{
    Display, DnsRecord, Domain, DomainMethod, DomainProblem, DomainScope, DomainState, HttpFile, Instructions, Theme,
    Widget, WidgetSettings, WidgetSide,
};
pub use whatsapp::{
    WhatsAppAccount, WhatsAppApp, WhatsAppCheck, WhatsAppItem, WhatsAppItemState, WhatsAppNumber, WhatsAppSettings,
    WhatsAppStanding, WhatsAppTemplate, WhatsAppVerdict,
};
pub use whatsapp_business::{
    WhatsAppAlert, WhatsAppJoined, WhatsAppPreview, WhatsAppPreviewButton, WhatsAppProfile, WhatsAppSignup,
    WhatsAppValues,
};
pub use whatsapp_import::{WhatsAppImport, WhatsAppImportState};
