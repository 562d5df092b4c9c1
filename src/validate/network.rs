//! Networks: addresses and hosts that exist only inside an organisation.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Judge, Verdict, is_repeated, reserved, valid, valid_if};

/// Private, link-local and documentation addresses of both versions. Source: RFC 1918, 3927, 4193, 5737, 3849.
pub(super) static PRIVATE_IP: Judge = Judge::new("private-ip", private_ip);
/// Hardware addresses; 00-00-5E-00-53-xx is kept for documents. Source: RFC 7042.
pub(super) static MAC: Judge = Judge::new("mac", mac);
/// Host names of an intranet or of systems that are not public yet.
pub(super) static INTERNAL_HOST: Judge = Judge::new("internal-host", host);

/// Last labels that no public name has.
const INTERNAL_ENDINGS: &[&str] = &["local", "internal", "lan", "intranet", "corp", "home", "private", "localdomain"];
/// First labels of systems for staff.
const STAFF_LABELS: &[&str] = &[
    "intranet", "staging", "uat", "dev", "test", "preprod", "extranet", "vpn", "citrix", "sandbox", "internal",
    "remote",
];

fn private_ip(value: &str) -> Verdict {
    let bare = value.trim_matches(|c: char| c.is_whitespace() || "[](),.".contains(c));
    let bare = bare.split_once('/').map_or(bare, |(address, _)| address);
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => v4(ip),
        Ok(IpAddr::V6(ip)) => v6(ip),
        Err(_) => Verdict::Invalid,
    }
}

fn v4(ip: Ipv4Addr) -> Verdict {
    if ip.is_documentation() { reserved(0.1) } else { valid_if(ip.is_private() || ip.is_link_local(), 0.1) }
}

fn v6(ip: Ipv6Addr) -> Verdict {
    match ip.segments() {
        [0x2001, 0x0db8, ..] => reserved(0.1),
        [first, ..] => valid_if(first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80, 0.1),
    }
}

/// Six pairs with colons or dashes, or three groups of four with dots.
fn mac(value: &str) -> Verdict {
    let lower = value.to_ascii_lowercase();
    let digits: String = lower.chars().filter(char::is_ascii_hexdigit).collect();
    let pairs = |mark| lower.split(mark).count() == 6 && lower.split(mark).all(|pair| pair.len() == 2);
    let shape = pairs(':') || pairs('-') || lower.split('.').map(str::len).eq([4; 3]);
    if digits.len() != 12 || !shape || is_repeated(digits.as_bytes()) {
        return Verdict::Invalid;
    }
    if digits.starts_with("00005e0053") { reserved(0.1) } else { valid(0.1) }
}

fn host(value: &str) -> Verdict {
    let lower = value.to_ascii_lowercase();
    let name = lower.rsplit("://").next().unwrap_or_default();
    let name = name.split(['/', ':', '?', ' ']).next().unwrap_or_default().trim_matches('.');
    let labels: Vec<&str> = name.split('.').collect();
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else { return Verdict::Invalid };
    let numbered = |label: &str| label.chars().any(|c| c.is_ascii_digit()) && label.len() > 3;
    let one_label =
        labels.len() == 1 && (*first == "localhost" || (lower.contains("://") && !first.is_empty()) || numbered(first));
    let staff = labels.len() > 2 && STAFF_LABELS.contains(first);
    let internal = labels.len() > 1
        && (INTERNAL_ENDINGS.contains(last) || labels.iter().skip(1).any(|l| *l == "corp" || *l == "intranet"));
    match (one_label || staff || internal, matches!(*last, "example" | "invalid" | "test")) {
        (true, true) => reserved(0.1),
        (true, false) => valid(0.1),
        (false, _) => Verdict::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for value in ["10.44.3.17", "10.0.0.0/8", "192.168.0.1", "172.16.0.1", "169.254.1.1", "fd00::1", "fe80::1"] {
            assert_eq!(private_ip(value), valid(0.1), "{value}");
        }
        for value in ["192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1"] {
            assert_eq!(private_ip(value), reserved(0.1), "{value}");
        }
        for value in ["10.0.0.999", "8.8.8.8", "172.32.0.1", "10.1.2", "2a00::1"] {
            assert_eq!(private_ip(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn hardware_addresses_have_six_pairs() {
        assert_eq!(mac("3C-52-82-1A-00-4F"), valid(0.1));
        assert_eq!(mac("00:00:5E:00:53:01"), reserved(0.1));
        assert_eq!(mac("ff:ff:ff:ff:ff:ff"), Verdict::Invalid);
        assert_eq!(mac("0012.3456.789a"), valid(0.1));
        assert_eq!(mac("10:2F:33-AC-29-C3"), Verdict::Invalid);
        assert_eq!(mac("12-05-26"), Verdict::Invalid);
    }

    #[test]
    fn intranet_hosts_are_told_from_public_sites() {
        for value in [
            "files.westmarsh.local",
            "http://payroll/login",
            "https://uat.westmarsh.gov.uk/x",
            "glenfin02.corp.example.net:8443",
        ] {
            assert_eq!(host(value), valid(0.1), "{value}");
        }
        assert_eq!(host("https://intranet.example.invalid/"), reserved(0.1));
        for value in ["https://www.westmarsh.gov.uk/bins", "test.com", "westmarsh"] {
            assert_eq!(host(value), Verdict::Invalid, "{value}");
        }
    }

    #[test]
    fn a_single_label_is_a_host_with_a_number_behind_a_word() {
        assert_eq!(host("srv1"), valid(0.1));
        assert_eq!(host("pc1"), Verdict::Invalid, "too short to be one");
        assert_eq!(host("server"), Verdict::Invalid);
    }
}
