//! Secrets of tenants at rest: sealed with a key that is never in the database, bound to the row they belong to.
//!
//! A sealed text is `key.nonce-and-words`, so that it says which key opens it: a new key is put in front, old ones stay
//! until everything is sealed anew.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use kernel::{Error, Result, Secret};

/// Bytes of a key.
const KEY: usize = 32;
/// What the key made from the tokens' secret is called.
const DERIVED: &str = "auth";

/// The keys, the one that seals first.
pub struct Vault(Vec<(String, RandomizedNonceKey)>);

impl Vault {
    /// Keys as `name:base64` of 32 bytes, the newest first; without any, one made from the secret that signs tokens.
    pub fn new(keys: &[Secret<String>], secret: &Secret<String>) -> Result<Self> {
        Self::with_old(keys, secret, &[])
    }

    /// The same, opening also what was sealed while these signed tokens.
    pub fn with_old(keys: &[Secret<String>], secret: &Secret<String>, old: &[Secret<String>]) -> Result<Self> {
        let mut vault = keys.iter().map(|key| named(key.reveal())).collect::<Result<Vec<_>>>()?;
        for (place, (name, _)) in vault.iter().enumerate() {
            if vault[..place].iter().any(|(other, _)| other == name) {
                return Err(Error::invalid("vault_key", "Two keys of the vault have the same name."));
            }
        }
        for secret in [secret].into_iter().chain(old) {
            vault.push((DERIVED.to_owned(), key(&derived(secret.reveal().as_bytes())?)?));
        }
        Ok(Self(vault))
    }

    /// Names of all keys, the one that seals first. Keys made from `auth.old_secrets` have the same name.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.dedup();
        names
    }

    /// What was sealed about `row`, sealed with the first key; `None` when it is already.
    pub fn renew(&self, row: &str, sealed: &str) -> Result<Option<String>> {
        if self.is_current(sealed) && self.0.first().is_some_and(|(_, key)| unsealed(key, row, sealed).is_ok()) {
            return Ok(None);
        }
        self.seal(row, self.open(row, sealed)?.reveal()).map(Some)
    }

    /// Seals words about `row`: an id that never changes, so that sealed words moved to another row do not open.
    pub fn seal(&self, row: &str, words: &str) -> Result<String> {
        let (name, key) = self.0.first().ok_or_else(|| Error::internal("a vault without a key"))?;
        let mut sealed = words.as_bytes().to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(row.as_bytes()), &mut sealed).map_err(Error::internal)?;
        let text = BASE64URL_NOPAD.encode(&[nonce.as_ref().as_slice(), &sealed].concat());
        Ok(format!("{name}.{text}"))
    }

    /// Opens what was sealed about `row`.
    pub fn open(&self, row: &str, sealed: &str) -> Result<Secret<String>> {
        let (name, _) = sealed.split_once('.').ok_or_else(strange)?;
        // several secrets of one name: the one that signs tokens now, and those that did
        let mut keys = self.0.iter().filter(|(known, _)| known == name);
        keys.find_map(|(_, key)| unsealed(key, row, sealed).ok()).ok_or_else(strange)
    }

    /// Whether it was sealed with the key that seals now.
    pub fn is_current(&self, sealed: &str) -> bool {
        self.0.first().is_some_and(|(name, _)| sealed.split('.').next() == Some(name))
    }
}

fn strange() -> Error {
    Error::internal("a sealed secret that no key of this installation opens")
}

fn unsealed(key: &RandomizedNonceKey, row: &str, sealed: &str) -> Result<Secret<String>> {
    let (_, text) = sealed.split_once('.').ok_or_else(strange)?;
    let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(Error::internal)?;
    let (nonce, words) = bytes.split_at_checked(NONCE_LEN).ok_or_else(strange)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(Error::internal)?;
    let mut words = words.to_vec();
    let open = key.open_in_place(nonce, Aad::from(row.as_bytes()), &mut words).map_err(|_| strange())?;
    String::from_utf8(open.to_vec()).map(Secret::new).map_err(Error::internal)
}

