//! Finding things by the names they go by.

use super::{Number, User, World, variants};

impl World {
    /// A user by key, phone, wa_id or any business-scoped id they have or had.
    pub fn user(&self, name: &str) -> Option<&User> {
        let exact = self.users.values().find(|user| user.key == name || user.phone == name || user.wa_id == name);
        exact.or_else(|| self.users.values().find(|user| user.bsuids.values().any(|id| id == name)))
    }

    /// The same, to change.
    pub fn user_mut(&mut self, name: &str) -> Option<&mut User> {
        let key = self.user(name)?.key.clone();
        self.users.get_mut(&key)
    }

    /// Whose phone one reaches by dialling these digits, in any national way of writing them.
    pub fn dialled(&self, digits: &str) -> Option<&User> {
        let ways = variants(digits);
        self.users.values().find(|user| ways.iter().any(|way| *way == user.phone || *way == user.wa_id))
    }

    /// The account of a number.
    pub fn waba_of(&self, number: &str) -> Option<&super::Waba> {
        self.wabas.get(&self.numbers.get(number)?.waba)
    }

    /// The portfolio of a number.
    pub fn portfolio_of(&self, number: &str) -> String {
        self.waba_of(number).map(|waba| waba.portfolio.clone()).unwrap_or_default()
    }

    /// The business-scoped id of a user for a portfolio, made when first needed.
    pub fn bsuid(&mut self, user: &str, portfolio: &str) -> String {
        let fresh = self.dice.digits(20);
        let Some(user) = self.user_mut(user) else { return String::new() };
        let made = format!("{}.{fresh}", user.country);
        user.bsuids.entry(portfolio.to_owned()).or_insert(made).clone()
    }

    /// The number actors write to when they name none.
    pub fn first_number(&self) -> Option<&Number> {
        self.numbers.values().next()
    }

    /// The chat of a number and a user.
    pub fn thread(&mut self, number: &str, user: &str) -> &mut super::Thread {
        self.threads.entry((number.to_owned(), user.to_owned())).or_default()
    }
}
