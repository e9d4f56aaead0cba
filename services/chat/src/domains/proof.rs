//! Is it proved? Pure: a token and what was seen in, a verdict with a reason a person can act on out.

use net::dns::{Agreement, Fault, Lookup, Quorum};
use net::http::Refused;

use super::instructions::is_token_shaped;

/// What was seen.
#[derive(Clone, Debug)]
pub enum Seen {
    /// TXT records at the label, and at a made-up name beside it.
    Dns { record: Lookup, sibling: Lookup },
    /// A made-up path (with the name that was made up), the file, and the label, where a file's claim can still be
    /// withdrawn by DNS.
    File { probe: String, sibling: Result<String, Refused>, page: Result<String, Refused>, record: Lookup },
}

/// What it amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The token stands there.
    Proved,
    /// It plainly does not.
    Missing(Reason),
    /// It could not be looked at.
    Unsure(Reason),
    /// The owner of the domain says no: TXT `revoke`.
    Withdrawn,
}

/// Why there is no proof. A closed set: the same for every server and network behind the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No TXT record at the label.
    RecordMissing,
    /// TXT records with other values.
    RecordDiffers,
    /// The value stands in quotation marks.
    RecordQuoted,
    /// A wildcard answers for every name.
    RecordWildcard,
    /// More than 50 records or 4 KiB.
    RecordCrowded,
    /// Aliases in a circle, or more than five.
    RecordAliases,
    /// Resolvers do not agree yet.
    RecordSpreading,
    /// The name servers did not answer.
    NoAnswer,
    /// 404 or 410.
    FileMissing,
    /// Other content.
    FileDiffers,
    /// Not plain text, compressed or too long.
    FileNotPlain,
    /// The server answers any path.
    FileReflected,
    /// A redirect we do not follow.
    FileRedirected,
    /// The certificate is not good.
    FileCertificate,
    /// An error of the server.
    FileRefused,
    /// No public web server answered.
    FileUnreachable,
    /// The owner said no.
    Withdrawn,
    /// Not proved in time.
    Expired,
}

