//! Secrets by file, and keys that are replaced.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use sea_orm::ConnectionTrait;
use store::{Db, StoreConfig};

use crate::place::{Place, SECRET};

const OLD: &str = r#"["2026:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="]"#;
const BOTH: &str =
    r#"["2027:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=", "2026:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="]"#;
const NEW: &str = r#"["2027:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="]"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_may_stand_in_a_file_and_a_bad_file_is_one_line() {
    let place = Place::new().await;
    let path = place.folder.path().join("secret");
    let shown = path.display().to_string();
    fs::write(&path, format!("{SECRET}\n")).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a mode");
    let by_file = [("PORCHLIGHT__AUTH__SECRET", ""), ("PORCHLIGHT__AUTH__SECRET_FILE", shown.as_str())];
    let said = place.run(&["config", "check"], &by_file).await;
    assert!(said.is_well && said.err.is_empty(), "{}", said.err);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("a mode");
    let said = place.run(&["config", "check"], &by_file).await;
    assert!(said.is_well && said.err.contains("warning: everybody on this machine may read"), "{}", said.err);
    let said = place.run(&["config", "check"], &[("PORCHLIGHT__AUTH__SECRET_FILE", &shown)]).await.refused();
    assert!(said.contains("are both given"), "{said}");
    let missing = [("PORCHLIGHT__AUTH__SECRET", ""), ("PORCHLIGHT__AUTH__SECRET_FILE", "/nowhere/at/all")];
    let said = place.run(&["config", "check"], &missing).await.refused();
    assert!(said.contains("/nowhere/at/all cannot be read") && said.lines().count() == 1, "{said}");
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_address_of_the_database_is_refused_without_its_password() {
    let place = Place::new().await;
    for url in [
        "postgres://chat:hunter2@host:notaport/chat",
        "mysql://chat:hunter2@host/chat",
        "postgres://chat:hunter2@127.0.0.1:9/chat",
    ] {
        let said = place.run(&["migrate"], &[("PORCHLIGHT__STORE__URL", url)]).await.refused();
        assert!(!said.contains("hunter2"), "{said}");
    }
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_are_replaced_while_everything_runs_and_a_rotation_may_be_cut_off() {
    let place = Place::new().await;
    let vault = |keys: &[&str]| {
        let keys: Vec<_> = keys.iter().map(|key| kernel::Secret::new((*key).to_owned())).collect();
        chat::Vault::new(&keys, &kernel::Secret::new(SECRET.to_owned())).expect("keys")
    };
    let old = vault(&["2026:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="]);
    let new = vault(&["2027:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="]);
    let conn = Db::connect(&StoreConfig::at(&place.store_url, 2)).await.expect("a connection");
    let mut ids = Vec::new();
    for number in 0..700_u32 {
        let id = kernel::OperatorId::new(&kernel::Clock::System);
        // the first ones are done already: a rotation was cut off there
        let sealed = if number < 50 { &new } else { &old }.seal(&id.to_string(), "JBSWY3DP").expect("sealed");
        let text = "insert into operator (id, email, name, password_hash, totp_secret, created_at) values (?, ?, 'Root', 'x', ?, 0)";
        let values = [id.into(), format!("{number}@example.com").into(), sealed.into()];
        conn.execute_raw(store::sql(conn.get_database_backend(), text, values)).await.expect("a row");
        ids.push(id);
    }
    let keys = |value: &'static str| [("PORCHLIGHT__AUTH__VAULT", value)];
    let said = place.run(&["vault", "status"], &keys(BOTH)).await.well();
    assert!(said.contains("2027: seals; 50 texts") && said.contains("2026: 650 texts still need it"), "{said}");
    let said = place.run(&["vault", "status"], &keys(NEW)).await.well();
    assert!(said.contains("2026: 650 texts need it and it is NOT configured"), "{said}");
    let said = place.run(&["vault", "rotate"], &keys(NEW)).await.refused();
    assert!(said.contains("650 sealed texts are opened by no key"), "{said}");
    let said = place.run(&["vault", "rotate"], &keys(BOTH)).await.well();
    assert!(said.contains("operator.totp_secret: 700 sealed, 650 sealed anew"), "{said}");
    let said = place.run(&["vault", "rotate"], &keys(BOTH)).await.well();
    assert!(said.contains("700 sealed, 0 sealed anew"), "{said}");
    let said = place.run(&["vault", "status"], &keys(BOTH)).await.well();
    assert!(said.contains("2026: not in use; it may be taken out"), "{said}");
    let said = place.run(&["vault", "rotate"], &keys(OLD)).await.refused();
    assert!(said.contains("700 sealed texts"), "{said}");
    let rows = conn
        .query_all_raw(store::sql(conn.get_database_backend(), "select id, totp_secret from operator", []))
        .await
        .expect("rows");
    assert_eq!(rows.len(), ids.len());
    for row in rows {
        let id = kernel::OperatorId::from_uuid(row.try_get_by_index(0).expect("an id"));
        let sealed: String = row.try_get_by_index(1).expect("text");
        assert!(ids.contains(&id));
        assert_eq!(new.open(&id.to_string(), &sealed).expect("the new key alone opens it").reveal(), "JBSWY3DP");
    }
    conn.close().await.expect("closed");
    place.remove().await;
}
