//! What goes wrong on purpose, in twenty families. A fault is planted with where it applies and how often; each kind
//! bites at one point: the API's answer, the media host, the states of a message, an update, the bytes of a push, its
//! signature, or the endpoint. Scenes are whole stories played at once.

mod answers;
mod catalogue;
mod copies;
mod deform;
mod down;
mod files;
mod forge;
mod plant;
mod scenes;
mod states;
mod touch;

pub use answers::{api, tamper};
pub use catalogue::{KINDS, Kind, Point, kind};
pub use copies::copies;
pub use deform::deform;
pub use down::{is_down, storm};
pub use files::{address, lookup};
pub use plant::{Fault, Faults, On, Place};
pub use scenes::play;
pub use states::script;
pub use touch::touch;