impl Reason {
    const ALL: [Self; 18] = [
        Self::RecordMissing,
        Self::RecordDiffers,
        Self::RecordQuoted,
        Self::RecordWildcard,
        Self::RecordCrowded,
        Self::RecordAliases,
        Self::RecordSpreading,
        Self::NoAnswer,
        Self::FileMissing,
        Self::FileDiffers,
        Self::FileNotPlain,
        Self::FileReflected,
        Self::FileRedirected,
        Self::FileCertificate,
        Self::FileRefused,
        Self::FileUnreachable,
        Self::Withdrawn,
        Self::Expired,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::RecordMissing => "dns_record_missing",
            Self::RecordDiffers => "dns_value_differs",
            Self::RecordQuoted => "dns_value_quoted",
            Self::RecordWildcard => "dns_wildcard",
            Self::RecordCrowded => "dns_too_many_records",
            Self::RecordAliases => "dns_alias_chain",
            Self::RecordSpreading => "dns_still_spreading",
            Self::NoAnswer => "dns_no_answer",
            Self::FileMissing => "file_missing",
            Self::FileDiffers => "file_differs",
            Self::FileNotPlain => "file_not_plain",
            Self::FileReflected => "file_any_path",
            Self::FileRedirected => "file_redirected",
            Self::FileCertificate => "file_certificate",
            Self::FileRefused => "file_refused",
            Self::FileUnreachable => "file_unreachable",
            Self::Withdrawn => "withdrawn_by_owner",
            Self::Expired => "not_proved_in_time",
        }
    }

    /// Reads a stored code back.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// What to do about it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::RecordMissing => {
                "There is no TXT record at this name yet. Add it at your DNS provider; a new record is usually visible \
                 within minutes, sometimes after an hour."
            }
            Self::RecordDiffers => {
                "There is a TXT record at this name, but with another value. Copy the value shown here exactly."
            }
            Self::RecordQuoted => {
                "The record's value has quotation marks around it. Enter it without them; your provider adds its own."
            }
            Self::RecordWildcard => {
                "A wildcard record answers for every name, so it proves nothing. Add the record at exactly this name \
                 and remove the wildcard TXT record."
            }
            Self::RecordCrowded => {
                "There are too many TXT records at this name (more than 50, or more than 4 KiB). Remove the old ones."
            }
            Self::RecordAliases => {
                "The name is an alias that leads in a circle or through more than five aliases. Add the TXT record \
                 directly, or shorten the chain."
            }
            Self::RecordSpreading => {
                "Some DNS servers show the record and others do not yet. That is usual after a change; we look again \
                 by ourselves."
            }
            Self::NoAnswer => {
                "The name servers of this domain did not answer properly. Check the domain with your DNS provider; we \
                 look again by ourselves."
            }
            Self::FileMissing => {
                "Your site answered that there is no such file. Upload it to exactly this address, folder \
                 .well-known included."
            }
            Self::FileDiffers => {
                "The file is there with other content. It must hold exactly the text shown here and nothing else."
            }
            Self::FileNotPlain => {
                "Something answered, but not as a short plain text file. Serve it as text/plain, uncompressed; a login \
                 or error page at this address will not do."
            }
            Self::FileReflected => {
                "Your server gives the same answer for paths that do not exist, so a file proves nothing there. Use \
                 the DNS record instead."
            }
            Self::FileRedirected => {
                "The address redirects to another domain, to plain http, to another port or too often. Serve the file \
                 directly over https."
            }
            Self::FileCertificate => {
                "The certificate of your site is not valid for this name. Renew or correct it, or use the DNS record."
            }
            Self::FileRefused => {
                "Your server answered with an error or refused us. Allow the address for everybody; we look again by \
                 ourselves."
            }
            Self::FileUnreachable => {
                "We could not reach a public web server for this name over https. Check its address and firewall, or \
                 use the DNS record."
            }
            Self::Withdrawn => {
                "A TXT record at this name says revoke: the owner of the domain does not allow it any more. Remove \
                 that record, then add the domain again."
            }
            Self::Expired => "The proof did not appear within seven days. Remove the domain and add it again to retry.",
        }
    }
}

/// Judges what was seen for a token.
pub fn judge(token: &str, quorum: Quorum, seen: &Seen) -> Verdict {
    let (Seen::Dns { record, .. } | Seen::File { record, .. }) = seen;
    // taking away needs the majority of a re-check, also before the first proof
    if record.weigh(Quorum::Recheck, is_revoke) == Agreement::Holds {
        return Verdict::Withdrawn;
    }
    match seen {
        Seen::Dns { record, sibling } => judge_record(token, quorum, record, sibling),
        Seen::File { probe, sibling, page, .. } => judge_file(token, probe, sibling, page),
    }
}

fn judge_record(token: &str, quorum: Quorum, record: &Lookup, sibling: &Lookup) -> Verdict {
    let holds = |text: &str| holds(text, token);
    match record.weigh(quorum, holds) {
        Agreement::Holds if sibling.anyone_shows(holds) => Verdict::Missing(Reason::RecordWildcard),
        Agreement::Holds => match sibling.weigh(Quorum::Recheck, holds) {
            // a first proof also needs to know that there is no wildcard
            Agreement::Unsure(_) if quorum == Quorum::First => Verdict::Unsure(Reason::NoAnswer),
            _ => Verdict::Proved,
        },
        Agreement::Disagree => Verdict::Unsure(Reason::RecordSpreading),
        Agreement::Unsure(_) => Verdict::Unsure(Reason::NoAnswer),
        Agreement::Absent(Some(fault)) => Verdict::Missing(absent(fault)),
        Agreement::Absent(None) => Verdict::Missing(differs(record, token)),
    }
}

