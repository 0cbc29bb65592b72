import NIOHTTP1

/// One call as the simulator sees it: the path decoded and cut, the query as pairs.
struct SimulatedRequest: Sendable {
    var method: String
    /// Path without the query, as sent.
    var path: String
    /// The path's decoded components.
    var components: [String]
    var query: [(name: String, value: String)]
    var headers: HTTPHeaders
    var body: [UInt8]

    init(method: String, uri: String, headers: HTTPHeaders, body: [UInt8]) {
        self.method = method
        self.headers = headers
        self.body = body
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts.first ?? "/")
        components = path.split(separator: "/").map { Self.decode($0) }
        query = parts.count > 1 ? Self.pairs(parts[1]) : []
    }

    func value(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// A header's value.
    func header(_ name: String) -> String? {
        headers.first(name: name)
    }

    /// Name and value pairs of a query or of a form body.
    static func pairs(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(sides[0]), sides.count > 1 ? decode(sides[1]) : "")
        }
    }

    private static func decode(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == 0x2B ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
