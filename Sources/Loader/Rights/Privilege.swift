/// A right in SQL's own words, in the order in which GRANTs list them.
package enum Privilege: String, Hashable, Sendable, CaseIterable, Comparable {
    case create = "CREATE"
    case temporary = "TEMPORARY"
    case usage = "USAGE"
    case select = "SELECT"
    case insert = "INSERT"
    case update = "UPDATE"
    case delete = "DELETE"
    case execute = "EXECUTE"

    package static func < (lhs: Privilege, rhs: Privilege) -> Bool { lhs.rank < rhs.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
