//! The one task of a socket: frames in, frames out, and the end.

use std::time::{Duration, Instant};

use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, Session};
use bytestring::ByteString;
use futures::FutureExt;
use kernel::{Error, Position};
use realtime::{ClientFrame, Ending, Kind, Knock, Live, Out};
use tokio::time::timeout;

use super::pace::Pace;
use super::side::{self, Side};
use super::typed::Typed;
use crate::State;

/// How long a socket may take to say who it is.
const HELLO: Duration = Duration::from_secs(5);
/// How long a close frame may take to leave.
const LINGER: Duration = Duration::from_secs(5);

/// A socket that has been opened.
pub struct Socket {
    api: State,
    side: Side,
    session: Session,
    stream: AggregatedMessageStream,
    pace: Pace,
    typed: Typed,
}

/// Why the task ends.
enum Over {
    /// The peer left or its connection broke.
    Left,
    /// We close.
    Closed(Ending),
}

type Going = Result<(), Over>;

impl Socket {
    /// Around what actix-ws gave.
    pub fn new(api: State, side: Side, session: Session, stream: AggregatedMessageStream) -> Self {
        Self { api, side, session, stream, pace: Pace::new(Instant::now()), typed: Typed::default() }
    }

    /// Serves until one side ends it. `knock` is given back once the socket has signed in.
    pub async fn run(mut self, knock: Knock) {
        let over = match self.sign_in().await {
            Ok((live, welcome)) => {
                drop(knock);
                self.serve(live, welcome).await
            }
            Err(over) => over,
        };
        let reason = match over {
            Over::Left => None,
            Over::Closed(why) => {
                Some(CloseReason { code: CloseCode::Other(why.code()), description: Some(why.reason().to_owned()) })
            }
        };
        // one who does not read does not get the close frame either; the connection ends all the same
        let _ = timeout(LINGER, self.session.close(reason)).await;
    }

    async fn sign_in(&mut self) -> Result<(Live, ByteString), Over> {
        let first = timeout(HELLO, self.first_frame()).await.map_err(|_| Over::Closed(Ending::SignedOut))??;
        let ClientFrame::Hello { token, after } = first else { return Err(Over::Closed(Ending::SignedOut)) };
        self.enter(&token, after).await.map_err(|error| {
            tracing::debug!(%error, "socket refused");
            Over::Closed(side::ending(&error))
        })
    }

    async fn first_frame(&mut self) -> Result<ClientFrame, Over> {
        loop {
            let message = self.stream.recv().await;
            if let Some(frame) = self.read(message).await? {
                return Ok(frame);
            }
        }
    }

    async fn enter(&self, token: &str, after: Option<Position>) -> Result<(Live, ByteString), Error> {
        let pass = self.side.vouch(&self.api.ctx, token).await?;
        let mut live = self.api.hub.join(pass.clone(), Kind::Socket)?;
        self.side.vouch_again(&self.api.ctx, token, &pass).await?;
        let welcome = live.begin(after).await?;
        Ok((live, welcome))
    }

    async fn serve(&mut self, mut live: Live, welcome: ByteString) -> Over {
        if let Err(over) = self.send(&live, welcome).await {
            return over;
        }
        loop {
            let going = tokio::select! {
                out = live.next() => self.put(&live, out).await,
                message = self.stream.recv() => self.take(&mut live, message).await,
            };
            if let Err(over) = going {
                return over;
            }
        }
    }

    async fn put(&mut self, live: &Live, out: Out) -> Going {
        match out {
            Out::Text(text) => self.send(live, text).await,
            Out::End(why) => Err(Over::Closed(why)),
        }
    }

    /// Sends, unless the hub ends the connection while the peer does not read.
    async fn send(&mut self, live: &Live, text: ByteString) -> Going {
        tokio::select! {
            sent = self.session.text(text) => sent.map_err(|_| Over::Left),
            why = live.ended() => Err(Over::Closed(why)),
        }
    }

    async fn take(&mut self, live: &mut Live, message: Received) -> Going {
        live.heard();
        if let Some(Ok(AggregatedMessage::Ping(_))) = &message {
            // what was due before the ping leaves before the answer
            while let Some(out) = live.next().now_or_never() {
                self.put(live, out).await?;
            }
        }
        match self.read(message).await? {
            Some(frame) => self.obey(live, frame).await,
            None => Ok(()),
        }
    }

    async fn obey(&mut self, live: &mut Live, frame: ClientFrame) -> Going {
        match frame {
            ClientFrame::Hello { .. } => return Err(Over::Closed(Ending::BadFrame)),
            ClientFrame::Token { token } => self.renew(live, &token).await?,
            ClientFrame::Typing { conversation_id, on } => {
                live.typing(conversation_id, on).await;
                if on && self.side == Side::Agent && self.typed.is_due(conversation_id, Instant::now()) {
                    whatsapp::seen::typing(&self.api.ctx, &live.scope(), conversation_id);
                }
            }
            ClientFrame::Presence { state, viewing } => live.presence(state, viewing).await,
            ClientFrame::Seen { conversation_id, seq, state } => live.mark(conversation_id, seq, state).await,
            ClientFrame::Pong {} => {}
        }
        Ok(())
    }

    async fn renew(&self, live: &Live, token: &str) -> Going {
        let pass = self.side.vouch(&self.api.ctx, token).await;
        let pass = pass.map_err(|error| Over::Closed(side::ending(&error)))?;
        live.renew(pass).then_some(()).ok_or(Over::Closed(Ending::SignedOut))
    }

    /// One message of the peer; `None` when it asks for nothing.
    async fn read(&mut self, message: Received) -> Result<Option<ClientFrame>, Over> {
        let bad = || Over::Closed(Ending::BadFrame);
        let message = message.ok_or(Over::Left)?.map_err(|_| bad())?;
        if !self.pace.allows(Instant::now()) {
            return Err(bad());
        }
        match message {
            AggregatedMessage::Text(text) => ClientFrame::parse(&text).map(Some).map_err(|_| bad()),
            AggregatedMessage::Binary(_) => Err(bad()),
            AggregatedMessage::Ping(bytes) => {
                self.session.pong(&bytes).await.map_err(|_| Over::Left)?;
                Ok(None)
            }
            AggregatedMessage::Pong(_) => Ok(None),
            AggregatedMessage::Close(_) => Err(Over::Left),
        }
    }
}

type Received = Option<Result<AggregatedMessage, actix_ws::ProtocolError>>;
