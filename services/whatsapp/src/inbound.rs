//! The door Meta calls at: who calls is settled first, what they say is stored, everything else happens later.

use std::str::FromStr;
use std::time::Duration;

use chat::Ctx;
use kernel::{Error, Result, Secret, TenantId, WaAppId, WaDeliveryId};
use store::{Committer, Gather, Unit};
use subtle::ConstantTimeEq;

use crate::signature::{self, Proof};
use crate::tables::{app, delivery};
use crate::{app as apps, ingest};

/// Longest body: Meta's own limit is 3 MB.
pub const MOST: usize = 4 * 1024 * 1024;
/// Meta repeats for seven days; a day more for whoever looks afterwards.
const KEPT: Duration = Duration::from_secs(8 * 86_400);
/// Bytes of sealed bodies in one statement.
const AT_ONCE: usize = 8 * 1024 * 1024;

/// Stores what is delivered; many deliveries share a commit.
pub struct Door {
    ctx: Ctx,
    lanes: Committer<Deliveries>,
}

/// Whoever has an address here, with the secrets that may vouch for a body.
pub struct Caller {
    app: WaAppId,
    /// Whether several tenants have numbers with it.
    is_shared: bool,
    secrets: Vec<Secret<String>>,
}

impl Door {
    /// Opens it. Call it inside the runtime.
    pub fn open(ctx: &Ctx) -> Self {
        Self { ctx: ctx.clone(), lanes: Committer::start(&ctx.db, Deliveries { ctx: ctx.clone() }, 2) }
    }

    /// What to answer when a callback is saved: the challenge, if mode and verify token are right. One answer for
    /// everything else, so that nobody learns which apps there are.
    pub async fn challenge(&self, app: &str, query: &[(String, String)]) -> Result<Option<String>> {
        let given = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let Some(row) = self.called(app).await? else { return Ok(None) };
        let Some(token) = apps::verify_token(&self.ctx, &row)? else { return Ok(None) };
        let same: bool =
            given("hub.verify_token").unwrap_or_default().as_bytes().ct_eq(token.reveal().as_bytes()).into();
        let challenge = given("hub.challenge").filter(|_| same && given("hub.mode") == Some("subscribe"));
        Ok(challenge.map(str::to_owned))
    }

    /// Whose address was called. `None` for an app that is not here or has no secret.
    pub async fn caller(&self, app: &str) -> Result<Option<Caller>> {
        let Some(row) = self.called(app).await? else { return Ok(None) };
        let secrets = apps::secrets(&self.ctx, &row)?;
        Ok((!secrets.is_empty()).then_some(Caller { app: row.id, is_shared: row.tenant_id.is_none(), secrets }))
    }

    /// Checks the signature over the bytes as they came, then stores them. `true` means committed. `false` means that
    /// nobody known signed this; nothing of it was read.
    pub async fn accept(&self, caller: &Caller, header: Option<&[u8]>, body: &[u8]) -> Result<bool> {
        match signature::check(header, body, &caller.secrets) {
            None => return Ok(false),
            Some(Proof::Escaped) => count("re_encoded"),
            Some(Proof::AsSent) => (),
        }
        let now = self.ctx.clock().now();
        let id = WaDeliveryId::new(self.ctx.clock());
        let row = delivery::Model {
            id,
            app_id: caller.app,
            received_at: now,
            body: seal(&self.ctx, id, body)?,
            bytes: i64::try_from(body.len()).map_err(Error::internal)?,
            state: "new".to_owned(),
            items: 0,
            failed_items: 0,
            tried: 0,
            error: None,
            expires_at: now.plus(KEPT),
            lane: ingest::lane(caller.app, caller.is_shared, body),
        };
        let (_, key) = id.uuid().as_u64_pair();
        self.lanes.submit(key, row).await?;
        count("stored");
        Ok(true)
    }

    async fn called(&self, app: &str) -> Result<Option<app::Model>> {
        match WaAppId::from_str(app) {
            Ok(id) => app::called(self.ctx.db.platform(), id).await,
            Err(_) => Ok(None),
        }
    }
}

/// Counts what became of a call: `stored`, `refused`, `re_encoded`.
pub fn count(outcome: &'static str) {
    metrics::counter!("porchlight_whatsapp_inbound_total", "outcome" => outcome).increment(1);
}

/// Seals a body. Bytes that are no text are kept as well: a valid signature says nothing about what was signed.
fn seal(ctx: &Ctx, id: WaDeliveryId, body: &[u8]) -> Result<String> {
    let words = match std::str::from_utf8(body) {
        Ok(text) => format!("t{text}"),
        Err(_) => format!("b{}", data_encoding::BASE64.encode(body)),
    };
    ctx.vault.seal(&id.to_string(), &words)
}

/// A delivery's body as it came.
pub(crate) fn unseal(ctx: &Ctx, row: &delivery::Model) -> Result<Vec<u8>> {
    let words = ctx.vault.open(&row.id.to_string(), &row.body)?;
    match words.reveal().split_at_checked(1) {
        Some(("t", text)) => Ok(text.as_bytes().to_vec()),
        Some(("b", text)) => data_encoding::BASE64.decode(text.as_bytes()).map_err(Error::internal),
        _ => Err(Error::internal("a delivery that is neither text nor bytes")),
    }
}

struct Deliveries {
    ctx: Ctx,
}

impl Gather for Deliveries {
    type Item = delivery::Model;
    type Done = ();

    fn tenant(_: &delivery::Model) -> Option<TenantId> {
        None
    }

    async fn run(&self, unit: &mut Unit, items: &[delivery::Model]) -> Result<Vec<Result<((), Option<usize>)>>> {
        let mut part: Vec<&delivery::Model> = Vec::new();
        let mut bytes = 0;
        for item in items {
            if bytes + item.body.len() > AT_ONCE && !part.is_empty() {
                delivery::insert(unit.conn(), &part).await?;
                part.clear();
                bytes = 0;
            }
            bytes += item.body.len();
            part.push(item);
        }
        delivery::insert(unit.conn(), &part).await?;
        let lanes = items.iter().map(|item| item.lane.clone()).collect();
        ingest::plan(unit, lanes, self.ctx.clock().now()).await?;
        Ok(items.iter().map(|_| Ok(((), None))).collect())
    }
}
