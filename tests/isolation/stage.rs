//! A server whose workers run, as one in operation does, and what the witness is told about it.

use std::path::Path;
use std::process::Command;

use graph_sim::{Setup, Sim};
use harness::{PASSWORD, TestApp};
use isolation::{Letters, MetaAccount, Options, Staff, Tenants};

const OPERATOR: &str = "root@porchlight.example";

/// A server, and Meta's look-alike when it was asked for.
pub struct Stage {
    /// The server.
    pub app: TestApp,
    sim: Option<Sim>,
}

impl Stage {
    /// Without anybody who plays Meta.
    pub async fn plain() -> Self {
        Self::start(None).await
    }

    /// With a WhatsApp account to connect.
    pub async fn with_whatsapp() -> Self {
        Self::start(Some(Sim::start(7).await.expect("the simulator starts"))).await
    }

    async fn start(sim: Option<Sim>) -> Self {
        let base = sim.as_ref().map_or("http://127.0.0.1:9", Sim::base).to_owned();
        let factor = std::env::var("ISOLATION_FACTOR").unwrap_or_else(|_| "1000".to_owned());
        let settings = [
            ("limits.factor", factor.as_str()),
            ("worker.enabled", "true"),
            ("whatsapp.graph_url", base.as_str()),
            ("net.allow", "[\"127.0.0.1/32\"]"),
            // the random domain and the addresses of nobody are looked up nowhere
            ("net.dns", "127.0.0.1:9"),
        ];
        let mut app = TestApp::with(&settings).await;
        app.forgives_dead_jobs();
        if let Some(sim) = &sim {
            sim.world(|world| world.clock.set(app.clock().now().millis()));
        }
        app.operator().await;
        Self { app, sim }
    }

    /// Where the public listener is.
    pub fn public(&self) -> String {
        self.app.doors().public.clone()
    }

    /// Whether the database has a wall of its own.
    pub fn has_wall(&self) -> bool {
        self.app.store_url().starts_with("postgres")
    }

    /// The command as an operator types it, without randomised probes.
    pub fn command(&self, report: &Path) -> Command {
        let (doors, letters) = (self.app.doors(), self.app.folder().join("mail"));
        let mut command = Command::new(harness::binary());
        command.args(["verify-isolation", "--make-tenants", "--probes", "0", "--rate", "0"]);
        command.args(["--public", &doors.public, "--public-origin", &doors.public_url]);
        command.args(["--operator", &doors.operator, "--operator-origin", &doors.operator_url]);
        command.args(["--operator-email", OPERATOR]).env("PORCHLIGHT_OPERATOR_PASSWORD", PASSWORD);
        command.arg("--letters").arg(letters).arg("--report").arg(report);
        command
    }

    /// What the witness is told: this address, these probes.
    pub fn options(&self, public: String, probes: u64) -> Options {
        let doors = self.app.doors();
        let account = self.sim.as_ref().map(|_| MetaAccount {
            meta_app_id: "670843887433847".to_owned(),
            app_secret: "test_app_secret".to_owned(),
            waba_id: Setup::WABA.to_owned(),
            token: Setup::TOKEN.to_owned(),
        });
        Options {
            public,
            operator: Some(doors.operator.clone()),
            public_origin: Some(doors.public_url.clone()),
            operator_origin: Some(doors.operator_url.clone()),
            tenants: Tenants::Made { letters: Letters::Folder(self.app.folder().join("mail")), mailbox: None },
            staff: Some(Staff { email: OPERATOR.to_owned(), password: PASSWORD.to_owned() }),
            whatsapp: (account, None),
            without: Vec::new(),
            probes,
            from: 0,
            seed: 20_261_121,
            rate: 0,
            at_once: 8,
            ca: None,
            store: self.has_wall().then(|| self.app.store_url().to_owned()),
            keep: false,
        }
    }
}
