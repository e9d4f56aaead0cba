//! What a refusal of Meta's means for us: the code decides, never the HTTP status and never the words.

use crate::payload::Problem;

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Try again soon, up to this many times.
    Again(u32),
    /// Try again after this many seconds.
    Wait(u32),
    /// Too much to this person: wait four times longer each time.
    Pair,
    /// Nothing will help; say so to the agent.
    GiveUp,
    /// Stop sending from this number or account, and raise an alarm; what arrives goes on.
    Halt,
    /// The window is shut: only a template may be sent.
    Template,
    /// Send the file itself instead of a link, once.
    Upload,
}

/// What is told to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What to do.
    pub remedy: Remedy,
    /// What happened, for the agent.
    pub words: &'static str,
    /// What the agent can do next; may be empty.
    pub next: &'static str,
}

const fn verdict(remedy: Remedy, words: &'static str, next: &'static str) -> Verdict {
    Verdict { remedy, words, next }
}

const HOUR: u32 = 3_600;
const ADMIN: &str = "An administrator can find the cause on the number's doctor page.";

/// What to do about a problem.
pub fn judge(problem: &Problem) -> Verdict {
    match problem.code {
        0 | 190 => verdict(Remedy::Halt, "The access token is no longer valid.", ADMIN),
        33 => verdict(Remedy::Halt, "The number cannot be reached with this token any more.", ADMIN),
        100 if problem.subcode == Some(33) => {
            verdict(Remedy::Halt, "The number cannot be reached with this token any more.", ADMIN)
        }
        3 | 10 | 200..=299 | 131005 => verdict(Remedy::Halt, "A permission is missing.", ADMIN),
        368 => verdict(Remedy::Halt, "Meta has blocked the account for breaking a policy.", ADMIN),
        131031 => verdict(Remedy::Halt, "The account is locked.", ADMIN),
        131037 => verdict(Remedy::Halt, "The number's display name is not approved yet.", ADMIN),
        131042 | 131044 => verdict(
            Remedy::Halt,
            "There is a problem with the payment method.",
            "An administrator settles it in Meta's billing page.",
        ),
        131045 | 133010 => {
            verdict(Remedy::Halt, "The number is not registered.", "An administrator registers it again on its page.")
        }
        1 | 131000 => verdict(Remedy::Again(3), "Meta reported an error without a reason.", "Send it again later."),
        2 | 131016 | 133004 | 131057 => {
            verdict(Remedy::Again(8), "WhatsApp was not available.", "Send it again later.")
        }
        130429 => verdict(Remedy::Again(8), "Too many messages at once from this number.", "Send it again later."),
        4 | 80007 | 613 => {
            verdict(Remedy::Wait(60), "Too many calls for this account.", "It is tried again by itself.")
        }
        131048 => verdict(
            Remedy::Wait(4 * HOUR),
            "Meta holds back messages of this number because many were reported.",
            ADMIN,
        ),
        131064 => {
            verdict(Remedy::Wait(HOUR), "Meta holds back this template for now.", "Write without it, or try later.")
        }
        134101 => {
            verdict(Remedy::Wait(600), "Marketing messages are held back for now.", "It is tried again by itself.")
        }
        132069 => verdict(Remedy::Wait(HOUR), "This form is throttled.", "It is tried again by itself."),
        131056 => {
            verdict(Remedy::Pair, "Too many messages to this person in a short time.", "It is tried again by itself.")
        }
        131047 => verdict(
            Remedy::Template,
            "More than 24 hours have passed since they wrote.",
            "Send a template; when they answer you can write freely.",
        ),
        131053 => verdict(Remedy::Upload, "WhatsApp did not accept the file.", "Send it in another format."),
        _ => verdict(Remedy::GiveUp, hopeless(problem.code).0, hopeless(problem.code).1),
    }
}

