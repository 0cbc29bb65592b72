import NIOCore

/// Which addresses a platform's name may lead to.
///
/// A public name that leads to this machine, a neighbour or a cloud's metadata service is an attack or a mistake.
enum AddressRule {
    /// Whether a connection made for `origin` may use `address`.
    static func allows(_ address: SocketAddress, for origin: APIOrigin) -> Bool {
        if origin.isLoopback { return isLoopback(address) }
        return !isLocal(address)
    }

    /// Whether `host` is an IPv4 address of this machine, written in its plain form.
    static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isLoopback(_ address: SocketAddress) -> Bool {
        switch address {
        case .v4(let address): octets(address)[0] == 127
        case .v6(let address): octets(address) == [UInt8](repeating: 0, count: 15) + [1]
        case .unixDomainSocket: false
        }
    }

    /// Loopback, link-local (metadata services live there), unspecified, and multicast.
    private static func isLocal(_ address: SocketAddress) -> Bool {
        switch address {
        case .v4(let address): return isLocal(octets(address))
        case .v6(let address):
            let bytes = octets(address)
            if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == bytes[11], bytes[10] == 0 || bytes[10] == 0xFF {
                // IPv4 inside IPv6 (mapped or compatible), unspecified and loopback too.
                return isLocal(Array(bytes[12...])) || bytes[10] == 0
            }
            let isLinkLocal = bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
            let isMetadata = bytes[0] == 0xFD && bytes[1] == 0 && bytes[2] == 0x0E && bytes[3] == 0xC2
            return isLinkLocal || isMetadata || bytes[0] == 0xFF
        case .unixDomainSocket: return true
        }
    }

    private static func isLocal(_ octets: [UInt8]) -> Bool {
        switch (octets[0], octets[1]) {
        case (0, _), (127, _), (169, 254), (224...255, _): true
        case (100, 100): octets[2] == 100 && octets[3] == 200
        default: false
        }
    }

    /// The address bytes of a `sockaddr_in`, which follow its family and port.
    private static func octets(_ address: SocketAddress.IPv4Address) -> [UInt8] {
        withUnsafeBytes(of: address.address) { Array($0[4..<8]) }
    }

    /// The address bytes of a `sockaddr_in6`, which follow its family, port and flow.
    private static func octets(_ address: SocketAddress.IPv6Address) -> [UInt8] {
        withUnsafeBytes(of: address.address) { Array($0[8..<24]) }
    }
}
