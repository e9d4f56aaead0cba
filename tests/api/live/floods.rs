//! Nonsense and too much of it.

use futures::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use super::*;

#[tokio::test]
async fn ws_09_nonsense_and_floods_are_closed_and_nobody_else_notices() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    tenant.owner.opens_inbox().await;
    let long = format!("{{\"type\":\"pong\"{}}}", " ".repeat(16 * 1024));
    let deep = format!("{}{}", "[".repeat(8_000), "]".repeat(8_000));
    let texts = [
        "",
        "null",
        "[]",
        "{}",
        "{\"type\":7}",
        "{\"type\":\"post\"}",
        "{\"type\":\"hello\",\"token\":\"t\"}",
        &deep,
        &long,
    ];
    for text in texts {
        let mut live = signed_in(&app, &tenant.owner).await;
        live.send_text(text.to_owned()).await;
        assert_eq!(live.is_closed().await, 4400, "{}…", &text[..text.len().min(40)]);
    }
    let bits = vec![Message::binary(vec![1, 2, 3])];
    let pings: Vec<_> = (0..300).map(|_| Message::Ping(vec![0].into())).collect();
    let tiny: Vec<_> = (0..10_000).map(|_| Message::text("{\"type\":\"pong\"}")).collect();
    for (name, messages) in [("binary", bits), ("pings", pings), ("tiny frames", tiny)] {
        assert_eq!(flood(&app, &tenant.owner, messages).await, 4400, "{name}");
    }
    let mut anna = writer(&app, &widget).await;
    anna.says("as if nothing had happened").await;
    tenant.owner.sees("as if nothing had happened").await;
}

async fn signed_in(app: &TestApp, agent: &Agent) -> Live {
    Live::hello(app.http().base(), AGENTS, app.public_url(), &token(&agent.http), None).await.0
}

/// Sends all of it after a good hello; gives the code it is closed with.
async fn flood(app: &TestApp, agent: &Agent, messages: Vec<Message>) -> u16 {
    let (stream, _) = connect_async(request(app, AGENTS)).await.expect("the socket opens");
    let (mut sink, mut stream) = stream.split();
    let hello = json!({ "type": "hello", "token": token(&agent.http), "after": null }).to_string();
    sink.send(Message::text(hello)).await.expect("the hello leaves");
    let sending = async move {
        for message in messages {
            // the server may have closed long before the last one
            if sink.send(message).await.is_err() {
                break;
            }
        }
        // kept open: the server closes, not we
        std::future::pending::<()>().await;
    };
    let reading = async {
        while let Some(Ok(message)) = stream.next().await {
            if let Message::Close(why) = message {
                return why.map_or(1005, |frame| frame.code.into());
            }
        }
        1006
    };
    tokio::select! {
        code = tokio::time::timeout(PATIENCE, reading) => code.expect("the server closes"),
        () = sending => unreachable!("never ends"),
    }
}
