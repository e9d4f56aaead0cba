//! A tenant with a WhatsApp number, as if somebody had connected it: Meta is not asked.

use kernel::{TenantId, WaAccountId, WaAppId, WaDeliveryId, WaNumberId, WaTemplateId};
use sea_orm::{ConnectionTrait, Value};
use store::{Whose, sql};

use crate::{Tenant, TestApp};

/// Ids of what was connected.
#[derive(Clone, Debug)]
pub struct Connected {
    /// The account.
    pub account: String,
    /// The number.
    pub number: String,
    /// An approved template.
    pub template: String,
    /// A delivery with one line of the tenant's.
    pub delivery: String,
}

/// Gives the tenant an account of the app, with this id at Meta, a number in it, and a delivery that was worked on.
pub async fn connect(app: &TestApp, tenant: &Tenant, of: &str, waba: &str, phone_number_id: &str) -> Connected {
    let clock = app.clock();
    let (account, number) = (WaAccountId::new(clock), WaNumberId::new(clock));
    let (delivery, template) = (WaDeliveryId::new(clock), WaTemplateId::new(clock));
    let (tenant, of): (TenantId, WaAppId) = (tenant.id.parse().expect("an id"), of.parse().expect("an id"));
    let now = clock.now();
    let unit = app.ctx().db.write(Whose::Platform).await.expect("a write");
    let run = async |text: &str, values: Vec<Value>| {
        let conn = unit.conn();
        conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.expect("the row is written");
    };
    run(
        "insert into wa_account (tenant_id, id, app_id, waba_id, name, state, news, created_at, updated_at) \
         values (?, ?, ?, ?, 'Porch Goods', 'connected', '{}', ?, ?)",
        vec![tenant.into(), account.into(), of.into(), waba.into(), now.into(), now.into()],
    )
    .await;
    run(
        "insert into wa_number (tenant_id, id, account_id, phone_number_id, display, per_second, coexistence, settings, \
         news, created_at, updated_at) values (?, ?, ?, ?, '+1 555-078-3881', 80, ?, '{}', '{}', ?, ?)",
        vec![
            tenant.into(),
            number.into(),
            account.into(),
            phone_number_id.into(),
            false.into(),
            now.into(),
            now.into(),
        ],
    )
    .await;
    run(
        "insert into channel (tenant_id, id, source, name, address, updated_at) \
         values (?, ?, 'whatsapp', 'Porch Goods', '+1 555-078-3881', ?)",
        vec![tenant.into(), number.into(), now.into()],
    )
    .await;
    run(
        "insert into wa_template (tenant_id, id, account_id, name, language, category, status, named, components, news, \
         updated_at) values (?, ?, ?, 'hello_world', 'en_US', 'UTILITY', 'APPROVED', ?, ?, '{}', ?)",
        vec![
            tenant.into(),
            template.into(),
            account.into(),
            false.into(),
            r#"[{"type":"BODY","text":"Hello there"}]"#.into(),
            now.into(),
        ],
    )
    .await;
    run(
        "insert into wa_item (tenant_id, delivery_id, nth, number_id, kind, what, state, at) \
         values (?, ?, 0, ?, 'message', 'text', 'waiting', ?)",
        vec![tenant.into(), delivery.into(), number.into(), now.into()],
    )
    .await;
    unit.commit().await.expect("committed");
    Connected {
        account: account.to_string(),
        number: number.to_string(),
        template: template.to_string(),
        delivery: delivery.to_string(),
    }
}
