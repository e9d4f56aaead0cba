//! Message ids as Meta makes them: they contain the user's phone number, which is why they are personal data.

use data_encoding::BASE64;

use crate::Dice;

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the user.
    In,
    /// From the business.
    Out,
}

/// `wamid.` and base64 of `1C 18 len phone 15 02 00 dir 18 len stanza 00`.
pub fn wamid(dice: &mut Dice, phone: &str, direction: Direction) -> String {
    let stanza = dice.hex(20);
    let mut bytes = vec![0x1c, 0x18, phone.len() as u8];
    bytes.extend(phone.bytes());
    bytes.extend([0x15, 0x02, 0x00, if direction == Direction::In { 0x12 } else { 0x11 }, 0x18, stanza.len() as u8]);
    bytes.extend(stanza.bytes());
    bytes.push(0);
    format!("wamid.{}", BASE64.encode(&bytes))
}
