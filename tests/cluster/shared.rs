//! One limit and one list of who is there, however many processes there are.

use harness::{Http, Live, Visitor, client_id};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use crate::stage::{Cluster, agent_listens, visitor_listens};

/// A process that is silent for three beats of two seconds is forgotten, and its people a moment later.
const FORGOTTEN: Duration = Duration::from_secs(30);

/// What a visitor may say at once, and after that in each second.
const BURST: u64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rl_07_a_limit_is_one_limit_over_two_processes_and_two_without_a_broker() {
    let Some(mut cluster) = Cluster::with(&[("LIMITS__FACTOR", "1")]).await else { return };
    let apis = [cluster.node("api").await, cluster.node("api").await];
    let owner = cluster.owner_at(&apis[0]).await;
    let widget = cluster.widget(&owner).await;
    let mut visitor = Visitor::arrives(&apis[0].doors, &widget, None).await;
    visitor.says("the first words").await;
    let ways = apis.each_ref().map(|api| api.doors.http().bearing(visitor.http.token().expect("a session")));

    let (began, mut taken, mut asked) = (Instant::now(), 0, 0);
    while began.elapsed() < Duration::from_secs(10) {
        for way in &ways {
            taken += u64::from(is_taken(way, &visitor).await);
            asked += 1;
        }
    }
    let allowed = BURST + began.elapsed().as_secs();
    println!("RL-07 two processes, asked {asked} times in {:?}: allowed {allowed}, taken {taken}", began.elapsed());
    // the first words counted too; two limits would let twice as many pass
    assert!((allowed - 3..=allowed + 3).contains(&taken), "allowed {allowed}, taken {taken} of {asked}");

    cluster.broker.kill();
    let mut stranger = Visitor::arrives(&apis[0].doors, &widget, None).await;
    stranger.says("the first words").await;
    for api in &apis {
        let (way, mut taken) = (api.doors.http().bearing(stranger.http.token().expect("a session")), 0);
        while is_taken(&way, &stranger).await {
            taken += 1;
        }
        assert!(taken >= BURST - 1, "without a broker {} keeps its own limit, and took {taken}", api.roles);
    }
    drop(apis);
    cluster.strike().await;
}

/// Says something; `false` when that was too much.
async fn is_taken(way: &Http, visitor: &Visitor) -> bool {
    let path = format!("/widget/v1/conversations/{}/messages", visitor.conversation());
    let answer = way.post(&path, json!({ "client_id": client_id(), "body": "again" })).await;
    assert!(answer.status == 201 || answer.status == 429, "{} {}", answer.status, answer.text);
    answer.status == 201
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_there_is_known_on_every_process_until_theirs_dies() {
    let Some(cluster) = Cluster::set().await else { return };
    let (near, mut far) = tokio::join!(cluster.node("api,realtime"), cluster.node("api,realtime"));
    let owner = cluster.owner_at(&near).await;
    let widget = cluster.widget(&owner).await;
    let mut visitor = Visitor::arrives(&far.doors, &widget, None).await;
    let (mut page, _) = visitor_listens(&visitor, &far).await;
    let (mut inbox, _) = agent_listens(&owner, &near, None).await;
    page.expect(|frame| frame["type"] == "presence" && frame["online"] == true).await;

    visitor.says("is anybody there?").await;
    let conversation = visitor.conversation().to_owned();
    is(&mut inbox, &conversation, "online").await;
    inbox.send(json!({ "type": "presence", "state": "online", "viewing": conversation })).await;
    let colleague = cluster.owner_at(&far).await;
    let (mut inbox_there, _) = agent_listens(&colleague, &far, None).await;
    let of_this = |frame: &Value| frame["type"] == "viewing" && frame["agents"][0]["id"] == json!(owner.id);
    soon(&mut inbox_there, of_this).await;

    let died = Instant::now();
    far.kill();
    is(&mut inbox, &conversation, "offline").await;
    println!("a visitor whose process was killed is shown as gone after {:?}", died.elapsed());
    drop((near, far));
    cluster.strike().await;
}

async fn is(live: &mut Live, conversation: &str, state: &str) {
    let wanted = |frame: &Value| {
        frame["type"] == "presence" && frame["conversation_id"] == conversation && frame["visitor"] == state
    };
    soon(live, wanted).await;
}

/// Waits longer than usual.
async fn soon(live: &mut Live, wanted: impl Fn(&Value) -> bool) {
    let deadline = Instant::now() + FORGOTTEN;
    loop {
        let frame = live.frame(deadline).await.expect("it never came");
        if wanted(&frame) {
            return;
        }
    }
}