fn absent(fault: Fault) -> Reason {
    match fault {
        Fault::TooMany | Fault::TooLarge => Reason::RecordCrowded,
        Fault::CnameLoop | Fault::CnameTooLong => Reason::RecordAliases,
        _ => Reason::RecordMissing,
    }
}

fn differs(record: &Lookup, token: &str) -> Reason {
    let quoted = |text: &str| text.contains('"') && holds(&text.replace('"', ""), token);
    if record.anyone_shows(quoted) { Reason::RecordQuoted } else { Reason::RecordDiffers }
}

fn judge_file(token: &str, probe: &str, sibling: &Result<String, Refused>, page: &Result<String, Refused>) -> Verdict {
    let reflects = |text: &String| text.contains(probe) || is_token_shaped(text) || text.eq_ignore_ascii_case(token);
    match page {
        Ok(_) if sibling.as_ref().is_ok_and(reflects) => Verdict::Missing(Reason::FileReflected),
        // base32 has no case, but a file is copied whole: no need to be generous
        Ok(text) if text == token => Verdict::Proved,
        Ok(_) => Verdict::Missing(Reason::FileDiffers),
        Err(refused) if refused.is_soft() => Verdict::Unsure(refusal(*refused)),
        Err(refused) => Verdict::Missing(refusal(*refused)),
    }
}

/// What happened below HTTP is one reason, whether the address was private, closed, silent or strange: a tenant who
/// points a name at our own network learns nothing from it.
fn refusal(refused: Refused) -> Reason {
    match refused {
        Refused::Missing => Reason::FileMissing,
        Refused::Encoded | Refused::NotPlain | Refused::TooLarge => Reason::FileNotPlain,
        Refused::BadRedirect | Refused::ForeignRedirect | Refused::Downgrade | Refused::TooManyRedirects => {
            Reason::FileRedirected
        }
        Refused::Tls => Reason::FileCertificate,
        Refused::ServerError | Refused::Status => Reason::FileRefused,
        Refused::BadUrl
        | Refused::NoAddress
        | Refused::DnsFailed
        | Refused::NotPublic
        | Refused::Connect
        | Refused::Timeout
        | Refused::Busy
        | Refused::BadResponse => Reason::FileUnreachable,
    }
}

/// `token=…` among other keys, or the bare token. Whole words only; base32 has no case.
fn holds(text: &str, token: &str) -> bool {
    let mut words = text.split_ascii_whitespace();
    match (words.next(), words.next()) {
        (Some(only), None) if !only.contains('=') => only.eq_ignore_ascii_case(token),
        _ => text.split_ascii_whitespace().any(|word| {
            word.split_once('=').is_some_and(|(key, value)| key == "token" && value.eq_ignore_ascii_case(token))
        }),
    }
}

fn is_revoke(text: &str) -> bool {
    text.trim_ascii().eq_ignore_ascii_case("revoke")
}

#[cfg(test)]
mod tests {
    use super::*;
    use net::dns::Said;

    const TOKEN: &str = "abcdefghijklmnopqrstuvwxyz234567";
    const OTHER: &str = "zzzzefghijklmnopqrstuvwxyz234567";

    fn lookup(voices: &[Result<&[&str], Fault>]) -> Lookup {
        let say = |outcome: &Result<&[&str], Fault>| Said {
            resolver: "r".into(),
            outcome: outcome.map(|texts| texts.iter().map(|&t| t.to_owned()).collect()),
            chain: Vec::new(),
        };
        Lookup { name: "n".into(), voices: voices.iter().map(say).collect() }
    }

    fn dns(record: &[Result<&[&str], Fault>], sibling: &[Result<&[&str], Fault>]) -> Seen {
        Seen::Dns { record: lookup(record), sibling: lookup(sibling) }
    }

    fn one(text: &str) -> Verdict {
        judge(TOKEN, Quorum::First, &dns(&[Ok(&[text])], &[Err(Fault::NxDomain)]))
    }

