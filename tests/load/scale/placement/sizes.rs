//! How unequal tenants are.

/// A mix of tenants. The totals are those of the plan (100,000 tenants, 10 M sockets, 1 M messages a second); how they
/// are spread is assumed, as nobody has measured it here.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    pub name: &'static str,
    /// Exponent of the Pareto law; none: all alike.
    pub alpha: Option<f64>,
    /// Largest part of all that one tenant may be.
    pub most: f64,
}

/// The mixes that are compared. 1.16 is the law of which a fifth has four fifths; 1.06 is how firms' sizes are spread.
pub const MIXES: [Mix; 4] = [
    Mix { name: "all alike", alpha: None, most: 1.0 },
    Mix { name: "80/20, at most 0.2 %", alpha: Some(1.16), most: 0.002 },
    Mix { name: "80/20, at most 1 %", alpha: Some(1.16), most: 0.01 },
    Mix { name: "as firms, no bound", alpha: Some(1.06), most: 1.0 },
];

impl Mix {
    /// Sizes as parts of all, largest first: quantiles instead of draws, so that the largest is not a matter of luck.
    pub fn sizes(&self, tenants: usize) -> Vec<f64> {
        let Some(alpha) = self.alpha else { return vec![1.0 / tenants as f64; tenants] };
        let raw = |rank: usize| ((rank as f64 + 0.5) / tenants as f64).powf(-1.0 / alpha);
        let mut sizes: Vec<f64> = (0..tenants).map(raw).collect();
        // what is cut off the largest goes to all others, which may lift the next above the bound
        for _ in 0..50 {
            let all: f64 = sizes.iter().sum();
            sizes.iter_mut().for_each(|size| *size = (*size / all).min(self.most));
        }
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_of_the_tenants_has_about_four_fifths() {
        let sizes = MIXES[2].sizes(100_000);
        let all: f64 = sizes.iter().sum();
        let fifth: f64 = sizes[..20_000].iter().sum();
        assert!((0.99..1.01).contains(&all), "{all}");
        assert!((0.68..0.85).contains(&(fifth / all)), "{fifth}");
        assert!(sizes.is_sorted_by(|a, b| a >= b) && sizes[0] <= 0.0101, "{}", sizes[0]);
    }
}
