//! What resolvers said, and when that is agreement.

/// Why a resolver gave no records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The name does not exist.
    NxDomain,
    /// The name exists and has no such record.
    NoData,
    /// More than 50 records.
    TooMany,
    /// More than 4 KiB of text.
    TooLarge,
    /// Aliases that lead back to themselves.
    CnameLoop,
    /// More than five aliases in a row.
    CnameTooLong,
    /// The resolver failed.
    ServFail,
    /// The resolver would not answer.
    Refused,
    /// No answer in time.
    Timeout,
    /// No connection to the resolver, or it was cut.
    Unreachable,
    /// An answer that cannot be read, or to another question.
    Malformed,
    /// The question itself is not a name.
    BadName,
}

impl Fault {
    /// A fault of the way to the answer rather than of the answer: it says nothing about the domain.
    pub const fn is_soft(self) -> bool {
        matches!(self, Self::ServFail | Self::Refused | Self::Timeout | Self::Unreachable | Self::Malformed)
    }

    /// The stable word, for logs and evidence.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NxDomain => "nxdomain",
            Self::NoData => "nodata",
            Self::TooMany => "too_many_records",
            Self::TooLarge => "too_large",
            Self::CnameLoop => "cname_loop",
            Self::CnameTooLong => "cname_too_long",
            Self::ServFail => "servfail",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::Malformed => "malformed",
            Self::BadName => "bad_name",
        }
    }
}

/// One resolver's answer to a TXT question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The resolver's address, or `system`.
    pub resolver: String,
    /// The texts, each with its character-strings joined; bytes that are no UTF-8 become U+FFFD.
    pub outcome: Result<Vec<String>, Fault>,
    /// Aliases followed on the way, in order; evidence that another zone holds the record.
    pub chain: Vec<String>,
}

/// What every resolver said about one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The name asked for.
    pub name: String,
    /// One answer per resolver, in the order of the configuration.
    pub voices: Vec<Said>,
}

/// How many resolvers must say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quorum {
    /// A first proof: all of them.
    First,
    /// A re-check: more than half.
    Recheck,
}

impl Quorum {
    const fn of(self, voices: usize) -> usize {
        match self {
            Self::First => voices,
            Self::Recheck => voices / 2 + 1,
        }
    }
}

/// What the answers amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Enough resolvers show a text that holds.
    Holds,
    /// Every resolver answered and none shows it; `None` when there are only other texts.
    Absent(Option<Fault>),
    /// Too few answered; the fault of the first that did not.
    Unsure(Fault),
    /// All answered, and not the same.
    Disagree,
}

impl Lookup {
    /// Weighs the answers: does a text for which `holds` is true stand there?
    pub fn weigh(&self, quorum: Quorum, holds: impl Fn(&str) -> bool) -> Agreement {
        let yes = self.voices.iter().filter(|said| said.shows(&holds)).count();
        if yes >= quorum.of(self.voices.len()).max(1) {
            return Agreement::Holds;
        }
        let faults = || self.voices.iter().filter_map(|said| said.outcome.as_ref().err().copied());
        match faults().find(|fault| fault.is_soft()) {
            Some(soft) => Agreement::Unsure(soft),
            None if yes > 0 => Agreement::Disagree,
            None if faults().count() == self.voices.len() => Agreement::Absent(faults().next()),
            None => Agreement::Absent(None),
        }
    }

    /// Whether any resolver at all shows a text for which `holds` is true.
    pub fn anyone_shows(&self, holds: impl Fn(&str) -> bool) -> bool {
        self.voices.iter().any(|said| said.shows(&holds))
    }

    /// Whether any resolver was led to another name.
    pub fn is_aliased(&self) -> bool {
        self.voices.iter().any(|said| !said.chain.is_empty())
    }
}

impl Said {
    fn shows(&self, holds: &impl Fn(&str) -> bool) -> bool {
        self.outcome.as_ref().is_ok_and(|texts| texts.iter().any(|text| holds(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(outcomes: &[Result<&str, Fault>]) -> Lookup {
        let say = |outcome: &Result<&str, Fault>| Said {
            resolver: "r".to_owned(),
            outcome: outcome.map(|text| vec![text.to_owned()]),
            chain: Vec::new(),
        };
        Lookup { name: "n".to_owned(), voices: outcomes.iter().map(say).collect() }
    }

    #[test]
    fn agreement_is_counted_per_voice() {
        use Fault::{NxDomain, ServFail, Timeout};
        use Quorum::{First, Recheck};
        let yes = Ok("yes");
        let no = Ok("no");
        for (said, quorum, expected) in [
            (vec![yes], First, Agreement::Holds),
            (vec![no], First, Agreement::Absent(None)),
            (vec![Err(NxDomain)], First, Agreement::Absent(Some(NxDomain))),
            (vec![Err(ServFail)], First, Agreement::Unsure(ServFail)),
            (vec![yes, yes, yes], First, Agreement::Holds),
            (vec![yes, yes, Err(NxDomain)], First, Agreement::Disagree),
            (vec![yes, yes, Err(NxDomain)], Recheck, Agreement::Holds),
            (vec![yes, Err(NxDomain), Err(NxDomain)], Recheck, Agreement::Disagree),
            (vec![yes, Err(Timeout), Err(NxDomain)], Recheck, Agreement::Unsure(Timeout)),
            (vec![no, Err(Timeout), Err(NxDomain)], Recheck, Agreement::Unsure(Timeout)),
            (vec![no, Err(NxDomain), no], Recheck, Agreement::Absent(None)),
            (vec![yes, no], Recheck, Agreement::Disagree),
            (vec![], First, Agreement::Absent(None)),
        ] {
            assert_eq!(lookup(&said).weigh(quorum, |text| text == "yes"), expected, "{said:?} {quorum:?}");
        }
    }
}
