import NIOHTTP1

/// The headers of an answer, looked up without regard to case.
package struct ResponseHeaders: Sendable {
    private let fields: HTTPHeaders

    package init(_ fields: [(String, String)] = []) {
        self.fields = HTTPHeaders(fields)
    }

    init(_ fields: HTTPHeaders) {
        self.fields = fields
    }

    /// The first value of `name`.
    package subscript(_ name: String) -> String? { fields.first(name: name) }

    /// Every value of `name`, one an occurrence.
    package func all(_ name: String) -> [String] { fields[name] }
}