/// Words for what cannot be helped by trying again.
const fn hopeless(code: i64) -> (&'static str, &'static str) {
    match code {
        100 | 131008 | 131009 => (
            "Meta did not understand the message.",
            "Write it differently; if it happens again, tell your administrator.",
        ),
        130403 => ("This business has blocked them.", "Lift the block to write to them."),
        130472 => ("They are part of an experiment of Meta's and get no marketing messages.", "Wait until they write."),
        130497 => ("Messages to this country are restricted.", ""),
        131021 => ("This is the business's own number.", ""),
        131026 => (
            "It could not be delivered: they may not use WhatsApp, use an old version, or have blocked this business.",
            "Try another way to reach them.",
        ),
        131030 => ("They are not on the list of recipients of this test number.", "Add them in Meta's dashboard."),
        131049 => ("Meta holds back marketing messages to them for now.", "Try again after a day."),
        131050 => ("They do not want marketing messages.", "Write about something they asked for."),
        131051 => ("WhatsApp does not take this kind of message.", "Send it as text or as a file."),
        131052 | 131060 => ("WhatsApp could not hand over this message.", "Ask them to send it again."),
        131062 => ("This kind of template needs their phone number.", "Ask for it first."),
        131063 | 131055 | 134100 | 134102 | 132018 => (
            "Marketing messages are not set up for this account.",
            "An administrator sets them up in Meta's dashboard.",
        ),
        132000 | 132012 => ("The template's variables do not fit.", "Fill in every variable."),
        132001 => ("There is no such approved template in this language.", "Choose another language or template."),
        132005 => ("The text is too long with these variables.", "Use shorter ones."),
        132007 => ("The template breaks one of Meta's policies.", "Choose another template."),
        132008 => ("A variable has a value that is not allowed.", "Change it and send again."),
        132015 => ("Meta has paused this template because of complaints.", "Choose another template."),
        132016 => ("Meta has switched this template off.", "Choose another template."),
        133_000 => ("The number was not taken out completely before.", "Take it out once more, then register it."),
        133_005 => ("The two-step PIN is wrong.", "Look it up, or reset it in WhatsApp Manager."),
        133_006 => ("The number is not verified yet.", "Have a code sent to it first."),
        133_008 => ("Too many wrong PINs were given.", "Wait as long as Meta says, then try again."),
        133_009 => ("The PIN was given too fast.", "Try again in a minute."),
        133_015 => ("The number was deleted a moment ago.", "Try again in five minutes."),
        133_016 => ("Too many attempts with this number: Meta allows ten in 72 hours.", "Wait, then try again."),
        136_024 => {
            ("Meta sent no code.", "If the number is verified already, register it; otherwise wait and try again.")
        }
        136_025 => ("The code is wrong or too old.", "Have a new one sent."),
        132068 => ("Meta has blocked this form.", "Choose another one."),
        _ => ("WhatsApp refused the message.", "Try again, or tell your administrator."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i64, subcode: Option<i64>) -> Verdict {
        judge(&Problem { code, subcode, title: None, details: None, trace: None })
    }

    #[test]
    fn the_dossiers_table_is_followed() {
        let rows = [
            (190, Remedy::Halt),
            (200, Remedy::Halt),
            (250, Remedy::Halt),
            (368, Remedy::Halt),
            (131042, Remedy::Halt),
            (131016, Remedy::Again(8)),
            (131000, Remedy::Again(3)),
            (80007, Remedy::Wait(60)),
            (131056, Remedy::Pair),
            (131047, Remedy::Template),
            (131053, Remedy::Upload),
            (131026, Remedy::GiveUp),
            (132001, Remedy::GiveUp),
            (999_999, Remedy::GiveUp),
            (100, Remedy::GiveUp),
            (131049, Remedy::GiveUp),
            (131057, Remedy::Again(8)),
        ];
        for (code, remedy) in rows {
            assert_eq!(of(code, None).remedy, remedy, "{code}");
        }
        assert_eq!(of(100, Some(33)).remedy, Remedy::Halt);
    }

    #[test]
    fn everything_is_said_in_words() {
        for code in (0..=2_500).chain(130_000..136_100) {
            assert!(of(code, None).words.ends_with('.'), "{code}");
        }
    }
}
