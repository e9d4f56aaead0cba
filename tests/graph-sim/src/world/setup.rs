//! The world one begins with: one app, one account, one number, a token, three people, a few templates.

use serde_json::{Value, json};

use super::{App, Number, Template, Token, User, Waba, World, canonical};

/// How a simulator begins.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Seed of all chance.
    pub seed: u64,
    /// Virtual milliseconds to begin at.
    pub now: i64,
    /// How fast the clock runs; 0 stands still.
    pub rate: f64,
    /// Without anything in it.
    pub bare: bool,
}

impl Default for Setup {
    fn default() -> Self {
        // 2026-12-01T12:00:00Z
        Self { seed: 1, now: 1_796_126_400_000, rate: 0.0, bare: false }
    }
}

impl Setup {
    /// The default app.
    pub const APP: &str = "670843887433847";
    /// Its secret.
    pub const SECRET: &str = "test_app_secret";
    /// Its verify token.
    pub const VERIFY: &str = "sim-verify-token";
    /// The default account.
    pub const WABA: &str = "102290129340398";
    /// The default number's id.
    pub const NUMBER: &str = "106540352242922";
    /// The default system user's token.
    pub const TOKEN: &str = "EAAGsimSystemUserToken";

    /// Puts the default things into a world.
    pub(super) fn furnish(&self, world: &mut World) {
        if self.bare {
            return;
        }
        let text = str::to_owned;
        let app = App { id: text(Self::APP), secret: text(Self::SECRET), ..App::default() };
        world.apps.insert(text(Self::APP), App { verify_token: text(Self::VERIFY), ..app });
        let token = Token { token: text(Self::TOKEN), app: text(Self::APP), ..Token::default() };
        world.tokens.insert(text(Self::TOKEN), token);
        let mut waba = Waba { id: text(Self::WABA), name: text("Porch Goods"), ..Waba::default() };
        waba.subscribed.insert(text(Self::APP), None);
        world.wabas.insert(text(Self::WABA), waba);
        let number = Number { id: text(Self::NUMBER), waba: text(Self::WABA), ..Number::default() };
        world.add_number(Number { digits: text("15550783881"), ..number });
        for (phone, name, country) in PEOPLE {
            world.add_user(User { phone: text(phone), name: text(name), country: text(country), ..User::default() });
        }
        for (name, category, format, components) in templates() {
            let template = Template { name, category, parameter_format: format, components, ..Template::default() };
            world.add_template(Template { waba: text(Self::WABA), ..template });
        }
    }
}

const PEOPLE: [(&str, &str, &str); 3] = [
    ("16505551234", "Pablo Morales", "US"),
    ("491701234567", "Zoë Krüger", "DE"),
    ("5541998765432", "João Silva", "BR"),
];

fn templates() -> Vec<(String, String, String, Vec<Value>)> {
    let row = |name: &str, category: &str, format: &str, components: Value| {
        let list = components.as_array().cloned().unwrap_or_default();
        (name.to_owned(), category.to_owned(), format.to_owned(), list)
    };
    vec![
        row(
            "hello_world",
            "UTILITY",
            "POSITIONAL",
            json!([
            {"type": "HEADER", "format": "TEXT", "text": "Hello World"},
            {"type": "BODY", "text": "Welcome and congratulations!"},
            {"type": "FOOTER", "text": "Sent by the sample business"}]),
        ),
        row(
            "order_update",
            "UTILITY",
            "POSITIONAL",
            json!([
            {"type": "BODY", "text": "Hi {{1}}, your order {{2}} is on its way.",
             "example": {"body_text": [["Pablo", "860198"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Thanks"},
             {"type": "URL", "text": "Track", "url": "https://example.com/t/{{1}}", "example": ["https://example.com/t/1"]}]}]),
        ),
        row(
            "appointment",
            "UTILITY",
            "NAMED",
            json!([
            {"type": "BODY", "text": "{{first_name}}, see you on {{day}}.",
             "example": {"body_text_named_params": [{"param_name": "first_name", "example": "Zoë"},
             {"param_name": "day", "example": "Monday"}]}}]),
        ),
        row(
            "summer_sale",
            "MARKETING",
            "POSITIONAL",
            json!([
            {"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Everything for the porch, {{1}} off."}]),
        ),
        row(
            "one_time_code",
            "AUTHENTICATION",
            "POSITIONAL",
            json!([
            {"type": "BODY", "text": "{{1}} is your code."},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"}]}]),
        ),
    ]
}

impl World {
    /// Adds a user; ids that are empty are made.
    pub fn add_user(&mut self, mut user: User) -> User {
        user.key = if user.key.is_empty() { user.phone.clone() } else { user.key };
        user.wa_id = if user.wa_id.is_empty() { canonical(&user.phone) } else { user.wa_id };
        user.identity_hash = self.dice.letters(16);
        self.users.insert(user.key.clone(), user.clone());
        let portfolios: Vec<_> = self.wabas.values().map(|waba| waba.portfolio.clone()).collect();
        for portfolio in portfolios {
            self.bsuid(&user.key, &portfolio);
        }
        self.users[&user.key].clone()
    }

    /// Adds a number.
    pub fn add_number(&mut self, mut number: Number) -> Number {
        number.id = if number.id.is_empty() { self.dice.digits(15) } else { number.id };
        number.onboarded = self.now();
        self.numbers.insert(number.id.clone(), number.clone());
        number
    }

    /// Adds a template.
    pub fn add_template(&mut self, mut template: Template) -> Template {
        template.id = if template.id.is_empty() { self.dice.digits(16) } else { template.id };
        self.templates.insert(template.id.clone(), template.clone());
        template
    }
}
