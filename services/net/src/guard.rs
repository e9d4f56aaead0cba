//! Which addresses we never dial, decided on the number and on nothing else.
//!
//! `std` has no stable "is this address public", so this table is ours and every row has a test. An
//! IPv6 address that carries an IPv4 one inside (mapped, NAT64, 6to4, compatible) is judged by what
//! it carries as well: the kernel or a gateway on the way would unwrap it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Addresses of the old family that are private, special or somebody's metadata service.
const BLOCKED_V4: [(Ipv4Addr, u8); 17] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::new(255, 255, 255, 255), 32),
    // looks public and answers inside Azure machines: the wire server
    (Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// The same for the new family; ranges that wrap an IPv4 address are unwrapped elsewhere.
const BLOCKED_V6: [(Ipv6Addr, u8); 13] = [
    // `::` and `::1` lie in here together with every IPv4-compatible address
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0, 0, 0), 96),
    // a local NAT64 prefix may put the IPv4 part at several places: no unwrapping is sound
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2001, 0x10, 0, 0, 0, 0, 0, 0), 28),
    (Ipv6Addr::new(0x2001, 0x20, 0, 0, 0, 0, 0, 0), 28),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),
];

/// The address guard: the built-in table, the operator's own blocks, and the operator's exceptions.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    block: Vec<IpNet>,
    allow: Vec<IpNet>,
}

impl Guard {
    /// `block` adds ranges (our own public addresses, the database, the bus); `allow` opens ranges in
    /// spite of every block, for intranets and for tests on loopback.
    pub fn new(block: Vec<IpNet>, allow: Vec<IpNet>) -> Self {
        Self { block, allow }
    }

    /// May we open a connection to this address?
    pub fn admits(&self, address: IpAddr) -> bool {
        let faces = faces(address);
        if faces.iter().all(|face| holds(&self.allow, *face)) {
            return true;
        }
        faces.iter().all(|face| is_public(*face) && !holds(&self.block, *face))
    }
}

fn holds(nets: &[IpNet], address: IpAddr) -> bool {
    nets.iter().any(|net| net.contains(&address))
}

/// What the address is, as the network may read it: itself, or for a wrapped one what is inside. A
/// mapped address *is* its IPv4 address; 6to4 and NAT64 are judged by both.
fn faces(address: IpAddr) -> Vec<IpAddr> {
    let IpAddr::V6(v6) = address else { return vec![address] };
    if let Some(mapped) = v6.to_ipv4_mapped() {
        return vec![IpAddr::V4(mapped)];
    }
    match wrapped(v6) {
        Some(inner) => vec![address, IpAddr::V4(inner)],
        None => vec![address],
    }
}

fn wrapped(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let pair = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match s {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(pair(high, low)),
        [0x2002, high, low, ..] => Some(pair(high, low)),
        _ => None,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !BLOCKED_V4.iter().any(|(net, bits)| Ipv4Net::new_assert(*net, *bits).contains(&v4)),
        IpAddr::V6(v6) => !BLOCKED_V6.iter().any(|(net, bits)| Ipv6Net::new_assert(*net, *bits).contains(&v6)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(text: &str) -> bool {
        Guard::default().admits(text.parse().expect("an address in a test table"))
    }

    #[test]
    fn dv_40_every_row_of_the_table_is_refused_at_both_ends() {
        for refused in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.0.0",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.0",
            "192.0.0.255",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "64:ff9b:1::1",
            "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
            "100::1",
            "2001::1",
            "2001:0:ffff::1",
            "2001:10::1",
            "2001:1f::1",
            "2001:20::1",
            "2001:db8::1",
            "3fff::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "feff::1",
            "ff02::1",
        ] {
            assert!(!admits(refused), "{refused} was admitted");
        }
    }

    #[test]
    fn neighbours_of_the_table_are_admitted() {
        for public in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "168.63.129.15",
            "168.63.129.17",
            "2001:30::1",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00:1450::1",
            "4000::1",
            "fbff::1",
        ] {
            assert!(admits(public), "{public} was refused");
        }
    }

    #[test]
    fn dv_41_wrapped_addresses_are_judged_by_what_they_carry() {
        for refused in [
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:168.63.129.16",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2002:a83f:8110::1",
        ] {
            assert!(!admits(refused), "{refused} was admitted");
        }
        for public in ["::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"] {
            assert!(admits(public), "{public} was refused");
        }
    }

    #[test]
    fn an_exception_opens_exactly_its_range_and_an_extra_block_closes_its_own() {
        let nets = |texts: &[&str]| texts.iter().map(|t| t.parse().expect("a network")).collect::<Vec<IpNet>>();
        let guard = Guard::new(nets(&["1.1.1.0/24"]), nets(&["127.0.0.1/32", "10.1.0.0/16"]));
        let admits = |text: &str| guard.admits(text.parse().expect("an address"));
        assert!(admits("127.0.0.1") && admits("10.1.2.3") && admits("::ffff:127.0.0.1") && admits("8.8.8.8"));
        assert!(!admits("127.0.0.2") && !admits("10.2.0.1") && !admits("1.1.1.1") && !admits("::1"));
        // opening an inner address does not open the tunnel around it
        assert!(!admits("64:ff9b:1::7f00:1"));
    }
}
