//! The simulator judged by a public client library that knows nothing of it; needs python3 with venv and a registry.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use graph_sim::actor::KINDS;
use graph_sim::{Setup, Sim};
use serde_json::{Value, json};

const LIBRARY: &str = "pywa==4.5.0";
const PABLO: &str = "16505551234";

/// Where the library insists on what Meta does not promise: the push, and what the library says of it.
const BEYOND_THE_LIBRARY: [(&str, &str); 8] = [
    // answers of forms that are no JSON, or no object
    ("messages interactive", "JSONDecodeError"),
    ("messages interactive", "'str' object cannot be interpreted"),
    // the legacy kind, whose errors have no message
    ("messages unknown", "'message'"),
    // files that could not be fetched have no id
    ("messages image", "'id'"),
    ("messages video", "'id'"),
    // no cards beside failed statuses and system messages; the former is a switch
    ("messages failed", "'contacts'"),
    ("messages system", "'contacts'"),
    // en-US instead of en_US trips over a mistake of the library; a switch, too
    ("_update", "'TemplateLanguage' object is not callable"),
];

/// The venv's python, made once and kept; `None` when this machine has none.
fn python() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oracle-{}", LIBRARY.replace("==", "-")));
    let python = folder.join("bin/python");
    let quiet = |program: &Path, words: &[&str]| {
        let done = Command::new(program).args(words).stdout(Stdio::null()).stderr(Stdio::null()).status();
        done.is_ok_and(|status| status.success())
    };
    let works = || quiet(&python, &["-c", "import pywa"]);
    let made = works() || {
        let folder = folder.to_str()?;
        quiet(Path::new("python3"), &["-m", "venv", folder])
            && quiet(&python, &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", LIBRARY])
            && works()
    };
    if !made {
        println!("SKIPPED: no python3 venv with {LIBRARY} on this machine; the oracle was not asked");
    }
    made.then_some(python)
}

/// Runs the oracle; gives its verdicts.
async fn ask(python: PathBuf, words: Vec<String>, input: String) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/oracle.py");
    let run = move || {
        let mut child = Command::new(python)
            .arg(script)
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("the oracle listens");
        let out = child.wait_with_output().expect("the oracle answers");
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        text.lines().map(|line| serde_json::from_str(line).expect("a verdict")).collect()
    };
    tokio::task::spawn_blocking(run).await.expect("the oracle runs")
}

fn refused(verdicts: &[Value]) -> Vec<String> {
    let bad = verdicts.iter().filter(|verdict| verdict["ok"] != true);
    let known = |verdict: &&Value| {
        let text = |key: &str| verdict[key].as_str().unwrap_or_default();
        BEYOND_THE_LIBRARY
            .iter()
            .any(|(name, why)| text("name").trim_end().ends_with(name) && text("why").contains(why))
    };
    let bad = bad.filter(|verdict| !known(verdict));
    bad.map(|verdict| format!("{}: {} {}", verdict["name"], verdict["why"], verdict["trace"])).collect()
}

#[tokio::test]
async fn the_library_s_sends_are_accepted() {
    let Some(python) = python() else { return };
    let sim = Sim::start(3).await.expect("a simulator");
    let ids = [sim.user(PABLO).says("one"), sim.user(PABLO).says("two")];
    let to = format!("+{PABLO}");
    let words = ["send", sim.base(), Setup::NUMBER, Setup::WABA, Setup::TOKEN, &to];
    let verdicts = ask(python, words.map(str::to_owned).to_vec(), format!("{}\n{}\n", ids[0], ids[1])).await;
    assert!(verdicts.len() > 25, "{verdicts:?}");
    assert_eq!(refused(&verdicts), Vec::<String>::new());
}