fn named(text: &str) -> Result<(String, RandomizedNonceKey)> {
    let bad = || Error::invalid("vault_key", "A key of the vault is written name:base64 and has 32 bytes.");
    let (name, bytes) = text.split_once(':').ok_or_else(bad)?;
    if name.is_empty() || name == DERIVED || name.contains('.') {
        return Err(bad());
    }
    let bytes = BASE64.decode(bytes.trim().as_bytes()).map_err(|_| bad())?;
    let bytes: [u8; KEY] = bytes.try_into().map_err(|_| bad())?;
    Ok((name.to_owned(), key(&bytes)?))
}

fn key(bytes: &[u8; KEY]) -> Result<RandomizedNonceKey> {
    RandomizedNonceKey::new(&AES_256_GCM, bytes).map_err(Error::internal)
}

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        KEY
    }
}

fn derived(secret: &[u8]) -> Result<[u8; KEY]> {
    let mut bytes = [0; KEY];
    let stretched = Salt::new(HKDF_SHA256, b"porchlight").extract(secret);
    let filled = stretched.expand(&[b"vault"], Length).and_then(|okm| okm.fill(&mut bytes));
    filled.map_err(Error::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(keys: &[&str]) -> Vault {
        let keys: Vec<_> = keys.iter().map(|key| Secret::new((*key).to_owned())).collect();
        Vault::new(&keys, &Secret::new("a secret for tests, longer than thirty-two bytes".to_owned())).expect("keys")
    }

    fn written(name: &str, byte: u8) -> String {
        format!("{name}:{}", BASE64.encode(&[byte; KEY]))
    }

    #[test]
    fn what_is_sealed_opens_for_its_own_row_only() {
        let vault = vault(&[]);
        let sealed = vault.seal("wac_1", "EAAG token").expect("sealed");
        assert!(!sealed.contains("EAAG"));
        assert_ne!(sealed, vault.seal("wac_1", "EAAG token").expect("sealed"), "no two look alike");
        assert_eq!(vault.open("wac_1", &sealed).expect("open").reveal(), "EAAG token");
        assert!(vault.open("wac_2", &sealed).is_err());
        let (at, last) = sealed.char_indices().next_back().expect("text");
        let changed = format!("{}{}", &sealed[..at], if last == 'A' { 'B' } else { 'A' });
        assert!(vault.open("wac_1", &changed).is_err());
    }

    #[test]
    fn a_new_key_seals_and_old_ones_still_open() {
        let old = vault(&[&written("2026", 1)]);
        let sealed = old.seal("row", "words").expect("sealed");
        let new = vault(&[&written("2027", 2), &written("2026", 1)]);
        assert_eq!(new.open("row", &sealed).expect("open").reveal(), "words");
        assert!(!new.is_current(&sealed) && new.is_current(&new.seal("row", "words").expect("sealed")));
        assert!(vault(&[&written("2027", 2)]).open("row", &sealed).is_err());
    }

    #[test]
    fn what_is_sealed_is_renewed_once_and_what_an_old_signing_secret_sealed_too() {
        let (one, two) =
            ("a secret for tests, longer than thirty-two bytes", "another secret, as long as the first one was");
        let secret = |text: &str| Secret::new(text.to_owned());
        let before = Vault::with_old(&[], &secret(one), &[]).expect("keys");
        let after = Vault::with_old(&[], &secret(two), &[secret(one)]).expect("keys");
        let sealed = before.seal("row", "words").expect("sealed");
        assert!(Vault::with_old(&[], &secret(two), &[]).expect("keys").open("row", &sealed).is_err(), "the premise");
        let renewed = after.renew("row", &sealed).expect("opens").expect("was not sealed with the first key");
        assert_eq!(after.renew("row", &renewed).expect("opens"), None);
        let without = Vault::with_old(&[], &secret(two), &[]).expect("keys");
        assert_eq!(without.open("row", &renewed).expect("open").reveal(), "words");
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        let secret = Secret::new("a secret for tests, longer than thirty-two bytes".to_owned());
        for bad in ["", "short:AAAA", "auth:AAAA", &written("a.b", 1)] {
            assert!(Vault::new(&[Secret::new(bad.to_owned())], &secret).is_err(), "{bad}");
        }
    }
}
