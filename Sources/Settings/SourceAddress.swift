/// The base address of a platform, checked before a credential is ever sent there.
struct SourceAddress: Equatable {
    var host: String
    var isLoopback: Bool

    /// What is wrong with an address, and what to write instead.
    struct Problem: Error, Equatable {
        var message: String
        var suggestion: String?
    }

    /// - Throws: What is wrong; the text of the address is not in it, since it may hold a key.
    init(_ text: String) throws(Problem) {
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f || $0 == UInt8(ascii: "\\") }) else {
            throw Problem(
                message: "url holds a space, a control character or a letter outside ASCII",
                suggestion: "write international host names in their xn-- form"
            )
        }
        guard let separator = text.firstRange(of: "://") else {
            throw Problem(message: "url has no scheme", suggestion: "write https:// before the host name")
        }
        let scheme = text[..<separator.lowerBound].lowercased()
        let rest = text[separator.upperBound...]
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw Problem(
                message: "url carries a query or a fragment",
                suggestion: "write the base address alone"
            )
        }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else {
            throw Problem(
                message: "url carries a user name or password",
                suggestion: "write credentials under their own keys"
            )
        }
        let host = try Self.host(of: authority)
        self.host = host
        self.isLoopback = HostAddress.isLoopback(host)
        switch scheme {
        case "https":
            break
        case "http":
            guard isLoopback else {
                throw Problem(
                    message: "url must be https: http is only for this machine",
                    suggestion: "write https://"
                )
            }
        default:
            throw Problem(message: "url must begin with https://", suggestion: "write https:// before the host name")
        }
    }

    private static func host(of authority: Substring) throws(Problem) -> String {
        let refusal = Problem(
            message: "url has no valid host name",
            suggestion: "write https://HOST or https://HOST:PORT"
        )
        var host = authority
        var port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw refusal }
            host = authority[authority.index(after: authority.startIndex)..<end]
            guard host.contains(":"),
                host.utf8.allSatisfy({ Self.isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") })
            else { throw refusal }
            let after = authority[authority.index(after: end)...]
            if !after.isEmpty {
                guard after.first == ":" else { throw refusal }
                port = after.dropFirst()
            }
        } else {
            if let colon = authority.firstIndex(of: ":") {
                host = authority[..<colon]
                port = authority[authority.index(after: colon)...]
            }
            let labels = host.split(separator: ".", omittingEmptySubsequences: false)
            guard host.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else { throw refusal }
        }
        if let port {
            guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
                (1...65_535).contains(number)
            else { throw Problem(message: "url has no valid port", suggestion: "write a port of 1 to 65535") }
        }
        return host.lowercased()
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count)
            && label.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "_")
            }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