#[tokio::test]
async fn the_library_reads_everything_that_is_pushed() {
    let Some(python) = python() else { return };
    let mut lines = Vec::new();
    for switches in [
        json!({}),
        json!({"hidden_phone": "empty", "reaction_removal": "empty", "username_at": true,
        "template_language": "underscore", "failed_after": "sent", "failed_contacts": "present", "rotation_link": "user_id_update", "media_url": false}),
    ] {
        lines.extend(pushes(&switches).await);
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pushes.jsonl");
    std::fs::write(&file, lines.join("\n")).expect("a file");
    let path = file.to_str().expect("a path").to_owned();
    let verdicts = ask(python, vec!["parse".to_owned(), path, Setup::SECRET.to_owned()], String::new()).await;
    assert_eq!(verdicts.len(), lines.len());
    assert_eq!(refused(&verdicts), Vec::<String>::new());
    let read = verdicts.iter().filter(|verdict| verdict["parsed"].is_string()).count();
    assert!(read * 10 > lines.len() * 7, "only {read} of {} were of a kind the library knows", lines.len());
}

/// A sink that answers 200.
fn sink() -> String {
    use actix_web::{App, HttpResponse, HttpServer, web};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let server = HttpServer::new(|| {
        let limit = web::PayloadConfig::new(8_000_000);
        App::new().app_data(limit).default_service(web::to(|_: web::Bytes| async { HttpResponse::Ok().finish() }))
    });
    tokio::spawn(server.workers(1).disable_signals().listen(listener).expect("a server").run());
    url
}

/// One push of everything there is, as lines for the oracle.
async fn pushes(switches: &Value) -> Vec<String> {
    let sim = Sim::start(5).await.expect("a simulator");
    sim.calls_back(&sink());
    sim.switch(switches);
    everything(&sim).await;
    sim.advance(3_600_000).await;
    let line = |(at, what): (usize, &Value)| {
        let body: Value = serde_json::from_str(what["body"].as_str().expect("a body")).expect("JSON");
        let value = &body["entry"][0]["changes"][0];
        let kind =
            value["value"]["messages"][0]["type"].as_str().or_else(|| value["value"]["statuses"][0]["status"].as_str());
        let name = format!("{at} {} {}", value["field"].as_str().unwrap_or_default(), kind.unwrap_or_default());
        json!({"name": name, "body": what["body"], "signature": what["headers"]["x-hub-signature-256"]}).to_string()
    };
    sim.noted("webhook").iter().enumerate().map(line).collect()
}

async fn everything(sim: &Sim) {
    let (pablo, zoe) = (sim.user(PABLO), sim.user("491701234567"));
    let first = pablo.says("Hello");
    for kind in KINDS {
        pablo.sends(kind, json!({"caption": "café 漢字 👍🏽"}));
    }
    for extra in [
        json!({"reply_to": first}),
        json!({"reply_to": "wamid.unknown"}),
        json!({"forwarded": true}),
        json!({"forwarded": "frequently"}),
        json!({"product": {"catalog_id": "1", "product_retailer_id": "2"}}),
    ] {
        pablo.sends("text", extra);
    }
    pablo.act("ctwa", json!({"text": "From an ad"}));
    pablo.act("react", json!({"message": first}));
    pablo.act("unreact", json!({"message": first}));
    pablo.act("edit", json!({"message": first, "text": "Hello!"}));
    pablo.act("revoke", json!({"message": first}));
    pablo.act("stop_marketing", json!({}));
    pablo.act("resume_marketing", json!({}));
    zoe.act("adopt_username", json!({"username": "zoe.k"}));
    zoe.says("With a username");
    zoe.act("forget_phone", json!({}));
    let number = sim.number(Setup::NUMBER);
    for kind in ["text", "image", "location"] {
        number.act("echo", &json!({"user": PABLO, "kind": kind}));
    }
    for (act, args) in [
        ("quality", json!({})),
        ("name", json!({})),
        ("pin_changed", json!({})),
        ("history", json!({"messages": 90})),
        ("contacts_sync", json!({})),
        ("echo_edit", json!({"user": PABLO, "message": first})),
        ("echo_revoke", json!({"user": PABLO, "message": first})),
    ] {
        number.act(act, &args);
    }
    for event in [
        "ACCOUNT_RESTRICTION",
        "DISABLED_UPDATE",
        "ACCOUNT_VIOLATION",
        "PARTNER_ADDED",
        "PARTNER_REMOVED",
        "ACCOUNT_RECONNECTED",
    ] {
        number.account("account_update", &json!({"event": event}));
    }
    let ids: Vec<_> = sim.world(|world| world.templates.keys().cloned().collect());
    for change in [
        json!({"status": "APPROVED"}),
        json!({"status": "REJECTED", "reason": "INVALID_FORMAT"}),
        json!({"status": "PAUSED"}),
        json!({"category": "MARKETING"}),
        json!({"quality": "RED"}),
    ] {
        sim.world(|world| graph_sim::actor::template_status(world, &ids[0], &change));
    }
    statuses(sim).await;
    pablo.act("change_number", json!({"phone": "16505557777"}));
    pablo.act("change_number", json!({"phone": "16505557778", "legacy": "customer_changed_number"}));
    pablo.act("identity_changed", json!({}));
    sim.settle().await;
}

/// Sent, delivered, read and failed, to the phone and by business-scoped id.
async fn statuses(sim: &Sim) {
    sim.settle().await;
    sim.user(PABLO).act("open", json!({}));
    for (to, state) in [(PABLO, true), ("5541998765432", false)] {
        let body = json!({"messaging_product": "whatsapp", "to": format!("+{to}"), "type": "text", "text": {"body": "Hi"},
            "biz_opaque_callback_data": "opaque-1"});
        let answer = sim.world(|world| graph_sim::send::send(world, Setup::NUMBER, &body)).expect("accepted");
        assert!(answer["messages"][0]["id"].is_string(), "{state}");
    }
    let scoped = sim.world(|world| world.bsuid("491701234567", "portfolio-1"));
    let body = json!({"messaging_product": "whatsapp", "recipient": scoped, "type": "text", "text": {"body": "Hi"}});
    sim.world(|world| graph_sim::send::send(world, Setup::NUMBER, &body)).expect("accepted");
    sim.advance(5000).await;
}