    #[test]
    fn dv_01_to_20_texts_are_compared_whole() {
        let value = |word: &str| format!("token={word} exp=never");
        for good in [
            value(TOKEN),
            TOKEN.to_owned(),
            value(&TOKEN.to_uppercase()),
            format!("{} ", value(TOKEN)),
            format!("exp=never  token={TOKEN}"),
            format!("v=1 token={TOKEN} note=hello"),
        ] {
            assert_eq!(one(&good), Verdict::Proved, "{good:?}");
        }
        let look_alike = TOKEN.replacen('a', "а", 1);
        for bad in [
            value(OTHER),
            value(&TOKEN[1..]),
            value(&format!("{TOKEN}x")),
            format!("x{TOKEN}"),
            format!("xtoken={TOKEN}"),
            format!("token= {TOKEN}"),
            format!("TOKEN={TOKEN} x"),
            format!("{TOKEN} {OTHER}"),
            value(&look_alike),
            format!("token\u{a0}={TOKEN}"),
            format!("token={TOKEN}\u{a0}"),
            format!("token={}\u{fffd}{}", &TOKEN[..8], &TOKEN[8..]),
            String::new(),
            "token=".to_owned(),
        ] {
            assert_eq!(one(&bad), Verdict::Missing(Reason::RecordDiffers), "{bad:?}");
        }
        assert_eq!(one(&format!("\"{}\"", value(TOKEN))), Verdict::Missing(Reason::RecordQuoted));
    }

    #[test]
    fn a_table_of_verdicts_by_dns() {
        use Quorum::{First, Recheck};
        let text = format!("token={TOKEN}");
        let yes: Result<&[&str], Fault> = Ok(&[&text]);
        let no: Result<&[&str], Fault> = Ok(&["v=spf1 -all"]);
        let none: &[Result<&[&str], Fault>] = &[Err(Fault::NxDomain)];
        let revoke: Result<&[&str], Fault> = Ok(&[&text, "revoke"]);
        let missing = |reason| Verdict::Missing(reason);
        for (record, sibling, quorum, expected) in [
            (vec![yes], none, First, Verdict::Proved),
            (vec![Err(Fault::NxDomain)], none, First, missing(Reason::RecordMissing)),
            (vec![Err(Fault::NoData)], none, First, missing(Reason::RecordMissing)),
            (vec![no], none, First, missing(Reason::RecordDiffers)),
            (vec![Err(Fault::TooMany)], none, First, missing(Reason::RecordCrowded)),
            (vec![Err(Fault::TooLarge)], none, First, missing(Reason::RecordCrowded)),
            (vec![Err(Fault::CnameLoop)], none, First, missing(Reason::RecordAliases)),
            (vec![Err(Fault::CnameTooLong)], none, First, missing(Reason::RecordAliases)),
            (vec![Err(Fault::ServFail)], none, First, Verdict::Unsure(Reason::NoAnswer)),
            (vec![Err(Fault::Timeout)], none, Recheck, Verdict::Unsure(Reason::NoAnswer)),
            // wildcard (DV-13)
            (vec![yes], &[yes], First, missing(Reason::RecordWildcard)),
            (vec![yes], &[yes], Recheck, missing(Reason::RecordWildcard)),
            (vec![yes], &[no], First, Verdict::Proved),
            (vec![yes], &[Err(Fault::Timeout)], First, Verdict::Unsure(Reason::NoAnswer)),
            (vec![yes], &[Err(Fault::Timeout)], Recheck, Verdict::Proved),
            // three resolvers (DV-31, DV-32)
            (vec![yes, yes, yes], none, First, Verdict::Proved),
            (vec![yes, yes, Err(Fault::NxDomain)], none, First, Verdict::Unsure(Reason::RecordSpreading)),
            (vec![yes, yes, Err(Fault::NxDomain)], none, Recheck, Verdict::Proved),
            (vec![yes, Err(Fault::NxDomain), no], none, Recheck, Verdict::Unsure(Reason::RecordSpreading)),
            (vec![no, Err(Fault::NxDomain), no], none, Recheck, missing(Reason::RecordDiffers)),
            (vec![no, Err(Fault::NxDomain), Err(Fault::ServFail)], none, Recheck, Verdict::Unsure(Reason::NoAnswer)),
            // the owner's no
            (vec![revoke], none, First, Verdict::Withdrawn),
            (vec![Ok(&[" ReVoke "][..])], none, Recheck, Verdict::Withdrawn),
            (vec![revoke, yes, yes], none, Recheck, Verdict::Proved),
            (vec![revoke, revoke, yes], none, Recheck, Verdict::Withdrawn),
        ] {
            assert_eq!(judge(TOKEN, quorum, &dns(&record, sibling)), expected, "{record:?} {sibling:?} {quorum:?}");
        }
    }

