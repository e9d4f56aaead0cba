//! Moving things between accounts.

use super::World;

impl World {
    /// Whether a callback may follow an override for a field.
    pub fn follows_override(field: &str) -> bool {
        const FOLLOW: [&str; 9] = [
            "messages",
            "message_echoes",
            "smb_message_echoes",
            "smb_app_state_sync",
            "history",
            "calls",
            "user_preferences",
            "user_id_update",
            "standby",
        ];
        FOLLOW.contains(&field) || field.starts_with("group_")
    }

    /// Takes a business-scoped id into the past and gives a new one, in every portfolio.
    pub fn rotate_ids(&mut self, user: &str) {
        let Some(key) = self.user(user).map(|user| user.key.clone()) else { return };
        let old = self.users[&key].bsuids.clone();
        for (portfolio, id) in old {
            let fresh = self.dice.digits(20);
            let Some(user) = self.users.get_mut(&key) else { return };
            user.former.push((portfolio.clone(), id));
            user.bsuids.insert(portfolio, format!("{}.{fresh}", user.country));
        }
    }
}
