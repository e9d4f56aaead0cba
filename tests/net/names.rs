//! DNS: what is read, what is refused, and when resolvers agree.

use std::net::{IpAddr, SocketAddr};

use harness::fakes::{Behaviour, Zone};
use hickory_proto::op::{Message, MessageType, ResponseCode};
use hickory_proto::rr::rdata::TXT;
use hickory_proto::rr::{RData, Record, RecordType};
use net::dns::{Agreement, Fault, Lookup, Quorum};
use net::{Dns, Net, NetConfig};
use tokio::net::UdpSocket;

const NAME: &str = "_porchlight-host-challenge.shop.acme.com";

fn dns(servers: &[&str]) -> Dns {
    let config = NetConfig { dns: servers.join(","), dns_timeout_ms: 400, ..NetConfig::default() };
    Net::new(&config).expect("a configuration that can be built").dns
}

async fn asked(zone: &Zone) -> Result<Vec<String>, Fault> {
    dns(&[&zone.address()]).txt(NAME).await.voices.remove(0).outcome
}

fn is_token(text: &str) -> bool {
    text == "token"
}

#[tokio::test]
async fn dv_01_a_record_is_read_and_a_missing_one_is_told_apart_from_a_missing_name() {
    let zone = Zone::start().await;
    assert_eq!(asked(&zone).await, Err(Fault::NxDomain));
    zone.address_of(NAME, IpAddr::from([192, 0, 2, 1]));
    assert_eq!(asked(&zone).await, Err(Fault::NoData));
    zone.txt(NAME, "token");
    assert_eq!(asked(&zone).await, Ok(vec!["token".to_owned()]));
}

#[tokio::test]
async fn dv_05_character_strings_are_joined_without_anything_between() {
    let zone = Zone::start().await;
    zone.txt_parts(NAME, &[b"tok", b"", b"en"]);
    assert_eq!(asked(&zone).await, Ok(vec!["token".to_owned()]));
}

#[tokio::test]
async fn dv_06_fifty_records_are_read_and_fifty_one_refused() {
    let zone = Zone::start().await;
    (0..50).for_each(|n| zone.txt(NAME, &format!("n{n}")));
    assert_eq!(asked(&zone).await.map(|texts| texts.len()), Ok(50));
    zone.txt(NAME, "token");
    assert_eq!(asked(&zone).await, Err(Fault::TooMany));
}

#[tokio::test]
async fn dv_07_a_large_answer_comes_by_tcp_and_over_4_kib_is_refused() {
    let zone = Zone::start().await;
    let string: &[u8] = &[b'x'; 250];
    zone.txt_parts(NAME, &[string; 8]);
    zone.txt_parts(NAME, &[string; 8]);
    let texts = asked(&zone).await.expect("4,000 bytes are within the limit");
    assert_eq!(texts.iter().map(String::len).sum::<usize>(), 4_000);
    zone.txt_parts(NAME, &[string]);
    assert_eq!(asked(&zone).await, Err(Fault::TooLarge));
}

#[tokio::test]
async fn dv_09_and_18_blanks_quotes_and_emptiness_are_kept_as_they_are() {
    let zone = Zone::start().await;
    zone.txt(NAME, "token ");
    zone.txt(NAME, "\"token\"");
    zone.txt(NAME, "");
    let mut texts = asked(&zone).await.expect("three records");
    texts.sort();
    assert_eq!(texts, ["", "\"token\"", "token "]);
}

#[tokio::test]
async fn dv_13_a_wildcard_answers_for_a_sibling_and_is_seen_there() {
    let zone = Zone::start().await;
    let resolver = dns(&[&zone.address()]);
    zone.txt(NAME, "token");
    let sibling = "_porchlight-host-challenge-k3j2.shop.acme.com";
    assert!(!resolver.txt(sibling).await.anyone_shows(is_token), "there is no wildcard yet");
    zone.txt("*.shop.acme.com", "token");
    assert!(resolver.txt(sibling).await.anyone_shows(is_token));
}

#[tokio::test]
async fn dv_14_an_alias_to_another_zone_is_followed_and_kept_as_evidence() {
    let zone = Zone::start().await;
    zone.alias(NAME, "acme.verify.provider.net");
    zone.txt("acme.verify.provider.net", "token");
    let lookup = dns(&[&zone.address()]).txt(NAME).await;
    assert!(lookup.anyone_shows(is_token) && lookup.is_aliased());
    assert_eq!(lookup.voices[0].chain, ["acme.verify.provider.net."]);
}

