//! A fresh database for one piece of work.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Result;

use crate::options::Engine;
use crate::postgres::{Postgres, after_us};

/// An empty database and the folder it lies in; both are gone when dropped.
pub struct StoreAt {
    pub folder: PathBuf,
    pub postgres: Option<Postgres>,
}

impl StoreAt {
    pub fn start(engine: Engine, data: &Path) -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = data.join(format!("porchlight-load-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        after_us(&format!("rm -rf {}", folder.display()))?;
        let postgres = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => {
                Some(Postgres::start(&data.join(format!("porchlight-load-pg-{}-{number}", std::process::id())))?)
            }
        };
        Ok(Self { folder, postgres })
    }

    pub fn url(&self) -> String {
        match &self.postgres {
            Some(postgres) => postgres.url("postgres"),
            None => format!("sqlite://{}", self.folder.join("porchlight.db").display()),
        }
    }

    /// The process whose family is the database.
    pub fn pid(&self) -> Option<u32> {
        self.postgres.as_ref().map(|postgres| postgres.pid)
    }
}

impl Drop for StoreAt {
    fn drop(&mut self) {
        // the watcher tries again when this process ends
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
