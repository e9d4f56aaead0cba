//! A visitor in a browser on a client's page: loader and frame without the browser.

use serde_json::{Value, json};

use crate::people::{all_messages, client_id, text};
use crate::{Answer, Doors, Http, Live, Widget};

/// Somebody who has the widget open.
pub struct Visitor {
    /// Requests of the frame, with the access token.
    pub http: Http,
    /// `con_…`: there is no row before the first act.
    pub id: String,
    /// What the frame keeps to come back, once there is something to come back to.
    pub handle: Option<String>,
    /// The conversation, once there is one.
    pub conversation: Option<String>,
    /// Where the stream stood when the session was made.
    pub position: Value,
    live: Option<Live>,
    origin: String,
}

impl Visitor {
    /// The whole chain: page asks for a ticket, frame swaps it for a session. `handle` is that of an earlier visit.
    pub async fn arrives(doors: &Doors, widget: &Widget, handle: Option<&str>) -> Self {
        let ticket = text(&Self::bootstrap(doors, &widget.id, &widget.origin).await.ok(), "ticket");
        let body = json!({ "ticket": ticket, "parent_origin": widget.origin, "handle": handle });
        let session = doors.http().with("origin", &doors.public_url).post("/widget/v1/sessions", body).await.is(201);
        Self {
            http: doors.http().with("origin", &doors.public_url).bearing(&text(&session, "access_token")),
            id: text(&session["visitor"], "id"),
            handle: handle.map(str::to_owned),
            conversation: session["conversation"]["id"].as_str().map(str::to_owned),
            position: session["position"].clone(),
            live: None,
            origin: doors.public_url.clone(),
        }
    }

    /// What the loader asks from a page of `origin`.
    pub async fn bootstrap(doors: &Doors, widget: &str, origin: &str) -> Answer {
        let page = json!({ "url": format!("{origin}/shoes"), "title": "Shoes" });
        doors
            .http()
            .with("origin", origin)
            .post("/widget/v1/bootstrap", json!({ "widget": widget, "page": page }))
            .await
    }

    /// Writes; the first words open the conversation. Gives the message.
    pub async fn says(&mut self, words: &str) -> Value {
        let answer = self.posts(json!({ "client_id": client_id(), "body": words })).await.is(201);
        self.keeps(&answer);
        answer["message"].clone()
    }

    /// Posts whatever body to where the next words belong.
    pub async fn posts(&self, body: Value) -> Answer {
        match &self.conversation {
            Some(conversation) => {
                self.http.post(&format!("/widget/v1/conversations/{conversation}/messages"), body).await
            }
            None => self.http.post("/widget/v1/conversations", body).await,
        }
    }

    /// Keeps what the first act gave.
    pub fn keeps(&mut self, answer: &Value) {
        if let Some(conversation) = answer["conversation"]["id"].as_str() {
            self.conversation = Some(conversation.to_owned());
        }
        if let Some(handle) = answer["handle"].as_str() {
            self.handle = Some(handle.to_owned());
        }
    }

    /// The id of the conversation.
    #[track_caller]
    pub fn conversation(&self) -> &str {
        self.conversation.as_deref().expect("the visitor has written")
    }

    /// Opens a socket where the session stood. Gives the welcome.
    pub async fn listens(&mut self) -> Value {
        let after = self.position.as_str().map(str::to_owned);
        let token = self.http.token().expect("a token").to_owned();
        let (live, welcome) =
            Live::hello(self.http.base(), "/widget/v1/live", &self.origin, &token, after.as_deref()).await;
        self.live = Some(live);
        welcome
    }

    /// The socket, once it is open.
    pub fn live(&mut self) -> &mut Live {
        self.live.as_mut().expect("listens comes first")
    }

    /// Waits until the socket tells of a message with these words.
    pub async fn sees(&mut self, words: &str) -> Value {
        self.live().expect(|frame| frame["type"] == "message_posted" && frame["message"]["body"] == words).await
    }

    /// The messages, oldest first, as the visitor may see them.
    pub async fn reads(&self) -> Vec<Value> {
        all_messages(&self.http, &format!("/widget/v1/conversations/{}/messages", self.conversation())).await
    }
}
