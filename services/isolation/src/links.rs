//! Links to files. Whoever holds one has the file until it ends, by design; so what is proved is that none can be made
//! of another, and that one ends for everybody when its file is erased.

use anyhow::Result;
use reqwest::Method;

use crate::document::Operation;
use crate::http::Ask;
use crate::judge::Trial;
use crate::matrix::{How, how};
use crate::world::{Credential, World};

/// Runs it.
pub async fn run(world: &World) -> Result<()> {
    for operation in world.operations.iter().filter(|one| matches!(how(world, one), Ok(How::Link))) {
        let what = "links bent and mixed, and A's own link after its file was erased";
        world.tally.route(&operation.name(), operation.policy.word(), what);
        bent(world, operation).await?;
    }
    revoked(world).await
}

/// Every link that is A's with something changed, or with B's beginning and A's end.
async fn bent(world: &World, operation: &Operation) -> Result<()> {
    let (Some(theirs), Some(own)) = (world.a.links.first(), world.b.links.first()) else {
        world.tally.not_covered(&operation.name(), "there is no link to bend");
        return Ok(());
    };
    let half = theirs.len() / 2;
    let mut wrong = vec![format!("{}{}", &own[..own.len() / 2], &theirs[half..]), theirs[..half].to_owned()];
    for at in (0..theirs.len()).step_by(1 + theirs.len() / 24) {
        let other = if theirs.as_bytes()[at] == b'A' { "B" } else { "A" };
        wrong.push(format!("{}{other}{}", &theirs[..at], &theirs[at + 1..]));
    }
    for token in &wrong {
        for who in [Credential::Nobody, Credential::Person("owner")] {
            let trial =
                Trial { operation, who, tried: "a bent link".to_owned(), theirs: token, nobodys: "", strict: false };
            let answer = world.probe(&trial, &Ask::new(operation.method.clone(), operation.path_of(token))).await?;
            if answer.status < 400 {
                world.found(&trial, format!("{}: a bent link was taken", answer.status));
            }
        }
    }
    let own = world.public.ask(&Ask::new(operation.method.clone(), operation.path_of(theirs)), None).await?;
    match own.is_ok() {
        true => world.tally.control(&operation.name(), "the link as it was minted gives the file"),
        false => world.tally.not_covered(&operation.name(), "the control failed: A's own link gives nothing"),
    }
    Ok(())
}

/// A file that is erased takes its links along. A file of its own, so that the others stay for the probes.
async fn revoked(world: &World) -> Result<()> {
    let door = &world.public;
    let ask = Ask::new(Method::POST, "/v1/files").form(None, "gone.txt", b"erased in a moment");
    let made = world.a.own(door, &ask).await?.json();
    let file = crate::people::text(&made["file"], "id")?;
    let wanted = serde_json::json!({ "items": [{ "id": file, "variant": "full" }] });
    let mut link = None;
    for _ in 0..120 {
        let ask = Ask::new(Method::POST, "/v1/files/links").json(&wanted);
        let links = world.a.own(door, &ask).await?.json();
        link = links["items"][0]["url"].as_str().and_then(|url| Some(url.rsplit_once("/f/")?.1.to_owned()));
        if link.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
    let (Some(link), Some(operation)) =
        (link, world.operations.iter().find(|one| one.method == Method::GET && one.path.starts_with("/f/{")))
    else {
        return Ok(());
    };
    let before = door.ask(&Ask::get(operation.path_of(&link)), None).await?;
    world.a.own(door, &Ask::new(Method::DELETE, format!("/v1/files/{file}"))).await?;
    for who in [Credential::Nobody, Credential::Person("owner"), Credential::Visitor] {
        let tried = "A's link after its file was erased".to_owned();
        let trial = Trial { operation, who, tried, theirs: &link, nobodys: "", strict: false };
        let answer = world.probe(&trial, &Ask::get(operation.path_of(&link))).await?;
        if answer.status < 400 {
            world.found(&trial, format!("{}: the file is still given", answer.status));
        }
    }
    if !before.is_ok() {
        world.tally.note("a link to a fresh file gave nothing, so its end proves nothing".to_owned());
    }
    Ok(())
}
