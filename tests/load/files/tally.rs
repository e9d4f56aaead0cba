//! Figures of several runs: median, least, most.

/// In the order in which they were first seen.
#[derive(Default)]
pub struct Tally(Vec<(String, &'static str, Vec<f64>)>);

impl Tally {
    pub fn add(&mut self, what: String, unit: &'static str, figure: f64) {
        match self.0.iter_mut().find(|(other, of, _)| *other == what && *of == unit) {
            Some((_, _, figures)) => figures.push(figure),
            None => self.0.push((what, unit, vec![figure])),
        }
    }

    /// `what: median (least–most) unit`, one a line.
    pub fn shown(&mut self) -> String {
        let line = |(what, unit, figures): &mut (String, &str, Vec<f64>)| {
            figures.sort_by(f64::total_cmp);
            let (least, most) = (figures[0], figures[figures.len() - 1]);
            let digits = match most {
                ..10.0 => 2,
                ..100.0 => 1,
                _ => 0,
            };
            let median = figures[figures.len() / 2];
            format!("{what}: {median:.digits$} ({least:.digits$}–{most:.digits$}) {unit}")
        };
        self.0.iter_mut().map(line).collect::<Vec<_>>().join("\n")
    }
}