    #[test]
    fn a_table_of_verdicts_by_file() {
        let probe = "qqqqefghijklmnopqrstuvwxyz234567";
        let token = || Ok(TOKEN.to_owned());
        let none = || Err(Refused::Missing);
        let path = Ok(format!("/.well-known/porchlight-verify/{probe}.txt"));
        let unreachable = Reason::FileUnreachable;
        for (sibling, page, expected) in [
            (none(), token(), Verdict::Proved),
            (Ok("a page for every path".to_owned()), token(), Verdict::Proved),
            (Err(Refused::ServerError), token(), Verdict::Proved),
            // reflecting servers (DV-54, DV-58)
            (path, token(), Verdict::Missing(Reason::FileReflected)),
            (Ok(probe.to_owned()), token(), Verdict::Missing(Reason::FileReflected)),
            (token(), token(), Verdict::Missing(Reason::FileReflected)),
            (Ok(OTHER.to_owned()), token(), Verdict::Missing(Reason::FileReflected)),
            (none(), Ok(OTHER.to_owned()), Verdict::Missing(Reason::FileDiffers)),
            (none(), Ok(format!("\u{feff}{TOKEN}")), Verdict::Missing(Reason::FileDiffers)),
            (none(), Ok(format!("{TOKEN}\n{TOKEN}")), Verdict::Missing(Reason::FileDiffers)),
            (none(), none(), Verdict::Missing(Reason::FileMissing)),
            (none(), Err(Refused::NotPlain), Verdict::Missing(Reason::FileNotPlain)),
            (none(), Err(Refused::ForeignRedirect), Verdict::Missing(Reason::FileRedirected)),
            (none(), Err(Refused::Tls), Verdict::Unsure(Reason::FileCertificate)),
            (none(), Err(Refused::ServerError), Verdict::Unsure(Reason::FileRefused)),
            // one reason for everything below HTTP (DV-60)
            (none(), Err(Refused::NotPublic), Verdict::Missing(unreachable)),
            (none(), Err(Refused::NoAddress), Verdict::Missing(unreachable)),
            (none(), Err(Refused::Connect), Verdict::Unsure(unreachable)),
            (none(), Err(Refused::Timeout), Verdict::Unsure(unreachable)),
            (none(), Err(Refused::BadResponse), Verdict::Unsure(unreachable)),
            (none(), Err(Refused::DnsFailed), Verdict::Unsure(unreachable)),
        ] {
            let record = lookup(&[Err(Fault::NxDomain)]);
            let seen = Seen::File { probe: probe.to_owned(), sibling, page, record };
            assert_eq!(judge(TOKEN, Quorum::First, &seen), expected, "{seen:?}");
        }
        let record = lookup(&[Ok(&["revoke"])]);
        let seen = Seen::File { probe: probe.to_owned(), sibling: none(), page: token(), record };
        assert_eq!(judge(TOKEN, Quorum::Recheck, &seen), Verdict::Withdrawn);
    }

    #[test]
    fn every_reason_reads_back_and_says_what_to_do() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
            assert!(reason.text().ends_with('.') && reason.text().len() > 40, "{reason:?}");
        }
    }
}
