//! Measures: what is told, documented, shown and watched is the same list.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use harness::TestApp;
use server::MEASURES;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the checkout").to_path_buf()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn known() -> BTreeSet<String> {
    MEASURES.iter().map(|measure| measure.name.to_owned()).collect()
}

/// Names of ours in a text, without what Prometheus adds to histograms.
fn names(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let words = text.split(|c: char| !is_part(c));
    let ours = words.filter(|word| word.starts_with("porchlight_") || word.starts_with("process_"));
    ours.map(|word| {
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end));
        base.filter(|base| known().contains(*base)).unwrap_or(word).to_owned()
    })
    .collect()
}

#[test]
fn the_page_of_measures_lists_them_all_and_no_others() {
    let page = read("docs/operate/metrics.md");
    let rows: Vec<_> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let documented: BTreeSet<_> = rows.iter().filter_map(|row| row.split('`').nth(1)).map(str::to_owned).collect();
    assert_eq!(documented, known());
    for measure in MEASURES {
        let row = rows.iter().find(|row| row.starts_with(&format!("| `{}` ", measure.name))).expect("its row");
        assert!(row.contains(measure.says) && row.contains(measure.kind.word()), "{row}");
    }
}

#[test]
fn what_the_sources_measure_is_in_the_list_and_the_other_way_round() {
    let mut measured = BTreeSet::new();
    collect(&root().join("services"), &mut measured);
    assert_eq!(measured, known());
}

fn collect(folder: &Path, measured: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("node_modules") {
            collect(&path, measured);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file");
            for maker in ["counter!(", "gauge!(", "histogram!("] {
                let calls = text.split(maker).skip(1).filter_map(|call| call.trim_start().strip_prefix('"'));
                measured.extend(calls.filter_map(|call| call.split('"').next()).map(str::to_owned));
            }
        }
    }
}

#[tokio::test]
async fn a_running_server_tells_measures_of_the_list_and_none_besides() {
    let app = TestApp::start().await;
    let tenant = app.tenant("Porch Goods").await;
    let widget = tenant.has_widget("http://localhost:3000").await;
    let mut visitor = app.visitor(&widget).await;
    visitor.says("hello").await;
    // the first words open a conversation; from the second on, words are written in batches
    visitor.says("anybody there?").await;
    app.run_due().await;
    let text = app.operator_http().get("/metrics").await.text;
    let told: BTreeSet<_> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).map(str::to_owned).collect();
    let known = known();
    let unknown: Vec<_> = told.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    for expected in [
        "porchlight_http_request_seconds",
        "porchlight_store_batch_size",
        "porchlight_job_seconds",
        "porchlight_store_events_total",
    ] {
        assert!(told.contains(expected), "{expected} is missing");
    }
    assert!(text.contains("porchlight_http_request_seconds_bucket"), "histograms have buckets");
    assert!(!text.contains(&tenant.id), "no tenant is a label");
}

#[test]
fn the_dashboard_shows_measures_that_exist() {
    let text = read("deploy/observe/grafana-dashboard.json");
    let dashboard: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let asked: String = panels
        .iter()
        .flat_map(|panel| panel["targets"].as_array().into_iter().flatten())
        .map(|target| target["expr"].to_string())
        .collect();
    assert!(panels.len() > 20);
    let unknown: Vec<_> = names(&asked).difference(&known()).cloned().collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn every_alert_watches_measures_that_exist_and_has_its_section() {
    let (rules, page) = (read("deploy/observe/alerts.yaml"), read("docs/operate/alerts.md"));
    let of = |key: &str| {
        rules
            .lines()
            .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix(key))
            .map(|value| value.trim().to_owned())
            .collect::<Vec<_>>()
    };
    let (alerts, links) = (of("alert:"), of("runbook:"));
    assert!(alerts.len() > 15 && alerts.len() == links.len() && alerts.len() == of("expr:").len());
    let unknown: Vec<_> = names(&of("expr:").join(" ")).difference(&known()).cloned().collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    for (alert, link) in alerts.iter().zip(links) {
        assert_eq!(link, format!("\"docs/operate/alerts.md#{}\"", alert.to_lowercase()));
        let section = page.split(&format!("## {alert}\n")).nth(1).unwrap_or_else(|| panic!("{alert} has no section"));
        for part in ["What it means.", "What to look at.", "What to do."] {
            assert!(section.split("\n## ").next().is_some_and(|section| section.contains(part)), "{alert}: {part}");
        }
    }
}

#[test]
fn prometheus_itself_accepts_the_rules_where_it_is_installed() {
    let mut promtool = Command::new("promtool");
    let Ok(checked) = promtool.args(["check", "rules"]).arg(root().join("deploy/observe/alerts.yaml")).output() else {
        return eprintln!("promtool is not installed; the rules were read by our own test alone");
    };
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
