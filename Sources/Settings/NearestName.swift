/// Finds the name a user most likely meant.
package enum NearestName {
    /// The candidate nearest to `name`, or `nil` where none is near enough to be a slip of the hand.
    package static func of(_ name: String, in candidates: some Sequence<String>) -> String? {
        let wanted = name.lowercased()
        guard wanted.utf8.count <= 64 else { return nil }
        let limit = max(1, min(4, (wanted.count + 1) / 3))
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate.utf8.count <= 64 {
            let distance = distance(wanted, candidate.lowercased())
            if distance <= limit, distance < (best?.distance ?? .max) { best = (candidate, distance) }
        }
        return best?.name
            ?? candidates.first { candidate in
                wanted.count >= 3 && (candidate.hasPrefix(wanted) || wanted.hasPrefix(candidate))
            }
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that turn `left` into `right`.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var before: [Int] = []
        var previous = Array(0...right.count)
        for i in left.indices {
            var current = [i + 1]
            for j in right.indices {
                var cost = min(
                    previous[j + 1] + 1,
                    current[j] + 1,
                    previous[j] + (left[i] == right[j] ? 0 : 1)
                )
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, before[j - 1] + 1)
                }
                current.append(cost)
            }
            (before, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
