/// A source whose rows are in the warehouse and that the configuration does not have.
package struct UnlistedSource: Sendable, Equatable {
    package var id: String
    package var kind: String
    /// The platform's base address, without credentials.
    package var url: String
    /// Live rows of all tables.
    package var rows: Int
    /// The configured source of the same address: the id was changed there, and the school is loaded twice.
    package var sameAs: String?

    package init(id: String, kind: String, url: String, rows: Int, sameAs: String? = nil) {
        self.id = id
        self.kind = kind
        self.url = url
        self.rows = rows
        self.sameAs = sameAs
    }

    /// `g (grow at https://acme.example.org, 1234 rows; same url as g_new)`.
    package var description: String {
        let same = sameAs.map { "; same url as \($0)" } ?? ""
        return "\(id) (\(kind) at \(url), \(rows) \(rows == 1 ? "row" : "rows")\(same))"
    }
}
