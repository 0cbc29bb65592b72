/// Scheme, host and port of a platform: everything a request of a source may be sent to.
package struct APIOrigin: Hashable, Sendable {
    /// `http` or `https`.
    package enum Scheme: String, Sendable {
        case http
        case https

        var defaultPort: Int { self == .https ? 443 : 80 }
    }

    /// `https`, or `http` for this machine.
    package let scheme: Scheme
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    /// Always explicit.
    package let port: Int

    /// Reads `https://host[:port]`, or a bare host.
    ///
    /// Whatever path follows is ignored; see ``split(_:allowPlainHTTPForLoopback:)``.
    package init(parsing text: String, allowPlainHTTPForLoopback: Bool = true) throws(ExtractorError) {
        self = try Self.split(text, allowPlainHTTPForLoopback: allowPlainHTTPForLoopback).origin
    }

    /// Splits a configured address into its origin and the path behind it (`""` or `/…` without a trailing slash).
    ///
    /// User names, arguments and fragments are refused, and so is `http` for any host but this machine.
    package static func split(
        _ text: String,
        allowPlainHTTPForLoopback: Bool = true
    ) throws(ExtractorError) -> (origin: APIOrigin, path: String) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= 2_048, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
            throw ExtractorError(.invalidOrigin, "the address must be plain ASCII without spaces (punycode for others)")
        }
        var rest = text[...]
        var scheme = Scheme.https
        if let mark = text.firstRange(of: "://") {
            guard let named = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else {
                throw ExtractorError(.invalidOrigin, "the address must begin with https://")
            }
            scheme = named
            rest = text[mark.upperBound...]
        }
        guard !rest.contains(where: { "?#@".contains($0) }) else {
            throw ExtractorError(.invalidOrigin, "the address may carry no user name, arguments or fragment")
        }
        let authority = rest.prefix { $0 != "/" }
        var path = String(rest[authority.endIndex...])
        while path.hasSuffix("/") { path.removeLast() }
        guard !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
            throw ExtractorError(.invalidOrigin, "the address may not contain dot segments")
        }
        guard let (host, port) = hostAndPort(authority) else {
            throw ExtractorError(.invalidOrigin, "the address has no usable host and port")
        }
        let origin = APIOrigin(scheme: scheme, host: host, port: port ?? scheme.defaultPort)
        guard scheme == .https || (allowPlainHTTPForLoopback && origin.isLoopback) else {
            throw ExtractorError(.invalidOrigin, "the address must begin with https:// (http only for this machine)")
        }
        return (origin, path)
    }

    private init(scheme: Scheme, host: String, port: Int) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// Whether the host is this machine by name, so that nothing can redirect it through DNS.
    package var isLoopback: Bool {
        host == "localhost" || host == "::1" || AddressRule.isLoopbackIPv4(host)
    }

    /// `https://host` with the port where it is not the usual one.
    package var text: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == scheme.defaultPort ? "\(scheme.rawValue)://\(name)" : "\(scheme.rawValue)://\(name):\(port)"
    }

    /// Splits and checks `host[:port]`; lower-cases the host.
    static func hostAndPort(_ authority: Substring) -> (host: String, port: Int?)? {
        var host = authority
        var portText: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { return nil }
            if !tail.isEmpty {
                guard tail.first == ":" else { return nil }
                portText = tail.dropFirst()
            }
        } else {
            if let colon = authority.firstIndex(of: ":") {
                host = authority[..<colon]
                portText = authority[authority.index(after: colon)...]
            }
            guard isName(host) else { return nil }
        }
        var port: Int?
        if let portText {
            guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(portText),
                (1...65_535).contains(number)
            else { return nil }
            port = number
        }
        return (host.lowercased(), port)
    }

    private static func isName(_ host: Substring) -> Bool {
        guard !host.isEmpty, host.utf8.count <= 253 else { return false }
        return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty
                && label.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                    default: false
                    }
                }
        }
    }
}

extension APIOrigin: CustomStringConvertible {
    package var description: String { text }
}
