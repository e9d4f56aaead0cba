//! WhatsApp: apps that call us, accounts and numbers of tenants, what was delivered and what became of each item.

use sea_orm_migration::prelude::*;

use crate::dialect::run;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await
    }
}

// `news` remembers by kind how old the last news was that changed a row: old ones come again for a week
const UP: &[&str] = &[
    "create table wa_app (tenant_id {uuid}, id {uuid} primary key, meta_app_id text not null, name text not null, secret text, secret_hint text, old_secret text, old_until bigint, verify_token text, verify_hint text, created_at bigint not null, updated_at bigint not null)",
    "create index wa_app_by_tenant on wa_app (tenant_id, created_at)",
    "create unique index wa_app_once on wa_app (tenant_id, meta_app_id) where tenant_id is not null",
    "create unique index wa_app_of_platform on wa_app (meta_app_id) where tenant_id is null",
    "create table wa_account (tenant_id {uuid} not null, id {uuid} primary key, app_id {uuid} not null, waba_id text not null, name text not null, token text, token_hint text, state text not null, problem text, messaging_limit text, news text not null, synced_at bigint, created_at bigint not null, updated_at bigint not null)",
    "create unique index wa_account_once on wa_account (tenant_id, waba_id)",
    "create index wa_account_by_waba on wa_account (waba_id, app_id)",
    "create table wa_number (tenant_id {uuid} not null, id {uuid} primary key, account_id {uuid} not null, phone_number_id text not null, display text not null, verified_name text, quality text, tier text, per_second integer not null, name_status text, state text, coexistence {flag} not null, pin text, settings text not null, halted_at bigint, halted_reason text, news text not null, created_at bigint not null, updated_at bigint not null)",
    "create unique index wa_number_once on wa_number (phone_number_id)",
    "create index wa_number_by_account on wa_number (account_id)",
    "create index wa_number_by_tenant on wa_number (tenant_id, created_at)",
    "create table wa_delivery (id {uuid} primary key, app_id {uuid} not null, received_at bigint not null, body text not null, bytes bigint not null, state text not null, items integer not null, failed_items integer not null, tried integer not null, error text, expires_at bigint not null)",
    "create index wa_delivery_expired on wa_delivery (expires_at)",
    "create table wa_item (tenant_id {uuid}, delivery_id {uuid} not null, nth integer not null, number_id {uuid}, kind text not null, what text not null, state text not null, error text, at bigint not null, primary key (delivery_id, nth))",
    "create index wa_item_by_tenant on wa_item (tenant_id, at desc, delivery_id, nth) where tenant_id is not null",
    "create index wa_item_kept on wa_item (delivery_id) where state = 'waiting'",
];
