import CLibpq

/// The options that the installed libpq knows, and the nearest to a mistyped one.
enum LibpqOption {
    /// A key of a connection string that libpq does not know, and the option that was probably meant.
    struct Mistyped: Hashable {
        let key: String
        let meant: String
    }

    private static let known: [String] = {
        guard let options = PQconndefaults() else { return [] }
        defer { PQconninfoFree(options) }
        var names: [String] = []
        var option = options
        while let keyword = option.pointee.keyword {
            names.append(String(cString: keyword))
            option += 1
        }
        return names
    }()

    /// The first key that is a slip of the pen away from an option.
    ///
    /// Nothing else of the string is ever returned: what looks like no option may be a part of a password.
    static func mistyped(in connectionString: String) -> Mistyped? {
        let query =
            connectionString.contains("://")
            ? connectionString.split(separator: "?", maxSplits: 1).dropFirst().first ?? "" : connectionString[...]
        for word in query.split(whereSeparator: { $0 == "&" || $0.isWhitespace }) {
            guard let end = word.firstIndex(of: "=") else { continue }
            let key = String(word[..<end])
            guard !known.contains(key), key.utf8.allSatisfy({ (97...122).contains($0) || $0 == 95 }) else { continue }
            let nearest = known.map { (name: $0, distance: distance(key, $0)) }.min { $0.distance < $1.distance }
            if let nearest, nearest.distance <= 2, nearest.distance * 2 <= key.count {
                return Mistyped(key: key, meant: nearest.name)
            }
        }
        return nil
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one word of the other.
    private static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.utf8), Array(second.utf8))
        var rows = [Array(0...second.count)]
        for i in 1...max(1, first.count) where !first.isEmpty {
            var row = [i]
            for j in 1...max(1, second.count) where !second.isEmpty {
                let cost = first[i - 1] == second[j - 1] ? 0 : 1
                var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + cost)
                if i > 1, j > 1, first[i - 1] == second[j - 2], first[i - 2] == second[j - 1] {
                    best = min(best, rows[i - 2][j - 2] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[first.count][second.count]
    }
}