#[tokio::test]
async fn dv_15_five_aliases_are_followed_and_six_are_not() {
    let zone = Zone::start().await;
    zone.alias(NAME, "a1.acme.com");
    (1..5).for_each(|n| zone.alias(&format!("a{n}.acme.com"), &format!("a{}.acme.com", n + 1)));
    zone.txt("a5.acme.com", "token");
    assert_eq!(asked(&zone).await, Ok(vec!["token".to_owned()]));
    zone.clear("a5.acme.com");
    zone.alias("a5.acme.com", "a6.acme.com");
    zone.txt("a6.acme.com", "token");
    assert_eq!(asked(&zone).await, Err(Fault::CnameTooLong));
}

#[tokio::test]
async fn dv_16_aliases_that_run_in_a_circle_are_refused() {
    let zone = Zone::start().await;
    zone.alias(NAME, "b.acme.com");
    zone.alias("b.acme.com", NAME);
    assert_eq!(asked(&zone).await, Err(Fault::CnameLoop));
    zone.clear(NAME);
    zone.alias(NAME, NAME);
    assert_eq!(asked(&zone).await, Err(Fault::CnameLoop));
}

#[tokio::test]
async fn dv_17_a_tree_that_is_renamed_is_followed_by_the_alias_made_from_it() {
    let zone = Zone::start().await;
    zone.renamed_tree("shop.acme.com", "provider.net");
    zone.alias(NAME, "_porchlight-host-challenge.provider.net");
    assert_eq!(asked(&zone).await, Err(Fault::NxDomain));
    zone.txt("_porchlight-host-challenge.provider.net", "token");
    assert_eq!(asked(&zone).await, Ok(vec!["token".to_owned()]));
}

#[tokio::test]
async fn dv_19_bytes_that_are_no_text_are_read_and_equal_nothing() {
    let zone = Zone::start().await;
    zone.txt_parts(NAME, &[b"tok\xffen", b"\x00\xc3\x28"]);
    zone.txt(NAME, "token");
    let texts = asked(&zone).await.expect("two records");
    assert_eq!(texts.iter().filter(|text| is_token(text)).count(), 1);
    assert!(texts.iter().any(|text| text.contains('\u{fffd}')));
}

#[tokio::test]
async fn dv_31_and_32_one_lying_resolver_of_three_neither_proves_nor_disproves() {
    let zones = [Zone::start().await, Zone::start().await, Zone::start().await];
    let addresses = zones.each_ref().map(Zone::address);
    let resolver = dns(&addresses.each_ref().map(String::as_str));
    // one says yes alone
    zones[1].txt(NAME, "token");
    let one = resolver.txt(NAME).await;
    assert_eq!(one.weigh(Quorum::First, is_token), Agreement::Disagree);
    assert_eq!(one.weigh(Quorum::Recheck, is_token), Agreement::Disagree);
    // one says no alone
    zones[0].txt(NAME, "token");
    let two = resolver.txt(NAME).await;
    assert_eq!(two.weigh(Quorum::First, is_token), Agreement::Disagree);
    assert_eq!(two.weigh(Quorum::Recheck, is_token), Agreement::Holds);
    zones[2].txt(NAME, "token");
    assert_eq!(resolver.txt(NAME).await.weigh(Quorum::First, is_token), Agreement::Holds);
}

async fn one_voice(zone: &Zone) -> Agreement {
    weighed(&dns(&[&zone.address()]).txt(NAME).await)
}

fn weighed(lookup: &Lookup) -> Agreement {
    lookup.weigh(Quorum::Recheck, is_token)
}

#[tokio::test]
async fn dv_33_a_failing_or_refusing_server_proves_nothing() {
    let zone = Zone::start().await;
    zone.txt(NAME, "token");
    assert_eq!(one_voice(&zone).await, Agreement::Holds);
    zone.behave(NAME, Behaviour::Code(ResponseCode::ServFail));
    assert_eq!(one_voice(&zone).await, Agreement::Unsure(Fault::ServFail));
    zone.behave(NAME, Behaviour::Code(ResponseCode::Refused));
    assert_eq!(one_voice(&zone).await, Agreement::Unsure(Fault::Refused));
}

#[tokio::test]
async fn dv_34_a_silent_server_is_asked_twice_and_then_given_up() {
    let zone = Zone::start().await;
    zone.txt(NAME, "token");
    zone.behave(NAME, Behaviour::Silent);
    assert_eq!(one_voice(&zone).await, Agreement::Unsure(Fault::Timeout));
    assert!(zone.times_asked(NAME, RecordType::TXT) >= 2, "the second try is missing");
}

