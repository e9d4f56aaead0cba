//! Storms: sockets that end together and come back, by the rules of the product and by others, to see what each is worth.

mod crowd;
pub mod plan;
mod process;
mod run;
mod tally;

use crate::scale::constants::Constants;
use plan::{BLOWS, Blow, Cell, Choice, Rules};
use run::follow;
use tally::Tally;

/// CPU of one TLS handshake with a certificate, and of one sign-in in the database, in microseconds: the middle of the
/// plan's budget, and measured (docs/scale.md).
const HANDSHAKE_US: f64 = 225.0;
const SIGN_IN_US: f64 = 140.0;

/// Prints all storms of one cell, and what they come to for so many cells.
pub fn print(cell: Cell, cells: usize, product: &Constants, seed: u64) {
    let rules = Rules::of_product(product.clone());
    println!(
        "\n# storms: {} sockets on {} processes in each of {cells} cells, seed {seed}",
        cell.sockets, cell.processes
    );
    println!(
        "\nassumed: {} ms to dial, {} ms for a read, {} reads to sign in: {:.0} sign-ins a second and process",
        cell.dial_ms,
        cell.read_ms,
        cell.reads,
        rules.sign_ins(&cell)
    );
    println!("read from the product:");
    product.found.iter().for_each(|(name, number, path)| println!("  {name:<44} {number:>7}  {path}"));
    for blow in BLOWS {
        println!("\n{}", blow.name());
        println!("{}", heading());
        for rules in Rules::variants(product).iter().filter(|rules| matters(rules, blow)) {
            println!("{}", line(rules.name, &follow(cell, rules, blow, seed)));
        }
    }
    print_scans(product);
}

/// Whether a change is worth a line: drains where somebody is drained, the proxy's choice where processes fill unequally.
fn matters(rules: &Rules, blow: Blow) -> bool {
    match blow {
        Blow::Rolled => true,
        Blow::Restarted => rules.choice == Choice::Any,
        Blow::Vanished => rules.name == "as it is",
        _ => rules.product.drain_ms > 0 && rules.choice == Choice::Any,
    }
}

/// A visitor's few events are looked for among all of the tenant's, and not for ever.
fn print_scans(product: &Constants) {
    let rate = |away: u32| format!("{} after {away} s", product.most_scanned / away);
    let rates = [5, 30, 60].map(rate).join(", ");
    println!("\nevents a second of one tenant beyond which its visitors load everything anew: {rates}");
}

/// Widths of the columns after the name.
const WIDTHS: [usize; 10] = [21, 9, 6, 9, 8, 8, 8, 8, 8, 7];

fn heading() -> String {
    let names =
        ["silent p50/p99/most", "back p99", "last", "refused", "late", "dials", "at one", "signed", "pollers", "cores"];
    columns("seconds, then most a second", names.map(str::to_owned))
}

fn line(name: &str, tally: &Tally) -> String {
    let silent = format!("{:.1} / {:.1} / {:.1}", tally.deaf(0.5), tally.deaf(0.99), tally.deaf(1.0));
    let cores = (tally.most_dials as f64 * HANDSHAKE_US + tally.most_sign_ins as f64 * SIGN_IN_US) / 1e6;
    let never = if tally.never > 0 { format!(" {} NOT BACK", tally.never) } else { String::new() };
    let values = [
        silent,
        format!("{:.1}", tally.away(0.99)),
        format!("{:.0}", tally.last()),
        tally.refused.to_string(),
        tally.late.to_string(),
        tally.most_dials.to_string(),
        tally.most_at_one.to_string(),
        tally.most_sign_ins.to_string(),
        tally.most_pollers.to_string(),
        format!("{cores:.1}{never}"),
    ];
    columns(name, values)
}

fn columns(name: &str, values: [String; 10]) -> String {
    let cells = values.iter().zip(WIDTHS).map(|(value, width)| format!("{value:>width$}"));
    format!("{name:<28}{}", cells.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Cell = Cell::of(5, 8_000);

    fn product() -> Constants {
        Constants::read().expect("the product's numbers")
    }

    fn as_it_is() -> Rules {
        Rules::of_product(product())
    }

    #[test]
    fn the_same_seed_is_the_same_storm_and_everybody_is_back() {
        let [one, two, other] = [7, 7, 8].map(|seed| follow(SMALL, &as_it_is(), Blow::CutOff, seed));
        assert_eq!(line("", &one), line("", &two));
        assert_ne!(line("", &one), line("", &other));
        assert_eq!((one.never, other.never), (0, 0));
    }

    #[test]
    fn a_drain_spreads_departures_over_its_whole_time() {
        let spread = follow(SMALL, &as_it_is(), Blow::Restarted, 1);
        let drainless = Rules::of_product(Constants { drain_ms: 0, ..product() });
        let at_once = follow(SMALL, &drainless, Blow::Restarted, 1);
        assert!(spread.most_dials < 1_600 / 15 * 2, "{}", spread.most_dials);
        assert!(at_once.most_dials >= 1_600, "{}", at_once.most_dials);
        assert!(spread.refused == 0 && spread.last() >= 14.0, "{} {}", spread.refused, spread.last());
    }

    #[test]
    fn a_process_lets_no_more_in_than_its_bucket_holds() {
        let little = Constants { admitted: 20.0, admitted_at_once: 100.0, ..product() };
        let tally = follow(SMALL, &Rules::of_product(little), Blow::CutOff, 1);
        // 8,000 over five doors with 100 places each and 20 more a second
        assert!(tally.last() >= (8_000.0 - 500.0) / 100.0, "{}", tally.last());
        assert!(tally.refused > 8_000 && tally.never == 0, "{} {}", tally.refused, tally.never);
        let open = Rules { is_admitting: false, ..as_it_is() };
        assert!(follow(SMALL, &open, Blow::CutOff, 1).last() < 10.0);
    }

    #[test]
    fn who_is_refused_three_times_polls_and_comes_back_with_the_others_a_minute_later() {
        let little = Constants { admitted: 100.0, admitted_at_once: 500.0, ..product() };
        let herd = follow(SMALL, &Rules::of_product(little.clone()), Blow::CutOff, 1);
        assert!(herd.most_pollers > 3_000, "{}", herd.most_pollers);
        assert!(herd.deaf(1.0) < 30.0 && herd.away(0.99) > 60.0, "{} {}", herd.deaf(1.0), herd.away(0.99));
        let spread = Rules { again: plan::Again::Spread, ..Rules::of_product(little) };
        let spread = follow(SMALL, &spread, Blow::CutOff, 1);
        assert!(spread.last() < herd.last() * 0.8, "{} {}", spread.last(), herd.last());
    }

    #[test]
    fn a_silent_machine_is_found_out_between_a_ping_and_the_limit() {
        let tally = follow(SMALL, &as_it_is(), Blow::Vanished, 1);
        let (silence, ping) = (f64::from(product().silence_ms) / 1000.0, f64::from(product().ping_ms) / 1000.0);
        assert!(tally.last() > silence - ping && tally.last() < silence + 5.0, "{}", tally.last());
        assert!(tally.refused == 0 && tally.most_dials < 1_600 / 25 * 3, "{}", tally.most_dials);
    }
}
