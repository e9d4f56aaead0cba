//! Why the server ends a connection, as clients are told.

/// Why the server ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client sent what nobody may send, or too much of it.
    BadFrame,
    /// Never signed in, token over, session ended, person removed.
    SignedOut,
    /// Tenant, widget or domain may not run now.
    Suspended,
    /// The client read too slowly; it resumes.
    Slow,
    /// This process stops or cannot reach its data; the client resumes.
    Restart,
    /// The peer has been silent for too long.
    Away,
}

impl Ending {
    /// The WebSocket close code.
    pub const fn code(self) -> u16 {
        match self {
            Self::BadFrame => 4400,
            Self::SignedOut => 4401,
            Self::Suspended => 4403,
            Self::Slow => 4408,
            Self::Restart => 1012,
            Self::Away => 1001,
        }
    }

    /// The reason beside the code; for people who look at frames.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::BadFrame => "bad frame",
            Self::SignedOut => "not signed in",
            Self::Suspended => "suspended",
            Self::Slow => "too slow, resume",
            Self::Restart => "restart, resume",
            Self::Away => "going away",
        }
    }
}
