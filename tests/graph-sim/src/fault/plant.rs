//! Planting a fault and asking whether one bites here.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Point, kind};
use crate::world::World;

/// Where a fault applies; what is not named applies everywhere.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct On {
    /// App id.
    pub app: Option<String>,
    /// Phone number id.
    pub number: Option<String>,
    /// User: phone, wa_id or business-scoped id.
    pub user: Option<String>,
    /// `messages`, `media`, `message_templates`, … the edge of an API path; a field or a state for pushes.
    pub route: Option<String>,
}

/// A planted fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// 1, 2, 3…
    #[serde(default)]
    pub id: u64,
    /// `F6.code`, …
    pub kind: String,
    /// Where.
    #[serde(default)]
    pub on: On,
    /// How often it still bites; none: without end.
    #[serde(default)]
    pub times: Option<u32>,
    /// How probable a bite is.
    #[serde(default)]
    pub probability: Option<f64>,
    /// How many chances pass first.
    #[serde(default)]
    pub skip: u32,
    /// What the kind needs.
    #[serde(default)]
    pub args: Value,
    /// How often it has bitten.
    #[serde(default)]
    pub bitten: u32,
}

/// Where something happens, to compare with [`On`].
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// App id.
    pub app: String,
    /// Phone number id.
    pub number: String,
    /// Names of the user.
    pub user: Vec<String>,
    /// Route, field or state.
    pub route: String,
}

/// All planted faults.
#[derive(Default)]
pub struct Faults {
    /// In the order in which they were planted.
    pub list: Vec<Fault>,
    last: u64,
    /// Endpoints that are down: url part → until.
    pub down: Vec<(String, i64)>,
    /// Endpoints whose retries come together, newest first: url part → when.
    pub storms: Vec<(String, i64)>,
}

impl Faults {
    /// Plants one; what is no kind is refused.
    pub fn plant(&mut self, mut fault: Fault) -> Result<u64, String> {
        let known = kind(&fault.kind).ok_or_else(|| format!("there is no fault {}", fault.kind))?;
        if known.point == Point::Scene {
            return Err(format!("{} is a scene: it is played, not planted", fault.kind));
        }
        self.last += 1;
        fault.id = self.last;
        self.list.push(fault);
        Ok(self.last)
    }
}

impl On {
    fn fits(&self, place: &Place) -> bool {
        let same = |want: &Option<String>, is: &str| want.as_ref().is_none_or(|want| want == is);
        let user = self.user.as_ref().is_none_or(|want| place.user.contains(want));
        same(&self.app, &place.app) && same(&self.number, &place.number) && same(&self.route, &place.route) && user
    }
}

impl World {
    /// The first planted fault of a point that bites here, counted and written down.
    pub(crate) fn bite(&mut self, point: Point, place: &Place) -> Option<Fault> {
        self.bites(point, place, true).into_iter().next()
    }

    /// All that bite here; with `one`, the first.
    pub(crate) fn bites(&mut self, point: Point, place: &Place, one: bool) -> Vec<Fault> {
        let mut found: Vec<Fault> = Vec::new();
        for fault in &mut self.faults.list {
            let done = (one && !found.is_empty()) || fault.times == Some(0);
            if done || kind(&fault.kind).is_none_or(|kind| kind.point != point) || !fault.on.fits(place) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if fault.probability.is_none_or(|chance| self.dice.chance(chance)) {
                fault.times = fault.times.map(|times| times - 1);
                fault.bitten += 1;
                found.push(fault.clone());
            }
        }
        for fault in &found {
            self.note(
                "fault",
                json!({"kind": fault.kind, "fault": fault.id, "at": place.route, "number": place.number}),
            );
        }
        found
    }
}