#[tokio::test]
async fn dv_35_a_truncated_answer_is_asked_for_by_tcp_and_tcp_refused_proves_nothing() {
    let zone = Zone::start().await;
    zone.txt(NAME, "token");
    zone.behave(NAME, Behaviour::Truncated);
    assert_eq!(one_voice(&zone).await, Agreement::Holds);
    let deaf = Zone::start_udp_only().await;
    deaf.txt(NAME, "token");
    assert_eq!(one_voice(&deaf).await, Agreement::Holds, "by UDP alone it works");
    deaf.behave(NAME, Behaviour::Truncated);
    assert_eq!(one_voice(&deaf).await, Agreement::Unsure(Fault::Unreachable));
}

/// Answers each question first wrongly, then rightly; returns where it listens.
async fn forger(forge: impl Fn(&mut Message) + Send + 'static, from_elsewhere: bool) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    let elsewhere = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    let address = socket.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut buffer = [0_u8; 1500];
        while let Ok((length, client)) = socket.recv_from(&mut buffer).await {
            let question = Message::from_vec(&buffer[..length]).expect("a question");
            let say = |text: &str| {
                let mut answer = Message::new(question.metadata.id, MessageType::Response, question.metadata.op_code);
                answer.queries = question.queries.clone();
                let data = RData::TXT(TXT::new(vec![text.to_owned()]));
                answer.add_answer(Record::from_rdata(question.queries[0].name.clone(), 1, data));
                answer
            };
            let mut forged = say("forged");
            forge(&mut forged);
            let way = if from_elsewhere { &elsewhere } else { &socket };
            let _ = way.send_to(&forged.to_vec().expect("bytes"), client).await;
            let _ = socket.send_to(&say("token").to_vec().expect("bytes"), client).await;
        }
    });
    address
}

#[tokio::test]
async fn dv_36_answers_with_a_wrong_id_port_or_question_are_dropped() {
    let wrong_id = forger(|answer| answer.metadata.id = answer.metadata.id.wrapping_add(1), false).await;
    let wrong_port = forger(|_| {}, true).await;
    let wrong_question =
        forger(|answer| answer.queries[0].name = "evil.example.".parse().expect("a name"), false).await;
    for (address, what) in [(wrong_id, "id"), (wrong_port, "port"), (wrong_question, "question")] {
        let lookup = dns(&[&address.to_string()]).txt(NAME).await;
        assert!(!lookup.anyone_shows(|text| text == "forged"), "an answer with a wrong {what} was believed");
        assert!(lookup.anyone_shows(is_token), "the right answer after a wrong {what} was not waited for");
    }
}

#[tokio::test]
async fn dv_37_records_of_other_names_in_the_answer_are_not_read() {
    let zone = Zone::start().await;
    zone.stray_txt("_porchlight-host-challenge.other.com", "token");
    zone.txt(NAME, "something");
    assert_eq!(asked(&zone).await, Ok(vec!["something".to_owned()]));
}

#[tokio::test]
async fn dv_38_a_resolver_that_claims_dnssec_has_one_voice_like_the_others() {
    let zones = [Zone::start().await, Zone::start().await, Zone::start().await];
    zones[0].txt(NAME, "token");
    zones[0].behave(NAME, Behaviour::ClaimsAuthentic);
    let addresses = zones.each_ref().map(Zone::address);
    let lookup = dns(&addresses.each_ref().map(String::as_str)).txt(NAME).await;
    assert!(lookup.anyone_shows(is_token), "the authentic answer was read");
    assert_eq!(lookup.weigh(Quorum::First, is_token), Agreement::Disagree);
}

#[tokio::test]
async fn addresses_of_both_families_are_gathered_and_half_an_answer_is_none() {
    let zone = Zone::start().await;
    let resolver = dns(&[&zone.address()]);
    assert_eq!(resolver.addresses("shop.acme.com").await, Err(Fault::NxDomain));
    zone.address_of("shop.acme.com", IpAddr::from([192, 0, 2, 1]));
    zone.address_of("shop.acme.com", "2001:db8::1".parse().expect("an address"));
    assert_eq!(resolver.addresses("shop.acme.com").await.map(|found| found.len()), Ok(2));
    zone.behave("shop.acme.com", Behaviour::Code(ResponseCode::ServFail));
    assert_eq!(resolver.addresses("shop.acme.com").await, Err(Fault::ServFail));
}
